"""Lines of result (情報照会結果): one wide line for each line of inquiry.

Rules:
- Counted from 1, the 2nd field is the person and the 13th the provider, which is empty where it
  is not known; the 24th to 26th are the status of the line, a message, and the status of the
  information; items follow (MSG: `documented`). That the first eighteen are those of the inquiry
  is `inferred` from the two that agree; the 19th to 23rd were not found and stay empty.
- Information was provided where the line's status is 09 *and* the information's is 01
  (`documented`). Other values of either were not found: any two digits are taken.
- Items stand on a line exactly where information was provided, and then keep the layout: an item
  without a value says why, so "no answer", "nothing held" and "zero" stay three different facts
  (`inferred`).
- For each item of the layout, in its order, one field is the value and one the reason of a null;
  all lines of a file are of one layout and equally wide (`invented`; real lines of local tax
  information have 262 or 279 fields). No value may hold a comma.
- The messages are those seen (`documented`), without the person's number that stands in one of
  them (`invented`: the platform would have to translate it inside a sentence).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from renkei import reasons
from renkei.inquiries import ANSWERED, PROVIDED
from renkei.refusals import Refusal
from renkei.sub_copies import Items, NullReason
from renkei.texts import is_plain
from renkei_server.domain.batch_files.columns import Column
from renkei_server.domain.batch_files.faults import Fault, Parsed
from renkei_server.domain.batch_files.inquiry import (
    COLUMNS,
    InquiryLine,
    field_count,
    read_cells,
    read_values,
    write_cells,
)
from renkei_server.domain.batch_files.lines import END, read_lines
from renkei_server.domain.batch_files.sides import Side
from renkei_server.domain.layouts.layouts import NULL_WORDS, Item, Layout

_ECHOED: Final = tuple(
    replace(one, required=False) if one.name == "provider_institution_code" else one
    for one in COLUMNS
)
_RESERVED: Final = tuple(Column.empty(f"field {number}", "") for number in range(19, 24))
_STATUSES: Final = (
    Column("detail_status", "照会ステータス（明細単位）", 2, "[0-9]{2}"),
    Column(
        "message",
        "照会処理結果メッセージ（明細単位）",
        200,
        "[^,]*",
        required=False,
        fixed=False,
    ),
    Column(
        "information_status",
        "照会ステータス（特定個人情報名単位）",
        2,
        "[0-9]{2}",
        required=False,
    ),
)
_AHEAD: Final = (*_ECHOED, *_RESERVED, *_STATUSES)
_NULLS = {reason: word for word, reason in NULL_WORDS.items()}


@dataclass(frozen=True, slots=True)
class ResultLine:
    """What came of one line of inquiry; items only where `provided`."""

    inquiry: InquiryLine
    detail_status: str
    message: str = field(repr=False)
    information_status: str
    items: Items = field(repr=False)

    @property
    def provided(self) -> bool:
        """Whether information was provided: both statuses say so."""
        return (self.detail_status, self.information_status) == (ANSWERED, PROVIDED)


def read_results(
    chunks: Iterable[bytes], side: Side, layout: Layout
) -> Iterator[Parsed[ResultLine] | Fault]:
    """Each line of a file as it comes, or everything that is wrong with it."""
    width = len(_AHEAD) + 2 * len(layout.items)
    for line in read_lines(chunks, _longest(layout)):
        if isinstance(line, Fault):
            yield line
            continue
        cells = line.value.split(",")
        if len(cells) != width:
            yield field_count(line.line, len(cells), width)
            continue
        read = _read(line.line, cells, side, layout)
        if isinstance(read, ResultLine):
            yield Parsed(line.line, read)
        else:
            yield from read


def write_results(results: Iterable[ResultLine], layout: Layout) -> Iterator[bytes]:
    """Each line in bytes.

    Raises the reason of the first item that breaks the layout, BATCH_FIELD_NOT_EMPTY where items
    stand on a line that provides nothing, BATCH_FIELD_LENGTH and its kin where another value does
    not fit.
    """
    for result in results:
        if result.items and not result.provided:
            raise Refusal(reasons.BATCH_FIELD_NOT_EMPTY, "", "items")
        for wrong in layout.check(result.items) if result.provided else ():
            raise Refusal(wrong.reason, wrong.item, "items")
        cells = write_cells(_ECHOED, result.inquiry)
        cells += [""] * len(_RESERVED)
        cells += [column.write(getattr(result, column.name)) for column in _STATUSES]
        for item in layout.items:
            cells += _write_item(item, result.items.get(item.code, ""))
        if not all(is_plain(cell) for cell in cells):
            raise Refusal(reasons.MALFORMED_BATCH_FIELD)
        yield (",".join(cells) + END).encode("utf-8")


def _longest(layout: Layout) -> int:
    items = sum(one.length + max(map(len, NULL_WORDS)) for one in layout.items)
    return 4 * (sum(one.width for one in _AHEAD) + items) + len(_AHEAD) + 2 * len(layout.items)


def _read(line: int, cells: Sequence[str], side: Side, layout: Layout) -> ResultLine | list[Fault]:
    inquiry = read_cells(line, _ECHOED, cells[: len(_ECHOED)], side)
    own = cells[len(_ECHOED) : len(_AHEAD)]
    told, faults = read_values(line, (*_RESERVED, *_STATUSES), own)
    if isinstance(inquiry, list) or faults:
        return [*(inquiry if isinstance(inquiry, list) else ()), *faults]
    if inquiry.information_code != layout.information_code:
        return [Fault(line, "information_code", reasons.MALFORMED_BATCH_FIELD, "another layout's")]
    if not is_plain(told["message"]):
        return [Fault(line, "message", reasons.MALFORMED_BATCH_FIELD)]
    bare = ResultLine(inquiry, **{one.name: told[one.name] for one in _STATUSES}, items={})
    read = _read_items(line, cells[len(_AHEAD) :], layout, provided=bare.provided)
    return read if isinstance(read, list) else replace(bare, items=read)


def _read_items(
    line: int, cells: Sequence[str], layout: Layout, *, provided: bool
) -> Items | list[Fault]:
    pairs = list(zip(layout.items, cells[::2], cells[1::2], strict=True))
    if not provided:
        faults = [
            Fault(line, item.code, reasons.BATCH_FIELD_NOT_EMPTY)
            for item, value, word in pairs
            if value or word
        ]
        return faults or {}
    faults = [
        Fault(line, item.code, reasons.MALFORMED_BATCH_FIELD)
        for item, value, word in pairs
        if word and (value or word not in NULL_WORDS)
    ]
    items: Items = {item.code: NULL_WORDS.get(word, value) for item, value, word in pairs}
    faults = faults or [Fault(line, wrong.item, wrong.reason) for wrong in layout.check(items)]
    return faults or items


def _write_item(item: Item, content: str | NullReason) -> tuple[str, str]:
    if isinstance(content, NullReason):
        return "", _NULLS[content]
    if "," in content:
        raise Refusal(reasons.MALFORMED_BATCH_FIELD, "a comma", item.code)
    return content, ""
