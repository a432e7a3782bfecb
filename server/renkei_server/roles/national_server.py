"""The national server (全国サーバ) of J-LIS: the nation's identity file (NS-1, NS-4 to NS-6)."""

from typing import Final

from renkei.networks import JUKINET, LINKAGE
from renkei_clients.linkage import ResidentRecordCodeClient
from renkei_server.dispatch.taking import Taking
from renkei_server.roles import consistency, identity_hops
from renkei_server.roles.parts import Parts, Seat
from renkei_server.seats.jukinet.identity_inquiry import IdentityInquiryService
from renkei_server.seats.jukinet.identity_notification import IdentityNotificationService
from renkei_server.seats.national.linkage_code_generation import LinkageCodeGenerationService
from renkei_server.seats.national.tasks import Reporting, national_routes
from renkei_server.store.engine.files import SealedFile
from renkei_server.store.identities import (
    changed_codes,
    identity_file,
    incoming,
    outcomes,
    provided,
)
from renkei_server.store.identities.departed import Departed

TABLES: Final = (
    *identity_file.TABLES,
    *changed_codes.TABLES,
    *incoming.TABLES,
    *outcomes.OUTCOMES,
    *provided.TABLES,
)


def assemble(parts: Parts) -> Seat:
    """It listens on the resident-register network and reports to the provision network."""
    sealer = parts.store.sealer
    network = parts.peer(ResidentRecordCodeClient, LINKAGE, "provision-network")
    file = SealedFile(identity_file.FORM, sealer)
    changed = changed_codes.ChangedCodes(sealer)
    reporting = Reporting(outbox=parts.outbox, changed=changed)
    generation = LinkageCodeGenerationService(
        store=parts.store, reporting=reporting, identities=file
    )
    taking = Taking(
        store=parts.store,
        file=file,
        departed=Departed(sealer),
        incoming=incoming.Incoming(sealer),
        outcomes=outcomes.Outcomes(sealer),
        clock=parts.clock,
        heed=reporting.heed,
        role=parts.config.role,
    )
    notifications = IdentityNotificationService(
        taking=taking, speaks_for=lambda sender, origin: origin.prefecture == sender.name
    )
    inquiries = IdentityInquiryService(providing=identity_hops.providing(parts, taking))
    routes = national_routes(network, changed, sealer)
    erasing = identity_hops.erasing(
        parts,
        taking,
        with_person=(lambda connection, _, code: changed.forget(connection, code),),
    )
    comparisons = consistency.answering(
        parts, lambda sender, origin: sender == origin or sender.name == origin.prefecture
    )
    services = (generation, notifications, inquiries, comparisons)
    return Seat({JUKINET: services}, routes, (erasing,))
