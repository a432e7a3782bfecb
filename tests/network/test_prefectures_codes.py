"""F1 of a prefecture for its own persons: by its own platform, in the name of its own server."""

from collections.abc import AsyncIterator, Mapping

import pytest

from renkei import reasons
from renkei.acquisitions import BOUND, Failure, failed
from renkei.codes import IntegratedAddressNumber
from renkei.networks import JUKINET, LINKAGE
from renkei_clients.jukinet import linkage_code_generation_client
from renkei_clients.linkage import AgencyNumberingClient, CodeAcquisitionClient
from renkei_pki.identity import Identity
from renkei_server.store.codes.codes import Codes
from renkei_server.store.persons.numbering import PERSONS
from renkei_simulators.codes_audit.comparing import Finding
from renkei_simulators.codes_command import audit_codes, mend_codes
from renkei_simulators.population.residents import Resident
from renkei_simulators.separation.worlds import audit_world
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.people import recipients_of
from renkei_simulators.world.provision import inspect
from tests.postgresql import Cluster
from tests.stores import BOTH
from tests.worlds import Worlds

from .asking import final, new_id, reason_of
from .asking.codes import acquire, acquire_at_agency
from .people import People
from .people.changing import applied, change_code, change_number
from .people.strangers import outsider
from .setting_back import quiet, save, set_back
from .small_world import NEIGHBOUR, TOKYO, WARD, WITH_PREFECTURE

STORES = BOTH

PLATFORM, KEEPER = f"linkage-platform.{TOKYO}", f"middle-server.{TOKYO}"


@pytest.fixture(scope="module")
async def world(worlds: Worlds, cluster: Cluster | None) -> AsyncIterator[RunningWorld]:
    """A world in which the prefecture has persons of its own."""
    async with worlds.running(WITH_PREFECTURE, on=cluster) as running:
        yield running


@pytest.fixture
def terminal(world: RunningWorld) -> AgencyNumberingClient:
    """The prefecture's own terminal."""
    return world.callers.agency_terminal(TOKYO)


def bound(world: RunningWorld, seat: str) -> Mapping[IntegratedAddressNumber, object]:
    """Every code that an organisation has, by its own number of the person."""
    with inspect(world.world, world.layout, world.world.seat(seat)) as look:
        return dict(look.read(Codes(look.sealer).all_bound))


def rows(world: RunningWorld, seat: str, table: str) -> int:
    with inspect(world.world, world.layout, world.world.seat(seat)) as look:
        return look.rows(table)


def findings(world: RunningWorld) -> list[Finding]:
    """What `renkei audit codes` finds at the prefecture."""
    found = audit_codes(world.world, world.layout)
    return [one for each in found if each.institution == TOKYO for one in each.findings]


def of_both(world: RunningWorld, people: People) -> Resident:
    """A resident of the ward whom the prefecture knows too."""
    known = {one.individual_number for one in recipients_of(world.world, TOKYO)}
    person = people.somebody()
    assert person.individual_number in known
    return person


async def test_a_prefecture_s_code_of_somebody_is_another_than_their_ward_s(
    world: RunningWorld, people: People
) -> None:
    person = of_both(world, people)

    assert await acquire(world.callers, person) == BOUND
    assert await acquire_at_agency(world.callers, person, TOKYO) == BOUND

    ours, theirs = bound(world, KEEPER), bound(world, f"middle-server.{WARD}")
    assert len(ours) == 1
    assert not {*ours.values()} & {*theirs.values()}
    assert not {*ours} & {*theirs}, "and so is its number of them"
    assert findings(world) == []


async def test_the_same_number_is_the_same_person_however_often_it_is_asked(
    world: RunningWorld, people: People, terminal: AgencyNumberingClient
) -> None:
    person, request_id = of_both(world, people), new_id()

    numbers = [
        await terminal.number_person(one, person.individual_number)
        for one in (request_id, request_id, new_id())
    ]

    assert len({*numbers}) == 1
    assert await final(lambda: terminal.get_numbering_outcome(numbers[0])) == BOUND


async def test_who_is_not_of_its_own_register_is_not_numbered(
    world: RunningWorld, people: People, terminal: AgencyNumberingClient
) -> None:
    known = {one.individual_number for one in recipients_of(world.world, TOKYO)}
    stranger = next(one for one in people.removed if one.individual_number not in known)
    before = rows(world, PLATFORM, PERSONS.tables[0].name)

    for asked, expected in (
        (terminal.number_person(new_id(), stranger.individual_number), reasons.PERSON_NOT_HELD),
        (terminal.number_person(new_id(), None), reasons.PERSON_WITHOUT_INDIVIDUAL_NUMBER),
        (
            terminal.get_numbering_outcome(IntegratedAddressNumber("7" * 15)),
            reasons.ACQUISITION_NOT_ASKED,
        ),
    ):
        assert await reason_of(asked) is expected
    assert rows(world, PLATFORM, PERSONS.tables[0].name) == before


@pytest.mark.parametrize(
    ("institution", "role"),
    [(WARD, "middle-terminal"), (TOKYO, "middle-server"), (TOKYO, "admin")],
)
async def test_nobody_but_its_own_terminal_numbers_anybody_there(
    world: RunningWorld, people: People, institution: str, role: str
) -> None:
    caller = Identity(LINKAGE, institution, role)
    server = Identity(LINKAGE, TOKYO, "linkage-platform")
    client = AgencyNumberingClient(world.callers.channel(outsider(world, caller), server))

    refused = client.number_person(new_id(), people.next_door[0].individual_number)

    assert await reason_of(refused) is reasons.CALLER_NOT_ADMITTED


async def test_a_municipality_s_platform_numbers_nobody_for_a_terminal(
    world: RunningWorld, people: People
) -> None:
    caller, server = (
        Identity(LINKAGE, WARD, one) for one in ("middle-terminal", "linkage-platform")
    )
    client = AgencyNumberingClient(world.callers.channel(outsider(world, caller), server))

    refused = client.number_person(new_id(), people.next_door[0].individual_number)

    assert await reason_of(refused) is reasons.METHOD_UNKNOWN


@pytest.mark.parametrize("serial_of", [WARD, NEIGHBOUR])
async def test_the_prefecture_asks_for_itself_alone(
    world: RunningWorld, people: People, serial_of: str
) -> None:
    """The serial of a municipality of its own binds nothing in its name."""
    person = people.next_door[1]
    assert person.individual_number
    platform, keeper = (
        Identity(LINKAGE, serial_of, one) for one in ("linkage-platform", "middle-server")
    )
    client = CodeAcquisitionClient(world.callers.channel(outsider(world, platform), keeper))
    number = IntegratedAddressNumber("6" * 15)
    started = await client.acquire_code(new_id(), number, person.individual_number)
    assert started is not None
    tokyo, nation = (
        Identity(JUKINET, TOKYO, "prefecture-server"),
        Identity(JUKINET, "jlis", "national-server"),
    )
    national = linkage_code_generation_client(world.callers.channel(outsider(world, tokyo), nation))
    refused = rows(world, "national-server.jlis", "refused_calls")

    await national.generate_linkage_code(new_id(), person.individual_number, started[1])
    await quiet(world)

    assert rows(world, "national-server.jlis", "refused_calls") == refused + 1
    assert not (await client.get_code_acquisition(number)).acquisition.state.final


async def test_its_server_s_own_store_knows_nothing_of_its_codes(
    world: RunningWorld, people: People
) -> None:
    server = f"prefecture-server.{TOKYO}"
    tables = ("outbox", "receipts", "operations")
    before = [rows(world, server, one) for one in tables]

    assert await acquire_at_agency(world.callers, of_both(world, people), TOKYO) == BOUND
    await quiet(world)

    assert [rows(world, server, one) for one in tables] == before


async def test_a_changed_code_keeps_its_code_and_an_old_number_has_its_reason(
    world: RunningWorld, people: People
) -> None:
    coded, numbered = of_both(world, people), of_both(world, people)
    assert await acquire_at_agency(world.callers, coded, TOKYO) == BOUND
    before = bound(world, KEEPER)
    ward = world.callers.register_terminal(WARD)

    await applied(ward, await change_code(ward, coded, 60))
    await applied(ward, await change_number(ward, numbered, 61))

    assert await acquire_at_agency(world.callers, coded, TOKYO) == BOUND
    assert bound(world, KEEPER) == before
    superseded = failed(Failure.INDIVIDUAL_NUMBER_SUPERSEDED)
    assert await acquire_at_agency(world.callers, numbered, TOKYO) == superseded


@pytest.mark.parametrize("seat", [PLATFORM, KEEPER, "provision-network.ipn"])
async def test_whichever_was_set_back_the_person_has_the_same_number_and_code(
    world: RunningWorld, people: People, terminal: AgencyNumberingClient, seat: str
) -> None:
    person = of_both(world, people)
    await save(world, seat)
    assert await acquire_at_agency(world.callers, person, TOKYO) == BOUND
    before = bound(world, KEEPER)

    await set_back(world, seat)

    lost = findings(world)
    asked, mended = await mend_codes(world.world, world.layout, lost, world.callers)
    assert asked == mended == (seat == KEEPER)
    assert await acquire_at_agency(world.callers, person, TOKYO) == BOUND
    await quiet(world)
    assert bound(world, KEEPER) == before
    number = await terminal.number_person(new_id(), person.individual_number)
    assert number in before
    assert await final(lambda: terminal.get_numbering_outcome(number)) == BOUND
    await quiet(world)
    assert findings(world) == []


async def test_nothing_of_it_lies_where_it_must_not(world: RunningWorld, people: People) -> None:
    crowd = [of_both(world, people) for _ in range(3)]
    for person in crowd:
        assert await acquire(world.callers, person) == BOUND
        assert await acquire_at_agency(world.callers, person, TOKYO) == BOUND
    await quiet(world)

    assert audit_world(world.world, world.layout, crowd, households=[]).findings == ()
