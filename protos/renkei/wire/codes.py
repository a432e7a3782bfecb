"""Numbers and codes."""

from collections.abc import Callable
from typing import TypeVar

from google.protobuf.message import Message

from renkei import codes, reasons
from renkei.refusals import Refusal
from renkei.type.v1 import codes_pb2

T = TypeVar("T")


def require(message: Message, field: str) -> None:
    if not message.HasField(field):
        raise Refusal(reasons.FIELD_MISSING, "", field)


def _read(message: Message, field: str, parse: Callable[[str], T], part: str = "digits") -> T:
    """Parse the one text or byte string inside the submessage `field`, which must be set."""
    require(message, field)
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
    require(message, field)
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
