"""Searches of identity information (CS-4, CS-5): one that is refused, and two that find somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from renkei import reasons
from renkei.identity_search import Attributes, Criteria, FoundIdentity, Purpose
from renkei.reasons import Reason
from renkei.recorded_days import RecordedDay
from renkei.refusals import Refusal
from renkei_simulators.demo.cast import WARD
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.callers import Callers

_PURPOSE: Final = Purpose("resident-register", "2026-000001")


@dataclass(frozen=True, slots=True)
class Searches:
    """What came of them."""

    person: Resident
    by_name_alone: Reason | None
    here: Sequence[FoundIdentity]
    at_the_nation: Sequence[FoundIdentity]

    @property
    def checks(self) -> dict[str, bool]:
        """Each thing that must hold, and whether it does."""
        code = self.person.resident_record_code
        found = [
            [one.resident_record_code for one in some] for some in (self.here, self.at_the_nation)
        ]
        return {
            "nobody is searched by a name alone; by name and birth date ward and nation find one": (
                self.by_name_alone is reasons.SEARCH_BY_NAME_ALONE and found == [[code], [code]]
            )
        }


async def searching(callers: Callers, person: Resident) -> Searches:
    """Look for a resident at the ward's integrated terminal."""
    terminal = callers.search_terminal(WARD)
    alone = None
    try:
        await terminal.search_identities(Criteria(Attributes(person.name)), _PURPOSE)
    except Refusal as refusal:
        alone = refusal.reason
    born = RecordedDay.of(person.birth_date)
    criteria = Criteria(Attributes(person.name, born, person.address))
    return Searches(
        person,
        alone,
        await terminal.search_identities(criteria, _PURPOSE),
        await terminal.inquire_nation(criteria, _PURPOSE),
    )
