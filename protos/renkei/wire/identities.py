"""Identity information."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from enum import Enum
from typing import Final, Protocol, TypeVar

from google.protobuf.message import Message

from renkei import reasons
from renkei.change_reasons import ChangeReason
from renkei.eras import Era
from renkei.identities import (
    ChangeInformation,
    IdentityItems,
    IdentityNotification,
    NotificationOutcome,
    judge_texts,
)
from renkei.municipal_items import MunicipalItems
from renkei.persons import Sex
from renkei.recorded_days import RecordedDay
from renkei.refusals import Refusal
from renkei.type.v1 import identity_pb2, person_pb2
from renkei.wire.codes import (
    read_individual_number,
    read_institution,
    read_optional_individual_number,
    read_resident_record_code,
    require,
    write_individual_number,
    write_resident_record_code,
)
from renkei.wire.persons import write_date
from renkei.wire.refusals import read_refusal

E = TypeVar("E", bound=Enum)
T = TypeVar("T")

_ROLE: Final = re.compile("[a-z][a-z-]{0,39}", re.ASCII)


class Outcomes(Protocol):
    """A response that tells outcomes, whichever network it came over."""

    @property
    def outcomes(self) -> Sequence[identity_pb2.NotificationOutcome]: ...


def require_all(*reads: Callable[[], object]) -> None:
    """Raise what one of them raises, or ITEMS_AT_FAULT with the fields of all that are at fault."""
    faults: list[Refusal] = []
    for read in reads:
        try:
            read()
        except Refusal as refusal:
            faults.append(refusal)
    if len(faults) == 1:
        raise faults[0]
    if faults:
        told = sorted({one.reason.name for one in faults})
        raise Refusal(
            reasons.ITEMS_AT_FAULT,
            ", ".join(told),
            *(name for one in faults for name in one.fields),
        )


def read_recorded_day(message: Message, field: str) -> RecordedDay:
    """Read a day that must be there; raises MALFORMED_DAY with the part at fault."""
    require(message, field)
    day: identity_pb2.RecordedDay = getattr(message, field)
    try:
        era = read_enum(Era, day.era, "era", reasons.MALFORMED_DAY) if day.era else None
        return RecordedDay(day.year, day.month, day.day, era, day.unknown)
    except Refusal as refusal:
        raise refusal.within(field) from None


def write_recorded_day(day: RecordedDay) -> identity_pb2.RecordedDay:
    """Write a day."""
    return identity_pb2.RecordedDay(
        year=day.year,
        month=day.month,
        day=day.day,
        era=identity_pb2.Era.Name(day.era.value) if day.era else None,
        unknown=day.unknown,
    )


def read_identity_items(message: identity_pb2.IdentityItems) -> IdentityItems:
    """Read the items of a person, and tell all that is wrong with them at once."""
    name, surname = message.name, message.former_surname

    def birth() -> RecordedDay:
        return read_recorded_day(message, "birth")

    def changed_on() -> RecordedDay:
        return read_recorded_day(message, "changed_on")

    def sex() -> Sex:
        return read_enum(Sex, message.sex, "sex", reasons.FIELD_MISSING)

    def reason() -> ChangeReason:
        return read_enum(ChangeReason, message.reason, "reason", reasons.FIELD_MISSING)

    texts = judge_texts(name.text, name.furigana, message.address, surname.text, surname.furigana)
    require_all(
        lambda: read_resident_record_code(message),
        lambda: read_individual_number(message),
        birth,
        changed_on,
        sex,
        reason,
        *texts,
    )
    return IdentityItems(
        resident_record_code=read_resident_record_code(message),
        name=name.text,
        furigana=name.furigana,
        birth=birth(),
        sex=sex(),
        address=message.address,
        individual_number=read_individual_number(message),
        reason=reason(),
        changed_on=changed_on(),
        former_surname=surname.text,
        former_surname_furigana=surname.furigana,
    )


def read_identity_items_of(message: Message, field: str = "items") -> IdentityItems:
    """Read the items inside the submessage `field`, which must be set."""
    require(message, field)
    return within(field, lambda: read_identity_items(getattr(message, field)))


def write_identity_items(items: IdentityItems) -> identity_pb2.IdentityItems:
    """Write the items of a person."""
    surname = identity_pb2.FormerSurname(
        text=items.former_surname, furigana=items.former_surname_furigana
    )
    return identity_pb2.IdentityItems(
        resident_record_code=write_resident_record_code(items.resident_record_code),
        name=person_pb2.PersonName(text=items.name, furigana=items.furigana),
        birth=write_recorded_day(items.birth),
        sex=person_pb2.Sex.Name(items.sex.value),
        address=items.address,
        individual_number=write_individual_number(items.individual_number),
        reason=identity_pb2.ChangeReason.Name(items.reason.value),
        changed_on=write_recorded_day(items.changed_on),
        former_surname=surname if items.former_surname else None,
    )


def read_notification(message: Message, field: str = "notification") -> IdentityNotification:
    """Read one change of one person, which must be there and complete."""
    require(message, field)
    told: identity_pb2.IdentityNotification = getattr(message, field)
    try:
        return IdentityNotification(
            origin=read_institution(told.origin, "origin"),
            sequence=told.sequence,
            items=read_identity_items_of(told),
            change_information=read_change_information(told),
            supersedes=told.supersedes,
        )
    except Refusal as refusal:
        raise refusal.within(field) from None


def write_notification(notification: IdentityNotification) -> identity_pb2.IdentityNotification:
    """Write one change of one person."""
    return identity_pb2.IdentityNotification(
        origin=notification.origin.name,
        sequence=notification.sequence,
        supersedes=notification.supersedes,
        items=write_identity_items(notification.items),
        change_information=write_change_information(notification.change_information),
    )


def read_municipal_items(request: Message, items: IdentityItems) -> MunicipalItems:
    """Read a municipality's own items of a person, and tell all that is wrong with them at once."""
    field = "municipal_items"
    require(request, field)
    return within(field, lambda: _read_municipal_items(getattr(request, field), items))


def _read_municipal_items(
    message: identity_pb2.MunicipalItems, items: IdentityItems
) -> MunicipalItems:
    def became_resident_on() -> RecordedDay:
        return read_recorded_day(message, "became_resident_on")

    def address_fixed_on() -> RecordedDay:
        return read_recorded_day(message, "address_fixed_on")

    def notified_on() -> date:
        require(message, "notified_on")
        day = message.notified_on
        return RecordedDay(day.year, day.month, day.day).require_certain("notified_on")

    require_all(became_resident_on, address_fixed_on, notified_on)
    told = MunicipalItems(
        name_unregistered_characters=message.name_unregistered_characters,
        address_unregistered_characters=message.address_unregistered_characters,
        town_code=message.town_code,
        postal_code=message.postal_code,
        became_resident_on=became_resident_on(),
        address_fixed_on=address_fixed_on(),
        notified_on=notified_on(),
        operator_id=message.operator_id,
        terminal_id=message.terminal_id,
        previous_municipality=message.previous_municipality,
        previous_address=message.previous_address,
        previous_address_unregistered_characters=message.previous_address_unregistered_characters,
        reason_detail=message.reason_detail,
    )
    require_all(*told.judges(items))
    return told


def write_municipal_items(told: MunicipalItems) -> identity_pb2.MunicipalItems:
    """Write a municipality's own items of a person."""
    return identity_pb2.MunicipalItems(
        name_unregistered_characters=told.name_unregistered_characters,
        address_unregistered_characters=told.address_unregistered_characters,
        town_code=told.town_code,
        postal_code=told.postal_code,
        became_resident_on=write_recorded_day(told.became_resident_on),
        address_fixed_on=write_recorded_day(told.address_fixed_on),
        notified_on=write_date(told.notified_on),
        operator_id=told.operator_id,
        terminal_id=told.terminal_id,
        previous_municipality=told.previous_municipality,
        previous_address=told.previous_address,
        previous_address_unregistered_characters=told.previous_address_unregistered_characters,
        reason_detail=told.reason_detail,
    )


def read_outcomes(response: Outcomes) -> Sequence[NotificationOutcome]:
    """Read what became of notifications; a refusal's words as `wire.refusals` reads any."""
    return [_read_outcome(one) for one in response.outcomes]


def _read_outcome(told: identity_pb2.NotificationOutcome) -> NotificationOutcome:
    refusal = read_refusal(told.refused, told.fields, {}) if told.refused else None
    unknown = reasons.MALFORMED_ANSWER.name if told.refused else ""
    return NotificationOutcome(
        number=told.number,
        resident_record_code=read_resident_record_code(told),
        sequence=told.sequence,
        seat=told.seat if _ROLE.fullmatch(told.seat) else "",
        refused=refusal.reason.name if refusal else unknown,
        fields=refusal.fields if refusal else (),
    )


def write_outcome(outcome: NotificationOutcome) -> identity_pb2.NotificationOutcome:
    """Write what became of one notification."""
    return identity_pb2.NotificationOutcome(
        number=outcome.number,
        resident_record_code=write_resident_record_code(outcome.resident_record_code),
        sequence=outcome.sequence,
        seat=outcome.seat,
        refused=outcome.refused,
        fields=outcome.fields,
    )


def read_change_information(
    message: Message, field: str = "change_information"
) -> ChangeInformation:
    """Read what items were, where it is told."""
    told: identity_pb2.ChangeInformation = getattr(message, field)
    place = "previous_resident_record_code"

    def read() -> ChangeInformation:
        code = read_resident_record_code(told, place) if told.HasField(place) else None
        number = read_optional_individual_number(told, "previous_individual_number")
        return ChangeInformation(code, number)

    return within(field, read)


def write_change_information(information: ChangeInformation) -> identity_pb2.ChangeInformation:
    """Write what items were."""
    code, number = (
        information.previous_resident_record_code,
        information.previous_individual_number,
    )
    return identity_pb2.ChangeInformation(
        previous_resident_record_code=write_resident_record_code(code) if code else None,
        previous_individual_number=write_individual_number(number) if number else None,
    )


def within(field: str, read: Callable[[], T]) -> T:
    """What is read inside a field; a refusal names what is at fault from there on."""
    try:
        return read()
    except Refusal as refusal:
        raise refusal.within(field) from None


def read_enum(kind: type[E], number: int, field: str, at_fault: reasons.Reason) -> E:
    """Read one of an enum's values; raises the reason with the field for any other number."""
    try:
        return kind(number)
    except ValueError:
        raise Refusal(at_fault, "", field) from None
