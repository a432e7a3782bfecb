"""Handing identity notifications one hop further, and hearing what became of them (F3.2 to F3.8).

The register, the municipal CS and the prefecture server each owe the next hop the same call, one
person's after the other, and hear the end of each: from the next hop at once, or from there later,
where it has a next hop itself.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from renkei import reasons
from renkei.codes import Institution, ResidentRecordCode
from renkei.facts import EXPECTED
from renkei.identities import IdentityNotification, NotificationOutcome
from renkei.refusals import Refusal
from renkei_server.dispatch.routes import Effect, NotYetError, Route, no_effect
from renkei_server.domain.world import Clock
from renkei_server.peers.identities import AskProgress, Notify, TellsOutcomes
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox, Task
from renkei_server.store.engine.store import Store
from renkei_server.store.identities.outcomes import Awaited
from renkei_server.store.identities.outgoing import NOTIFY, Head, Outgoing, Owed

HEAR, ACKNOWLEDGE = "hear", "acknowledge"

TERM: Final = timedelta(hours=1)
"""So long by the world's clock an outcome is waited for before the next hop is asked about it, and
between two questions (invented)."""


@dataclass(frozen=True, slots=True)
class End:
    """What became of one notification, as far as the seat that tells it knows."""

    notification: IdentityNotification
    seat: str
    refused: str = ""
    fields: tuple[str, ...] = ()
    expected: int = 0
    """The sequence that the seat says is next, where it says so."""


Ended = Callable[[Connection, End], None]
"""What the end of a notification that came from here means for the seat's own store."""
Heard = Callable[[Connection, NotificationOutcome], None]
"""What an outcome that the next hop told means there."""
Answered = Callable[[Connection, IdentityNotification, str, str], None]
"""What the next hop answered, under which request id: the reason of its refusal, or nothing."""


def unrecorded(_connection: Connection, _told: IdentityNotification, _id: str, _why: str) -> None:
    """Where nothing is provided to anybody else: register and CS are one municipality's."""


@dataclass(frozen=True, slots=True)
class Beyond:
    """How a seat hears of what its next hop handed on: of what is awaited, by whom it is told."""

    peer: TellsOutcomes
    ask: AskProgress
    awaited: Awaited
    heard: Heard
    clock: Clock


class Notifying:
    """The notifications that one seat hands on."""

    def __init__(
        self,
        *,
        store: Store,
        outbox: Outbox,
        outgoing: Outgoing,
        notify: Notify,
        next_hop: str,
        ended: Ended,
        beyond: Beyond | None = None,
        answered: Answered = unrecorded,
    ) -> None:
        """`next_hop` is its role; without a `beyond` what it takes has ended there."""
        self._store = store
        self._outbox = outbox
        self._outgoing = outgoing
        self._tell = notify
        self._next_hop = next_hop
        self._ended = ended
        self._beyond = beyond
        self._answered = answered
        self.routes: Mapping[str, Route] = {NOTIFY: Route(self._notify, self._refused)}
        if beyond is not None:
            hearing = Hearing(store, outbox, beyond)
            self.routes = {**self.routes, **hearing.routes}

    def owe(self, connection: Connection, owed: Owed, cause: str) -> None:
        """Owe one more to the next hop; where the person's others were stopped it ends at once."""
        if not self._outgoing.put(connection, owed, cause=cause):
            self._end_behind(connection, (owed,))
            return
        if self._beyond is not None:
            due = self._beyond.clock.now() + TERM
            self._beyond.awaited.add(connection, *_name(owed.notification), due)
            if not self._outbox.after(connection, HEAR, 0, 1):
                self._outbox.put(connection, HEAR, cause=cause, content={})

    def stop(
        self, connection: Connection, origin: Institution, code: ResidentRecordCode, sequence: int
    ) -> None:
        """What was handed on is refused beyond the next hop: hand on nothing that builds on it."""
        self._end_behind(connection, self._outgoing.stop(connection, origin, code, sequence))

    def forget(self, connection: Connection, origin: Institution, code: ResidentRecordCode) -> None:
        """The person is erased: so is where their notifications stood still."""
        self._outgoing.forget(connection, origin, code)

    async def _notify(self, task: Task) -> Effect:
        chain = int(task.content["chain"])
        head = await self._store.look(lambda connection: self._outgoing.head(connection, chain))
        if head is None:  # its answer was recorded, and that this was so was lost
            return no_effect
        await self._tell(task.request_id, head.owed)
        return lambda connection: self._taken(connection, head, task.request_id)

    def _taken(self, connection: Connection, head: Head, cause: str) -> None:
        self._answered(connection, head.owed.notification, cause, "")
        self._outgoing.taken(connection, head, cause=cause)
        if self._beyond is None:
            self._end(connection, End(head.owed.notification, self._next_hop))

    def _end_behind(self, connection: Connection, stopped: Iterable[Owed]) -> None:
        for one in stopped:
            reason = reasons.NOTIFICATION_STOPPED.name
            self._end(connection, End(one.notification, self._next_hop, reason))

    def _end(self, connection: Connection, end: End) -> None:
        if self._beyond is not None:
            self._beyond.awaited.ended(connection, *_name(end.notification))
        self._ended(connection, end)

    def _refused(self, task: Task, refusal: Refusal) -> Effect:
        chain = int(task.content["chain"])

        def effect(connection: Connection) -> None:
            head = self._outgoing.head(connection, chain)
            if head is not None:
                name = refusal.reason.name
                self._answered(connection, head.owed.notification, task.request_id, name)
                behind = self._outgoing.refused(connection, head)
                told = End(
                    head.owed.notification,
                    self._next_hop,
                    name,
                    refusal.fields,
                    refusal.fact(EXPECTED) or 0,
                )
                self._end(connection, told)
                self._end_behind(connection, behind)

        return effect


class Hearing:
    """What became of notifications further on, asked for as long as some of it is awaited."""

    def __init__(self, store: Store, outbox: Outbox, beyond: Beyond) -> None:
        self._store = store
        self._outbox = outbox
        self._beyond = beyond
        self.routes: Mapping[str, Route] = {
            HEAR: Route(self._hear, patient=True),
            ACKNOWLEDGE: Route(self._acknowledge),
        }

    async def _hear(self, task: Task) -> Effect:
        awaited, heard = self._beyond.awaited, self._beyond.heard
        outcomes = await self._beyond.peer.list_notification_outcomes()

        def go_on(connection: Connection) -> None:
            if awaited.any(connection):
                self._outbox.put(connection, HEAR, cause=task.request_id, content={})

        if not outcomes:
            if await self._store.look(awaited.any):
                raise NotYetError
            return go_on  # some may be awaited since

        def acknowledge(connection: Connection) -> None:
            upto = {"upto": str(outcomes[-1].number)}
            self._outbox.put(connection, ACKNOWLEDGE, cause=task.request_id, content=upto)

        if await self._store.read(partial(self._are_old, outcomes)):
            # told again: let it be forgotten there, and ask for others after a pause
            await self._store.write(acknowledge, durable=False, what=f"task {ACKNOWLEDGE}")
            raise NotYetError

        def effect(connection: Connection) -> None:
            for one in outcomes:
                if awaited.ended(connection, one.resident_record_code, one.sequence):
                    heard(connection, one)
            acknowledge(connection)
            go_on(connection)

        return effect

    def _are_old(self, outcomes: Sequence[NotificationOutcome], connection: Connection) -> bool:
        """Whether none of them is awaited, and another is."""
        awaited = self._beyond.awaited
        return awaited.any(connection) and not any(
            awaited.waits(connection, one.resident_record_code, one.sequence) for one in outcomes
        )

    async def _acknowledge(self, task: Task) -> Effect:
        upto = int(task.content["upto"])
        await self._beyond.peer.acknowledge_notification_outcomes(task.request_id, upto)
        return no_effect


def _name(notification: IdentityNotification) -> tuple[ResidentRecordCode, int]:
    return notification.items.resident_record_code, notification.sequence
