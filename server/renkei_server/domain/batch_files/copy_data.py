"""The items of one sub-copy as a small XML document of its own (副本データ, DuplicateCopyData).

Rules:
- The outermost element holds one data set, which bears `Version` and `TimeAndDateOfUpdate`; each
  item in it bears `Version` and is its value, or bears `ReasonOfNull` and `xsi:nil` and is empty
  (MSG: `documented`).
- The outermost element is named by the information code, and every version is that of the
  layout (`invented`: both were not found).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from renkei.refusals import Reason, Refusal
from renkei.sub_copies import Items, NullReason
from renkei_server.domain.batch_files.columns import ISO_DAY, is_plain
from renkei_server.domain.batch_files.elements import DECLARATION, Element, escaped, read_elements
from renkei_server.domain.batch_files.layouts import ITEM_CODE, NULL_WORDS

_NULLS = {reason: word for word, reason in NULL_WORDS.items()}
_XSI = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass(frozen=True, slots=True)
class CopyData:
    """What the document says; which layout it follows is judged elsewhere."""

    information_code: str
    data_set: str
    layout_version: int
    updated_on: date
    items: Items = field(repr=False)


def write_copy_data(data: CopyData) -> str:
    """The document; raises MALFORMED_BATCH_FIELD where a value cannot stand in it."""
    version = f'Version="{data.layout_version}"'
    items = "".join(_item(code, content, version) for code, content in data.items.items())
    updated = f'TimeAndDateOfUpdate="{data.updated_on.isoformat()}"'
    held = f"<{data.data_set} {version} {updated}>{items}</{data.data_set}>"
    return f"{DECLARATION}<{data.information_code}>{held}</{data.information_code}>"


def read_copy_data(text: str) -> CopyData:
    """Read the document; raises MALFORMED_BATCH_MESSAGE or ITEM_NULL_WITHOUT_REASON."""
    items: dict[str, str | NullReason] = {}
    sets: list[Element] = []
    information_code = ""
    for element in read_elements([text.encode("utf-8")], deepest=2):
        match element.depth:
            case 2:
                if element.name in items:
                    raise _malformed("an item twice")
                items[element.name] = _content(element, version=_data_set_version(sets))
            case 1 if element.opened:
                sets.append(element)
            case 0 if element.opened:
                information_code = element.name
                _require(not element.attributes, "attributes of the outermost element")
    _require(len(sets) == 1, "not one data set with items")
    version = _data_set_version(sets)
    _require(version.isdigit() and version.isascii() and len(version) <= 4, "Version")
    return CopyData(
        information_code, sets[0].name, int(version), _updated_on(sets[0].attributes), items
    )


def _item(code: str, content: str | NullReason, version: str) -> str:
    if not ITEM_CODE.fullmatch(code):
        raise Refusal(Reason.MALFORMED_BATCH_FIELD, "an item code")
    if isinstance(content, NullReason):
        reason = f'ReasonOfNull="{_NULLS[content]}"'
        return f'<{code} {version} {reason} xmlns:xsi="{_XSI}" xsi:nil="true"/>'
    if not is_plain(content):
        raise Refusal(Reason.MALFORMED_BATCH_FIELD, "a control character")
    return f"<{code} {version}>{escaped(content)}</{code}>"


def _content(element: Element, version: str) -> str | NullReason:
    told = dict(element.attributes)
    _require(told.pop("Version", None) == version, "Version of an item")
    if not told:
        return element.text
    reason = NULL_WORDS.get(told.pop("ReasonOfNull", ""))
    _require(told == {"xmlns:xsi": _XSI, "xsi:nil": "true"} and not element.text, "an empty item")
    if reason is None:
        raise Refusal(Reason.ITEM_NULL_WITHOUT_REASON)
    return reason


def _data_set_version(sets: list[Element]) -> str:
    return sets[-1].attributes.get("Version", "")


def _updated_on(attributes: Mapping[str, str]) -> date:
    _require(set(attributes) == {"Version", "TimeAndDateOfUpdate"}, "attributes of the data set")
    text = attributes["TimeAndDateOfUpdate"]
    _require(bool(re.fullmatch(ISO_DAY, text)), "TimeAndDateOfUpdate")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _malformed("TimeAndDateOfUpdate") from None


def _require(holds: bool, what: str) -> None:  # noqa: FBT001 - reads as a sentence where it stands
    if not holds:
        raise _malformed(what)


def _malformed(what: str) -> Refusal:
    return Refusal(Reason.MALFORMED_BATCH_MESSAGE, what)
