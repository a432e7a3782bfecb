"""What the databases and logs say when all is done, read from outside the servers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from renkei_simulators.demo.acquiring import Progress
from renkei_simulators.demo.cast import AGENCY, WARD, Kind, Member
from renkei_simulators.separation.audit import Audit
from renkei_simulators.separation.worlds import audit_world
from renkei_simulators.world.definition import World
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.looking import calls_owed, opened


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found."""

    codes_bound: Mapping[str, int]
    shared_codes: int
    owed_calls: int
    audit: Audit

    def checks(self, ward: Progress, agency: Progress) -> dict[str, bool]:
        """Each thing that must hold, and whether it does."""
        return {
            "every acquisition at the ward ended as its kind of person must": _as_expected(ward),
            "every acquisition at the agency ended as its kind of person must": _as_expected(
                agency
            ),
            "each organisation has one code for each person bound, none lost and none twice": (
                self.codes_bound[WARD] == ward_bound(ward)
                and self.codes_bound[AGENCY] == ward_bound(agency)
            ),
            "the two organisations' codes share nothing": self.shared_codes == 0,
            "no server owes a call any more": self.owed_calls == 0,
            "no party holds what it must not know": not self.audit.findings,
        }


def ward_bound(progress: Progress) -> int:
    """How many acquisitions ended with a code."""
    return sum(count for (_, outcome), count in progress.outcomes.items() if outcome == "BOUND")


def _as_expected(progress: Progress) -> bool:
    expected = {kind.title: {kind.expected} for kind in Kind}
    expected[Kind.WITHOUT.title].add("PERSON_WITHOUT_INDIVIDUAL_NUMBER")
    return progress.ended == progress.wanted and all(
        outcome in expected[title] for title, outcome in progress.outcomes
    )


def examine(
    world: World,
    layout: Layout,
    cast: Sequence[Member],
    serials: Iterable[str],
    households: Iterable[str],
) -> Evidence:
    """Read the stores of a world that has stopped, and search them and its logs."""
    codes = {
        institution: opened(world, layout, world.seat(name)).get("codes.code", set())
        for institution, name in (
            (WARD, f"middle-server.{WARD}"),
            (AGENCY, f"agency-linkage.{AGENCY}"),
        )
    }
    return Evidence(
        codes_bound={institution: len(found) for institution, found in codes.items()},
        shared_codes=len(codes[WARD] & codes[AGENCY]),
        owed_calls=calls_owed(world, layout),
        audit=audit_world(world, layout, [one.person for one in cast], serials, households),
    )
