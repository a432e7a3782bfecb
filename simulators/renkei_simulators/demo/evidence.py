"""What the databases and logs say when all is done, read from outside the servers."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from renkei_simulators.demo.acquiring import Progress
from renkei_simulators.demo.cast import AGENCY, WARD, Kind, Member
from renkei_simulators.separation.audit import Audit, Known, Party, audit
from renkei_simulators.separation.knowledge import Kind as Knowledge
from renkei_simulators.world.definition import SeatPlan, World
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.provision import inspect, seat_config


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


def serials_now(world: World, layout: Layout) -> set[str]:
    """The processing serials that are under way now, by the provision network's own store."""
    for seat in world.seats:
        if seat.role == "provision-network":
            with inspect(world, layout, seat) as look:
                return {value.decode() for value in look.values("serials.serial")}
    return set()


def calls_owed(world: World, layout: Layout) -> int:
    """How many calls all servers still owe each other."""
    owed = 0
    for seat in world.seats:
        with inspect(world, layout, seat) as look:
            owed += look.rows("outbox")
    return owed


def examine(
    world: World, layout: Layout, cast: Sequence[Member], serials: Iterable[str]
) -> Evidence:
    """Read the stores of a world that has stopped, and search them and its logs."""
    opened = {seat.name: _opened(world, layout, seat) for seat in world.seats}
    codes = {
        institution: opened[name].get("codes.code", set())
        for institution, name in (
            (WARD, f"middle-server.{WARD}"),
            (AGENCY, f"agency-linkage.{AGENCY}"),
        )
    }
    known = [
        *_personal(cast),
        *(Known(Knowledge.PROCESSING_SERIAL, one) for one in serials),
        *_made(opened),
        *(Known(Knowledge.LINKAGE_CODE, one, who) for who, some in codes.items() for one in some),
    ]
    return Evidence(
        codes_bound={institution: len(found) for institution, found in codes.items()},
        shared_codes=len(codes[WARD] & codes[AGENCY]),
        owed_calls=calls_owed(world, layout),
        audit=audit(parties_of(world, layout), known),
    )


def _personal(cast: Sequence[Member]) -> Iterator[Known]:
    for member in cast:
        person = member.person
        yield Known(Knowledge.RESIDENT_RECORD_CODE, person.resident_record_code.digits)
        yield Known(Knowledge.LOCAL_ADDRESS_NUMBER, member.local.digits)
        yield Known(Knowledge.NAME_AND_ADDRESS, f"{person.address}")
        if person.individual_number is not None:
            yield Known(Knowledge.INDIVIDUAL_NUMBER, person.individual_number.digits)


def _made(opened: Mapping[str, Mapping[str, set[bytes]]]) -> Iterator[Known]:
    """What the networks made themselves: integrated address numbers and link ids."""
    for values in opened.values():
        for number in values.get("persons.integrated_address_number", ()):
            yield Known(Knowledge.INTEGRATED_ADDRESS_NUMBER, number.decode())
        for link_id in values.get("links.link_id", ()):
            yield Known(Knowledge.LINK_ID, link_id)


def parties_of(world: World, layout: Layout) -> list[Party]:
    """Every seat with its files, and with what its own key opens."""
    parties = []
    for seat in world.seats:
        config = seat_config(world, layout, seat)
        opened = tuple(
            (place, b"\0".join(values)) for place, values in _opened(world, layout, seat).items()
        )
        parties.append(
            Party(seat.role, seat.institution, (config.database,), (config.log,), opened)
        )
    return parties


def _opened(world: World, layout: Layout, seat: SeatPlan) -> dict[str, set[bytes]]:
    """The sealed values of a seat, opened, by place."""
    places: defaultdict[str, set[bytes]] = defaultdict(set)
    with inspect(world, layout, seat) as look:
        for place, value in look.opened():
            places[place].add(value)
    return dict(places)
