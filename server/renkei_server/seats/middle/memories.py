"""Whether a seat or its network was set back, by what each remembers of the other (invented).

Files that were put back by hand say nothing of it themselves. But the network counts the serials
that it ended for an institution, and the institution counts what it was told of: each count goes
back with its store, and is lowered by nothing else. One question at a start compares them.

Rules:
- Ours is read before the network's where it may be too high, and after it where it may be too low;
  what waits here may be answered already. So nothing that is merely under way is taken for a loss.
- What is noticed is entered in the operation log, at each start until the counts agree again.
- A network that does not answer, or does not know the question, is asked again or left alone.
"""

from datetime import datetime, timedelta
from typing import Protocol

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.domain.world import Clock
from renkei_server.peers.codes import KnowsSerials
from renkei_server.store.codes.acquisitions import Remembered
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.operations import Operation
from renkei_server.store.engine.store import Store

NETWORK_FORGOT = "noticed that the provision network was set back"
SEAT_FORGOT = "noticed that this seat was set back"


class Remembers(Protocol):
    """What remembers the network's answers."""

    def remembered(self, connection: Connection) -> Remembered:
        """Of how many serials it was told, and how many wait."""
        ...


class Memories:
    """Compares what one seat and the network remember, once a start."""

    def __init__(
        self,
        *,
        store: Store,
        remembers: Remembers,
        network: KnowsSerials,
        clock: Clock,
        again_after: timedelta,
    ) -> None:
        self._store = store
        self._remembers = remembers
        self._network = network
        self._clock = clock
        self._again_after = again_after
        self._next: datetime | None = None
        self._done = False

    async def run_once(self) -> int:
        """Compare, unless that is done; return how many acquisitions one side has forgotten."""
        now = self._clock.real()
        if self._done or (self._next is not None and now < self._next):
            return 0
        self._next = now + self._again_after
        before = await self._store.read(self._remembers.remembered)
        try:
            used = await self._network.count_used()
        except Refusal as refusal:
            self._done = refusal.reason is reasons.METHOD_UNKNOWN
            return 0
        after = await self._store.read(self._remembers.remembered)
        self._done = True
        at_network, here = before.told - used, used - after.told - after.waiting
        if at_network > 0:
            await self._note(NETWORK_FORGOT, at_network)
        if here > 0:
            await self._note(SEAT_FORGOT, here)
        return max(at_network, here, 0)

    async def _note(self, what: str, count: int) -> None:
        method = f"{what}; acquisitions forgotten: {count}"
        await self._store.record(Operation(self._clock.real(), "renkei", method))
