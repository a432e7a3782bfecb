"""F13 over real mutual TLS: who has another number or code is the same person, with the same codes."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace

import pytest

from renkei import reasons
from renkei.acquisitions import BOUND, Failure, failed
from renkei.change_reasons import ChangeReason
from renkei.codes import ResidentRecordCode
from renkei.networks import LINKAGE
from renkei_clients.linkage import ResidentRecordCodeClient
from renkei_clients.residents import ResidentClient
from renkei_pki.identity import Identity
from renkei_server.store.codes.codes import Codes
from renkei_server.store.identities.changed_codes import ChangedCodes
from renkei_server.store.persons.numbering import PERSONS
from renkei_simulators.codes_command import audit_codes
from renkei_simulators.population.residents import Resident
from renkei_simulators.separation.worlds import audit_world
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.provision import inspect
from tests.worlds import Worlds

from .asking import new_id, reason_of, until_told
from .asking.codes import acquire, acquire_at_agency
from .people import People
from .people.changing import applied, change_code, change_number
from .people.entries import entry_of, numbers_of_nobody
from .people.strangers import outsider
from .setting_back import quiet, save, set_back
from .small_world import AGENCY, CONTROLLED_WORLD, TOKYO, WARD

KEEPERS = f"middle-server.{WARD}", f"agency-linkage.{AGENCY}"
NETWORK, NATION = "provision-network.ipn", "national-server.jlis"


Change = Callable[[ResidentClient, Resident, int], Awaitable[Resident]]


@pytest.fixture(scope="module")
async def world(worlds: Worlds) -> AsyncIterator[RunningWorld]:
    """A world whose seats can be set back."""
    async with worlds.running(CONTROLLED_WORLD) as running:
        yield running


@pytest.fixture
def terminal(world: RunningWorld) -> ResidentClient:
    """Where the ward's staff change records."""
    return world.callers.register_terminal(WARD)


def bound(world: RunningWorld, seat: str) -> Mapping[object, object]:
    """Every code that an institution has, by its own number of the person."""
    with inspect(world.world, world.layout, world.world.seat(seat)) as look:
        return dict(look.read(Codes(look.sealer).all_bound))


def everywhere(world: RunningWorld) -> list[Mapping[object, object]]:
    return [bound(world, seat) for seat in KEEPERS]


def numbered(world: RunningWorld) -> int:
    """How many persons the ward's linkage platform tells apart."""
    with inspect(world.world, world.layout, world.world.seat(f"linkage-platform.{WARD}")) as look:
        return look.rows(PERSONS.tables[0].name)


def known(world: RunningWorld, code: ResidentRecordCode) -> ResidentRecordCode | None:
    """By which code the network is to know whoever has this one."""
    with inspect(world.world, world.layout, world.world.seat(NATION)) as look:
        found = look.read(lambda tx: ChangedCodes(look.sealer).of(tx, code))
    return found and found.known


async def acquire_everywhere(world: RunningWorld, person: Resident) -> None:
    assert await acquire(world.callers, person) == BOUND
    assert await acquire_at_agency(world.callers, person) == BOUND


def contradictions(world: RunningWorld) -> list[object]:
    return [one for each in audit_codes(world.world, world.layout) for one in each.findings]


# The resident record code


async def test_after_a_change_of_the_resident_record_code_everybody_has_the_same_code(
    world: RunningWorld, people: People, terminal: ResidentClient
) -> None:
    person = people.somebody()
    await acquire_everywhere(world, person)
    before = everywhere(world)

    changed = await change_code(terminal, person, 1)
    await applied(terminal, changed)
    await quiet(world)

    assert known(world, changed.resident_record_code) == changed.resident_record_code
    await acquire_everywhere(world, changed)
    await quiet(world)
    assert everywhere(world) == before
    assert contradictions(world) == []


async def test_whoever_was_changed_twice_before_any_code_was_acquired_has_the_code_of_the_first(
    world: RunningWorld, people: People, terminal: ResidentClient
) -> None:
    person = people.somebody()
    assert await acquire(world.callers, person) == BOUND
    before = bound(world, KEEPERS[0])

    newer = await change_code(terminal, await change_code(terminal, person, 2), 3)
    await applied(terminal, newer)
    assert await acquire(world.callers, newer) == BOUND
    assert await acquire_at_agency(world.callers, newer) == BOUND

    await quiet(world)
    assert bound(world, KEEPERS[0]) == before
    assert contradictions(world) == []


@pytest.mark.parametrize("seat", [NETWORK, NATION])
async def test_whichever_was_set_back_behind_a_change_of_the_code_the_code_stays(
    world: RunningWorld, people: People, terminal: ResidentClient, seat: str
) -> None:
    index = 10 + (seat == NATION)
    person = people.somebody()
    await acquire_everywhere(world, person)
    before = everywhere(world)
    await save(world, seat)
    changed = await change_code(terminal, person, index)
    await applied(terminal, changed)

    await set_back(world, seat)

    await acquire_everywhere(world, changed)
    await quiet(world)
    assert everywhere(world) == before
    assert contradictions(world) == []


def core(world: RunningWorld) -> ResidentRecordCodeClient:
    """The national server, as the provision network sees it."""
    caller, server = (
        Identity(LINKAGE, "jlis", "national-server"),
        Identity(LINKAGE, "ipn", "provision-network"),
    )
    return ResidentRecordCodeClient(world.callers.channel(outsider(world, caller), server))


async def test_a_change_that_is_told_twice_late_or_by_steps_leads_to_the_same_person(
    world: RunningWorld, people: People
) -> None:
    person, client = people.somebody(), core(world)
    first = person.resident_record_code
    second, third = (numbers_of_nobody(index)[0] for index in (20, 21))

    for old, new in ((first, second), (second, third), (first, third), (first, second)):
        await client.change_resident_record_code(new_id(), old, new)

    other = people.somebody().resident_record_code
    for old, new, expected in (
        (other, third, reasons.RESIDENT_RECORD_CODE_HELD),
        (other, other, reasons.RESIDENT_RECORD_CODE_UNCHANGED),
    ):
        refused = client.change_resident_record_code(new_id(), old, new)
        assert await reason_of(refused) is expected


# The Individual Number


async def test_after_a_change_of_the_individual_number_everybody_has_the_same_code(
    world: RunningWorld, people: People, terminal: ResidentClient
) -> None:
    """The register tells the linkage platform by itself."""
    person = people.somebody()
    await acquire_everywhere(world, person)
    before, persons = everywhere(world), numbered(world)

    changed = await change_number(terminal, await change_number(terminal, person, 30), 31)
    await applied(terminal, changed)

    assert await acquire(world.callers, changed) == BOUND
    await quiet(world)
    assert everywhere(world) == before
    assert numbered(world) == persons
    assert contradictions(world) == []


async def test_an_old_individual_number_has_a_reason_of_its_own(
    world: RunningWorld, people: People, terminal: ResidentClient
) -> None:
    """The national body has not heard of the new one."""
    person = people.somebody()

    await applied(terminal, await change_number(terminal, person, 32))

    superseded = failed(Failure.INDIVIDUAL_NUMBER_SUPERSEDED)
    assert await acquire_at_agency(world.callers, person) == superseded


async def test_a_linkage_platform_that_was_set_back_behind_a_change_of_the_number_doubles_nobody(
    world: RunningWorld, people: People, terminal: ResidentClient
) -> None:
    person = people.somebody()
    await acquire_everywhere(world, person)
    before, persons = everywhere(world), numbered(world)
    await save(world, f"linkage-platform.{WARD}")
    changed = await change_number(terminal, person, 33)
    await applied(terminal, changed)

    await set_back(world, f"linkage-platform.{WARD}")

    assert await acquire(world.callers, changed) == BOUND
    await quiet(world)
    assert (everywhere(world), numbered(world)) == (before, persons)


# What is left of it


async def test_after_changes_nothing_lies_where_it_must_not(
    world: RunningWorld, people: People, terminal: ResidentClient
) -> None:
    person = people.somebody()
    await acquire_everywhere(world, person)
    coded = await change_code(terminal, person, 40)
    both = await change_number(terminal, coded, 41)
    await applied(terminal, both)
    assert await acquire(world.callers, both) == BOUND
    await quiet(world)

    each = [person, replace(both, resident_record_code=person.resident_record_code), both]
    assert audit_world(world.world, world.layout, each, households=[]).findings == ()


@pytest.mark.parametrize("change", [change_code, change_number])
@pytest.mark.parametrize("seat", [f"municipal-cs.{WARD}", f"prefecture-server.{TOKYO}", NATION])
async def test_whichever_hop_was_set_back_behind_a_change_a_resend_of_it_is_applied(
    world: RunningWorld, people: People, terminal: ResidentClient, seat: str, change: Change
) -> None:
    """The others have applied it: to them it is the next of the same person."""
    person, index = people.somebody(), 50 + len(seat)
    await save(world, seat)
    changed = await change(terminal, person, index)
    await applied(terminal, changed)
    await set_back(world, seat)

    await change(terminal, person, index)
    assert await ended(terminal, person) == "REFUSED"
    await quiet(world)
    await change(terminal, person, index)

    assert await ended(terminal, person) == "APPLIED"
    assert await acquire(world.callers, changed) == BOUND
    await quiet(world)
    assert await ended(terminal, await moved(terminal, changed)) == "APPLIED"


async def moved(terminal: ResidentClient, person: Resident) -> Resident:
    """Somebody moves within the ward."""
    entry = entry_of(person, ChangeReason.MOVED_WITHIN, address="東京都中野区江原町")
    await terminal.change_resident(new_id(), entry)
    return person


async def ended(terminal: ResidentClient, person: Resident) -> str:
    """How what was told of somebody last ended."""
    told = await until_told(
        lambda: terminal.get_notification(person.local_address_number),
        lambda told: told.state != "UNDER_WAY",
    )
    return told.state
