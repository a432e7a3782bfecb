"""The dispatcher: what is owed is done once it was answered, and not before."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from renkei.refusals import Reason, Refusal
from renkei_server.dispatch import Effect, NotYetError, Route
from renkei_server.store import outbox as outboxes
from renkei_server.store.outbox import Outbox, Task
from renkei_server.store.sealing import Sealer

from .owing import EFFECTS, Gate, Peer, Seat, leave
from .world import CountedIds, OpenStore, request_id

ROOT = Path(__file__).parents[2]
AT_ONCE = 16


@pytest.fixture
async def seat(open_store: OpenStore, sealer: Sealer, ids: CountedIds) -> Seat:
    return Seat(open_store(outboxes.TABLES, (EFFECTS,)), Outbox(sealer, ids))


# Answers


async def test_an_answered_call_is_done(seat: Seat) -> None:
    peer = Peer()
    async with seat.working(Route(peer.take)):
        await seat.owe()
        await seat.done()

    assert peer.asked == [request_id(1)]
    assert seat.effects() == ["answered"]
    assert seat.log.entries == []


async def test_what_was_owed_before_the_start_is_done_too(seat: Seat) -> None:
    await seat.owe(3)
    async with seat.working(Route(Peer().take)):
        await seat.done()

    assert seat.effects() == ["answered"] * 3


@pytest.mark.parametrize(
    "again",
    [
        Refusal(Reason.PEER_UNREACHABLE),
        Refusal(Reason.DEADLINE_PASSED),
        Refusal(Reason.CALLER_REVOKED),
        NotYetError(),
    ],
    ids=lambda error: error.reason.name if isinstance(error, Refusal) else "not yet",
)
async def test_what_may_be_answered_later_is_asked_again_under_the_same_id(
    seat: Seat, again: Exception
) -> None:
    peer = Peer(again, again)
    async with seat.working(Route(peer.take)):
        await seat.owe()
        await seat.done()

    assert peer.asked == [request_id(1)] * 3
    assert seat.effects() == ["answered"]
    assert seat.refusals() == []


async def test_a_call_that_waits_holds_up_no_other(seat: Seat) -> None:
    stuck = {request_id(1)}

    async def take(task: Task) -> Effect:
        if task.request_id in stuck:
            raise Refusal(Reason.PEER_UNREACHABLE)
        return leave(task.request_id)

    async with seat.working(Route(take)):
        await seat.owe(3)
        await seat.until(lambda: seat.owed() == 1)
        stuck.clear()
        await seat.done()

    assert seat.effects() == [request_id(2), request_id(3), request_id(1)]


async def test_a_refused_call_is_recorded_and_dropped(seat: Seat) -> None:
    peer = Peer(Refusal(Reason.PERSON_NOT_HELD))
    async with seat.working(Route(peer.take)):
        await seat.owe()
        await seat.done()

    assert len(peer.asked) == 1
    assert seat.refusals() == [("tell", "PERSON_NOT_HELD")]
    assert seat.effects() == []


async def test_a_refusal_means_what_the_route_says(seat: Seat) -> None:
    route = Route(
        Peer(Refusal(Reason.SERIAL_EXPIRED)).take,
        lambda task, refusal: leave(f"{task.request_id} {refusal.reason.name}"),
    )
    async with seat.working(route):
        await seat.owe()
        await seat.done()

    assert seat.effects() == [f"{request_id(1)} SERIAL_EXPIRED"]


# Faults


async def test_an_effect_that_fails_leaves_the_task_and_nothing_else(seat: Seat) -> None:
    peer = Peer(leave("half", ZeroDivisionError("of 123456789018")))
    async with seat.working(Route(peer.take)):
        await seat.owe()
        await seat.done()

    assert peer.asked == [request_id(1)] * 2
    assert seat.effects() == ["answered"]
    assert [entry["event"] for entry in seat.log.entries] == ["task_failed"]


async def test_a_refusal_s_effect_that_fails_leaves_the_task_and_nothing_else(seat: Seat) -> None:
    refusal = Refusal(Reason.PERSON_NOT_HELD)
    effects = [leave("half", ZeroDivisionError()), leave("refused")]
    route = Route(Peer(refusal, refusal).take, lambda *_: effects.pop(0))
    async with seat.working(route):
        await seat.owe()
        await seat.done()

    assert seat.effects() == ["refused"]
    assert seat.refusals() == [("tell", "PERSON_NOT_HELD")]


async def test_a_fault_is_told_without_its_text(seat: Seat) -> None:
    async with seat.working(Route(Peer(ValueError("number 123456789018")).take)):
        await seat.owe()
        await seat.done()

    assert [entry["fault"] for entry in seat.log.entries] == ["ValueError"]
    assert "123456789018" not in str(seat.log.entries)


async def test_an_outage_of_its_own_store_costs_time_and_loses_nothing(seat: Seat) -> None:
    def rename(old: str, new: str) -> None:
        renaming = text(f"ALTER TABLE {old} RENAME TO {new}")
        seat.store.write_now(lambda connection: connection.execute(renaming))

    await seat.owe()
    rename("outbox", "away")
    async with seat.working(Route(Peer().take)):
        with pytest.raises(Refusal):
            await seat.owe()  # the dispatcher has tried to read by then, and could not
        rename("away", "outbox")
        await seat.done()

    assert seat.effects() == ["answered"]


@pytest.mark.parametrize("reason", [None, Reason.PERSON_NOT_HELD], ids=["answered", "refused"])
async def test_an_outcome_that_cannot_be_written_is_asked_for_again(
    seat: Seat, reason: Reason | None
) -> None:
    def fill_up() -> Effect:
        (pages,) = seat.store._run_pragma("page_count")
        seat.store._run_pragma(f"max_page_count={pages}")
        return leave("x" * 20_000)

    def make_room() -> Effect:
        seat.store._run_pragma("max_page_count=1000000")
        return leave("written")

    stages = [fill_up, make_room]

    async def take(_: Task) -> Effect:
        if reason is not None:
            raise Refusal(reason)
        return stages.pop(0)()

    async with seat.working(Route(take, lambda *_: stages.pop(0)())):
        await seat.owe()
        await seat.done()

    assert seat.effects() == ["written"]


def test_a_call_is_repeated_after_a_crash_between_answer_and_end(
    database: Path, tmp_path: Path
) -> None:
    """Each run is killed as it writes what the answer means, but for the last one."""
    heard = tmp_path / "heard"
    for run in ("killed", "killed", "done"):
        program = [sys.executable, "-m", "tests.server.dispatching", str(database), str(heard), run]
        status = subprocess.run(program, cwd=ROOT, check=False, timeout=60).returncode
        assert status == (0 if run == "done" else -9)

    assert heard.read_text().split() == [request_id(1)] * 3


# Many


async def test_many_calls_end_with_at_most_16_at_once(seat: Seat) -> None:
    gate = Gate(AT_ONCE)
    async with seat.working(Route(gate.take)):
        await seat.owe(500)
        await seat.done()

    assert (gate.most, gate.entered) == (AT_ONCE, 500)
    assert sorted(map(int, seat.effects())) == list(range(500))


async def test_nothing_is_sent_after_the_end(seat: Seat) -> None:
    gate = Gate(1_000)
    async with seat.working(Route(gate.take)):
        await seat.owe(20)
        await gate.waits.wait()
    entered = gate.entered
    gate.open()
    await seat.owe(20)
    await seat.store.write(lambda _: None)

    assert 0 < entered == gate.entered <= AT_ONCE
    assert (seat.owed(), seat.effects()) == (40, [])


async def test_what_was_given_up_at_the_end_is_done_by_the_next(seat: Seat) -> None:
    gate = Gate(1_000)
    async with seat.working(Route(gate.take)):
        await seat.owe(3)
        await gate.waits.wait()

    async with seat.working(Route(Peer().take)):
        await seat.done()

    assert seat.effects() == ["answered"] * 3
