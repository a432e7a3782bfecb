"""One reader and one writer for each value that messages share.

Servers read requests with them and clients read answers; a refusal names the
field within the message that was read.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Protocol, TypeVar

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from renkei import acquisitions, codes, reasons, sub_copies
from renkei.persons import FourAttributes, Sex
from renkei.refusals import Refusal
from renkei.type.v1 import acquisition_pb2, codes_pb2, person_pb2, sub_copy_pb2

T = TypeVar("T")


class _NamesARecord(Protocol):
    """A message with the two fields that name a record of a person."""

    information_code: str
    record_key: str


def _required(message: Message, field: str) -> None:
    if not message.HasField(field):
        raise Refusal(reasons.FIELD_MISSING, "", field)


def _read(message: Message, field: str, parse: Callable[[str], T], part: str = "digits") -> T:
    """Parse the one text or byte string inside the submessage `field`, which must be set."""
    _required(message, field)
    try:
        return parse(getattr(getattr(message, field), part))
    except Refusal as refusal:
        raise refusal.within(f"{field}.{part}") from None


def read_individual_number(
    message: Message, field: str = "individual_number"
) -> codes.IndividualNumber:
    """Read an Individual Number that must be there."""
    return _read(message, field, codes.IndividualNumber.parse)


def read_optional_individual_number(
    message: Message, field: str = "individual_number"
) -> codes.IndividualNumber | None:
    """Read an Individual Number; absent is None, present and empty is malformed."""
    return read_individual_number(message, field) if message.HasField(field) else None


def read_resident_record_code(
    message: Message, field: str = "resident_record_code"
) -> codes.ResidentRecordCode:
    """Read a resident record code that must be there."""
    return _read(message, field, codes.ResidentRecordCode.parse)


def read_local_address_number(
    message: Message, field: str = "local_address_number"
) -> codes.LocalAddressNumber:
    """Read a local address number that must be there."""
    return _read(message, field, codes.LocalAddressNumber.parse)


def read_integrated_address_number(
    message: Message, field: str = "integrated_address_number"
) -> codes.IntegratedAddressNumber:
    """Read an integrated address number that must be there."""
    return _read(message, field, codes.IntegratedAddressNumber.parse)


def read_processing_serial(
    message: Message, field: str = "processing_serial"
) -> codes.ProcessingSerial:
    """Read a processing serial that must be there."""
    return _read(message, field, codes.ProcessingSerial.parse, "value")


def read_linkage_code(message: Message, field: str = "code") -> codes.LinkageCode:
    """Read a linkage code that must be there."""
    _required(message, field)
    try:
        return codes.LinkageCode.parse(getattr(message, field).value)
    except Refusal as refusal:
        raise refusal.within(f"{field}.value") from None


def read_institution(text: str, field: str) -> codes.Institution:
    """Read an institution from a plain text field."""
    try:
        return codes.Institution.parse(text)
    except Refusal as refusal:
        raise refusal.within(field) from None


def write_individual_number(number: codes.IndividualNumber) -> codes_pb2.IndividualNumber:
    """Write an Individual Number."""
    return codes_pb2.IndividualNumber(digits=number.digits)


def write_resident_record_code(code: codes.ResidentRecordCode) -> codes_pb2.ResidentRecordCode:
    """Write a resident record code."""
    return codes_pb2.ResidentRecordCode(digits=code.digits)


def write_local_address_number(number: codes.LocalAddressNumber) -> codes_pb2.LocalAddressNumber:
    """Write a local address number."""
    return codes_pb2.LocalAddressNumber(digits=number.digits)


def write_integrated_address_number(
    number: codes.IntegratedAddressNumber,
) -> codes_pb2.IntegratedAddressNumber:
    """Write an integrated address number."""
    return codes_pb2.IntegratedAddressNumber(digits=number.digits)


def write_processing_serial(serial: codes.ProcessingSerial) -> codes_pb2.ProcessingSerial:
    """Write a processing serial."""
    return codes_pb2.ProcessingSerial(value=serial.value)


def write_linkage_code(code: codes.LinkageCode) -> codes_pb2.LinkageCode:
    """Write a linkage code."""
    return codes_pb2.LinkageCode(value=code.value)


def read_four_attributes(message: Message, field: str = "attributes") -> FourAttributes:
    """Read four attributes that must be there and complete."""
    _required(message, field)
    attributes: person_pb2.FourAttributes = getattr(message, field)
    try:
        return FourAttributes(
            name=attributes.name.text,
            furigana=attributes.name.furigana,
            birth_date=_read_date(attributes.birth_date, "birth_date"),
            sex=_read_sex(attributes.sex, "sex"),
            postal_code=attributes.address.postal_code,
            address=attributes.address.text,
        )
    except Refusal as refusal:
        raise refusal.within(field) from None


def _read_date(message: person_pb2.Date, field: str) -> date:
    try:
        return date(message.year, message.month, message.day)
    except ValueError:
        raise Refusal(reasons.MALFORMED_ATTRIBUTES, "not a day of the calendar", field) from None


def _read_sex(number: int, field: str) -> Sex:
    try:
        return Sex(number)
    except ValueError:
        raise Refusal(reasons.MALFORMED_ATTRIBUTES, "", field) from None


def write_four_attributes(attributes: FourAttributes) -> person_pb2.FourAttributes:
    """Write four attributes."""
    return person_pb2.FourAttributes(
        name=person_pb2.PersonName(text=attributes.name, furigana=attributes.furigana),
        birth_date=_write_date(attributes.birth_date),
        sex=person_pb2.Sex.Name(attributes.sex.value),
        address=person_pb2.Address(postal_code=attributes.postal_code, text=attributes.address),
    )


def read_acquisition(message: Message, field: str = "acquisition") -> acquisitions.Acquisition:
    """Read how an acquisition stands."""
    _required(message, field)
    acquisition: acquisition_pb2.CodeAcquisition = getattr(message, field)
    try:
        failure = acquisitions.Failure(acquisition.failure) if acquisition.failure else None
        return acquisitions.Acquisition(acquisitions.State(acquisition.state), failure)
    except ValueError:
        raise Refusal(reasons.FIELD_MISSING, "no such state", field) from None


def write_acquisition(acquisition: acquisitions.Acquisition) -> acquisition_pb2.CodeAcquisition:
    """Write how an acquisition stands."""
    failure = acquisition.failure.value if acquisition.failure else 0
    return acquisition_pb2.CodeAcquisition(
        state=acquisition_pb2.AcquisitionState.Name(acquisition.state.value),
        failure=acquisition_pb2.AcquisitionFailure.Name(failure),
    )


def read_sub_copy(message: Message, field: str = "sub_copy") -> sub_copies.SubCopy:
    """Read a sub-copy that must be there and complete; its layout is not judged here."""
    _required(message, field)
    try:
        return sub_copy_of(getattr(message, field))
    except Refusal as refusal:
        raise refusal.within(field) from None


def sub_copy_of(told: sub_copy_pb2.SubCopy) -> sub_copies.SubCopy:
    """Read a sub-copy that must be complete."""
    return sub_copies.SubCopy(
        name=read_record_name(told),
        layout_version=told.layout_version,
        publication=_read_publication(told),
        items=_read_items(told),
    )


def read_record_name(message: _NamesARecord) -> sub_copies.RecordName:
    """Read which record is meant from the two fields that say it."""
    return sub_copies.RecordName(message.information_code, message.record_key)


def _read_publication(
    message: sub_copy_pb2.SubCopy | sub_copy_pb2.HeldSubCopy,
) -> sub_copies.Publication:
    _required(message, "publication_start")
    try:
        first = _read_date(message.publication_start, "publication_start")
        last = (
            _read_date(message.publication_end, "publication_end")
            if message.HasField("publication_end")
            else None
        )
    except Refusal as refusal:
        raise Refusal(reasons.MALFORMED_SUB_COPY, "", *refusal.fields) from None
    return sub_copies.Publication(first, last)


def _read_items(message: sub_copy_pb2.SubCopy) -> sub_copies.Items:
    items: dict[str, str | sub_copies.NullReason] = {}
    for item in message.items:
        code, text = item.code, item.text
        if code in items:
            raise Refusal(reasons.MALFORMED_SUB_COPY, "an item twice", "items.code")
        if text or item.HasField("text"):
            items[code] = text
        elif item.null_reason:
            items[code] = sub_copies.NullReason(item.null_reason)
        else:
            raise Refusal(reasons.MALFORMED_SUB_COPY, "an item without content", "items")
    return items


def write_sub_copy(sub_copy: sub_copies.SubCopy) -> sub_copy_pb2.SubCopy:
    """Write a sub-copy."""
    message = sub_copy_pb2.SubCopy(
        information_code=sub_copy.name.information_code,
        record_key=sub_copy.name.record_key,
        layout_version=sub_copy.layout_version,
        publication_start=_write_date(sub_copy.publication.first),
        publication_end=_write_date(sub_copy.publication.last),
    )
    for code, content in sub_copy.items.items():
        if isinstance(content, str):
            message.items.add(code=code, text=content)
        else:
            message.items.add(code=code, null_reason=sub_copy_pb2.NullReason.Name(content.value))
    return message


def read_held_sub_copy(message: sub_copy_pb2.HeldSubCopy) -> sub_copies.HeldSubCopy:
    """Read that a sub-copy is held."""
    return sub_copies.HeldSubCopy(
        read_record_name(message),
        message.version,
        message.layout_version,
        _read_publication(message),
    )


def write_held_sub_copy(held: sub_copies.HeldSubCopy) -> sub_copy_pb2.HeldSubCopy:
    """Write that a sub-copy is held."""
    return sub_copy_pb2.HeldSubCopy(
        information_code=held.name.information_code,
        record_key=held.name.record_key,
        version=held.version,
        layout_version=held.layout_version,
        publication_start=_write_date(held.publication.first),
        publication_end=_write_date(held.publication.last),
    )


def _write_date(day: date | None) -> person_pb2.Date | None:
    return None if day is None else person_pb2.Date(year=day.year, month=day.month, day=day.day)


def read_failure(number: int, field: str = "failure") -> acquisitions.Failure:
    """Read why no code could be made, which must be set."""
    try:
        return acquisitions.Failure(number)
    except ValueError:
        raise Refusal(reasons.FIELD_MISSING, "", field) from None


def write_failure(failure: acquisitions.Failure) -> str:
    """Write why no code could be made: the name of the enum's value."""
    return acquisition_pb2.AcquisitionFailure.Name(failure.value)


def read_time(message: Message, field: str) -> datetime:
    """Read a moment, in UTC."""
    _required(message, field)
    moment: Timestamp = getattr(message, field)
    try:
        return moment.ToDatetime(tzinfo=UTC)
    except ValueError:
        raise Refusal(reasons.FIELD_MISSING, "not a moment", field) from None


def read_optional_time(message: Message, field: str) -> datetime | None:
    """Read a moment, in UTC; absent is None."""
    return read_time(message, field) if message.HasField(field) else None


def write_time(moment: datetime) -> Timestamp:
    """Write a moment."""
    stamp = Timestamp()
    stamp.FromDatetime(moment)
    return stamp
