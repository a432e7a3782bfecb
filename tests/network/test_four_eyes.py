"""What one enters another decides: until then it is provisional and leaves for nowhere (INP-07; F3.1)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial

import pytest

from renkei import reasons
from renkei.change_reasons import ChangeReason
from renkei.refusals import Refusal
from renkei.residents import ResidentEntry
from renkei_clients.decisions import EntryDecisionClient
from renkei_clients.residents import ResidentClient, Told
from renkei_server.store.engine.files import SealedFile
from renkei_server.store.persons.residents import BY_LOCAL_ADDRESS_NUMBER, REGISTER
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.provision import inspect
from tests.postgresql import Cluster
from tests.stores import BOTH
from tests.worlds import Worlds

from .asking import new_id, reason_of, refusal_of, until_told
from .people import People
from .people.entries import entry_of, newcomer
from .people.staff import somebody_new
from .small_world import NEIGHBOUR, SMALL_WORLD, WARD

STORES = BOTH
STRICT = SMALL_WORLD.replace(
    'name = "渋谷区", residents = 20', 'name = "渋谷区", residents = 20, four_eyes = true'
)
FUNCTION = "resident-record"


@pytest.fixture(scope="module")
async def world(worlds: Worlds, cluster: Cluster | None) -> AsyncIterator[RunningWorld]:
    """A world in one of whose wards everything that is entered needs two."""
    async with worlds.running(STRICT, on=cluster) as running:
        yield running


@pytest.fixture(scope="module")
def clerk(world: RunningWorld) -> ResidentClient:
    """Who enters."""
    return world.callers.register_terminal(WARD)


@pytest.fixture
async def approver(world: RunningWorld) -> EntryDecisionClient:
    """Who decides what others have entered."""
    new = partial(somebody_new, world.callers, world.layout, WARD, FUNCTION)
    _, channel = await new(approver=True)
    return EntryDecisionClient(channel)


def moved(people: People) -> ResidentEntry:
    address = "東京都中野区中央二丁目"
    return entry_of(people.somebody(), ChangeReason.MOVED_WITHIN, address=address)


def held(world: RunningWorld, entry: ResidentEntry) -> str | None:
    """The address that the register shows of the person."""
    with inspect(world.world, world.layout, world.world.seat(f"resident-record.{WARD}")) as look:
        file = SealedFile(REGISTER, look.sealer)
        found = look.read(partial(file.find, key=BY_LOCAL_ADDRESS_NUMBER, value=entry.person))
        return found.attributes.address if found and found.attributes else None


async def ended(terminal: ResidentClient, entry: ResidentEntry) -> Told:
    return await until_told(
        lambda: terminal.get_notification(entry.person), lambda told: told.state != "UNDER_WAY"
    )


async def test_a_provisional_entry_leaves_for_nowhere_until_another_operator_approves_it(
    world: RunningWorld, people: People, clerk: ResidentClient, approver: EntryDecisionClient
) -> None:
    entry, own_id, decision = moved(people), new_id(), new_id()
    before = held(world, entry)

    waits = [await clerk.change_resident(own_id, entry, provisional=True) for _ in range(2)]

    (shown,) = [one for one in await approver.list_provisional_entries() if one.entry_id == own_id]
    assert waits == [True, True]
    assert (shown.operator_id, shown.local_address_number.digits) == (
        "operator-1",
        entry.person.digits,
    )
    own = replace(entry.municipal, operator_id="operator-1")
    assert await approver.get_provisional_entry(own_id) == replace(entry, municipal=own)
    assert held(world, entry) == before != entry.items.address
    assert await reason_of(clerk.get_notification(entry.person)) is reasons.NOTHING_NOTIFIED

    for _ in range(2):
        await approver.approve_entry(decision, own_id)

    told = await ended(clerk, entry)
    assert (told.state, told.sequence) == ("APPLIED", 1)
    assert held(world, entry) == entry.items.address
    again = await reason_of(approver.approve_entry(new_id(), own_id))
    assert again is reasons.ENTRY_NOT_PROVISIONAL


async def test_nobody_approves_what_they_have_entered_themselves(
    world: RunningWorld, people: People
) -> None:
    new = partial(somebody_new, world.callers, world.layout, WARD, FUNCTION)
    _, channel = await new(approver=True)
    entry, own_id = moved(people), new_id()
    await ResidentClient(channel).change_resident(own_id, entry, provisional=True)

    refused = await refusal_of(EntryDecisionClient(channel).approve_entry(new_id(), own_id))

    told = refused.reason, refused.reason.status, refused.fields
    assert told == (reasons.APPROVER_IS_ENTERER, "PERMISSION_DENIED", ("operator_session",))
    assert held(world, entry) != entry.items.address


async def test_who_may_not_approve_decides_nothing_but_takes_back_what_is_their_own(
    world: RunningWorld, people: People, clerk: ResidentClient
) -> None:
    new = partial(somebody_new, world.callers, world.layout, WARD, FUNCTION)
    _, channel = await new()
    other, decides = ResidentClient(channel), EntryDecisionClient(channel)
    of_the_clerk, own = new_id(), new_id()
    await clerk.change_resident(of_the_clerk, moved(people), provisional=True)
    await other.change_resident(own, moved(people), provisional=True)

    approved = await reason_of(decides.approve_entry(new_id(), of_the_clerk))
    rejected = await reason_of(decides.reject_entry(new_id(), of_the_clerk))
    await decides.reject_entry(new_id(), own)

    assert approved is rejected is reasons.APPROVER_RIGHT_MISSING
    waiting = {one.entry_id for one in await decides.list_provisional_entries()}
    assert of_the_clerk in waiting
    assert own not in waiting


async def test_a_rejected_entry_never_takes_effect_and_another_one_may_come(
    world: RunningWorld, people: People, clerk: ResidentClient, approver: EntryDecisionClient
) -> None:
    entry, own_id, decision = moved(people), new_id(), new_id()
    await clerk.change_resident(own_id, entry, provisional=True)
    pending = await reason_of(clerk.change_resident(new_id(), entry, provisional=True))

    for _ in range(2):
        await approver.reject_entry(decision, own_id)

    assert pending is reasons.PROVISIONAL_ENTRY_PENDING
    unknown = await reason_of(approver.get_provisional_entry(own_id))
    approved = await reason_of(approver.approve_entry(new_id(), own_id))
    assert unknown is approved is reasons.ENTRY_NOT_PROVISIONAL
    assert await clerk.change_resident(new_id(), entry, provisional=True)
    assert held(world, entry) != entry.items.address


async def test_an_entry_that_the_record_has_overtaken_is_not_approved(
    people: People, clerk: ResidentClient, approver: EntryDecisionClient
) -> None:
    entry, own_id = moved(people), new_id()
    await clerk.change_resident(own_id, entry, provisional=True)
    later = replace(entry, items=replace(entry.items, address="東京都中野区沼袋"))

    assert not await clerk.change_resident(new_id(), later)  # the automatic flow is not stalled

    refused = await refusal_of(approver.approve_entry(new_id(), own_id))
    assert (refused.reason, refused.fields) == (reasons.ENTRY_OVERTAKEN, ("entry_id",))
    assert (await ended(clerk, entry)).state == "APPLIED"


async def test_somebody_new_is_entered_provisionally_too(
    people: People, clerk: ResidentClient, approver: EntryDecisionClient
) -> None:
    entry, own_id = newcomer(people.somebody(), 501), new_id()

    assert await clerk.enter_resident(own_id, entry, provisional=True)
    await approver.approve_entry(new_id(), own_id)

    assert (await ended(clerk, entry)).state == "APPLIED"


async def test_what_cannot_be_entered_is_refused_at_once(
    people: People, clerk: ResidentClient
) -> None:
    held_already = entry_of(people.somebody(), ChangeReason.MOVED_IN)
    unknown = replace(moved(people), person=newcomer(people.somebody(), 502).person)

    entered = await reason_of(clerk.enter_resident(new_id(), held_already, provisional=True))
    changed = await reason_of(clerk.change_resident(new_id(), unknown, provisional=True))

    assert (entered, changed) == (reasons.RESIDENT_ALREADY, reasons.PERSON_NOT_HELD)


async def test_where_two_are_needed_every_entry_waits_whatever_it_says(
    world: RunningWorld, people: People
) -> None:
    strict = world.callers.register_terminal(NEIGHBOUR)
    entry = entry_of(people.next_door[0], ChangeReason.MOVED_WITHIN, address="東京都渋谷区神南")
    own_id = new_id()

    assert await strict.change_resident(own_id, entry)
    with pytest.raises(Refusal):
        await strict.get_notification(entry.person)

    _, channel = await somebody_new(world.callers, world.layout, NEIGHBOUR, FUNCTION, approver=True)
    await EntryDecisionClient(channel).approve_entry(new_id(), own_id)
    assert (await ended(strict, entry)).state == "APPLIED"
