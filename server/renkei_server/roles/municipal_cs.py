"""The municipal communication server (市町村CS): identity file and linkage-code generation (CS-1)."""

from typing import Final

from renkei.codes import Institution
from renkei.networks import JUKINET, ward
from renkei_clients.jukinet import linkage_code_generation_client
from renkei_clients.notifications import NotificationClient
from renkei_server.dispatch.generation import GENERATE, generation_route
from renkei_server.dispatch.notifying import Beyond, End, Notifying
from renkei_server.dispatch.taking import Taking
from renkei_server.roles.parts import Parts, Seat
from renkei_server.seats.municipal.identity_notification import IdentityNotificationService
from renkei_server.seats.municipal.linkage_code_generation import LinkageCodeGenerationService
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.files import SealedFile
from renkei_server.store.identities import identity_file, incoming, outcomes, outgoing

TABLES: Final = (
    *identity_file.TABLES,
    *incoming.TABLES,
    *outgoing.TABLES,
    *outcomes.OUTCOMES,
    *outcomes.AWAITED,
)

NEXT_HOP: Final = "prefecture-server"


def assemble(parts: Parts) -> Seat:
    """It listens in the ward and goes on to prefecture and nation by the resident-register network."""
    national = parts.peer(linkage_code_generation_client, JUKINET, "national-server")
    generation = LinkageCodeGenerationService(store=parts.store, outbox=parts.outbox)
    notifying, taking = _identities(parts)
    notifications = IdentityNotificationService(taking=taking, clock=parts.clock)
    return Seat(
        {ward(parts.config.institution): (generation, notifications), JUKINET: ()},
        {GENERATE: generation_route(national), **notifying.routes},
    )


def _identities(parts: Parts) -> tuple[Notifying, Taking]:
    """How changes of identity information are taken from the register and told the prefecture."""
    store, outbox, sealer = parts.store, parts.outbox, parts.store.sealer
    here = Institution(parts.config.institution)
    prefecture = parts.peer(NotificationClient, JUKINET, NEXT_HOP, here.prefecture)
    told = outcomes.Outcomes(sealer)

    def ended(connection: Connection, end: End) -> None:
        told.add(connection, end.notification, end.seat, end.refused, end.fields)

    notifying = Notifying(
        store=store,
        outbox=outbox,
        outgoing=outgoing.Outgoing(sealer, outbox),
        notify=lambda request_id, owed: prefecture.notify_identity_change(
            request_id, owed.notification
        ),
        next_hop=NEXT_HOP,
        ended=ended,
        beyond=Beyond(
            prefecture,
            outcomes.Awaited(sealer),
            lambda connection, outcome: told.pass_on(connection, here, outcome),
        ),
    )

    taking = Taking(
        store=store,
        file=SealedFile(identity_file.FORM, sealer),
        incoming=incoming.Incoming(sealer),
        outcomes=told,
        clock=parts.clock,
        owe=notifying.owe,
    )
    return notifying, taking
