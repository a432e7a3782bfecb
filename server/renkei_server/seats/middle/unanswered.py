"""Acquisitions whose outcome does not come: the network is asked, and what it cannot tell is ended (F1).

The network delivers every outcome by itself (F1.12), the expiry too, unless either side was set back
to a backup, or its files put back by hand: then one may wait for what the other forgot, or has
delivered before.

Rules:
- Who waited at one look and still does at the next is asked about; at a start, whoever waits.
- A serial that the network never issued to this institution will bring nothing: expired.
- One that is not good any more was delivered, or is about to be: expired once it was so at several
  looks in a row, which is longer than a delivery is put off.
- One that is good is waited for: its expiry is for the network to judge.
Fidelity: invented.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from renkei import reasons
from renkei.acquisitions import EXPIRED, Acquisition
from renkei.codes import LinkageCode, ProcessingSerial
from renkei.refusals import Refusal
from renkei_server.domain.world import Clock
from renkei_server.peers.codes import KnowsSerials
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.store import Store

BETWEEN_LOOKS: Final = timedelta(seconds=10)
LOOKS: Final = 6
"""At so many looks a serial is good no more before nothing is waited for."""

_AT_ONCE: Final = 200
_UNKNOWN: Final = (reasons.SERIAL_NEVER_ISSUED, reasons.SERIAL_OF_ANOTHER_INSTITUTION)


class Waits(Protocol):
    """What waits under serials."""

    def waiting(self, connection: Connection, most: int) -> Sequence[ProcessingSerial]:
        """Under which it waits, at most so many."""
        ...

    def settle(
        self, connection: Connection, serial: ProcessingSerial, outcome: Acquisition | LinkageCode
    ) -> str:
        """Record an outcome; raises SERIAL_NOT_PENDING where one came meanwhile."""
        ...


class Unanswered:
    """Looks after the acquisitions of one institution."""

    def __init__(
        self,
        *,
        store: Store,
        waits: Waits,
        network: KnowsSerials,
        clock: Clock,
        between_looks: timedelta = BETWEEN_LOOKS,
    ) -> None:
        self._store = store
        self._waits = waits
        self._network = network
        self._clock = clock
        self._between = between_looks
        self._next: datetime | None = None
        self._seen: set[ProcessingSerial] = set()
        self._looks: Counter[ProcessingSerial] = Counter()

    async def run_once(self) -> int:
        """Look, where it is time; return how many acquisitions were ended."""
        now, first = self._clock.real(), self._next is None
        if self._next is not None and now < self._next:
            return 0
        self._next = now + self._between
        found = await self._store.look(lambda connection: self._waits.waiting(connection, _AT_ONCE))
        asked = [one for one in found if first or one in self._seen]
        self._seen = set(found)
        self._looks = Counter({one: self._looks[one] for one in asked})
        hopeless = await asyncio.gather(*map(self._is_hopeless, asked))
        return sum([await self._end(one) for one, so in zip(asked, hopeless, strict=True) if so])

    async def run_all(self) -> int:
        """Ask about everybody who waits, at once: somebody was set back."""
        self._next = None
        return await self.run_once()

    async def _is_hopeless(self, serial: ProcessingSerial) -> bool:
        try:
            if await self._network.is_good(serial):
                self._looks[serial] = 0
                return False
        except (
            Refusal
        ) as refusal:  # such as an outage, or a network that does not know the question
            return refusal.reason in _UNKNOWN
        self._looks[serial] += 1
        return self._looks[serial] >= LOOKS

    async def _end(self, serial: ProcessingSerial) -> int:
        try:
            await self._store.write(
                lambda connection: self._waits.settle(connection, serial, EXPIRED),
                what="end an acquisition",
            )
        except Refusal as refusal:
            if refusal.reason is not reasons.SERIAL_NOT_PENDING:
                raise
            return 0
        return 1
