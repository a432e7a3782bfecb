"""What the seats have alike that take identity notifications and hand them on (F3)."""

from typing import Final

from renkei import reasons
from renkei.codes import Institution
from renkei.identities import NotificationOutcome
from renkei.networks import JUKINET
from renkei_clients.notifications import NotificationClient
from renkei_server.dispatch.notifying import Beyond, End, Notifying
from renkei_server.dispatch.taking import Taking
from renkei_server.roles.parts import Parts
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.files import SealedFile
from renkei_server.store.identities import identity_file, incoming, outcomes, outgoing

TABLES: Final = (
    *identity_file.TABLES,
    *incoming.TABLES,
    *outgoing.TABLES,
    *outcomes.OUTCOMES,
)


def hop(
    parts: Parts, next_hop: str, institution: str = "", *, hears_for: Institution | None = None
) -> tuple[Notifying, Taking]:
    """How a seat hands notifications on to the next role, and how it takes them.

    `hears_for`: for whom it asks what became of them, where the next hop hands on too.
    """
    store, outbox, sealer = parts.store, parts.outbox, parts.store.sealer
    peer = parts.peer(NotificationClient, JUKINET, next_hop, institution)
    told = outcomes.Outcomes(sealer)
    came = incoming.Incoming(sealer)
    going = outgoing.Outgoing(sealer, outbox)

    def ended(connection: Connection, end: End) -> None:
        told.add(connection, end.notification, end.seat, end.refused, end.fields)

    beyond = None
    if (here := hears_for) is not None:

        def heard(connection: Connection, outcome: NotificationOutcome) -> None:
            told.pass_on(connection, here, outcome)
            code, sequence = outcome.resident_record_code, outcome.sequence
            newest = came.last(connection, here, code)  # 0 where the person has another code since
            behind = outcome.refused == reasons.NOTIFICATION_STOPPED.name
            if outcome.refused and (newest == sequence if behind else newest):
                notifying.stop(connection, here, code, sequence)

        beyond = Beyond(peer, outcomes.Awaited(sealer), heard)
    notifying = Notifying(
        store=store,
        outbox=outbox,
        outgoing=going,
        notify=lambda request_id, owed: peer.notify_identity_change(request_id, owed.notification),
        next_hop=next_hop,
        ended=ended,
        beyond=beyond,
    )
    taking = Taking(
        store=store,
        file=SealedFile(identity_file.FORM, sealer),
        incoming=came,
        outcomes=told,
        clock=parts.clock,
        owe=notifying.owe,
        goes_on=going.goes_on,
    )
    return notifying, taking
