"""What a register says of a person."""

from datetime import date

from google.protobuf.message import Message

from renkei import reasons
from renkei.persons import FourAttributes, Sex
from renkei.refusals import Refusal
from renkei.type.v1 import person_pb2
from renkei.wire.codes import require


def read_four_attributes(message: Message, field: str = "attributes") -> FourAttributes:
    """Read four attributes that must be there and complete."""
    require(message, field)
    attributes: person_pb2.FourAttributes = getattr(message, field)
    try:
        return FourAttributes(
            name=attributes.name.text,
            furigana=attributes.name.furigana,
            birth_date=read_date(attributes.birth_date, "birth_date"),
            sex=_read_sex(attributes.sex, "sex"),
            postal_code=attributes.address.postal_code,
            address=attributes.address.text,
        )
    except Refusal as refusal:
        raise refusal.within(field) from None


def read_date(message: person_pb2.Date, field: str) -> date:
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
        birth_date=write_date(attributes.birth_date),
        sex=person_pb2.Sex.Name(attributes.sex.value),
        address=person_pb2.Address(postal_code=attributes.postal_code, text=attributes.address),
    )


def write_date(day: date | None) -> person_pb2.Date | None:
    return None if day is None else person_pb2.Date(year=day.year, month=day.month, day=day.day)
