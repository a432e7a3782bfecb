"""Notifications whose outcome does not come: the next hop is asked how far each has come (F3).

An outcome comes by itself, unless a seat on the way was set back to a backup, or its files put back
by hand: then it may have forgotten the notification, or what it was to tell of it.

Rules:
- Which is awaited longer than its term is asked about, once a term; all of them where a seat was
  set back.
- What a seat on the way is still to hand on or to tell is waited for.
- What every seat has applied has ended well; what one of them lacks is lost there, and refused: its
  register sends it again, and that stands for all before it.
- An answer that does not come is asked for again after a term.
Fidelity: invented.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from renkei import reasons
from renkei.codes import Institution
from renkei.identities import NotificationOutcome
from renkei.refusals import Refusal
from renkei_server.dispatch.notifying import HEAR, TERM, Beyond
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.engine.store import Store
from renkei_server.store.identities.outcomes import Awaiting
from renkei_server.store.identities.outgoing import Outgoing

_AT_ONCE: Final = 100


class Settling:
    """Looks after the notifications that one register has made, at one seat that hands them on."""

    def __init__(
        self,
        *,
        store: Store,
        outbox: Outbox,
        outgoing: Outgoing,
        beyond: Beyond,
        origin: Institution,
    ) -> None:
        """`origin` is whose register it is."""
        self._store = store
        self._outbox = outbox
        self._outgoing = outgoing
        self._beyond = beyond
        self._origin = origin
        self._hears = False

    async def run_once(self) -> int:
        """Ask about those that are due; return how many ended."""
        if not self._hears:
            await self._store.write(self._hear)
            self._hears = True
        due = await self._store.look(self._due)
        return await self._settle(due) if due else 0

    async def run_all(self) -> int:
        """Ask about each that is awaited, whenever it was due: somebody was set back."""
        now = self._beyond.clock.now()
        await self._store.write(lambda connection: self._beyond.awaited.fall_due(connection, now))
        self._hears = False
        ended = 0
        while due := await self._store.look(self._due):
            ended += await self._settle(due)
        return ended

    def _due(self, connection: Connection) -> Sequence[Awaiting]:
        return self._beyond.awaited.due(connection, self._beyond.clock.now(), _AT_ONCE)

    def _hear(self, connection: Connection) -> None:
        """What is awaited is listened for, though the call that does was in no backup."""
        awaited = self._beyond.awaited
        awaited.forget_old(connection, self._beyond.clock.now())
        if awaited.any(connection) and not self._outbox.after(connection, HEAR, 0, 1):
            self._outbox.put(connection, HEAR, cause="", content={})

    async def _settle(self, due: Sequence[Awaiting]) -> int:
        outcomes = await asyncio.gather(*map(self._outcome, due))

        def settle(connection: Connection) -> int:
            ended, again = 0, self._beyond.clock.now() + TERM
            for one, outcome in zip(due, outcomes, strict=True):
                if outcome is None:
                    self._beyond.awaited.put_off(connection, one, again)
                elif self._beyond.awaited.ended(connection, one.resident_record_code, one.sequence):
                    self._beyond.heard(connection, outcome)
                    ended += 1
            self._hear(connection)
            return ended

        return await self._store.write(settle, what="settle notifications")

    async def _outcome(self, one: Awaiting) -> NotificationOutcome | None:
        """How one ended; None where that is not known yet."""
        code, sequence = one.resident_record_code, one.sequence
        if await self._store.read(lambda tx: self._outgoing.waits(tx, self._origin, code)):
            return None  # it is not handed on
        try:
            progress = await self._beyond.ask(code, sequence)
        except Refusal:  # an outage, or a next hop that does not know the question
            return None
        if lost_at := progress.lost_at(sequence):
            lost = reasons.NOTIFICATION_LOST.name
            return NotificationOutcome(0, code, sequence, lost_at, lost)
        if progress.under_way:
            return None
        return NotificationOutcome(0, code, sequence, progress.applied[-1][0])
