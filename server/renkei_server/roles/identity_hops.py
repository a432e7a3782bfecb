"""What the seats have alike that keep an identity file: they take notifications, and are asked (F3)."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from renkei import reasons
from renkei.codes import Institution, ResidentRecordCode
from renkei.contract import method_of
from renkei.identities import IdentityNotification, NotificationOutcome, NotificationProgress
from renkei.jukinet.v1 import identity_notification_pb2 as pb2
from renkei.networks import JUKINET
from renkei_clients.notifications import NotificationClient
from renkei_server.dispatch.finding import Finding
from renkei_server.dispatch.notifying import Answered, Beyond, End, Notifying
from renkei_server.dispatch.providing import Providing
from renkei_server.dispatch.settling import Settling
from renkei_server.dispatch.taking import Taking
from renkei_server.domain.identity_changes import HeldIdentity
from renkei_server.domain.law.identity_affairs import read_identity_affairs
from renkei_server.roles.parts import Chore, Parts
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.files import SealedFile
from renkei_server.store.identities import identity_file, incoming, outcomes, outgoing, provided
from renkei_server.store.identities.departed import Departed
from renkei_server.store.identities.provided import IdentityProvision
from renkei_server.store.retention import of_file, of_provisions

_NOTIFY: Final = method_of(pb2.NotifyIdentityChangeRequest).path

TABLES: Final = (
    *identity_file.TABLES,
    *incoming.TABLES,
    *outgoing.TABLES,
    *outcomes.OUTCOMES,
    *provided.TABLES,
)


Forget = Callable[[Connection, Institution, ResidentRecordCode], None]
"""Erases what a seat keeps of a person as a municipality has told of them."""


@dataclass(frozen=True, slots=True)
class Hop:
    """How a seat hands notifications on, how it takes them, and what it does regularly."""

    notifying: Notifying
    taking: Taking
    settling: Settling | None
    regularly: Sequence[Chore]
    """It settles what is not told, and erases what has been kept long enough."""

    @property
    def reconcile(self) -> Sequence[Chore]:
        """What it does where somebody was set back."""
        return (self.settling.run_all,) if self.settling else ()


def finding(parts: Parts, taking: Taking) -> Finding:
    """How a seat is asked whom its file holds, which is that in which it takes notifications."""
    return Finding(
        store=parts.store, file=taking.file, affairs=read_identity_affairs(), clock=parts.clock
    )


def providing(parts: Parts, taking: Taking) -> Providing:
    """How a seat tells other institutions whom its file holds."""
    return Providing(finding=finding(parts, taking), provisions=parts.provisions())


def hop(
    parts: Parts,
    next_hop: str,
    institution: str = "",
    *,
    hears_for: Institution | None = None,
    forget: Sequence[Forget] = (),
) -> Hop:
    """Of a seat before the next role.

    `hears_for`: for whom it asks what became of them, where the next hop hands on too. `forget`: what
    else goes with a person who is erased.
    """
    store, outbox, sealer = parts.store, parts.outbox, parts.store.sealer
    peer = parts.peer(NotificationClient, JUKINET, next_hop, institution)
    told = outcomes.Outcomes(sealer)
    came = incoming.Incoming(sealer)
    going = outgoing.Outgoing(sealer, outbox)

    def ended(connection: Connection, end: End) -> None:
        told.add(connection, end.notification, end.seat, end.refused, end.fields)

    beyond, settling = None, None
    awaited = outcomes.Awaited(sealer)
    if (here := hears_for) is not None:

        def heard(connection: Connection, outcome: NotificationOutcome) -> None:
            told.pass_on(connection, here, outcome)
            code, sequence = outcome.resident_record_code, outcome.sequence
            newest = came.last(connection, here, code)  # 0 where the person has another code since
            behind = outcome.refused == reasons.NOTIFICATION_STOPPED.name
            if outcome.refused and (newest == sequence if behind else newest):
                notifying.stop(connection, here, code, sequence)

        def ask(code: ResidentRecordCode, sequence: int) -> Awaitable[NotificationProgress]:
            return peer.get_notification_progress(here, code, sequence)

        beyond = Beyond(peer, ask, awaited, heard, parts.clock)
        settling = Settling(store=store, outbox=outbox, outgoing=going, beyond=beyond, origin=here)

    def under_way(
        connection: Connection, origin: Institution, code: ResidentRecordCode, sequence: int
    ) -> bool:
        hears = beyond is not None and awaited.waits(connection, code, sequence)
        return hears or going.waits(connection, origin, code)

    notifying = Notifying(
        store=store,
        outbox=outbox,
        outgoing=going,
        notify=lambda request_id, owed: peer.notify_identity_change(request_id, owed.notification),
        next_hop=next_hop,
        ended=ended,
        beyond=beyond,
        answered=_recording(parts, f"{next_hop}.{parts.keeper(next_hop, institution)}"),
    )
    taking = Taking(
        store=store,
        file=SealedFile(identity_file.FORM, sealer),
        departed=Departed(sealer),
        incoming=came,
        outcomes=told,
        clock=parts.clock,
        role=parts.config.role,
        owe=notifying.owe,
        goes_on=going.goes_on,
        under_way=under_way,
        ask=peer.get_notification_progress,
    )
    chores = [erasing(parts, taking, there=(notifying.forget,), with_person=forget)]
    if settling is not None:
        chores.append(settling.run_once)
    return Hop(notifying, taking, settling, chores)


def erasing(
    parts: Parts,
    taking: Taking,
    *,
    there: Sequence[Forget] = (),
    with_person: Sequence[Forget] = (),
) -> Chore:
    """What erases at an identity file's seat what has been kept long enough (STO-02, STO-07, PRV-11).

    `there`: what else goes with what one municipality told of a person; `with_person`: what goes with
    the person alone, who may live elsewhere.
    """
    at_one = (taking.incoming.forget, *there)

    def forget_person(connection: Connection, held: HeldIdentity) -> None:
        for origin, code in identity_file.known_at(taking.file, connection, held):
            for one in (*at_one, *with_person):
                one(connection, origin, code)

    def forget_there(connection: Connection, held: HeldIdentity) -> None:
        if held.municipality is not None:
            for one in at_one:
                one(connection, held.municipality, held.items.resident_record_code)

    return parts.erasing(
        *of_file("persons of the identity file", taking.file, forget_person),
        *of_file("persons who live elsewhere", taking.departed.file, forget_there),
        of_provisions(parts.provisions()),
    )


def _recording(parts: Parts, receiver: str) -> Answered:
    """What records that the next hop was told, or refused to be (PRV-11, PRV-12)."""
    provisions = parts.provisions()

    def record(
        connection: Connection, told: IdentityNotification, request_id: str, refused: str
    ) -> None:
        person = told.items.resident_record_code
        provision = IdentityProvision(request_id, receiver, _NOTIFY, person, refused=refused)
        provisions.add(connection, provision)

    return record
