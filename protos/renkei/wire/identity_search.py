"""Searches of identity information, and what is told of whom they found."""

from collections.abc import Sequence
from typing import Protocol, TypeAlias

from google.protobuf.message import Message

from renkei import reasons
from renkei.change_reasons import ChangeReason
from renkei.codes import IndividualNumber, Institution, ResidentRecordCode
from renkei.identity_search import (
    Attributes,
    Criteria,
    FoundIdentity,
    IdentityStanding,
    Key,
    Purpose,
)
from renkei.persons import Sex
from renkei.recorded_days import RecordedDay
from renkei.refusals import Refusal
from renkei.type.v1 import identity_pb2, identity_search_pb2, person_pb2
from renkei.wire.codes import (
    read_individual_number,
    read_institution,
    read_optional_individual_number,
    read_resident_record_code,
    require,
    write_individual_number,
    write_resident_record_code,
)
from renkei.wire.identities import read_enum, read_recorded_day, within, write_recorded_day

_Criteria: TypeAlias = identity_search_pb2.IdentityCriteria
_Found: TypeAlias = identity_search_pb2.FoundIdentity


class Looking(Protocol):
    """What says whom it looks for."""

    @property
    def criteria(self) -> _Criteria: ...


class Purposeful(Protocol):
    """What says what it is for."""

    @property
    def purpose(self) -> identity_search_pb2.IdentityPurpose: ...


class Searching(Looking, Purposeful, Protocol):
    """A request that says whom it looks for and what for, whichever network it came over."""


class Finding(Protocol):
    """A response that tells whom a search found."""

    @property
    def found(self) -> Sequence[_Found]: ...


def read_criteria(request: Looking) -> Criteria:
    """Read whom a request looks for. Raises SEARCH_WITHOUT_CRITERIA where it does not say it."""
    told = request.criteria

    def read() -> Criteria:
        return Criteria(_read_key(told), told.removed, told.dead, told.earlier)

    return within("criteria", read)


def write_criteria(criteria: Criteria) -> _Criteria:
    """Write whom one looks for."""
    told = identity_search_pb2.IdentityCriteria(
        removed=criteria.removed, dead=criteria.dead, earlier=criteria.earlier
    )
    match criteria.key:
        case ResidentRecordCode() as code:
            told.resident_record_code.CopyFrom(write_resident_record_code(code))
        case IndividualNumber() as number:
            told.individual_number.CopyFrom(write_individual_number(number))
        case Attributes() as attributes:
            told.attributes.CopyFrom(_write_attributes(attributes))
    return told


def read_purpose(request: Purposeful) -> Purpose:
    """Read what a request searches for; raises as `Purpose` does."""
    told = request.purpose
    return within("purpose", lambda: Purpose(told.affair, told.case_reference))


def write_purpose(purpose: Purpose) -> identity_search_pb2.IdentityPurpose:
    """Write what a search is for."""
    return identity_search_pb2.IdentityPurpose(
        affair=purpose.affair, case_reference=purpose.case_reference
    )


def read_found(response: Finding) -> Sequence[FoundIdentity]:
    """Read whom a search found."""
    return [_read_one(one) for one in response.found]


def write_found(found: FoundIdentity) -> _Found:
    """Write one whom a search found."""
    number, surname = found.individual_number, found.former_surname
    items = identity_pb2.IdentityItems(
        resident_record_code=write_resident_record_code(found.resident_record_code),
        name=person_pb2.PersonName(text=found.name, furigana=found.furigana),
        birth=write_recorded_day(found.birth),
        sex=person_pb2.Sex.Name(found.sex.value),
        address=found.address,
        individual_number=write_individual_number(number) if number else None,
        reason=identity_pb2.ChangeReason.Name(found.reason.value),
        changed_on=write_recorded_day(found.changed_on),
        former_surname=identity_pb2.FormerSurname(
            text=surname, furigana=found.former_surname_furigana
        )
        if surname
        else None,
    )
    return identity_search_pb2.FoundIdentity(
        items=items,
        standing=identity_search_pb2.IdentityStanding.Name(found.standing.value),
        municipality=found.municipality.name if found.municipality else "",
        leaves_on=write_recorded_day(found.leaves_on) if found.leaves_on else None,
    )


def _read_key(told: _Criteria) -> Key:
    match told.WhichOneof("key"):
        case "resident_record_code":
            return read_resident_record_code(told)
        case "individual_number":
            return read_individual_number(told)
        case "attributes":
            return within("attributes", lambda: _read_attributes(told.attributes))
        case _:
            raise Refusal(reasons.SEARCH_WITHOUT_CRITERIA, "", "key")


def _read_attributes(told: identity_search_pb2.IdentityAttributes) -> Attributes:
    return Attributes(
        name=told.name,
        birth=_read_day(told, "birth"),
        address=told.address,
        sex=read_enum(Sex, told.sex, "sex", reasons.FIELD_MISSING) if told.sex else None,
    )


def _write_attributes(attributes: Attributes) -> identity_search_pb2.IdentityAttributes:
    birth, sex = attributes.birth, attributes.sex
    return identity_search_pb2.IdentityAttributes(
        name=attributes.name,
        birth=write_recorded_day(birth) if birth else None,
        address=attributes.address,
        sex=person_pb2.Sex.Name(sex.value) if sex else None,
    )


def _read_one(told: _Found) -> FoundIdentity:
    require(told, "items")
    items, municipality = told.items, told.municipality
    return FoundIdentity(
        resident_record_code=read_resident_record_code(items),
        name=items.name.text,
        furigana=items.name.furigana,
        birth=read_recorded_day(items, "birth"),
        sex=read_enum(Sex, items.sex, "sex", reasons.FIELD_MISSING),
        address=items.address,
        individual_number=read_optional_individual_number(items),
        reason=read_enum(ChangeReason, items.reason, "reason", reasons.FIELD_MISSING),
        changed_on=read_recorded_day(items, "changed_on"),
        standing=read_enum(IdentityStanding, told.standing, "standing", reasons.FIELD_MISSING),
        municipality=_read_municipality(municipality),
        leaves_on=_read_day(told, "leaves_on"),
        former_surname=items.former_surname.text,
        former_surname_furigana=items.former_surname.furigana,
    )


def _read_municipality(text: str) -> Institution | None:
    return read_institution(text, "municipality") if text else None


def _read_day(told: Message, field: str) -> RecordedDay | None:
    return read_recorded_day(told, field) if told.HasField(field) else None
