"""The dispatcher: what is owed is done once it was answered, and not before."""

import asyncio
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from math import inf
from pathlib import Path

import pytest
import structlog
from cryptography.exceptions import InvalidTag
from sqlalchemy import text

from renkei import reasons
from renkei.facts import RETRY_AFTER
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei_server.dispatch.dispatcher import Dispatcher
from renkei_server.dispatch.pace import USUAL, Pace
from renkei_server.dispatch.routes import Effect, NotYetError, Route
from renkei_server.dispatch.terms import within
from renkei_server.store.engine import outbox as outboxes
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox, Task
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.sealing import Sealer
from tests.server.world import NOON, CountedIds, Disk, OpenStore, SetClock, request_id
from tests.stores import SQLITE, write_place

from .owing import EFFECTS, LONGEST_WAIT_SECONDS, Gate, Peer, Seat, leave

ROOT = Path(__file__).parents[3]
IN_MEMORY = 512
NEVER = 3600.0


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
        Refusal(reasons.PEER_UNREACHABLE),
        Refusal(reasons.DEADLINE_PASSED),
        Refusal(reasons.CALLER_REVOKED),
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
            raise Refusal(reasons.PEER_UNREACHABLE)
        return leave(task.request_id)

    async with seat.working(Route(take)):
        await seat.owe(3)
        await seat.until(lambda: seat.owed() == 1)
        stuck.clear()
        await seat.done()

    assert seat.effects() == [request_id(2), request_id(3), request_id(1)]


async def test_a_peer_that_is_crowded_is_called_again_no_sooner_than_it_says(seat: Seat) -> None:
    """However short the pauses are that one makes otherwise."""
    asked_at: list[float] = []
    crowded = Refusal(reasons.TOO_MANY_CALLS, facts=(RETRY_AFTER.of(150),))

    async def take(task: Task) -> Effect:
        asked_at.append(asyncio.get_running_loop().time())
        if len(asked_at) == 1:
            raise crowded
        return leave(task.request_id)

    async with working(seat, pace=Pace(repeats=0.0), tell=Route(take)):
        await owe(seat, "tell", 1)
        await seat.done()

    first, second = asked_at
    assert second - first >= 0.15


async def test_a_pace_without_pauses_asks_again_at_once(seat: Seat) -> None:
    """At the usual one twenty repeats take half a minute."""
    peer = Peer(*[NotYetError()] * 20)
    async with working(seat, pace=Pace(repeats=0.0), tell=Route(peer.take)):
        await owe(seat, "tell", 1)
        await seat.done()

    assert len(peer.asked) == 21


async def test_what_is_not_there_yet_is_found_by_few_questions(seat: Seat) -> None:
    """At the usual pace: what comes after a fifth of a second, however often it was asked for."""
    asked: list[float] = []
    now = asyncio.get_running_loop().time

    async def take(_: Task) -> Effect:
        asked.append(now())
        if now() < there_at:
            raise NotYetError
        return leave("answered")

    there_at = now() + 0.2
    async with working(seat, tell=Route(take, patient=True)):
        await owe(seat, "tell", 1)
        await seat.done()

    assert 1 <= len(asked) <= 8
    assert seat.effects() == ["answered"]


async def test_nothing_is_asked_and_nothing_read_where_nothing_is_owed(seat: Seat) -> None:
    """The dispatcher sleeps until it is woken, not for some time."""
    peer = Peer(NotYetError())
    async with working(seat, tell=Route(peer.take, patient=True)) as dispatcher:
        await owe(seat, "tell", 1)
        await seat.done()
        asked = len(peer.asked)

        assert await dispatcher._go_on() == inf
        assert len(peer.asked) == asked == 2


async def test_a_refused_call_is_recorded_and_dropped(seat: Seat) -> None:
    peer = Peer(Refusal(reasons.PERSON_NOT_HELD))
    async with seat.working(Route(peer.take)):
        await seat.owe()
        await seat.done()

    assert len(peer.asked) == 1
    assert seat.refusals() == [("tell", "PERSON_NOT_HELD")]
    assert seat.effects() == []


async def test_a_refusal_means_what_the_route_says(seat: Seat) -> None:
    route = Route(
        Peer(Refusal(reasons.SERIAL_EXPIRED)).take,
        lambda task, refusal: leave(f"{task.request_id} {refusal.reason.name}"),
    )
    async with seat.working(route):
        await seat.owe()
        await seat.done()

    assert seat.effects() == [f"{request_id(1)} SERIAL_EXPIRED"]


# What is owed, and for how long


async def test_what_was_tried_in_vain_is_told_with_whom_and_why(seat: Seat) -> None:
    silent = Refusal(reasons.PEER_UNREACHABLE, "middle-server.131148")
    dispatcher = seat.dispatcher(Route(Peer(silent, silent).take))
    await seat.owe(2)

    assert dispatcher.owed() == []
    await dispatcher._go_on()
    await dispatcher.pause()
    (told,) = dispatcher.owed()

    assert (told.kind, told.calls, told.reason) == ("tell", 2, "PEER_UNREACHABLE")
    assert told.detail == "middle-server.131148"
    assert timedelta(0) <= NOON - datetime.fromisoformat(told.since) < timedelta(minutes=1)
    assert told.japanese == reasons.PEER_UNREACHABLE.japanese


@pytest.mark.parametrize(
    "again", [Refusal(reasons.PEER_UNREACHABLE), NotYetError()], ids=["unreachable", "not yet"]
)
async def test_a_call_whose_term_is_over_is_given_up_after_one_more_try(
    seat: Seat, again: Exception
) -> None:
    peer = Peer(again)
    refused = Route(peer.take, lambda _, refusal: leave(refusal.reason.name))
    content = within({"number": "0"}, NOON)
    await seat.store.write(lambda tx: seat.outbox.put(tx, "tell", cause="", content=content))
    async with seat.working(refused):
        await seat.done()

    assert len(peer.asked) == 1
    assert seat.effects() == ["TERM_OVER"]
    assert seat.refusals() == [("tell", "TERM_OVER")]


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
    refusal = Refusal(reasons.PERSON_NOT_HELD)
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


@pytest.mark.parametrize("reason", [None, reasons.PERSON_NOT_HELD], ids=["answered", "refused"])
async def test_an_outcome_that_cannot_be_written_is_asked_for_again(
    seat: Seat, disk: Disk, reason: Reason | None
) -> None:
    full = False

    async def take(_: Task) -> Effect:
        nonlocal full
        (disk.make_room if full else disk.fill_up)(seat.store)
        full = not full
        if reason is not None:
            raise Refusal(reason)
        return effect()

    def effect() -> Effect:
        return leave("x" * 20_000 if full else "written")

    async with seat.working(Route(take, lambda *_: effect())):
        await seat.owe()
        await seat.done()

    assert seat.effects() == ["written"]


@pytest.mark.parametrize("reason", [None, reasons.PERSON_NOT_HELD], ids=["answered", "refused"])
async def test_what_was_ended_already_is_not_ended_again(seat: Seat, reason: Reason | None) -> None:
    """As where the answer to the commit that ended it was lost with the database."""

    async def take(task: Task) -> Effect:
        await seat.store.write(lambda connection: seat.outbox.done(connection, task))
        if reason is not None:
            raise Refusal(reason)
        return leave("again")

    ended = asyncio.Event()
    async with seat.working(Route(take, lambda *_: leave("again"))):
        await seat.owe()
        await seat.done()
        seat.store.on_commit(ended.set)
        await ended.wait()

    assert (seat.effects(), seat.refusals()) == ([], [])


def test_a_call_is_repeated_after_a_crash_between_answer_and_end(
    place: Place, tmp_path: Path
) -> None:
    """Each run is killed as it writes what the answer means, but for the last one."""
    heard = tmp_path / "heard"
    for run in ("killed", "killed", "done"):
        program = [
            sys.executable,
            "-m",
            "tests.server.dispatch.dispatching",
            write_place(place),
            str(heard),
            run,
        ]
        status = subprocess.run(program, cwd=ROOT, check=False, timeout=60).returncode
        assert status == (0 if run == "done" else -9)

    assert heard.read_text().split() == [request_id(1)] * 3


async def test_a_fault_while_reading_at_the_start_ends_the_run(seat: Seat) -> None:
    peer = Peer()
    await seat.owe()
    await seat.store.write(damage)

    async with asyncio.timeout(LONGEST_WAIT_SECONDS):
        with pytest.raises(InvalidTag):
            await seat.dispatcher(Route(peer.take)).run()

    assert (peer.asked, seat.owed()) == ([], 1)


async def test_a_fault_while_reading_ends_the_run_with_its_calls_given_up_not_lost(
    seat: Seat,
) -> None:
    gate = Gate(1_000)
    run = asyncio.create_task(seat.dispatcher(Route(gate.take)).run())
    await seat.owe()
    await gate.waits.wait()

    def owe_what_cannot_be_read(connection: Connection) -> None:
        put(seat, connection, "tell", 1)
        damage(connection)

    await seat.store.write(owe_what_cannot_be_read)
    async with asyncio.timeout(LONGEST_WAIT_SECONDS):
        with pytest.raises(InvalidTag):
            await run
    gate.open()
    await seat.owe()  # whoever commits goes on unharmed

    assert (gate.entered, seat.owed(), seat.effects()) == (1, 3, [])


def damage(connection: Connection) -> None:
    """Make the last task unreadable: no refusal, but a fault of whoever keeps the store."""
    connection.execute(
        text("UPDATE outbox SET content = :no WHERE number = (SELECT max(number) FROM outbox)"),
        {"no": b"\0"},
    )


# Many


async def test_many_calls_are_under_way_at_once_and_at_most_512_of_a_kind(seat: Seat) -> None:
    gate = Gate(IN_MEMORY)
    async with seat.working(Route(gate.take)):
        await seat.owe(700)
        await seat.done()

    assert (gate.most, gate.entered) == (IN_MEMORY, 700)
    assert sorted(map(int, seat.effects())) == list(range(700))


async def test_kinds_do_not_wait_for_each_other(seat: Seat) -> None:
    """The one holds all that it may in memory, and more on the disk; the other goes on."""
    stuck, peer = Gate(10_000), Peer()
    async with working(seat, in_memory=16, stuck=Route(stuck.take), quick=Route(peer.take)):
        await owe(seat, "stuck", 60)
        await owe(seat, "quick", 60)
        await seat.until(lambda: len(seat.effects()) == 60)

        assert (stuck.entered, len(peer.asked)) == (16, 60)
    assert seat.owed() == 60


async def test_more_without_an_answer_than_memory_holds_hold_up_no_later_one(seat: Seat) -> None:
    unanswered = {request_id(number) for number in range(1, 61)}
    peer = Deaf(unanswered)
    async with working(seat, in_memory=16, tell=Route(peer.take)):
        await owe(seat, "tell", 65)
        await seat.until(lambda: seat.owed() == 60)

        assert set(seat.effects()) == {request_id(number) for number in range(61, 66)}


async def test_what_was_put_back_is_asked_again_in_the_next_round(seat: Seat) -> None:
    unanswered = {request_id(number) for number in range(1, 61)}
    peer = Deaf(unanswered)
    async with working(seat, in_memory=16, round_seconds=0.05, tell=Route(peer.take)):
        await owe(seat, "tell", 61)
        await peer.was_asked_by_all(3)
        peer.hear()
        await seat.done()

    assert sorted(seat.effects()) == sorted([*unanswered, request_id(61)])
    assert len(seat.effects()) == 61, "none was done twice"


async def test_no_round_begins_before_the_last_task_had_its_turn(seat: Seat) -> None:
    """However short the rounds are, and however many fail one after the other."""
    peer = Deaf({request_id(number) for number in range(1, 101)})
    async with working(seat, in_memory=4, round_seconds=0.0, tell=Route(peer.take)):
        await owe(seat, "tell", 100)
        await peer.was_asked_by_all(2)


async def test_nothing_is_sent_after_the_end(seat: Seat) -> None:
    gate = Gate(1_000)
    async with seat.working(Route(gate.take)):
        await seat.owe(20)
        await gate.waits.wait()
    entered = gate.entered
    gate.open()
    await seat.owe(20)
    await seat.store.write(lambda _: None)

    assert 0 < entered == gate.entered <= 20
    assert (seat.owed(), seat.effects()) == (40, [])


async def test_what_was_given_up_at_the_end_is_done_by_the_next(seat: Seat) -> None:
    gate = Gate(1_000)
    async with seat.working(Route(gate.take)):
        await seat.owe(3)
        await gate.waits.wait()

    async with seat.working(Route(Peer().take)):
        await seat.done()

    assert seat.effects() == ["answered"] * 3


# Pauses


async def test_a_pause_waits_for_calls_under_way_and_begins_none(seat: Seat) -> None:
    gate = Gate(1_000)
    async with working(seat, tell=Route(gate.take)) as dispatcher:
        await owe(seat, "tell", 3)
        await gate.waits.wait()
        pausing = asyncio.create_task(dispatcher.pause())
        await owe(seat, "tell", 2)
        assert not pausing.done()

        gate.open()
        await pausing
        await owe(seat, "tell", 2)
        assert (gate.entered, seat.owed(), len(seat.effects())) == (3, 4, 3)


async def test_after_a_pause_it_goes_on_with_what_was_owed_meanwhile(seat: Seat) -> None:
    peer = Peer()
    async with working(seat, tell=Route(peer.take)) as dispatcher:
        await dispatcher.pause()
        await owe(seat, "tell", 3)
        assert peer.asked == []

        dispatcher.resume()
        await seat.done()

    assert peer.asked == [request_id(number) for number in (1, 2, 3)]


async def test_a_call_that_fails_in_a_pause_is_made_again_after_it(seat: Seat) -> None:
    entered, go_on = asyncio.Event(), asyncio.Event()
    asked: list[str] = []

    async def take(task: Task) -> Effect:
        asked.append(task.request_id)
        entered.set()
        if len(asked) == 1:
            await go_on.wait()
            raise Refusal(reasons.PEER_UNREACHABLE)
        return leave("answered")

    async with working(seat, tell=Route(take)) as dispatcher:
        await owe(seat, "tell", 1)
        await entered.wait()
        go_on.set()
        await dispatcher.pause()
        assert asked == [request_id(1)]

        dispatcher.resume()
        await seat.done()

    assert asked == [request_id(1)] * 2


@pytest.mark.only_on(SQLITE, why="it sets back how SQLite numbers rows")
async def test_what_is_forgotten_is_read_anew_from_the_store_as_it_is_then(seat: Seat) -> None:
    """As where the store is set back: other tasks bear the same numbers from then on."""
    outage = Refusal(reasons.PEER_UNREACHABLE)
    peer = Peer(outage, outage, outage)

    def change(connection: Connection) -> None:
        connection.execute(text("DELETE FROM outbox"))
        put(seat, connection, "tell", 2)
        connection.execute(text("UPDATE outbox SET number = number - 3"))

    async with working(seat, tell=Route(peer.take)) as dispatcher:
        await owe(seat, "tell", 3)
        while len(peer.asked) < 3:
            await asyncio.sleep(0)
        await dispatcher.pause()
        before = list(peer.asked)
        await seat.store.write(change)

        dispatcher.forget()
        dispatcher.resume()
        await seat.done()

    assert before == [request_id(number) for number in (1, 2, 3)]
    assert peer.asked[3:] == [request_id(4), request_id(5)]
    assert seat.effects() == ["answered"] * 2


# What these tests owe, and to whom


class Deaf:
    """Gives some no answer until it hears; counts how often it was asked by each."""

    def __init__(self, unheard: Iterable[str]) -> None:
        self._unheard = set(unheard)
        self._asked: Counter[str] = Counter()
        self._changed = asyncio.Event()

    def hear(self) -> None:
        """Answer everybody from now on."""
        self._unheard.clear()

    async def take(self, task: Task) -> Effect:
        self._asked[task.request_id] += 1
        self._changed.set()
        if task.request_id in self._unheard:
            raise Refusal(reasons.PEER_UNREACHABLE)
        return leave(task.request_id)

    async def was_asked_by_all(self, times: int) -> None:
        """Wait until all who get no answer have asked so often."""
        async with asyncio.timeout(LONGEST_WAIT_SECONDS):
            while any(self._asked[one] < times for one in self._unheard):
                self._changed.clear()
                await self._changed.wait()


def put(seat: Seat, connection: Connection, kind: str, calls: int) -> None:
    for number in range(calls):
        content = {"number": str(number)}
        seat.outbox.put(connection, kind, cause=request_id(0), content=content)


async def owe(seat: Seat, kind: str, calls: int) -> None:
    await seat.store.write(lambda connection: put(seat, connection, kind, calls))


@asynccontextmanager
async def working(
    seat: Seat,
    *,
    pace: Pace = USUAL,
    in_memory: int = IN_MEMORY,
    round_seconds: float = NEVER,
    **routes: Route,
) -> AsyncIterator[Dispatcher]:
    """A dispatcher at work with a route for each kind."""
    dispatcher = Dispatcher(
        store=seat.store,
        outbox=seat.outbox,
        routes=routes,
        clock=SetClock(),
        log=structlog.wrap_logger(None, processors=[seat.log]),
        pace=pace,
        in_memory=in_memory,
        round_seconds=round_seconds,
    )
    seat.store.on_commit(dispatcher.wake)
    run = asyncio.create_task(dispatcher.run())
    try:
        yield dispatcher
    finally:
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)
