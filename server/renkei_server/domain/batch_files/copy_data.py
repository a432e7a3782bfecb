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

from renkei import reasons
from renkei.refusals import Refusal
from renkei.sub_copies import Items, NullReason
from renkei.texts import is_plain
from renkei_server.domain.batch_files.columns import ISO_DAY
from renkei_server.domain.batch_files.elements import DECLARATION, Element, escaped, read_elements
from renkei_server.domain.layouts.layouts import ITEM_CODE, NULL_WORDS

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
    ended: list[str] = []
    for element in read_elements([text.encode("utf-8")], deepest=2):
        if element.depth == 2:
            _require(element.name not in items, "an item twice")
            items[element.name] = _content(element, sets[-1].attributes.get("Version"))
        elif not element.opened:
            ended.append(element.name)
        elif element.depth == 1:
            sets.append(element)
        else:
            _require(not element.attributes, "attributes of the outermost element")
    _require(len(sets) == 1 and len(ended) == 2, "not one data set with items")
    version, updated_on = _marks(sets[0].attributes)
    data_set, information_code = ended
    return CopyData(information_code, data_set, version, updated_on, items)


def _item(code: str, content: str | NullReason, version: str) -> str:
    if not ITEM_CODE.fullmatch(code):
        raise Refusal(reasons.MALFORMED_BATCH_FIELD, "an item code")
    if isinstance(content, NullReason):
        reason = f'ReasonOfNull="{_NULLS[content]}"'
        return f'<{code} {version} {reason} xmlns:xsi="{_XSI}" xsi:nil="true"/>'
    if not is_plain(content):
        raise Refusal(reasons.MALFORMED_BATCH_FIELD, "a control character")
    return f"<{code} {version}>{escaped(content)}</{code}>"


def _content(element: Element, version: str | None) -> str | NullReason:
    told = dict(element.attributes)
    _require(told.pop("Version", None) == version, "Version of an item")
    if not told:
        return element.text
    reason = NULL_WORDS.get(told.pop("ReasonOfNull", ""))
    _require(told == {"xmlns:xsi": _XSI, "xsi:nil": "true"} and not element.text, "an empty item")
    if reason is None:
        raise Refusal(reasons.ITEM_NULL_WITHOUT_REASON)
    return reason


def _marks(attributes: Mapping[str, str]) -> tuple[int, date]:
    """Version and day of update, as the data set bears them."""
    _require(set(attributes) == {"Version", "TimeAndDateOfUpdate"}, "attributes of the data set")
    version, day = attributes["Version"], attributes["TimeAndDateOfUpdate"]
    _require(bool(re.fullmatch("[1-9][0-9]{0,3}", version)), "Version")
    _require(bool(re.fullmatch(ISO_DAY, day)), "TimeAndDateOfUpdate")
    try:
        return int(version), date.fromisoformat(day)
    except ValueError:
        raise _malformed("TimeAndDateOfUpdate") from None


def _require(holds: bool, what: str) -> None:  # noqa: FBT001 - reads as a sentence where it stands
    if not holds:
        raise _malformed(what)


def _malformed(what: str) -> Refusal:
    return Refusal(reasons.MALFORMED_BATCH_MESSAGE, what)
