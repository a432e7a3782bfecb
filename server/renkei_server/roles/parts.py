"""What every seat is made from, and what it is once it is put together."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from renkei import reasons
from renkei.codes import Institution
from renkei.networks import JUKINET, LINKAGE, ward
from renkei.refusals import Refusal
from renkei.roles import OPERATOR_SERVICE, ROLES
from renkei_clients.channel import Channel
from renkei_clients.linkage import ProcessingSerialClient
from renkei_clients.operators import SessionClient
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_pki.revocation import Revocations
from renkei_pki.signing import VerifyingKey
from renkei_server.config import SeatConfig
from renkei_server.dispatch.routes import Route
from renkei_server.domain.world import Clock, Ids
from renkei_server.door.door import Service
from renkei_server.door.operator_sessions import JudgesStanding, OperatorSessions
from renkei_server.roles.asking_sessions import asked
from renkei_server.roles.own_keys import OwnKeys
from renkei_server.seats.middle.memories import Memories, Remembers
from renkei_server.seats.middle.unanswered import BETWEEN_LOOKS, Unanswered, Waits
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.engine.receipts import Receipts
from renkei_server.store.engine.record_log import RecordLog
from renkei_server.store.engine.store import Store
from renkei_server.store.identities.provided import IdentityProvisions
from renkei_server.store.retention import Retention, Term

Client = TypeVar("Client")

Chore = Callable[[], Awaitable[object]]
"""What a seat does again and again."""


class KeepsAcquisitions(Waits, Remembers, Protocol):
    """What keeps an institution's acquisitions of codes."""


@dataclass(frozen=True, slots=True)
class Seat:
    """What a role's seat does, once it is put together."""

    services: Mapping[str, Sequence[Service]]
    routes: Mapping[str, Route]
    regularly: Sequence[Chore] = ()
    reconcile: Sequence[Chore] = ()
    """What asks about all that the seat waits for, where it or a neighbour was set back."""


@dataclass(frozen=True, slots=True)
class LookingAfter:
    """What looks after acquisitions: regularly, and where somebody was set back."""

    regularly: Sequence[Chore]
    reconcile: Sequence[Chore]


@dataclass(frozen=True, slots=True)
class Parts:
    """What every seat is made from."""

    config: SeatConfig
    keys: OwnKeys
    store: Store
    outbox: Outbox
    receipts: Receipts
    clock: Clock
    ids: Ids
    connect: Callable[[str, str, str], Channel]
    """Open a channel: trust domain, role, institution."""

    def peer(
        self, make: Callable[[Channel], Client], domain: str, role: str, institution: str = ""
    ) -> Client:
        """A client of another seat, by this seat's own certificate in the domain.

        Without an institution it is the one that keeps the role nationwide, or else our own.
        """
        return make(self.connect(domain, role, self.keeper(role, institution)))

    def keeper(self, role: str, institution: str = "") -> str:
        """Whose seat of a role this one turns to; see `peer`."""
        return institution or ROLES[role].institution or self.config.institution

    def has_peer(self, role: str) -> bool:
        """Whether the world has a seat of this role at our own institution."""
        return f"{role}.{self.config.institution}" in self.config.peers

    def looking_after(self, kept: KeepsAcquisitions) -> "LookingAfter":
        """What looks after an institution's acquisitions where it or the network was set back."""
        network = self.peer(ProcessingSerialClient, LINKAGE, "provision-network")
        pause = BETWEEN_LOOKS * self.config.pace.repeats
        unanswered = Unanswered(
            store=self.store, waits=kept, network=network, clock=self.clock, between_looks=pause
        )
        memories = Memories(
            store=self.store, remembers=kept, network=network, clock=self.clock, again_after=pause
        )
        return LookingAfter((memories.run_once, unanswered.run_once), (unanswered.run_all,))

    def institutions(self, roles: Collection[str]) -> frozenset[str]:
        """The institutions of the world that have a seat of one of these roles."""
        named = (name.partition(".") for name in self.config.peers)
        return frozenset(institution for role, _, institution in named if role in roles)

    def reached(
        self, make: Callable[[Channel], Client], domain: str, roles: Sequence[str]
    ) -> Callable[[Institution], Client]:
        """How institutions are reached, each at its seat of one of these roles.

        What is given back raises PEER_UNREACHABLE for an institution that has none.
        """
        opened: dict[Institution, Client] = {}

        def reach(institution: Institution) -> Client:
            if institution not in opened:
                seat = next(
                    (one for one in roles if f"{one}.{institution}" in self.config.peers), ""
                )
                if not seat:
                    raise Refusal(reasons.PEER_UNREACHABLE)
                opened[institution] = self.peer(make, domain, seat, institution.name)
            return opened[institution]

        return reach

    def identity(self, domain: str) -> Identity:
        """The seat's own identity in a trust domain."""
        return Identity(domain, self.config.institution, self.config.role)

    def records(self, domain: str) -> RecordLog:
        """The seat's log of exchanges, as it is named in a trust domain."""
        return RecordLog(self.store.sealer, self.ids, self.identity(domain))

    def provisions(self) -> IdentityProvisions:
        """The seat's log of provisions of identity information."""
        return IdentityProvisions(self.records(JUKINET), self.clock)

    def erasing(self, *terms: Term) -> Callable[[], Awaitable[int]]:
        """What erases at the seat what has been kept long enough."""
        return Retention(store=self.store, terms=terms, clock=self.clock).run_once

    def credentials(self, domain: str) -> Callable[[], Credentials]:
        """The certificate that the seat bears in a trust domain, as it is at each call."""
        return self.keys.calls_with(domain)

    def revocations(self, domain: str) -> Revocations:
        """The revocation list of a trust domain."""
        authority = self.config.networks[domain].authority
        return Revocations(authority / "crl.pem", authority / "issuing.pem", now=self.clock.real)

    def operator_sessions(self, standing: JudgesStanding | None = None) -> OperatorSessions:
        """What judges the operators who act at the seat.

        `standing`: judges more, where the seat itself is operator service. Where the ward's is,
        that one is asked at each call.
        """
        key = self.config.operator_key
        if standing is None and ROLES[self.config.role].operators == OPERATOR_SERVICE:
            here = ward(self.config.institution)
            standing = asked(self.peer(SessionClient, here, OPERATOR_SERVICE))
        return OperatorSessions(
            institution=self.config.institution,
            operator_key=VerifyingKey.load(key) if key else None,
            clock=self.clock,
            standing=standing,
        )
