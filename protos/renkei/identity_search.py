"""Searching identity information: whom one looks for, what for, and what is told of whom was found.

Source: INP-03, USE-10 and USE-13 (documented or inferred there); the envelope is invented. Values show
themselves masked.
"""

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, TypeAlias

from renkei import reasons
from renkei.change_reasons import ChangeReason
from renkei.characters import judge_optional_text
from renkei.codes import IndividualNumber, Institution, ResidentRecordCode
from renkei.identities import ADDRESS_LIMIT, NAME_LIMIT
from renkei.persons import Sex
from renkei.recorded_days import RecordedDay
from renkei.refusals import Refusal

MOST_FOUND: Final = 100
"""So many persons are told by one search; more are a bulk output (USE-13). The number is invented."""

_AFFAIR = re.compile("[a-z][a-z0-9-]{1,39}", re.ASCII)
_CASE = re.compile("[!-~]{0,40}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Attributes:
    """What is known of whom one looks for; what is not known is empty, or None."""

    name: str = field(default="", repr=False)
    """The whole name, or its reading."""
    birth: RecordedDay | None = None
    address: str = field(default="", repr=False)
    sex: Sex | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Raise TEXT_TOO_LONG or CHARACTER_NOT_ALLOWED with the place of the text at fault."""
        judge_optional_text(self.name, NAME_LIMIT, "name")
        judge_optional_text(self.address, ADDRESS_LIMIT, "address")


Key: TypeAlias = ResidentRecordCode | IndividualNumber | Attributes
"""By what somebody is looked for."""


@dataclass(frozen=True, slots=True)
class Criteria:
    """Whom one looks for (照会条件): residents, and others where that is said."""

    key: Key
    removed: bool = False
    """Whether those are looked for too who were removed from the register."""
    dead: bool = False
    """Whether the dead are."""
    earlier: bool = False
    """Whether what a person was counts too: former names, addresses, codes and numbers."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a search is for: a listed affair (事務), and the case in it where there is one (USE-10)."""

    affair: str
    case_reference: str = ""
    """How the document behind it is called, such as an application's number; never a person's name."""

    def __post_init__(self) -> None:
        """Raise FIELD_MISSING, AFFAIR_NOT_LISTED or MALFORMED_CASE_REFERENCE."""
        if not self.affair:
            raise Refusal(reasons.FIELD_MISSING, "", "affair")
        if not _AFFAIR.fullmatch(self.affair):
            raise Refusal(reasons.AFFAIR_NOT_LISTED, "", "affair")
        judge_case_reference(self.case_reference)


def judge_case_reference(told: str) -> None:
    """Raise MALFORMED_CASE_REFERENCE unless it can be one; nothing is none."""
    if not _CASE.fullmatch(told):
        raise Refusal(reasons.MALFORMED_CASE_REFERENCE, "", "case_reference")


class IdentityStanding(Enum):
    """How somebody stands in a file; its number is its number on the wire."""

    RESIDENT = 1
    REMOVED = 2
    DEAD = 3


@dataclass(frozen=True, slots=True)
class FoundIdentity:
    """What is told of one person: by it those of one name are told apart (同姓同名)."""

    resident_record_code: ResidentRecordCode
    name: str = field(repr=False)
    furigana: str = field(repr=False)
    birth: RecordedDay
    sex: Sex = field(repr=False)
    address: str = field(repr=False)
    individual_number: IndividualNumber | None
    """None where the affair does not use it."""
    reason: ChangeReason = field(repr=False)
    changed_on: RecordedDay
    standing: IdentityStanding
    municipality: Institution | None = field(repr=False)
    """Where the person lives, or lived last; None where nobody has told it yet."""
    leaves_on: RecordedDay | None = None
    """The day of the removal, which may be planned; None for a resident who stays."""
    former_surname: str = field(default="", repr=False)
    former_surname_furigana: str = field(default="", repr=False)
