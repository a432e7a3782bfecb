"""Comparing memories with neighbours: before a seat serves, and now and then while it does (invented).

A seat that is set back to an earlier day may not know it, where its files were put back by hand. Its
neighbours keep the highest count that it told them, and one question tells.

Rules:
- A seat asks whom it calls. Whoever is asked compares too, so that a seat that calls nobody is told.
- At the start of a store that has served before, the seat serves once it has asked everybody, and
  has asked about what it waits for where somebody was set back; after some seconds in any case. A
  neighbour that does not answer is not waited for: it is asked again later, and shown as owed.
- It answers neighbours meanwhile, so that two that start together do not wait for each other.
- What it forgot is entered in its operation log and told by `renkei status`; which data that was is
  for the audits to say.
- A neighbour that does not know the question is left alone.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from structlog.typing import FilteringBoundLogger

from renkei import reasons
from renkei.memories import Memory, forgotten, furthest, was_set_back
from renkei.refusals import Refusal
from renkei_server.dispatch.pace import Pauses
from renkei_server.domain.world import Clock, Ids
from renkei_server.peers.memories import ComparesMemories
from renkei_server.roles.parts import Chore
from renkei_server.store.engine import incarnations
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.operations import Operation, OperationLog
from renkei_server.store.engine.shared import RECONCILING, SET_BACK
from renkei_server.store.engine.store import Store

BETWEEN: Final = timedelta(minutes=5)
"""So long lie between two tellings, where something was committed."""
AGAIN: Final = Pauses(1.0, 2.0, 60.0)
"""In so many seconds a neighbour is asked again that did not answer."""
LONGEST: Final = timedelta(seconds=5)
"""So long a seat reconciles at most before it serves."""
SHOWN: Final = timedelta(days=7)
"""So long `renkei status` tells that a seat was set back."""

SEAT_FORGOT: Final = "noticed that this seat was set back"

_LEFT_ALONE: Final = (reasons.METHOD_UNKNOWN, reasons.CALLER_NOT_ADMITTED)


class Neighbours:
    """One seat among its neighbours."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        ids: Ids,
        log: FilteringBoundLogger,
        peers: Mapping[str, ComparesMemories],
        reconcile: Sequence[Chore] = (),
    ) -> None:
        """`peers` are whom it asks, by their names; `reconcile` asks about all that it waits for."""
        self._store = store
        self._clock = clock
        self._ids = ids
        self._log = log
        self._peers = dict(peers)
        self._reconcile = reconcile
        self._owed: set[str] = set()
        self._handled = store.shared.words[SET_BACK]
        self._told_at = -1
        self._next = clock.real() + BETWEEN
        self._in_vain = 0

    def begin(self, *, restored: bool) -> bool:
        """Open the store for another run; whether it is to reconcile before it serves."""
        at = self._clock.real()
        had = self._store.write_now(
            lambda connection: incarnations.begin(connection, self._ids, at, restored=restored)
        )
        self._store.shared.words[RECONCILING] = had
        if restored:
            self._store.shared.count(SET_BACK)
        return had

    @property
    def closed(self) -> bool:
        """Whether the seat does not serve yet."""
        return bool(self._store.shared.words[RECONCILING])

    async def start(self) -> None:
        """Reconcile, and let the seat serve."""
        try:
            async with asyncio.timeout(LONGEST.total_seconds()):
                await self._ask(self._peers)
                await self._settle()
        except (TimeoutError, Refusal):  # it goes on while the seat serves
            self._log.warning("reconciling_goes_on", owed=sorted(self._owed))
        finally:
            self._store.shared.words[RECONCILING] = 0
            self._rest()

    async def run_once(self) -> None:
        """Tell the neighbours anew where it is time; settle where somebody was set back."""
        if self.closed:
            return
        await self._settle()
        if self._clock.real() < self._next:
            return
        names = self._owed.copy() or self._peers.keys()
        if not self._owed and self._told_at != self._store.commits:
            await self._store.write(self._tell, durable=False, what="compare memories")
        await self._ask({name: self._peers[name] for name in names})
        self._told_at = self._store.commits
        self._rest()

    async def compare(self) -> None:
        """Tell every neighbour now, and hear of them."""
        await self._store.write(self._tell, durable=False, what="compare memories")
        await self._ask(self._peers)
        await self._settle()

    async def hear(
        self, neighbour: str, told: Memory, mine: Memory | None
    ) -> tuple[Memory, Memory | None]:
        """What a neighbour tells of itself, and what it saw of us; return the same of our side."""
        own, seen, lost = await self._store.write(
            partial(self._compared, neighbour, told, mine), what="compare memories"
        )
        if lost:
            self._log.warning("seat_set_back", neighbour=neighbour, tellings_forgotten=lost)
        if neighbour_too := was_set_back(seen, told):
            self._log.warning("neighbour_set_back", neighbour=neighbour)
        if lost or neighbour_too:
            self._store.shared.count(SET_BACK)
        return own, seen

    async def told(self) -> Mapping[str, str | int]:
        """That it was set back, where that is not long ago; with whom it has not compared since."""
        now = await self._store.look(incarnations.present)
        at = None if now is None else now.set_back_at
        if now is None or at is None or self._clock.real() - at > SHOWN:
            return {}
        return {
            "at": at.isoformat(timespec="seconds"),
            "how": "restored" if now.why is incarnations.Why.RESTORED else "noticed",
            "forgotten": now.forgotten,
            "owed": ", ".join(sorted(self._owed)),
        }

    def _tell(self, connection: Connection) -> None:
        incarnations.tell(connection, self._present(connection), self._ids, self._clock.real())

    def _compared(
        self, neighbour: str, told: Memory, mine: Memory | None, connection: Connection
    ) -> tuple[Memory, Memory | None, int]:
        now = self._present(connection)
        lost = forgotten(incarnations.all_of(connection), mine)
        if lost and mine is not None:
            at = self._clock.real()
            incarnations.forget(connection, now, mine, lost, at)
            self._note(connection, at, neighbour, lost)
        seen = incarnations.seen(connection, neighbour)
        if (kept := furthest(seen, told)) != seen:
            incarnations.see(connection, neighbour, kept)
        return now.memory, seen, lost

    def _note(self, connection: Connection, at: datetime, neighbour: str, lost: int) -> None:
        method = f"{SEAT_FORGOT}; tellings forgotten that {neighbour} saw: {lost}"
        log = OperationLog(self._store.sealer)
        log.record(connection, [Operation(at, "renkei", method)])

    def _present(self, connection: Connection) -> incarnations.Incarnation:
        """The present incarnation; where an older version's snapshot has none it begins one."""
        if (now := incarnations.present(connection)) is None:
            incarnations.begin(connection, self._ids, self._clock.real(), restored=False)
            return self._present(connection)
        return now

    async def _ask(self, peers: Mapping[str, ComparesMemories]) -> None:
        await asyncio.gather(*(self._ask_one(name, peer) for name, peer in peers.items()))

    async def _ask_one(self, name: str, peer: ComparesMemories) -> None:
        own, yours = await self._store.write(
            lambda connection: (
                self._present(connection).memory,
                incarnations.seen(connection, name),
            ),
            durable=False,
        )
        self._owed.add(name)
        try:
            theirs, mine = await peer.compare_memories(own, yours)
        except Refusal as refusal:
            if refusal.reason in _LEFT_ALONE or refusal.detail == "UNIMPLEMENTED":
                self._owed.discard(name)
                self._peers.pop(name, None)
            return
        except LookupError:  # nobody knows yet where it is
            return
        self._owed.discard(name)
        await self.hear(name, theirs, mine)

    def _rest(self) -> None:
        """Ask again after a while: sooner, and ever later, where somebody did not answer."""
        pause = timedelta(seconds=AGAIN.after(self._in_vain)) if self._owed else BETWEEN
        self._in_vain = self._in_vain + 1 if self._owed else 0
        self._next = self._clock.real() + pause

    async def _settle(self) -> None:
        """Ask about all that is waited for, where somebody was set back since that was done last."""
        if self._handled != (count := self._store.shared.words[SET_BACK]):
            for chore in self._reconcile:
                await chore()
            self._handled = count
