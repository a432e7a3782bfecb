"""No notification of F3 is under way after its longest term, whatever is lost, late or set back."""

import asyncio
import random
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from google.protobuf.message import Message
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from renkei import reasons
from renkei.change_reasons import ChangeReason
from renkei.codes import LocalAddressNumber
from renkei.contract import method_of
from renkei.networks import ward
from renkei.residents import ResidentEntry
from renkei.type.v1.operator_session_pb2 import OperatorSession
from renkei_clients.residents import ResidentClient, Told
from renkei_pki.identity import Identity
from renkei_server.dispatch.notifying import TERM
from renkei_simulators.world.certificates import SESSION_FILE
from renkei_simulators.world.definition import World
from tests.network.asking import new_id
from tests.network.people import People
from tests.network.people.entries import entry_of, names_told
from tests.network.small_world import SMALL_WORLD, TOKYO, WARD
from tests.worlds import Worlds, worlds

from .quiet_world import Line, QuietWorld, Wire, good

__all__ = ["worlds"]

T = TypeVar("T")

REGISTER, CS, PREFECTURE, NATION = HOPS = (
    f"resident-record.{WARD}",
    f"municipal-cs.{WARD}",
    f"prefecture-server.{TOKYO}",
    "national-server.jlis",
)
FILES = HOPS[1:]
LONGEST = 4 * TERM
"""Each seat that hands on asks once a term, the register at the latest after all the others."""
ROUNDS = 12
"""So often each tries what it owes, that a change goes all the way and its outcome comes back."""


class Terminal(Wire):
    """A terminal of the ward's, whose channel brings its operator's session."""

    def __init__(self, world: QuietWorld) -> None:
        caller = Identity(ward(WARD), WARD, "ward-terminal")
        super().__init__(world, caller, REGISTER, good)
        session = world.layout.caller(caller) / SESSION_FILE
        self._of_operator = OperatorSession.FromString(session.read_bytes())

    async def call(self, request: Message, *, seconds: float | None = None) -> Message:
        field = method_of(type(request)).session
        assert field is not None
        getattr(request, field).CopyFrom(self._of_operator)
        return await super().call(request, seconds=seconds)


class Quiet:
    """A quiet world, its loop, and the ward's terminal."""

    def __init__(self, world: QuietWorld, runner: asyncio.Runner, folder: Path) -> None:
        self.world = world
        self.people = People(world.world)
        self._runner = runner
        self._folder = folder
        self._client = ResidentClient(Terminal(world))
        self.two = [self.somebody() for _ in range(2)]
        """Those of whom a random test tells, again and again."""
        self._names = (f"名前　{count}" for count in range(1, 10_000))

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do it now."""
        return self._runner.run(work)

    def somebody(self) -> ResidentEntry:
        """The record of somebody whom nobody else of the module has had."""
        return entry_of(self.people.somebody(), ChangeReason.MINOR_CORRECTION)

    def change(self, entry: ResidentEntry) -> str:
        """Give the person a new name, and return that."""
        name = next(self._names)
        named = replace(entry, items=replace(entry.items, name=name))
        fate, self.world.fate = self.world.fate, good  # the operator service is asked meanwhile
        self.run(self._client.change_resident(new_id(), named))
        self.world.fate = fate
        return name

    def told(self, person: LocalAddressNumber) -> Told:
        """How the newest notification of a person stands."""
        return self.run(self._client.get_notification(person))

    def save(self, seat: str) -> None:
        """Keep what a seat keeps now."""
        file = self._folder / seat
        file.unlink(missing_ok=True)
        self.world.seats[seat].store.save(file)

    def set_back(self, seat: str, *, by_hand: bool = True) -> None:
        """Let a seat keep what it kept then: as its files had it, or as a backup has it."""
        self.world.seats[seat].store.restore(self._folder / seat)
        if not by_hand:
            for table in ("outbox", "notification_outcomes", "outgoing_notifications"):
                self._delete(seat, table)
            self._delete(seat, "notification_chains", " WHERE stopped_at IS NULL")
        self.world.restart(seat)

    def term_after_term(self, whole: timedelta = LONGEST) -> None:
        """Let the terms pass, and everybody do what there is to do, over good lines."""
        for _ in range(whole // TERM):
            self.world.pass_time(TERM)
            self.work()

    def work(self) -> None:
        """Let everybody do what there is to do, over good lines; who waits goes on waiting."""
        self.world.fate = good
        for _ in range(ROUNDS):
            for seat in HOPS:
                self.run(self.world.seats[seat].work_through())
                self.run(self.world.seats[seat].keep_house())

    def awaited(self) -> list[int]:
        """How many outcomes the register and the CS wait for."""
        count = text("SELECT count(*) FROM awaited_outcomes")
        return [
            self.world.seats[seat].store.read_now(lambda tx: tx.execute(count).scalar_one())
            for seat in (REGISTER, CS)
        ]

    def names(self, entry: ResidentEntry) -> list[str]:
        """What each file says now."""
        code = entry.items.resident_record_code
        return [names_told(self.world.world, self.world.layout, one, code)[-1] for one in FILES]

    def _delete(self, seat: str, table: str, where: str = "") -> None:
        store = self.world.seats[seat].store
        if table in store.metadata.tables:
            statement = text(f"DELETE FROM {table}{where}")  # noqa: S608 - our own words
            store.write_now(lambda tx: tx.execute(statement))


@pytest.fixture(scope="module")
def quiet(worlds: Worlds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quiet]:
    """One for the module: what one test leaves behind has ended."""
    world = World.parse(SMALL_WORLD)
    with asyncio.Runner() as runner, ExitStack() as stack:
        quiet = QuietWorld(world, worlds.copy(world), stack)
        yield Quiet(quiet, runner, tmp_path_factory.mktemp("saved"))


def test_what_nothing_disturbs_is_applied_and_asked_about_by_nobody(quiet: Quiet) -> None:
    entry = quiet.somebody()
    name = quiet.change(entry)
    quiet.run(quiet.world.rest())

    assert quiet.told(entry.person).state == "APPLIED"
    assert quiet.names(entry) == [name] * 3
    assert quiet.awaited() == [0, 0]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), steps=st.integers(0, 60))
def test_no_notification_is_under_way_after_its_longest_term_and_a_correction_mends_all(
    quiet: Quiet, seed: int, steps: int
) -> None:
    chance = random.Random(seed)
    entries = quiet.two
    for seat in HOPS:
        quiet.save(seat)
    disturb(quiet, chance, steps, entries)
    for entry in entries:
        quiet.change(entry)
    quiet.term_after_term()

    assert "UNDER_WAY" not in [quiet.told(entry.person).state for entry in entries]
    assert quiet.awaited() == [0, 0]
    for entry in entries:
        name = mended(quiet, entry)
        assert quiet.names(entry) == [name] * 3


def disturb(
    quiet: Quiet, chance: random.Random, steps: int, entries: Sequence[ResidentEntry]
) -> None:
    """Let records change, seats work over bad lines, hours pass, and seats be set back."""
    lines = (Line.LOST, Line.ANSWER_LOST, Line.TWICE, Line.GOOD, Line.GOOD)
    quiet.world.fate = lambda *_: chance.choice(lines)
    for _ in range(steps):
        seat = chance.choice(HOPS)
        match chance.randrange(12):
            case 0 | 1:
                quiet.change(chance.choice(entries))
            case 2:
                quiet.world.pass_time(TERM * chance.random())
            case 3:
                quiet.run(quiet.world.seats[seat].keep_house())
            case 4:
                quiet.save(seat)
            case 5:
                quiet.set_back(seat, by_hand=chance.random() < 0.5)
            case _:
                quiet.run(quiet.world.seats[seat].work(chance.randrange))


@pytest.mark.parametrize("by_hand", [False, True], ids=["backup", "files"])
@pytest.mark.parametrize("seat", [CS, PREFECTURE])
def test_outcomes_that_a_seat_has_forgotten_are_asked_for_after_a_term(
    quiet: Quiet, seat: str, *, by_hand: bool
) -> None:
    """The nation has applied it; the seat that was to tell so has forgotten all of it."""
    entry = quiet.somebody()
    quiet.save(seat)
    quiet.change(entry)
    work(quiet, REGISTER, CS, PREFECTURE)
    quiet.set_back(seat, by_hand=by_hand)

    quiet.work()
    before = quiet.told(entry.person)
    quiet.term_after_term()
    after = quiet.told(entry.person)

    assert before.state == "UNDER_WAY"
    assert (after.state, after.seat) == ("REFUSED", seat.partition(".")[0])
    assert after.refused == reasons.NOTIFICATION_LOST.name
    assert quiet.awaited() == [0, 0]
    name = mended(quiet, entry)
    assert quiet.names(entry) == [name] * 3


def work(quiet: Quiet, *seats: str) -> None:
    """Let each of these seats in turn try each call that it owes."""
    for seat in seats:
        quiet.run(quiet.world.seats[seat].work_through())


def mended(quiet: Quiet, entry: ResidentEntry) -> str:
    """Change the record until that is applied, as often as a correction may take; return the name."""
    for _ in range(3):
        name = quiet.change(entry)
        quiet.work()
        if quiet.told(entry.person).state == "APPLIED":
            return name
    raise AssertionError(quiet.told(entry.person))
