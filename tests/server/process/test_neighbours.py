"""Neighbours notice which of them was set back, and a seat reconciles before it serves."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import LogCapture

from renkei import reasons
from renkei.memories import MOST, Memory, forgotten, furthest, was_set_back
from renkei.refusals import Refusal
from renkei_server.process.machine import MachineIds
from renkei_server.process.neighbours import BETWEEN, SEAT_FORGOT, Neighbours
from renkei_server.store.engine import incarnations, operations, outbox
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store, tables
from tests.server.world import SetClock

ONE, OTHER, UNKNOWN = "0" * 32, "1" * 32, "f" * 32


# Rules


def test_a_seat_has_forgotten_what_a_neighbour_saw_and_it_does_not_remember() -> None:
    own = [Memory(ONE, 7), Memory(OTHER, 3)]

    assert forgotten(own, None) == 0
    assert forgotten(own, Memory(ONE, 7)) == 0
    assert forgotten(own, Memory(ONE, 9)) == 2
    assert forgotten(own, Memory(OTHER, 2)) == 0
    assert forgotten(own, Memory(UNKNOWN, 5)) == 5


@given(st.lists(st.tuples(st.sampled_from([ONE, OTHER]), st.integers(1, 50)), min_size=1))
def test_a_neighbour_keeps_the_highest_count_of_the_incarnation_it_saw_last(
    told: list[tuple[str, int]],
) -> None:
    seen: Memory | None = None
    for one in told:
        before, now = seen, Memory(*one)
        seen = furthest(before, now)

        assert seen.incarnation == now.incarnation
        assert seen.count >= now.count
        if before is not None and before.incarnation == now.incarnation:
            assert seen.count == max(before.count, now.count)
            assert was_set_back(before, now) is (now.count < before.count)


@pytest.mark.parametrize(("incarnation", "count"), [("", 1), ("G" * 32, 1), (ONE, 0), (ONE, 2**53)])
def test_what_is_no_memory_is_refused(incarnation: str, count: int) -> None:
    with pytest.raises(Refusal) as refused:
        Memory(incarnation, count)

    assert refused.value.reason is reasons.MALFORMED_MEMORY


# Two seats


class Side:
    """One seat of two; what it is told the other hears, unless it is away."""

    def __init__(self, name: str, folder: Path, clock: SetClock) -> None:
        self.name, self.clock, self.log = name, clock, LogCapture()
        self.folder = folder / name
        self.folder.mkdir()
        self.settled = 0
        self.away = False
        self.ids = MachineIds()
        self.sealer = Sealer(name.encode().ljust(32, b"k"))
        self.peers: dict[str, Line] = {}
        self._open()

    def start(self, *, restored: bool = False) -> bool:
        """Open it anew; whether it is to reconcile before it serves."""
        self.store.close()
        self._open()
        return self.seat.begin(restored=restored)

    def save(self) -> None:
        """Keep what it keeps now."""
        (self.folder / "saved").unlink(missing_ok=True)
        self.store.save(self.folder / "saved")

    def put_back(self) -> None:
        """Put its files back as they were then."""
        self.store.restore(self.folder / "saved")

    def noticed(self) -> list[str]:
        """What its operation log says that it noticed."""
        found = self.store.read_now(OperationLog(self.sealer).outcomes)
        return [method for _, method, _ in found]

    def incarnation(self) -> incarnations.Incarnation:
        """Its present one."""
        found = self.store.read_now(incarnations.present)
        assert found is not None
        return found

    def _open(self) -> None:
        metadata = tables(operations.TABLES, outbox.TABLES, incarnations.TABLES)
        self.store = Store(
            self.folder / "store.db", self.sealer, metadata, operations=OperationLog(self.sealer)
        )
        self.seat = Neighbours(
            store=self.store,
            clock=self.clock,
            ids=self.ids,
            log=structlog.wrap_logger(None, processors=[self.log]),
            peers=self.peers,
            reconcile=(self._settle,),
        )

    async def _settle(self) -> None:
        self.settled += 1


class Line:
    """From one side to the other."""

    def __init__(self, caller: Side, called: Side) -> None:
        self._caller, self._called = caller, called
        self.refusal = Refusal(reasons.PEER_UNREACHABLE)
        self.waits: asyncio.Event | None = None

    async def compare_memories(
        self, own: Memory, yours: Memory | None
    ) -> tuple[Memory, Memory | None]:
        if self._called.away:
            raise self.refusal
        if self.waits is not None:
            await self.waits.wait()
        return await self._called.seat.hear(self._caller.name, own, yours)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def sides(tmp_path: Path, clock: SetClock) -> Iterator[tuple[Side, Side]]:
    """A seat that calls, and the one that it calls; both are open, and have compared once."""
    caller, called = Side("caller", tmp_path, clock), Side("called", tmp_path, clock)
    caller.peers["called"] = Line(caller, called)
    for one in (caller, called):
        assert not one.start(), "it has served nobody before"
    yield caller, called
    for one in (caller, called):
        one.store.close()


async def test_who_was_not_set_back_hears_nothing_of_it(sides: tuple[Side, Side]) -> None:
    caller, called = sides
    for _ in range(3):
        await caller.seat.compare()
    assert caller.start()
    await caller.seat.start()

    assert (caller.noticed(), called.noticed()) == ([], [])
    assert (caller.settled, called.settled) == (0, 0)
    assert await caller.seat.told() == {}


@pytest.mark.parametrize(("which", "lost"), [("caller", 2), ("called", 1)])
async def test_files_that_were_put_back_are_noticed_at_the_next_start(
    sides: tuple[Side, Side], which: str, lost: int
) -> None:
    """By the seat itself where it asks, else as its neighbour asks."""
    caller, called = sides
    mine = caller if which == "caller" else called
    await caller.seat.compare()
    mine.save()
    await called.seat.compare()
    for _ in range(2):
        await caller.seat.compare()

    mine.put_back()
    assert mine.start()
    await mine.seat.start()
    await caller.seat.compare()
    await caller.seat.compare()

    (noticed,) = mine.noticed()
    assert noticed.startswith(SEAT_FORGOT)
    told = await mine.seat.told()
    assert (told["how"], told["owed"], told["forgotten"]) == ("noticed", "", lost)
    assert caller.settled == 1, "it asks about all that it waits for, whichever was set back"
    other = called if mine is caller else caller
    assert other.noticed() == []


async def test_a_restore_begins_an_incarnation_and_is_no_second_time_noticed(
    sides: tuple[Side, Side],
) -> None:
    caller, called = sides
    await caller.seat.compare()
    called.save()
    before = called.incarnation().memory.incarnation
    called.put_back()
    assert called.start(restored=True)
    await called.seat.start()
    for _ in range(2):
        await caller.seat.compare()

    assert called.incarnation().memory.incarnation != before
    assert called.noticed() == [], "it was restored to what it was"
    assert (await called.seat.told())["how"] == "restored"
    assert caller.settled == 1


async def test_a_store_made_anew_has_forgotten_all_that_its_neighbour_saw(
    sides: tuple[Side, Side], tmp_path: Path, clock: SetClock
) -> None:
    caller, called = sides
    for _ in range(4):
        await caller.seat.compare()
    (tmp_path / "anew").mkdir()
    anew = Side("caller", tmp_path / "anew", clock)
    anew.peers["called"] = Line(anew, called)
    assert not anew.start()
    await anew.seat.compare()
    anew.store.close()
    assert anew.log.entries[0]["tellings_forgotten"] == 5


# Before it serves


async def test_a_seat_serves_once_it_has_asked(sides: tuple[Side, Side]) -> None:
    caller, _ = sides
    line = caller.peers["called"]
    assert not caller.seat.closed
    assert caller.start()
    line.waits = asyncio.Event()

    opening = asyncio.create_task(caller.seat.start())
    await asyncio.sleep(0)
    before = caller.seat.closed
    line.waits.set()
    await opening

    assert (before, caller.seat.closed) == (True, False)


async def test_who_does_not_answer_is_not_waited_for_and_shown_as_owed(
    sides: tuple[Side, Side], clock: SetClock
) -> None:
    caller, called = sides
    called.away = True
    assert caller.start(restored=True)
    await caller.seat.start()
    shown = await caller.seat.told()
    called.away = False
    clock.wait(BETWEEN + timedelta(seconds=1))
    await caller.seat.run_once()

    assert not caller.seat.closed
    assert shown["owed"] == "called"
    assert (await caller.seat.told())["owed"] == ""


async def test_two_that_start_together_do_not_wait_for_each_other(
    sides: tuple[Side, Side],
) -> None:
    caller, called = sides
    called.peers["caller"] = Line(called, caller)
    for one in sides:
        assert one.start(restored=True)

    async with asyncio.timeout(2):
        await asyncio.gather(*(one.seat.start() for one in sides))

    assert not any(one.seat.closed for one in sides)


async def test_who_does_not_know_the_question_is_left_alone(sides: tuple[Side, Side]) -> None:
    caller, called = sides
    called.away = True
    caller.peers["called"].refusal = Refusal(reasons.METHOD_UNKNOWN)
    assert caller.start(restored=True)
    await caller.seat.start()

    assert (await caller.seat.told())["owed"] == ""


async def test_nothing_is_told_anew_where_nothing_happened(
    sides: tuple[Side, Side], clock: SetClock
) -> None:
    caller, _ = sides
    counts: list[int] = []

    async def later(happens: Callable[[], None]) -> None:
        happens()
        clock.wait(BETWEEN)
        await caller.seat.run_once()
        counts.append(caller.incarnation().memory.count)

    await later(lambda: None)
    await later(lambda: None)
    await later(lambda: caller.store.write_now(lambda _: None))

    first, second, third = counts
    assert (second, third) == (first, first + 1)


# A neighbour that lies


async def test_a_neighbour_that_claims_the_highest_count_leaves_the_seat_as_well_as_it_was(
    sides: tuple[Side, Side], clock: SetClock
) -> None:
    _, called = sides
    liars = Memory(OTHER, 1)
    before = called.incarnation().memory.incarnation
    await called.seat.hear("liar", liars, Memory(before, MOST))
    clock.wait(BETWEEN + timedelta(seconds=1))

    await called.seat.run_once()
    await called.seat.compare()

    now = called.incarnation().memory
    assert (now.incarnation == before, now.count) == (False, 2)
    assert await called.seat.hear("liar", liars, now) == (now, liars)


async def test_of_what_neighbours_claim_to_have_seen_a_seat_remembers_some(
    sides: tuple[Side, Side],
) -> None:
    _, called = sides
    called.store.write_now(lambda connection: fill(connection, called))

    own, _ = await called.seat.hear("liar", Memory(OTHER, 1), Memory(UNKNOWN, MOST))

    kept = called.store.read_now(incarnations.all_of)
    assert len(kept) == 1 + incarnations.MOST_SEEN
    assert {own, Memory(UNKNOWN, MOST)} <= set(kept)
    assert called.incarnation().forgotten == MOST


def fill(connection: Connection, side: Side) -> None:
    """A seat to which as many lies were told as it remembers, and some more."""
    for count in range(incarnations.MOST_SEEN + 5):
        now = incarnations.present(connection)
        assert now is not None
        seen = Memory(f"{count:032x}", MOST)
        incarnations.forget(connection, now, seen, MOST, side.clock.real())
