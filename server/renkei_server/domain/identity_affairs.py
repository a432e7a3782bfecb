"""The affairs for which identity information is told, and to whom (CS-4, NS-4, PS-3).

Rules:
- An institution is told for the affairs that are listed for those of its kind, and for no other.
- The Individual Number is told for those that use it.

Source: Resident Register Act, art. 30-9 to 30-15 and the tables of its schedule (documented); the
affairs that are listed here, and their names, bear marks of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from renkei import reasons
from renkei.codes import Institution
from renkei.identity_search import Purpose
from renkei.refusals import Refusal


class AskingKind(Enum):
    """Which institutions an affair is for."""

    MUNICIPALITY = "municipality"
    PREFECTURE = "prefecture"


@dataclass(frozen=True, slots=True)
class IdentityAffair:
    """One affair."""

    of: AskingKind
    uses_number: bool
    """Whether it uses the Individual Number."""


@dataclass(frozen=True, slots=True)
class IdentityAffairs:
    """The affairs by their names."""

    listed: Mapping[str, IdentityAffair]

    def tells_number(self, asking: Institution, purpose: Purpose) -> bool:
        """Whether the institution is told the Individual Number for this.

        Raises AFFAIR_NOT_LISTED where it is told nothing for it.
        """
        affair = self.listed.get(purpose.affair)
        if affair is None or affair.of is not _kind_of(asking):
            raise Refusal(reasons.AFFAIR_NOT_LISTED, "", "purpose.affair")
        return affair.uses_number


def _kind_of(asking: Institution) -> AskingKind | None:
    if not asking.prefecture:
        return None
    of_prefecture = asking.name == asking.prefecture
    return AskingKind.PREFECTURE if of_prefecture else AskingKind.MUNICIPALITY
