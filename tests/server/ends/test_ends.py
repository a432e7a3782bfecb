"""Ends that always come: whatever is lost, refused, doubled or late, nothing stays open (F1, F2.13)."""

import asyncio
import random
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import ExitStack
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from google.protobuf.message import Message
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from renkei.acquisitions import BOUND, EXPIRED, Acquisition
from renkei.answers import Outcome
from renkei.codes import Institution, IntegratedAddressNumber, LocalAddressNumber
from renkei.exchange_records import ExchangeRecord
from renkei.exchanges import ExchangeId
from renkei.linkage.v1.exchange_pb2 import DeliverAnswerRequest
from renkei.networks import LINKAGE, ward
from renkei.sealed_answers import Suite
from renkei_clients.inquiries import InquiryClient
from renkei_clients.ward import NumberingClient
from renkei_pki.answer_keys import AnswerKey
from renkei_server.domain.exchanges import LONGEST, ExchangeState
from renkei_server.process.machine import MachineIds
from renkei_server.store.codes.codes import Codes
from renkei_server.store.exchanges.exchanges import Exchanges
from renkei_server.store.exchanges.provisions import Provisions
from renkei_server.store.exchanges.published_keys import KeyDirectory
from renkei_server.store.persons.numbering import Numbering
from renkei_simulators.population.residents import Resident
from renkei_simulators.records_audit import read_log, reconcile
from renkei_simulators.world.definition import World
from renkei_simulators.world.people import attributes_of
from tests.network.asking import new_id
from tests.network.asking.inquiries import HOUSEHOLD_OF_CARE
from tests.network.people import People
from tests.network.small_world import NEIGHBOUR, SMALL_WORLD, WARD
from tests.worlds import Worlds, worlds

from .quiet_world import Line, QuietWorld, good

__all__ = ["worlds"]

T = TypeVar("T")

NETWORK, ASKING, ASKED = (
    "provision-network.ipn",
    f"middle-server.{NEIGHBOUR}",
    f"middle-server.{WARD}",
)
HOPS = (
    f"linkage-platform.{WARD}",
    f"resident-record.{WARD}",
    f"municipal-cs.{WARD}",
    "national-server.jlis",
    NETWORK,
    ASKED,
)
"""The seats of F1, as a municipality acquires a code."""

LEGS = 4
"""In so many parts its longest term passes: a seat tries in each, and what comes late counts."""

KEEPERS = (NETWORK, ASKING, ASKED)


class Quiet:
    """A quiet world, its loop, and somebody of whom both municipalities have a code."""

    def __init__(self, world: QuietWorld, runner: asyncio.Runner) -> None:
        self.world = world
        self._runner = runner
        self._locals = iter(range(900_000_000_000_101, 900_000_000_900_000))
        people = People(world.world)
        self.resident = people.somebody()
        locals_ = [self.number(self.resident, at) for at in (WARD, NEIGHBOUR)]
        self.run(world.rest())
        outcomes = [
            self.acquired(at, one) for at, one in zip((WARD, NEIGHBOUR), locals_, strict=True)
        ]
        assert outcomes == [BOUND, BOUND]
        self.person = self._person(locals_[1])
        self.client = InquiryClient(world.client(LINKAGE, f"linkage-platform.{NEIGHBOUR}", ASKING))

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do it now."""
        return self._runner.run(work)

    def number(self, resident: Resident, at: str) -> LocalAddressNumber:
        """A municipality numbers somebody, and so begins to acquire a code."""
        local = LocalAddressNumber.parse(str(next(self._locals)))
        number, attributes = resident.individual_number, attributes_of(resident)
        self.run(self._platform(at).number_person(new_id(), local, number, attributes))
        return local

    def acquired(self, at: str, local: LocalAddressNumber) -> Acquisition:
        """How that stands."""
        told: Acquisition = self.run(self._platform(at).get_numbering_outcome(local))
        return told

    def ask(self) -> ExchangeId:
        """The neighbour asks the ward."""
        asked: ExchangeId = self.run(
            self.client.start_inquiry(new_id(), self.person, HOUSEHOLD_OF_CARE)
        )
        return asked

    def outcome(self, exchange: ExchangeId) -> Outcome | None:
        """What came of it, as the neighbour's own systems are told."""
        told: Outcome | None = self.run(self.client.get_inquiry(exchange)).outcome
        return told

    def disturbed(
        self, kind: type[Message], spoil: Callable[[Message], None]
    ) -> Callable[[ExchangeId], tuple[Outcome | None, str]]:
        """Let everything be done while requests of a kind are spoilt; tells what came of an inquiry."""

        def fate(_peer: str, request: Message) -> Line:
            if isinstance(request, kind):
                spoil(request)
            return Line.GOOD

        self.run(self.world.rest(fate))

        def told(exchange: ExchangeId) -> tuple[Outcome | None, str]:
            inquiry = self.run(self.client.get_inquiry(exchange))
            return inquiry.outcome, inquiry.refusal

        return told

    def pending(self) -> tuple[int, int]:
        """How many acquisitions wait at the ward's middle server, and serials at the network."""
        middle, network = (self.world.seats[name].store for name in (ASKED, NETWORK))
        waiting = middle.read_now(lambda tx: Codes(middle.sealer).states(tx)).get("PENDING", 0)
        issued = "SELECT count(*) FROM serials WHERE state = 'issued'"
        return waiting, network.read_now(lambda tx: tx.execute(text(issued)).scalar_one())

    def published(self) -> int:
        """The number of the neighbour's keys that the network hands out; 0 for none."""
        store = self.world.seats[NETWORK].store
        return store.read_now(lambda tx: KeyDirectory().number(tx, Institution(NEIGHBOUR)))

    def work(self) -> None:
        """Let each seat try each call that it owes, once, and do what it does regularly."""
        self.run(self._work())

    def state(self, exchange: ExchangeId) -> ExchangeState | None:
        """How it stands at the network."""
        store = self.world.seats[NETWORK].store
        standing = store.read_now(lambda tx: Exchanges(store.sealer).find(tx, exchange))
        return standing and standing.state

    def records(self, exchanges: Sequence[ExchangeId]) -> dict[str, list[ExchangeRecord]]:
        """What each party has recorded of them."""
        world, layout, now = self.world.world, self.world.layout, self.world.now()
        logs = {name: read_log(world, layout, world.seat(name), now) for name in KEEPERS}
        return {
            name: [one for one in log.records if one.exchange_id in exchanges]
            for name, log in logs.items()
        }

    def held(self) -> int:
        """How many answers wait at the ward for a review."""
        store = self.world.seats[ASKED].store
        return store.read_now(Provisions(store.sealer).count_held)

    def _platform(self, at: str) -> NumberingClient:
        channel = self.world.client(ward(at), f"address-system.{at}", f"linkage-platform.{at}")
        return NumberingClient(channel)

    async def _work(self) -> None:
        for seat in self.world.seats.values():
            await seat.keep_house()
            await seat.work_through()

    def _person(self, local: LocalAddressNumber) -> IntegratedAddressNumber:
        store = self.world.seats[f"linkage-platform.{NEIGHBOUR}"].store
        person = store.read_now(
            lambda tx: Numbering(store.sealer, MachineIds()).by_local(tx, local)
        )
        assert person is not None
        return person


@pytest.fixture(scope="module")
def quiet(worlds: Worlds) -> Iterator[Quiet]:
    """One for the module: what one test leaves behind has ended."""
    world = World.parse(SMALL_WORLD)
    with asyncio.Runner() as runner, ExitStack() as stack:
        yield Quiet(QuietWorld(world, worlds.copy(world), stack), runner)


def test_what_nothing_disturbs_is_answered(quiet: Quiet) -> None:
    asked = quiet.ask()
    quiet.run(quiet.world.rest())

    assert quiet.outcome(asked) is Outcome.NO_SUB_COPY
    require_agreement(quiet, [asked])


def test_garbage_of_one_byte_ends_at_all_three_with_the_reason(quiet: Quiet) -> None:
    asked = quiet.ask()
    told = quiet.disturbed(DeliverAnswerRequest, _cut)

    assert told(asked) == (Outcome.UNDELIVERABLE, "MALFORMED_ANSWER")
    require_agreement(quiet, [asked])
    assert [len(quiet.records([asked])[name]) for name in KEEPERS] == [1, 1, 2]


@pytest.mark.parametrize("year", ["0001", "1900", "9999"])
def test_an_answer_of_an_impossible_time_is_told_to_whoever_waits(quiet: Quiet, year: str) -> None:
    def date(request: Any) -> None:
        request.answered_at.FromJsonString(f"{year}-01-01T00:00:00Z")

    asked = quiet.ask()
    told = quiet.disturbed(DeliverAnswerRequest, date)

    assert told(asked) == (Outcome.UNDELIVERABLE, "ANSWER_TIME_IMPOSSIBLE")
    require_agreement(quiet, [asked])


def test_an_answer_that_the_inquirer_cannot_open_is_undeliverable_at_all_three(
    quiet: Quiet,
) -> None:
    asked = quiet.ask()
    told = quiet.disturbed(DeliverAnswerRequest, _garbage)

    assert told(asked) == (Outcome.UNDELIVERABLE, "ANSWER_NOT_OPENED")
    require_agreement(quiet, [asked])
    assert [len(quiet.records([asked])[name]) for name in KEEPERS] == [2, 1, 2]


def test_a_permit_that_ran_out_before_it_was_read_is_expired_with_a_record(quiet: Quiet) -> None:
    asked = [quiet.ask() for _ in range(3)]
    quiet.world.fate = lambda *_: Line.ANSWER_LOST
    quiet.run(quiet.world.seats[ASKING].work_through())
    quiet.world.pass_time(timedelta(days=31))
    quiet.world.fate = good
    quiet.run(quiet.world.rest())

    assert [quiet.outcome(one) for one in asked] == [Outcome.EXPIRED] * 3
    require_agreement(quiet, asked)


def test_an_acquisition_that_nobody_answers_expires(quiet: Quiet) -> None:
    local = quiet.number(quiet.resident, WARD)
    quiet.world.fate = lambda *_: Line.LOST
    quiet.world.pass_time(timedelta(days=31))
    quiet.work()

    assert quiet.acquired(WARD, local) == EXPIRED
    assert quiet.world.seats[f"linkage-platform.{WARD}"].owed() == []


@pytest.mark.parametrize(
    ("seat", "forget"),
    [
        (
            ASKING,
            "DELETE FROM own_sealing_keys WHERE number = (SELECT max(number) FROM own_sealing_keys)",
        ),
        (NETWORK, "DELETE FROM sealing_key_directory"),
    ],
    ids=["organisation", "network"],
)
def test_keys_are_published_anew_where_a_seat_was_set_back_past_them(
    quiet: Quiet, seat: str, forget: str
) -> None:
    folder = quiet.world.config(ASKING).answer_keys
    AnswerKey.create(folder, Suite.X25519, now=quiet.world.clock.real())
    quiet.run(quiet.world.rest())
    before = quiet.published()
    quiet.world.seats[seat].store.write_now(lambda tx: tx.execute(text(forget)))

    quiet.world.restart(ASKING)
    quiet.run(quiet.world.rest())

    assert quiet.published() > (before if seat == ASKING else 0)


class Bad:
    """Lines on which anything is lost or comes twice, and providers some of whose answers are bad.

    A bad answer is bad each time that it is told, as TLS alters nothing on the way.
    """

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._answers: dict[str, Callable[[Message], None]] = {}

    def __call__(self, _peer: str, request: Message) -> Line:
        if isinstance(request, DeliverAnswerRequest):
            spoil = self._chance.choice((_nothing, _nothing, _cut, _garbage, _dated_impossibly))
            self._answers.setdefault(request.exchange_id, spoil)(request)
        return self._chance.choice((Line.LOST, Line.ANSWER_LOST, Line.TWICE, Line.GOOD, Line.GOOD))


def _nothing(_request: Message) -> None:
    """Leave it as it is."""


def _cut(request: Any) -> None:
    request.answer.ciphertext = b"x"


def _garbage(request: Any) -> None:
    request.answer.ciphertext = bytes(len(request.answer.ciphertext))


def _dated_impossibly(request: Any) -> None:
    request.answered_at.FromJsonString(IMPOSSIBLE[len(request.exchange_id) % 3])


IMPOSSIBLE = ("1900-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z")


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 2**32),
    steps=st.integers(0, 60),
    mute=st.sets(st.sampled_from(KEEPERS), min_size=1),
)
def test_no_inquiry_is_open_after_its_longest_term_and_all_agree_how_it_ended(
    quiet: Quiet, seed: int, steps: int, mute: set[str]
) -> None:
    chance = random.Random(seed)
    quiet.world.fate = good
    asked = [quiet.ask() for _ in range(3)]
    disturb(quiet, chance, steps)
    quiet.world.fate = lambda peer, _: Line.LOST if peer in mute else Line.GOOD
    for _ in range(LEGS):
        quiet.world.pass_time(LONGEST / LEGS)
        quiet.work()

    assert None not in [quiet.outcome(one) for one in asked]
    assert ExchangeState.PERMITTED not in [quiet.state(one) for one in asked]
    assert quiet.held() == 0

    quiet.run(quiet.world.rest())

    require_agreement(quiet, asked)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), steps=st.integers(0, 60), mute=st.sets(st.sampled_from(HOPS)))
def test_no_acquisition_is_open_after_its_longest_term(
    quiet: Quiet, seed: int, steps: int, mute: set[str]
) -> None:
    quiet.world.fate = good
    local = quiet.number(quiet.resident, WARD)
    disturb(quiet, random.Random(seed), steps, HOPS)
    quiet.world.fate = lambda peer, _: Line.LOST if peer in mute else Line.GOOD
    for _ in range(LEGS):
        quiet.world.pass_time(LONGEST / LEGS)
        quiet.work()

    assert quiet.acquired(WARD, local).state.final

    quiet.run(quiet.world.rest())

    assert quiet.pending() == (0, 0)


def disturb(
    quiet: Quiet, chance: random.Random, steps: int, names: Sequence[str] = KEEPERS
) -> None:
    """Let seats work over bad lines, and days pass meanwhile."""
    quiet.world.fate = Bad(chance)
    seats = [quiet.world.seats[name] for name in names]
    for _ in range(steps):
        match chance.randrange(8):
            case 0:
                quiet.world.pass_time(timedelta(hours=chance.randrange(24 * 12)))
            case 1:
                quiet.run(chance.choice(seats).keep_house())
            case _:
                quiet.run(chance.choice(seats).work(chance.randrange))


def require_agreement(quiet: Quiet, asked: Sequence[ExchangeId]) -> None:
    """Each party has the same record of each, which says what its inquirer was told."""
    held = quiet.records(asked)
    _, disagreements = reconcile(held, kept_since=quiet.world.now() - timedelta(days=2000))
    assert disagreements == ()
    told = {one.exchange_id: one.outcome for one in held[ASKING]}
    for one in asked:
        outcome = quiet.outcome(one)
        assert told.get(one, Outcome.FAILED_AT_NETWORK) is outcome
