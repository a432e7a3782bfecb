"""The prefecture server (都道府県サーバ): its identity file, between municipalities and nation (PS-1, PS-2)."""

from typing import Final

from renkei.codes import Institution
from renkei.networks import JUKINET
from renkei_clients.notifications import NotificationClient
from renkei_server.dispatch.notifying import End, Notifying
from renkei_server.dispatch.taking import Taking
from renkei_server.roles.parts import Parts, Seat
from renkei_server.seats.jukinet.identity_notification import IdentityNotificationService
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.files import SealedFile
from renkei_server.store.identities import identity_file, incoming, outcomes, outgoing

TABLES: Final = (
    *identity_file.TABLES,
    *incoming.TABLES,
    *outgoing.TABLES,
    *outcomes.OUTCOMES,
)

NEXT_HOP: Final = "national-server"


def assemble(parts: Parts) -> Seat:
    """It listens to its municipalities and goes on to the nation, on the one network."""
    store, outbox, sealer = parts.store, parts.outbox, parts.store.sealer
    national = parts.peer(NotificationClient, JUKINET, NEXT_HOP)
    told = outcomes.Outcomes(sealer)

    def ended(connection: Connection, end: End) -> None:
        told.add(connection, end.notification, end.seat, end.refused, end.fields)

    notifying = Notifying(
        store=store,
        outbox=outbox,
        outgoing=outgoing.Outgoing(sealer, outbox),
        notify=lambda request_id, owed: national.notify_identity_change(
            request_id, owed.notification
        ),
        next_hop=NEXT_HOP,
        ended=ended,
    )
    taking = Taking(
        store=store,
        file=SealedFile(identity_file.FORM, sealer),
        incoming=incoming.Incoming(sealer),
        outcomes=told,
        clock=parts.clock,
        owe=notifying.owe,
    )
    here = Institution(parts.config.institution)
    service = IdentityNotificationService(
        taking=taking,
        speaks_for=lambda sender, origin: sender == origin and origin.prefecture == here.name,
    )
    return Seat({JUKINET: (service,)}, notifying.routes)
