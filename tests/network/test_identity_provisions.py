"""What identity information went to whom is recorded where it left, refusals too (PRV-11, PRV-12)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from renkei import reasons
from renkei.change_reasons import ChangeReason
from renkei.codes import ResidentRecordCode
from renkei_clients.control import ControlClient
from renkei_clients.residents import ResidentClient
from renkei_pki.log_check import FaultKind, check
from renkei_pki.log_export import Entry, Erased, Whole
from renkei_pki.signing import PUBLIC_KEY, VerifyingKey
from renkei_server.process.machine import WorldClock
from renkei_server.store.engine.erasures import history
from renkei_server.store.identities.provided import CONTENT, IdentityProvision
from renkei_simulators.records_audit import export_log
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.in_process import RunningWorld
from tests.worlds import Worlds

from .asking import new_id, until, until_told
from .people import People
from .people.entries import entry_of
from .small_world import CONTROLLED_WORLD, TOKYO, WARD

CS, PREFECTURE, NATION = (
    f"municipal-cs.{WARD}",
    f"prefecture-server.{TOKYO}",
    "national-server.jlis",
)


@pytest.fixture(scope="module")
async def world(worlds: Worlds) -> AsyncIterator[RunningWorld]:
    async with worlds.running(CONTROLLED_WORLD) as running:
        yield running


@pytest.fixture
def terminal(world: RunningWorld) -> ResidentClient:
    """Where the ward's staff enter and change records."""
    return world.callers.register_terminal(WARD)


@pytest.fixture
async def clock(world: RunningWorld) -> AsyncIterator[ControlClient]:
    """The clock; in the end it runs with the machine's again."""
    controller = world.callers.controller(world.world.seat(CS))
    yield controller
    await controller.set_clock(new_id(), datetime.now(UTC))


def exported(world: RunningWorld, seat: str) -> list[str]:
    now = WorldClock(world.layout.clock).now()
    return list(export_log(world.world, world.layout, world.world.seat(seat), now, contents=True))


def public_key(world: RunningWorld, seat: str) -> VerifyingKey:
    """The public half of what signs a seat's log."""
    config = seat_config(world.world, world.layout, world.world.seat(seat))
    return VerifyingKey.load(config.record_key.with_name(PUBLIC_KEY))


def provided(world: RunningWorld, seat: str, person: ResidentRecordCode) -> list[IdentityProvision]:
    """What a seat's exported log says of a person."""
    bodies = (Entry.parse(line).body for line in exported(world, seat)[1:])
    told = [CONTENT.read(body.content) for body in bodies if isinstance(body, Whole)]
    return [one for one in told if one.person == person]


async def told_the_nation(terminal: ResidentClient, people: People) -> ResidentRecordCode:
    """Somebody whose change has reached everybody."""
    entry = entry_of(people.somebody(), ChangeReason.MOVED_WITHIN, address="東京都中野区中央三丁目")
    await terminal.change_resident(new_id(), entry)
    await until_told(
        lambda: terminal.get_notification(entry.person), lambda told: told.state == "APPLIED"
    )
    return entry.items.resident_record_code


async def test_each_hop_records_once_what_it_provided_and_to_whom(
    world: RunningWorld, people: People, terminal: ResidentClient
) -> None:
    person = await told_the_nation(terminal, people)

    (by_ward,) = provided(world, CS, person)
    (by_prefecture,) = provided(world, PREFECTURE, person)

    assert (by_ward.receiver, by_prefecture.receiver) == (PREFECTURE, NATION)
    assert by_ward.method.endswith("/NotifyIdentityChange")
    assert not by_ward.refused
    assert by_ward.request_id != by_prefecture.request_id
    assert provided(world, NATION, person) == []


async def test_a_provision_that_was_refused_is_recorded_with_its_reason(
    world: RunningWorld, people: People, terminal: ResidentClient
) -> None:
    """The nation never held this one, though municipality and prefecture do."""
    entry = entry_of(people.unknown, ChangeReason.MOVED_WITHIN, address="東京都中野区江古田")
    person = entry.items.resident_record_code

    await terminal.change_resident(new_id(), entry)
    await until_told(
        lambda: terminal.get_notification(entry.person), lambda told: told.state == "REFUSED"
    )

    (by_ward,), (by_prefecture,) = (provided(world, seat, person) for seat in (CS, PREFECTURE))
    assert by_ward.refused == ""
    assert by_prefecture.refused == reasons.RESIDENT_RECORD_CODE_NOT_HELD.name


async def test_the_log_of_provisions_is_whole_and_an_altered_record_shows(
    world: RunningWorld, people: People, terminal: ResidentClient
) -> None:
    await told_the_nation(terminal, people)
    lines, key = exported(world, CS), public_key(world, CS)

    honest = check(lines, key)
    last = Entry.parse(lines[-1])
    assert isinstance(last.body, Whole)
    other = replace(last.body, content=last.body.content.replace(b"Notify", b"Modify"))
    altered = check([*lines[:-1], replace(last, body=other).line], key)

    assert honest.sound
    assert [fault.kind for fault in altered.faults] == [FaultKind.ALTERED]


async def test_a_provision_is_kept_five_years_and_no_longer(
    world: RunningWorld, people: People, terminal: ResidentClient, clock: ControlClient
) -> None:
    person = await told_the_nation(terminal, people)
    store = world.seats[CS].store

    await clock.advance_clock(new_id(), timedelta(days=5 * 365))
    assert len(provided(world, CS, person)) == 1
    await clock.advance_clock(new_id(), timedelta(days=3))
    await until(lambda: "provision records" in {what for what, _ in store.read_now(history)})

    lines, key = exported(world, CS), public_key(world, CS)
    report = check(lines, key)
    assert provided(world, CS, person) == []
    assert report.sound
    assert report.bodies[Erased] >= 1
    assert FaultKind.ERASED_EARLY in {one.kind for one in check(lines, key, years=7).faults}
