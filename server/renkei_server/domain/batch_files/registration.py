"""Attachments of a registration: sub-copies on their way to the middle server (副本登録, DBM_20113).

Rules:
- The outermost element holds records, and after them the segment (登録削除区分), which is 1 for
  registration; a record's elements, their names and which are required (MSG: `documented`).
- `IntegratedAddressNumber` holds the local address number towards the linkage platform, which
  translates it (STD-C: `documented`). Elements outside the list are refused; so is one that would
  carry an Individual Number, which the middle server must never hold (`inferred`).
- A record number occurs once in a run. Lengths and the forms of keys are `invented`, except three
  digits for the administrative region (MSG: `documented`).
- The information code and the layout's version in a record are those of its copy data, and so is
  the data set (`invented`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from renkei import reasons
from renkei.codes import IntegratedAddressNumber
from renkei.refusals import Refusal
from renkei.sub_copies import Publication, RecordName, SubCopy
from renkei_server.domain.batch_files.columns import ISO_DAY, Column, read_day
from renkei_server.domain.batch_files.copy_data import CopyData, read_copy_data, write_copy_data
from renkei_server.domain.batch_files.elements import (
    DECLARATION,
    LONGEST_TEXT,
    Element,
    read_elements,
)
from renkei_server.domain.batch_files.faults import Fault, Parsed
from renkei_server.domain.batch_files.messages import read_into, written
from renkei_server.domain.batch_files.numbering import RecordNumbers
from renkei_server.domain.batch_files.sides import Person, Side
from renkei_server.domain.layouts.layouts import Layouts

_ROOT, _RECORD = "SPIRegistrationDeleteList", "InformationOfSPIRegistrationDelete"
_SEGMENT, _REGISTRATION = "SegmentOfRegistrationDelete", "1"
_COPY: Final = "DuplicateCopyData"


def _field(name: str, japanese: str, form: str, width: int, *, required: bool = True) -> Column:
    return Column(name, japanese, width, form, required=required, fixed=False)


_COLUMNS: Final = (
    _field("RecordIdentificationNumber", "レコード識別番号", "[1-9][0-9]*", 7),
    _field("IntegratedAddressNumber", "団体内統合宛名番号", "[0-9]{15}", 15),
    _field("SpecificPersonalInformationCode", "特定個人情報名コード", "[0-9A-Z]{16}", 16),
    _field("DataSetIdentificationItemCode", "データセットの識別項目コード", "[A-Z][0-9A-Z]+", 20),
    _field("DataSetRecordKey", "データセットレコードのキー", "[0-9A-Za-z]+", 40, required=False),
    Column.empty("ParentDataSetRecordKey", "親データセットレコードのキー"),
    _field("SPIMajorVersion", "特定個人情報の版番号", "[1-9][0-9]*", 4),
    _field("PublicationDate", "公開開始日", ISO_DAY, 10),
    _field("PublishedEndDate", "公開終了日", ISO_DAY, 10, required=False),
    _field("AdministrativeRegionCode", "行政区コード", "[0-9]{3}", 3, required=False),
    _field(_COPY, "副本データ", "(?s:.+)", LONGEST_TEXT),
)
_BY_NAME: Final = {column.name: column for column in _COLUMNS}


@dataclass(frozen=True, slots=True)
class Registration:
    """One sub-copy that is registered for a person."""

    number: int
    person: Person
    sub_copy: SubCopy
    data_set: str
    updated_on: date
    region: str = field(default="")


def read_registrations(
    chunks: Iterable[bytes], side: Side
) -> Iterator[Parsed[Registration] | Fault]:
    """Each record as it comes, or everything that is wrong with it.

    What is wrong with the file itself is the last that comes; nothing of the file may count then.
    """
    records, segments = 0, list[str]()
    record: _Record | None = None
    try:
        for element in read_elements(chunks, deepest=2):
            _require(not element.attributes, "an attribute")
            match element:
                case Element(name=name, depth=0):
                    _require(name == _ROOT, "another outermost element")
                case Element(name=name, depth=1, opened=True):
                    _require(name == _RECORD and not segments, "no record, or after the segment")
                    records += 1
                    record = _Record(records)
                case Element(name=name, depth=1, text=text) if name == _SEGMENT:
                    segments.append(text)
                case Element(depth=1):
                    if record is None:
                        raise Refusal(reasons.MALFORMED_BATCH_MESSAGE, "an empty element")
                    yield from record.read(side)
                    record = None
                case Element(name=name, text=text) if record is not None:
                    record.take(name, text)
        if segments != [_REGISTRATION]:
            yield Fault(0, _SEGMENT, reasons.MALFORMED_BATCH_FIELD)
    except Refusal as refusal:
        yield Fault(records, "", refusal.reason, refusal.detail)


def write_registrations(registrations: Iterable[Registration]) -> Iterator[bytes]:
    """The attachment, record by record; raises where a value does not fit its field."""
    yield f"{DECLARATION}<{_ROOT}>".encode()
    for one in registrations:
        yield f"<{_RECORD}>{_written(one)}</{_RECORD}>".encode()
    yield f"<{_SEGMENT}>{_REGISTRATION}</{_SEGMENT}></{_ROOT}>".encode()


def for_middle_server(one: Registration, person: IntegratedAddressNumber) -> Registration:
    """The record as the linkage platform sends it on."""
    return replace(one, person=person)


def checked(
    read: Iterable[Parsed[Registration] | Fault],
    layouts: Layouts,
    day: date,
    numbers: RecordNumbers,
) -> Iterator[Parsed[Registration] | Fault]:
    """The same stream, in which a record that repeats a number or breaks its layout is a fault.

    The numbers are those of the whole run, so hand in the same for each of its files.
    """
    for one in read:
        if isinstance(one, Fault):
            yield one
            continue
        faults = list(_broken(one, layouts, day, numbers))
        if faults:
            yield from faults
        else:
            yield one


class _Record:
    """The fields of one record as they come, and what is wrong with them."""

    def __init__(self, line: int) -> None:
        self._line = line
        self._values: dict[str, str] = {}
        self._faults: list[Fault] = []

    def take(self, name: str, text: str) -> None:
        try:
            read_into(self._values, _BY_NAME, name, text)
        except Refusal as refusal:
            place = name if name in _BY_NAME else ""
            self._faults.append(Fault.of(self._line, place, refusal))

    def read(self, side: Side) -> Iterator[Parsed[Registration] | Fault]:
        there = {*self._values, *(fault.field for fault in self._faults)}
        self._faults.extend(
            Fault(self._line, column.name, reasons.BATCH_FIELD_MISSING)
            for column in _COLUMNS
            if column.required and column.name not in there
        )
        if self._faults:
            yield from self._faults
            return
        try:
            yield Parsed(self._line, _registration(self._values, side))
        except Refusal as refusal:
            place = refusal.fields[0] if refusal.fields else _COPY
            yield Fault.of(self._line, place, refusal)


def _registration(values: Mapping[str, str], side: Side) -> Registration:
    data = read_copy_data(values[_COPY])
    for name, found in (
        ("SpecificPersonalInformationCode", data.information_code),
        ("DataSetIdentificationItemCode", data.data_set),
        ("SPIMajorVersion", str(data.layout_version)),
    ):
        if values[name] != found:
            raise Refusal(reasons.MALFORMED_BATCH_FIELD, f"not that of {_COPY}", name)
    return Registration(
        number=int(values["RecordIdentificationNumber"]),
        person=side.person(values["IntegratedAddressNumber"]),
        sub_copy=SubCopy(
            name=RecordName(data.information_code, values.get("DataSetRecordKey", "")),
            layout_version=data.layout_version,
            publication=_publication(values),
            items=data.items,
        ),
        data_set=data.data_set,
        updated_on=data.updated_on,
        region=values.get("AdministrativeRegionCode", ""),
    )


def _publication(values: Mapping[str, str]) -> Publication:
    first = read_day(values["PublicationDate"], "PublicationDate")
    last = read_day(values.get("PublishedEndDate", ""), "PublishedEndDate")
    if first is None or (last is not None and last < first):
        raise Refusal(reasons.MALFORMED_BATCH_FIELD, "before PublicationDate", "PublishedEndDate")
    return Publication(first, last)


def _written(one: Registration) -> str:
    name, publication = one.sub_copy.name, one.sub_copy.publication
    data = CopyData(
        name.information_code,
        one.data_set,
        one.sub_copy.layout_version,
        one.updated_on,
        one.sub_copy.items,
    )
    values = {
        "RecordIdentificationNumber": str(one.number),
        "IntegratedAddressNumber": one.person.digits,
        "SpecificPersonalInformationCode": name.information_code,
        "DataSetIdentificationItemCode": one.data_set,
        "DataSetRecordKey": name.record_key,
        "ParentDataSetRecordKey": "",
        "SPIMajorVersion": str(one.sub_copy.layout_version),
        "PublicationDate": publication.first.isoformat(),
        "PublishedEndDate": "" if publication.last is None else publication.last.isoformat(),
        "AdministrativeRegionCode": one.region,
        _COPY: write_copy_data(data),
    }
    return "".join(written(column, values[column.name]) for column in _COLUMNS)


def _broken(
    one: Parsed[Registration], layouts: Layouts, day: date, numbers: RecordNumbers
) -> Iterator[Fault]:
    try:
        numbers.add(one.value.number)
    except Refusal as refusal:
        yield Fault.of(one.line, "RecordIdentificationNumber", refusal)
    sub_copy = one.value.sub_copy
    try:
        layout = layouts.find(sub_copy.name.information_code, sub_copy.layout_version, day)
    except Refusal as refusal:
        place = {"layout_version": "SPIMajorVersion"}.get(
            refusal.fields[0], "SpecificPersonalInformationCode"
        )
        yield Fault.of(one.line, place, refusal)
        return
    if layout.data_set != one.value.data_set:
        yield Fault(one.line, "DataSetIdentificationItemCode", reasons.MALFORMED_BATCH_FIELD)
    for wrong in layout.check(sub_copy.items):
        yield Fault(one.line, wrong.item, wrong.reason)


def _require(holds: bool, what: str) -> None:  # noqa: FBT001 - reads as a sentence where it stands
    if not holds:
        raise Refusal(reasons.MALFORMED_BATCH_MESSAGE, what)
