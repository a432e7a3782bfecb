"""A world that is brought back from its backups is as it was, but for what was under way."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from functools import partial

import pytest

from renkei import reasons
from renkei.acquisitions import BOUND, EXPIRED
from renkei.answers import Outcome
from renkei.codes import IntegratedAddressNumber
from renkei.exchanges import ExchangeId
from renkei.inquiries import Inquiry
from renkei_server.process.restored import NOTE
from renkei_server.roles.bills import metadata_of
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.passing import of_table
from renkei_simulators.control_commands import controlled
from renkei_simulators.population.residents import Resident
from renkei_simulators.records_audit import audit_records
from renkei_simulators.separation.worlds import audit_world
from renkei_simulators.world.backups import Made
from renkei_simulators.world.definition import World
from renkei_simulators.world.in_process import RunningWorld, run_in_process
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.looking import calls_owed, opened, serials_under_way, sub_copy_values
from renkei_simulators.world.provision import inspect
from renkei_simulators.world.restoring import Staged
from tests.backups import Rows, back_up_all, keys_of, restore_all, rows_of
from tests.worlds import Worlds

from .asking import final, new_id, reason_of, until
from .asking.codes import acquire, acquire_at_agency
from .asking.files import JOB, LINE, department_client, inquire_by_file, inquiries_ended, lines_of
from .asking.inquiries import HOUSEHOLD_OF_CARE
from .people import People
from .people.neighbours import Neighbours
from .people.sub_copies import HOUSEHOLD, ITEMS, NAME, sub_copy
from .small_world import AGENCY, CONTROLLED_WORLD, NEIGHBOUR, PORTAL, WARD

CANARY = "検査用世帯主五十鈴"
REGISTER, CORE, NATION = f"resident-record.{WARD}", "provision-network.ipn", "national-server.jlis"
MIDDLE, ASKING = f"middle-server.{WARD}", f"middle-server.{NEIGHBOUR}"
PLATFORM, ASKING_PLATFORM = f"linkage-platform.{WARD}", f"linkage-platform.{NEIGHBOUR}"
BODY, DEVICE = f"agency-linkage.{AGENCY}", f"mynaportal.{PORTAL}"


@dataclass(frozen=True, slots=True)
class Before:
    """What was so when the backups were made."""

    request_id: str
    """That of the first acquisition."""
    person: Resident
    """Who has codes everywhere, and a sub-copy."""
    waiting: Resident
    """Whose codes were under way."""
    there: IntegratedAddressNumber
    """The person, as the neighbour numbers them."""
    account: str
    waiting_account: str
    waiting_number: IntegratedAddressNumber
    answered: Inquiry
    undecided: ExchangeId
    run: str
    serials: set[str]
    rows: Mapping[str, Rows]
    keys: Mapping[str, Mapping[str, bytes]]
    made: Mapping[str, Made]


@dataclass(frozen=True, slots=True)
class Restored:
    """A world before, and after its seats were brought back."""

    world: World
    layout: Layout
    before: Before
    staged: Mapping[str, Staged]


async def live_until_the_backups(world: RunningWorld, layout: Layout) -> Before:
    """Codes and information move, more of it is under way, and then backups are made."""
    people, neighbours = People(world.world), Neighbours(world)
    callers, seats = world.callers, controlled(world.world, world.callers)
    person, waiting = people.somebody(), people.somebody()
    assert person.individual_number
    assert waiting.individual_number
    terminal, device = callers.ward_terminal(WARD), callers.device(PORTAL)
    first = new_id()
    await terminal.request_code_acquisition(first, person.local_address_number)
    assert await final(partial(terminal.get_code_acquisition, person.local_address_number)) == BOUND
    assert await acquire_at_agency(callers, person) == BOUND
    account = await device.open_account(new_id(), person.individual_number)
    assert await final(partial(device.get_account, account)) == BOUND
    there = await neighbours.known_here(person)
    record = sub_copy({**ITEMS, NAME: CANARY})
    await callers.register_of(WARD).register_sub_copy(new_id(), person.local_address_number, record)
    answered = await neighbours.ask(there)
    department = department_client(callers, layout, NEIGHBOUR)
    run = await inquire_by_file(department, lines_of(LINE.person))
    await inquiries_ended(department, run)
    await until(lambda: calls_owed(world.world, layout) == 0)

    await seats[NATION].pause_work()
    await seats[ASKING].pause_work()
    undecided = await neighbours.client.start_inquiry(new_id(), there, HOUSEHOLD_OF_CARE)
    await terminal.request_code_acquisition(new_id(), waiting.local_address_number)
    number = await callers.agency_terminal(AGENCY).number_person(
        new_id(), waiting.individual_number
    )
    waiting_account = await device.open_account(new_id(), waiting.individual_number)
    await until(lambda: rows(world.world, layout, NATION, "outbox") == 3)
    names = [seat.name for seat in world.world.seats]
    made = back_up_all(world.world, layout, layout.root.with_name("backups"))
    before = Before(
        first,
        person,
        waiting,
        there,
        account,
        waiting_account,
        number,
        answered,
        undecided,
        run,
        serials_under_way(world.world, layout),
        {name: rows_of(world.world, layout, name) for name in names},
        {name: keys_of(world.world, layout, name) for name in names},
        made,
    )
    for seat in (NATION, ASKING):
        await seats[seat].resume_work()
    return before


async def live_on(world: RunningWorld, before: Before) -> None:
    """What the backups know nothing of: two erasures."""
    callers = world.callers
    await callers.register_of(WARD).delete_sub_copy(
        new_id(), before.person.local_address_number, HOUSEHOLD
    )
    await callers.key_terminal(WARD).destroy_organisation_keys(new_id(), WARD)
    await until(lambda: calls_owed(world.world, world.layout) == 0)


def rows(world: World, layout: Layout, seat: str, table: str) -> int:
    with inspect(world, layout, world.seat(seat)) as look:
        return look.rows(table)


@pytest.fixture(scope="module")
async def restored(worlds: Worlds) -> Restored:
    """A world whose seats all lost what they kept, and were brought back from their backups."""
    world = World.parse(CONTROLLED_WORLD)
    layout = worlds.copy(world)
    async with run_in_process(world, layout) as running:
        before = await live_until_the_backups(running, layout)
        await live_on(running, before)
    staged = restore_all(world, layout, [one.path for one in before.made.values()])
    return Restored(world, layout, before, staged)


@pytest.fixture(scope="module")
async def again(restored: Restored) -> AsyncIterator[RunningWorld]:
    """The same world, running again."""
    async with run_in_process(restored.world, restored.layout) as running:
        yield running


# What is restored


def test_every_row_that_waits_for_nothing_is_as_it_was(restored: Restored) -> None:
    for seat in restored.world.seats:
        was = restored.before.rows[seat.name]
        now = rows_of(restored.world, restored.layout, seat.name)
        assert now.keys() == was.keys()
        for table in metadata_of(seat.role).sorted_tables:
            if not of_table(table):
                assert now[table.name] == was[table.name], (seat.name, table.name)
    assert sum(len(some) for some in restored.before.rows[MIDDLE].values()) > 10


def test_every_key_is_as_it_was(restored: Restored) -> None:
    for name, keys in restored.before.keys.items():
        assert keys_of(restored.world, restored.layout, name) == keys
    assert {"store.key", "record-log/key.pem", "permits/key.pem"} <= restored.before.keys[
        CORE
    ].keys()
    assert {"root.key", "operators/key.pem"} <= restored.before.keys[MIDDLE].keys()


def test_nothing_that_is_kept_only_until_a_task_is_done_is_there(restored: Restored) -> None:
    world, layout, before = restored.world, restored.layout, restored.before
    assert len(before.serials) == 3
    values = {
        seat.name: b"\0".join(
            value for some in opened(world, layout, seat).values() for value in some
        )
        for seat in world.seats
    }

    for name, held in values.items():
        assert rows(world, layout, name, "outbox") == 0
        for serial in before.serials:
            assert serial.encode() not in held, name
    assert CANARY.encode() not in values[ASKING_PLATFORM]
    assert CANARY in sub_copy_values(world, layout)
    assert not any(row[7] for row in rows_of(world, layout, ASKING)["inquiries"])


def test_nobody_holds_what_they_must_not(restored: Restored) -> None:
    before = restored.before
    persons = [before.person, before.waiting]
    found = audit_world(
        restored.world, restored.layout, persons, before.serials, households=[CANARY]
    )

    assert [(one.party, one.kind) for one in found.findings] == []


def test_what_was_left_out_is_told_as_owed(restored: Restored) -> None:
    owed = {name: dict(one.end.owed) for name, one in restored.staged.items()}

    assert owed == {name: dict(one.owed) for name, one in restored.before.made.items()}
    assert owed[NATION] == {"call `report`": 3}
    assert owed[CORE] == {"pending serial": 3}
    assert owed[BODY] == {"acquisition of a code": 1}
    assert owed[DEVICE] == {"acquisition of a code": 1}
    assert owed[REGISTER] == {"acquisition of a code": 1, "call `poll`": 1}
    assert owed[PLATFORM] == {"acquisition of a code": 1, "call `poll`": 1}
    assert owed[MIDDLE] == {"acquisition of a code": 1}
    assert owed[ASKING] == {
        "call `ask`": 1,
        "inquiry not yet decided": 1,
        "unfetched answer": 1,
    }
    assert owed[ASKING_PLATFORM] == {
        f"run of batch files `inquire {JOB}`": 1,
        "batch file": 1,
        "line of inquiry": 1,
    }


def test_what_was_erased_since_and_comes_back_is_named(restored: Restored) -> None:
    assert restored.staged[MIDDLE].back == {"versions of sub-copies": 1, "organisation key 1": 1}
    assert all(not one.back for name, one in restored.staged.items() if name != MIDDLE)


def test_what_was_recorded_since_and_is_lost_is_counted(restored: Restored) -> None:
    lost = restored.staged[MIDDLE].lost
    assert lost is not None
    assert lost["operations"] > 0


# What goes on


async def test_codes_and_accounts_are_those_that_were_bound(
    again: RunningWorld, restored: Restored
) -> None:
    before = restored.before
    terminal = again.callers.ward_terminal(WARD)

    assert await terminal.get_code_acquisition(before.person.local_address_number) == BOUND
    assert await again.callers.device(PORTAL).get_account(before.account) == BOUND


async def test_each_seat_says_that_it_was_restored_and_all_have_compared_what_they_remember(
    again: RunningWorld,
) -> None:
    told = {name: await one.neighbours.told() for name, one in again.seats.items()}

    assert {one["how"] for one in told.values()} == {"restored"}
    assert {one["owed"] for one in told.values()} == {""}


async def test_that_it_was_set_back_and_to_when_stands_in_a_seat_s_own_operation_log_once(
    again: RunningWorld, restored: Restored
) -> None:
    for name, seat in again.seats.items():
        told = seat.store.read_now(OperationLog(seat.store.sealer).outcomes)
        made_at = restored.staged[name].head.made_at
        noted = [one for one in told if one[0] == "renkei restore"]
        assert noted == [("renkei restore", f"set back to {made_at}", "OK")]
        assert not (seat.config.folder / NOTE).exists()


async def test_a_repeated_request_is_answered_from_the_first_one_s_receipt(
    again: RunningWorld, restored: Restored
) -> None:
    before, terminal = restored.before, again.callers.ward_terminal(WARD)
    begun = rows(again.world, again.layout, REGISTER, "acquisitions")

    await terminal.request_code_acquisition(before.request_id, before.person.local_address_number)

    assert rows(again.world, again.layout, REGISTER, "acquisitions") == begun
    other = terminal.request_code_acquisition(
        before.request_id, before.waiting.local_address_number
    )
    assert await reason_of(other) is reasons.REQUEST_ID_REUSED


async def test_what_was_under_way_has_ended_and_is_asked_for_again(
    again: RunningWorld, restored: Restored
) -> None:
    before, callers = restored.before, again.callers
    local = before.waiting.local_address_number
    terminal, agency, device = (
        callers.ward_terminal(WARD),
        callers.agency_terminal(AGENCY),
        callers.device(PORTAL),
    )

    assert await terminal.get_code_acquisition(local) == EXPIRED
    assert await agency.get_numbering_outcome(before.waiting_number) == EXPIRED
    assert await device.get_account(before.waiting_account) == EXPIRED
    assert await acquire(callers, before.waiting) == BOUND
    assert await acquire_at_agency(callers, before.waiting) == BOUND


async def test_information_moves_as_before_and_the_logs_of_all_parties_agree(
    again: RunningWorld, restored: Restored
) -> None:
    before, neighbours = restored.before, Neighbours(again)

    undecided = await neighbours.client.get_inquiry(before.undecided)
    fetched = await neighbours.client.get_inquiry(before.answered.id)
    told = await neighbours.ask(before.there)
    await until(lambda: calls_owed(again.world, again.layout) == 0)
    found = audit_records(again.world, again.layout)

    assert undecided.outcome is Outcome.FAILED_AT_NETWORK
    assert undecided.refusal == reasons.LEFT_OUT_OF_BACKUP.name
    assert (fetched.outcome, fetched.records) == (Outcome.PROVIDED, ())
    assert [one.items[NAME] for one in told.records] == [CANARY]
    assert found.sound
    assert found.agreed >= 2


async def test_a_run_of_files_is_to_be_opened_again(
    again: RunningWorld, restored: Restored
) -> None:
    department = department_client(again.callers, again.layout, NEIGHBOUR)

    told = department.get_inquiry_run(restored.before.run)

    assert await reason_of(told) is reasons.BATCH_RUN_UNKNOWN
