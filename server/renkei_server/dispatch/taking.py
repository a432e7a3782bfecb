"""What every hop does with a notification that comes to it (F3.3, F3.6, F3.8).

It is taken in its order, judged, applied to the hop's file, and owed to whoever comes next, all in
one transaction; what became of it further on is told to whoever told it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from renkei.codes import Institution, ResidentRecordCode
from renkei.identities import IdentityNotification, NotificationOutcome, NotificationProgress
from renkei.municipal_items import MunicipalItems
from renkei_server.domain.identity_changes import HeldIdentity
from renkei_server.domain.world import Clock
from renkei_server.door.call import Call, nothing
from renkei_server.peers.identities import AskProgressOf
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.store import Store
from renkei_server.store.identities.departed import Departed
from renkei_server.store.identities.identity_file import IdentityFile, Judge, take
from renkei_server.store.identities.incoming import Incoming
from renkei_server.store.identities.outcomes import Outcomes
from renkei_server.store.identities.outgoing import Owed

Owe = Callable[[Connection, Owed, str], None]
"""Owes a notification to the next hop, because of a request of this id."""


GoesOn = Callable[[Connection, IdentityNotification], bool]
"""Whether a notification supersedes what a further hop has refused."""


Heed = Callable[[Connection, HeldIdentity, HeldIdentity, str], None]
"""What it means that a person is no longer as the file held them, because of a request of this id."""


Permit = Callable[
    [Connection, IdentityNotification, MunicipalItems | None, HeldIdentity | None], None
]
"""Raises where somebody has to permit a change, and nobody did; else notes what was permitted.

It is told the change, and what the file held of the person before.
"""


Noted = Callable[[Connection, IdentityNotification], None]
"""What is noted beside the file of a notification that was applied."""


def nothing_more(
    _connection: Connection, _was: HeldIdentity, _now: HeldIdentity, _cause: str
) -> None:
    """It means nothing beside the file."""


def unnoted(_connection: Connection, _told: IdentityNotification) -> None:
    """Nothing is noted beside the file."""


def needs_nobody(
    _connection: Connection,
    _told: IdentityNotification,
    _municipal: MunicipalItems | None,
    _was: HeldIdentity | None,
) -> None:
    """Nobody's permission is needed here."""


def no_further(_connection: Connection, _owed: Owed, _cause: str) -> None:
    """There is no next hop."""


def never(_connection: Connection, _notification: IdentityNotification) -> bool:
    """Nothing is refused beyond, where there is no next hop."""
    return False


UnderWay = Callable[[Connection, Institution, ResidentRecordCode, int], bool]
"""Whether one is still to be handed on from here, or to be heard of."""


def at_its_end(
    _connection: Connection, _origin: Institution, _code: ResidentRecordCode, _sequence: int
) -> bool:
    """Nothing goes on, where there is no next hop."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """How one hop takes notifications."""

    store: Store
    file: IdentityFile
    departed: Departed
    incoming: Incoming
    outcomes: Outcomes
    clock: Clock
    role: str
    """The seat's own."""
    owe: Owe = no_further
    goes_on: GoesOn = never
    heed: Heed = nothing_more
    under_way: UnderWay = at_its_end
    ask: AskProgressOf | None = None
    """Asks the next hop, where there is one."""
    permit: Permit = needs_nobody
    noted: Noted = unnoted

    async def take(
        self,
        call: Call,
        notification: IdentityNotification,
        judge: Judge,
        municipal: MunicipalItems | None = None,
    ) -> None:
        """Apply one, once. Raises SEQUENCE_NOT_EXPECTED, and what judge and `permit` raise."""
        call.operation.person = notification.items.resident_record_code.digits

        def apply(connection: Connection) -> str:
            was, now = take(
                connection,
                self.file,
                self.departed,
                self.incoming,
                notification,
                judge,
                at=self.clock.now(),
                municipal=municipal,
                goes_on=self.goes_on(connection, notification),
            )
            self.permit(connection, notification, municipal, was)
            self.noted(connection, notification)
            cause = call.receipt.request_id
            if was is not None and now is not None:
                self.heed(connection, was, now, cause)
            self.owe(connection, Owed(notification), cause)
            return "applied"

        await call.once(self.store, apply, nothing)

    async def progress(
        self, origin: Institution, code: ResidentRecordCode, sequence: int
    ) -> NotificationProgress:
        """How far one of a municipality's has come, here and behind; raises as the next hop does."""

        def look(connection: Connection) -> tuple[int, bool]:
            applied = self.incoming.last(connection, origin, code)
            under_way = self.under_way(connection, origin, code, sequence)
            # it may be among those that are told and not taken up
            return applied, under_way or self.outcomes.any_for(connection, origin)

        applied, under_way = await self.store.read(look)
        here = (self.role, applied)
        if applied < sequence or under_way or self.ask is None:
            return NotificationProgress(under_way and applied >= sequence, (here,))
        beyond = await self.ask(origin, code, sequence)
        return NotificationProgress(beyond.under_way, (here, *beyond.applied))

    async def tell(self, teller: Institution) -> list[NotificationOutcome]:
        """What became of an institution's notifications; the oldest that it did not take up."""
        return await self.store.look(lambda connection: list(self.outcomes.of(connection, teller)))

    async def forget(self, call: Call, teller: Institution, upto: int) -> None:
        """The institution has taken up all up to this number."""

        def forget(connection: Connection) -> str:
            self.outcomes.forget(connection, teller, upto)
            return "forgotten"

        await call.once(self.store, forget, nothing)
