"""Lines of inquiry (情報照会): eighteen fields, one line for each person asked about.

Rules:
- Eighteen fields between commas, their names, order, lengths and padding; a field that is not
  used is empty (MSG: `documented`).
- Towards the linkage platform a line names the person by local address number (宛名番号) and
  leaves the integrated address number (統合宛名番号) empty (MSG: `documented`). The platform
  translates, and leaves the local one empty towards the middle server (`inferred`: STD-C has the
  platform translate, and the local number is nobody else's business).
- Codes of affairs, procedures and information begin with JM, JT and TM; an institution code has
  sixteen digits (`documented` by examples). The time is Japan's (`inferred`).
- The last day is not before the first (`invented`). What the values of the number system and of
  the two classes mean was not found: only their form is judged.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from renkei import reasons
from renkei.codes import IntegratedAddressNumber, LocalAddressNumber
from renkei.refusals import Refusal
from renkei_server.domain.batch_files.columns import Column, read_day
from renkei_server.domain.batch_files.faults import Fault, Parsed
from renkei_server.domain.batch_files.lines import END, read_lines
from renkei_server.domain.batch_files.sides import Person, Side
from renkei_server.domain.days import JAPAN


def _digits(name: str, japanese: str, width: int, *, required: bool = True) -> Column:
    return Column(name, japanese, width, f"[0-9]{{{width}}}", required=required)


def _text(name: str, japanese: str, *, required: bool, fixed: bool) -> Column:
    form = r"[!-+\--~](?:[ -+\--~]*[!-+\--~])?"  # ASCII but the comma, no space at either end
    return Column(name, japanese, 20, form, required=required, fixed=fixed, padded=fixed)


def _code(name: str, japanese: str, prefix: str) -> Column:
    return Column(name, japanese, 16, f"{prefix}[0-9]{{14}}")


COLUMNS: Final = (
    _digits("number_system", "番号体系", 2),
    _digits("local_address_number", "宛名番号", 15, required=False),
    _digits("integrated_address_number", "統合宛名番号", 15, required=False),
    _digits("requested_at", "照会依頼日時", 17),
    _text("inquirer_department_code", "情報照会者部署コード", required=True, fixed=True),
    _text("inquirer_user_id", "情報照会者ユーザーID", required=False, fixed=False),
    _digits("inquirer_institution_code", "情報照会者機関コード", 16),
    _digits("inquirer_nondisclosure_code", "照会側不開示コード", 1),
    _code("affair_code", "事務コード", "JM"),
    _code("procedure_code", "事務手続きコード", "JT"),
    _digits("inquirer_delegator_code", "情報照会者機関コード（委任元）", 16, required=False),
    _digits("provider_delegator_code", "情報提供者機関コード（委任元）", 16, required=False),
    _digits("provider_institution_code", "情報提供者機関コード", 16),
    _code("information_code", "特定個人情報名コード", "TM"),
    _digits("condition_class", "照会条件区分", 1),
    _digits("fiscal_year_class", "照会年度区分", 1),
    _digits("from_date", "照会開始日付", 8, required=False),
    _digits("to_date", "照会終了日付", 8, required=False),
)
"""The fields in their order."""

_PERSON = {Side.WARD: "local_address_number", Side.MIDDLE_SERVER: "integrated_address_number"}
_DERIVED = frozenset({*_PERSON.values(), "requested_at", "from_date", "to_date"})
_LONGEST: Final = 4 * sum(column.width for column in COLUMNS) + len(COLUMNS)


@dataclass(frozen=True, slots=True)
class InquiryLine:
    """One person asked about; an empty text or None is a field that is not used."""

    number_system: str
    person: Person
    requested_at: datetime
    inquirer_department_code: str
    inquirer_user_id: str = field(repr=False)
    inquirer_institution_code: str
    inquirer_nondisclosure_code: str
    affair_code: str
    procedure_code: str
    inquirer_delegator_code: str
    provider_delegator_code: str
    provider_institution_code: str
    information_code: str
    condition_class: str
    fiscal_year_class: str
    from_date: date | None
    to_date: date | None


def read_inquiries(chunks: Iterable[bytes], side: Side) -> Iterator[Parsed[InquiryLine] | Fault]:
    """Each line of a file as it comes, or everything that is wrong with it."""
    for line in read_lines(chunks, _LONGEST):
        if isinstance(line, Fault):
            yield line
            continue
        cells = line.value.split(",")
        if len(cells) != len(COLUMNS):
            yield field_count(line.line, len(cells), len(COLUMNS))
            continue
        read = read_cells(line.line, COLUMNS, cells, side)
        if isinstance(read, InquiryLine):
            yield Parsed(line.line, read)
        else:
            yield from read


def the_inquiry(line: bytes, side: Side) -> InquiryLine:
    """The one inquiry of a line that was good when it was read; raises ValueError."""
    (one,) = read_inquiries([line], side)
    if isinstance(one, Fault):
        msg = f"a line that was good is not: {one.reason.name}"
        raise ValueError(msg)
    return one.value


def write_inquiries(inquiries: Iterable[InquiryLine]) -> Iterator[bytes]:
    """Each line in bytes; raises BATCH_FIELD_LENGTH and its kin where a value does not fit."""
    for inquiry in inquiries:
        yield (",".join(write_cells(COLUMNS, inquiry)) + END).encode("ascii")


def for_middle_server(inquiry: InquiryLine, person: IntegratedAddressNumber) -> InquiryLine:
    """The line as the linkage platform sends it on: the local address number is in it no more."""
    return replace(inquiry, person=person)


def for_ward(inquiry: InquiryLine, person: LocalAddressNumber) -> InquiryLine:
    """The line as the linkage platform hands it back."""
    return replace(inquiry, person=person)


def field_count(line: int, found: int, expected: int) -> Fault:
    """That a line has more or fewer fields than its form."""
    return Fault(line, "", reasons.BATCH_FIELD_COUNT, f"{found} fields, expected {expected}")


def read_values(
    line: int, columns: Sequence[Column], cells: Sequence[str]
) -> tuple[dict[str, str], list[Fault]]:
    """The values by field, and what is wrong with the others."""
    values: dict[str, str] = {}
    faults: list[Fault] = []
    for column, cell in zip(columns, cells, strict=True):
        try:
            values[column.name] = column.read(cell)
        except Refusal as refusal:
            faults.append(Fault.of(line, column.name, refusal))
    return values, faults


def read_cells(
    line: int, columns: Sequence[Column], cells: Sequence[str], side: Side
) -> InquiryLine | list[Fault]:
    """The eighteen fields as one inquiry, or everything that is wrong with them."""
    values, faults = read_values(line, columns, cells)
    if faults:
        return faults
    try:
        return _inquiry(values, side)
    except Refusal as refusal:
        return [Fault.of(line, refusal.fields[0], refusal)]


def write_cells(columns: Sequence[Column], inquiry: InquiryLine) -> list[str]:
    """The eighteen fields of an inquiry."""
    local = isinstance(inquiry.person, LocalAddressNumber)
    moment = inquiry.requested_at.astimezone(JAPAN)
    derived = {
        "local_address_number": inquiry.person.digits if local else "",
        "integrated_address_number": "" if local else inquiry.person.digits,
        "requested_at": f"{moment.year:04}{moment:%m%d%H%M%S}{moment.microsecond // 1000:03}",
        "from_date": _eight_digits(inquiry.from_date),
        "to_date": _eight_digits(inquiry.to_date),
    }
    return [
        column.write(
            derived[column.name] if column.name in derived else getattr(inquiry, column.name)
        )
        for column in columns
    ]


def _inquiry(values: Mapping[str, str], side: Side) -> InquiryLine:
    first, last = (read_day(values[name], name) for name in ("from_date", "to_date"))
    if first is not None and last is not None and last < first:
        raise Refusal(reasons.MALFORMED_BATCH_FIELD, "before from_date", "to_date")
    texts = {name: text for name, text in values.items() if name not in _DERIVED}
    return InquiryLine(
        person=_person(values, side),
        requested_at=_moment(values["requested_at"]),
        from_date=first,
        to_date=last,
        **texts,
    )


def _person(values: Mapping[str, str], side: Side) -> Person:
    for of, name in _PERSON.items():
        if of is side and not values[name]:
            raise Refusal(reasons.BATCH_FIELD_MISSING, "", name)
        if of is not side and values[name]:
            raise Refusal(reasons.BATCH_FIELD_NOT_EMPTY, "", name)
    return side.person(values[_PERSON[side]])


def _moment(digits: str) -> datetime:
    try:
        whole = datetime.strptime(digits[:14], "%Y%m%d%H%M%S").replace(tzinfo=JAPAN)
    except ValueError:
        raise Refusal(reasons.MALFORMED_BATCH_FIELD, "no such time", "requested_at") from None
    return whole + timedelta(milliseconds=int(digits[14:]))


def _eight_digits(day: date | None) -> str:
    return "" if day is None else f"{day.year:04}{day.month:02}{day.day:02}"
