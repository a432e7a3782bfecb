"""Whoever waits for a code that nobody will deliver learns so, and nobody else is ended."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from renkei import reasons
from renkei.acquisitions import BOUND, EXPIRED, PENDING, Acquisition
from renkei.codes import LinkageCode, ProcessingSerial
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei_server.seats.middle.unanswered import BETWEEN_LOOKS, LOOKS, Unanswered
from renkei_server.store.codes import codes
from renkei_server.store.codes.codes import Codes
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from tests.server.world import (
    NOON,
    OpenStore,
    SetClock,
    integrated_address_number,
    serial,
)

EXPIRY = NOON + timedelta(hours=24)
FIRST, SECOND = serial(1), serial(2)
CODE = LinkageCode(b"c" * 32)

Answer = bool | Reason


class Network:
    """What an information provision network says of a serial; whatever it is asked is noted."""

    def __init__(self) -> None:
        self.says: dict[ProcessingSerial, Answer] = {}
        self.asked: list[ProcessingSerial] = []
        self.meanwhile: Callable[[], object] = lambda: None

    async def is_good(self, one: ProcessingSerial) -> bool:
        self.asked.append(one)
        self.meanwhile()
        said = self.says.get(one, True)
        if isinstance(said, Reason):
            raise Refusal(said)
        return said


class Seat:
    """Two acquisitions that wait at one institution, and what looks after them."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self.store = store
        self.codes = Codes(sealer)
        self.network = Network()
        self.clock = SetClock()
        self.unanswered = self.started()
        self.keys = [self.begin(count) for count in (1, 2)]

    def started(self) -> Unanswered:
        return Unanswered(
            store=self.store, waits=self.codes, network=self.network, clock=self.clock
        )

    def begin(self, count: int) -> str:
        key = self.store.write_now(lambda c: self.codes.begin(c, integrated_address_number(count)))
        self.store.write_now(lambda c: self.codes.await_serial(c, key, serial(count), EXPIRY))
        return key

    async def look(self, times: int = 1) -> int:
        """Look so many times, each when it is time."""
        ended = 0
        for _ in range(times):
            ended += await self.unanswered.run_once()
            self.clock.wait(BETWEEN_LOOKS)
        return ended

    def stand(self) -> list[Acquisition]:
        return [
            self.store.read_now(lambda c, key=key: self.codes.acquisition(c, key))  # type: ignore[misc]
            for key in self.keys
        ]


@pytest.fixture
def seat(open_store: OpenStore, sealer: Sealer) -> Seat:
    return Seat(open_store(codes.TABLES), sealer)


async def test_a_serial_that_the_network_never_issued_ends_its_acquisition(seat: Seat) -> None:
    seat.network.says[FIRST] = reasons.SERIAL_NEVER_ISSUED

    assert await seat.look() == 1

    assert seat.stand() == [EXPIRED, PENDING]


async def test_one_that_is_good_is_waited_for(seat: Seat) -> None:
    assert await seat.look(10 * LOOKS) == 0
    assert seat.stand() == [PENDING, PENDING]


async def test_one_that_is_good_no_more_has_time_to_be_delivered(seat: Seat) -> None:
    seat.network.says[FIRST] = False

    assert await seat.look(LOOKS - 1) == 0
    assert await seat.look() == 1

    assert seat.stand() == [EXPIRED, PENDING]


async def test_a_code_that_comes_while_the_network_is_asked_is_bound(seat: Seat) -> None:
    seat.network.says[FIRST] = False
    await seat.look(LOOKS - 1)
    seat.network.meanwhile = lambda: seat.store.write_now(
        lambda c: seat.codes.settle(c, FIRST, CODE)
    )
    seat.network.says[SECOND] = reasons.PEER_UNREACHABLE
    seat.network.meanwhile = _once(seat.network.meanwhile)

    assert await seat.look() == 0

    assert seat.stand() == [BOUND, PENDING]


@pytest.mark.parametrize("reason", [reasons.PEER_UNREACHABLE, reasons.METHOD_UNKNOWN])
async def test_a_network_that_does_not_answer_ends_nothing(seat: Seat, reason: Reason) -> None:
    seat.network.says |= {FIRST: reason, SECOND: reason}

    assert await seat.look(10 * LOOKS) == 0
    assert seat.stand() == [PENDING, PENDING]


async def test_nobody_is_asked_about_who_has_just_begun_to_wait(seat: Seat) -> None:
    await seat.look()
    seat.network.asked.clear()
    third = seat.begin(3)

    await seat.look()
    assert serial(3) not in seat.network.asked
    await seat.look()

    assert serial(3) in seat.network.asked
    assert third


async def test_between_two_looks_nothing_is_done(seat: Seat) -> None:
    await seat.unanswered.run_once()
    seat.network.asked.clear()
    seat.clock.wait(BETWEEN_LOOKS - timedelta(milliseconds=1))

    assert await seat.unanswered.run_once() == 0
    assert seat.network.asked == []


async def test_at_a_start_whoever_waits_is_asked_about(seat: Seat) -> None:
    await seat.started().run_once()

    assert seat.network.asked == [FIRST, SECOND]


def _once(deed: Callable[[], object]) -> Callable[[], object]:
    left = [deed]
    return lambda: left.pop()() if left else None
