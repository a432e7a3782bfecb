"""Identity information (本人確認情報): the items of a person, and one change of them on its way (F3).

Source: Resident Register Act, art. 30-6 (documented items); reading and former surname came by later
law; bounds on lengths are inferred at best, the envelope is invented. Values show themselves masked.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from renkei import reasons
from renkei.change_reasons import ChangeReason
from renkei.characters import judge_optional_text, judge_reading, judge_text
from renkei.codes import IndividualNumber, Institution, ResidentRecordCode
from renkei.persons import Sex
from renkei.recorded_days import RecordedDay
from renkei.refusals import Refusal

NAME_LIMIT: Final = 100
SURNAME_LIMIT: Final = 50
ADDRESS_LIMIT: Final = 300
LONGEST_LEAP: Final = 1_000
"""Over so many sequences a notification may pass at most, which stands for all of them: more than a
person's record changes in a life (invented)."""


@dataclass(frozen=True, slots=True)
class IdentityItems:
    """The items that a municipality tells the prefecture and the prefecture tells the nation."""

    resident_record_code: ResidentRecordCode
    name: str = field(repr=False)
    furigana: str = field(repr=False)
    birth: RecordedDay
    sex: Sex = field(repr=False)
    address: str = field(repr=False)
    individual_number: IndividualNumber
    reason: ChangeReason = field(repr=False)
    changed_on: RecordedDay
    former_surname: str = field(default="", repr=False)
    former_surname_furigana: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Raise what `judge_texts` raises."""
        for judge in judge_texts(
            self.name,
            self.furigana,
            self.address,
            self.former_surname,
            self.former_surname_furigana,
        ):
            judge()


def judge_texts(
    name: str, furigana: str, address: str, former_surname: str, former_surname_furigana: str
) -> Sequence[Callable[[], None]]:
    """A judge of each text among the items: raises as `renkei.characters` does, with its place."""
    return (
        partial(judge_text, name, NAME_LIMIT, "name.text"),
        partial(judge_reading, furigana, NAME_LIMIT, "name.furigana"),
        partial(judge_text, address, ADDRESS_LIMIT, "address"),
        partial(judge_optional_text, former_surname, SURNAME_LIMIT, "former_surname.text"),
        partial(judge_reading, former_surname_furigana, SURNAME_LIMIT, "former_surname.furigana"),
    )


@dataclass(frozen=True, slots=True)
class ChangeInformation:
    """What items were, where that must be known (これらの変更情報)."""

    previous_resident_record_code: ResidentRecordCode | None = None
    previous_individual_number: IndividualNumber | None = None


NOTHING_BEFORE: Final = ChangeInformation()
"""Where nothing has to be known of what was."""


def judge_sequence(sequence: int) -> None:
    """Raise MALFORMED_SEQUENCE unless the number can be a sequence: it has 31 bits, from 1 on."""
    if not 0 < sequence < 2**31:
        raise Refusal(reasons.MALFORMED_SEQUENCE, "", "sequence")


@dataclass(frozen=True, slots=True)
class IdentityNotification:
    """One change of one person on its way through the network."""

    origin: Institution
    sequence: int
    items: IdentityItems
    change_information: ChangeInformation = NOTHING_BEFORE
    supersedes: int = 0
    """The first sequence for which it stands beside its own; 0 for none."""

    def __post_init__(self) -> None:
        """Raise MALFORMED_SEQUENCE unless the numbers can be such."""
        judge_sequence(self.sequence)
        if not 0 <= self.supersedes < self.sequence:
            raise Refusal(reasons.MALFORMED_SEQUENCE, "", "supersedes")

    @property
    def known_by(self) -> ResidentRecordCode:
        """The code by which whoever keeps the person knows them until now (INP-15)."""
        previous = self.change_information.previous_resident_record_code
        return previous or self.items.resident_record_code


@dataclass(frozen=True, slots=True)
class NotificationOutcome:
    """What became of one notification beyond the seat that was told it."""

    number: int
    """Its number at whoever tells it; outcomes are told in this order."""
    resident_record_code: ResidentRecordCode
    sequence: int
    seat: str
    """The role of the seat that applied it last, or that refused it."""
    refused: str = ""
    """The name of the reason; empty where the nation applied it."""
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotificationProgress:
    """How far one notification has come, as the seat tells that is asked."""

    under_way: bool
    """Whether a seat is still to hand it on, or to tell what became of it."""
    applied: tuple[tuple[str, int], ...] = ()
    """By the roles of the seats, from the one that is asked on: the last sequence that it applied."""

    def lost_at(self, sequence: int) -> str:
        """The first seat that has not applied this one; empty where each has."""
        return next((seat for seat, applied in self.applied if applied < sequence), "")
