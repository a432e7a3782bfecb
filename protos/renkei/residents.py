"""What a register is to hold of a person: an entry as a terminal writes it (F3.1).

Source: the items of the standard specification (documented); lengths are inferred.
"""

from dataclasses import dataclass, field
from typing import Final

from renkei import reasons
from renkei.characters import judge_text
from renkei.codes import LocalAddressNumber
from renkei.identities import NAME_LIMIT, NOTHING_BEFORE, ChangeInformation, IdentityItems
from renkei.municipal_items import MunicipalItems
from renkei.refusals import Refusal

RELATIONSHIP_LIMIT: Final = 20
_NUMBER_DIGITS: Final = 15


@dataclass(frozen=True, slots=True)
class Household:
    """A person's place in a household (世帯): it is told nobody on the network."""

    number: str = field(repr=False)
    head: str = field(repr=False)
    relationship: str = field(repr=False)

    def __post_init__(self) -> None:
        """Raise MALFORMED_HOUSEHOLD, or as `judge_text` does, with the part at fault."""
        number = self.number
        if not (len(number) == _NUMBER_DIGITS and number.isascii() and number.isdigit()):
            raise Refusal(reasons.MALFORMED_HOUSEHOLD, "", "number")
        judge_text(self.head, NAME_LIMIT, "head")
        judge_text(self.relationship, RELATIONSHIP_LIMIT, "relationship")


@dataclass(frozen=True, slots=True)
class ResidentEntry:
    """What the register is to hold of a person from now on."""

    person: LocalAddressNumber
    items: IdentityItems
    municipal: MunicipalItems
    household: Household
    change_information: ChangeInformation = NOTHING_BEFORE
