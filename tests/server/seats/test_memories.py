"""Who was set back is noticed by what each remembers; what is merely under way is no loss."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from renkei import reasons
from renkei.codes import ProcessingSerial
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei_server.seats.middle.memories import NETWORK_FORGOT, SEAT_FORGOT, Memories
from renkei_server.store.codes.acquisitions import Remembered
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from tests.server.world import OpenStore, SetClock

AGAIN = timedelta(seconds=10)


class Parties:
    """What a seat and a network remember; `meanwhile` happens while the network is asked."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self.store = store
        self.log = OperationLog(sealer)
        self.clock = SetClock()
        self.told, self.waiting, self.used = 3, 0, 3
        self.outage: Reason | None = None
        self.asked = 0
        self.meanwhile: Callable[[], None] = lambda: None
        self.memories = Memories(
            store=store, remembers=self, network=self, clock=self.clock, again_after=AGAIN
        )

    def remembered(self, _connection: Connection) -> Remembered:
        return Remembered(self.told, self.waiting)

    async def count_used(self) -> int:
        self.asked += 1
        if self.outage is not None:
            raise Refusal(self.outage)
        used = self.used
        self.meanwhile()
        return used

    async def is_good(self, _serial: ProcessingSerial) -> bool:
        raise NotImplementedError

    def noticed(self) -> list[str]:
        return [
            method
            for caller, method, _ in self.store.read_now(self.log.outcomes)
            if caller == "renkei"
        ]


@pytest.fixture
def parties(open_store: OpenStore, sealer: Sealer) -> Parties:
    return Parties(open_store(), sealer)


async def test_who_remembers_the_same_notices_nothing(parties: Parties) -> None:
    assert await parties.memories.run_once() == 0
    assert parties.noticed() == []


async def test_a_network_that_forgot_is_noticed(parties: Parties) -> None:
    parties.used = 1

    assert await parties.memories.run_once() == 2
    assert parties.noticed() == [f"{NETWORK_FORGOT}; acquisitions forgotten: 2"]


async def test_a_seat_that_forgot_notices_it_of_itself(parties: Parties) -> None:
    parties.used = 5

    assert await parties.memories.run_once() == 2
    assert parties.noticed() == [f"{SEAT_FORGOT}; acquisitions forgotten: 2"]


async def test_what_waits_here_may_be_answered_already(parties: Parties) -> None:
    parties.used, parties.waiting = 5, 2

    assert await parties.memories.run_once() == 0


async def test_what_is_answered_while_the_network_is_asked_is_no_loss_of_the_network_s(
    parties: Parties,
) -> None:
    def more() -> None:
        parties.told += 4

    parties.meanwhile = more

    assert await parties.memories.run_once() == 0
    assert parties.noticed() == []


async def test_it_is_asked_once_a_start(parties: Parties) -> None:
    await parties.memories.run_once()
    parties.clock.wait(AGAIN)
    await parties.memories.run_once()

    assert parties.asked == 1


async def test_a_network_that_is_away_is_asked_again(parties: Parties) -> None:
    parties.outage, parties.used = reasons.PEER_UNREACHABLE, 1
    await parties.memories.run_once()
    await parties.memories.run_once()
    assert parties.asked == 1
    parties.outage = None
    parties.clock.wait(AGAIN)

    assert await parties.memories.run_once() == 2


async def test_a_network_that_does_not_know_the_question_is_left_alone(parties: Parties) -> None:
    parties.outage = reasons.METHOD_UNKNOWN
    await parties.memories.run_once()
    parties.clock.wait(AGAIN)

    assert await parties.memories.run_once() == 0
    assert parties.asked == 1
