"""The municipal communication server (市町村CS): identity file and linkage-code generation (CS-1)."""

from dataclasses import replace
from typing import Final

from renkei.codes import Institution
from renkei.networks import JUKINET, ward
from renkei_clients.jukinet import linkage_code_generation_client
from renkei_server.dispatch.generation import GENERATE, generation_route
from renkei_server.roles import identity_hops
from renkei_server.roles.parts import Parts, Seat
from renkei_server.seats.municipal.corrections import CorrectionService, permitted
from renkei_server.seats.municipal.identity_notification import IdentityNotificationService
from renkei_server.seats.municipal.linkage_code_generation import LinkageCodeGenerationService
from renkei_server.store.identities import corrections, outcomes
from renkei_server.store.retention import of_provisions

TABLES: Final = (*identity_hops.TABLES, *outcomes.AWAITED, *corrections.TABLES)


def assemble(parts: Parts) -> Seat:
    """It listens in the ward and goes on to prefecture and nation by the resident-register network."""
    here = Institution(parts.config.institution)
    national = parts.peer(linkage_code_generation_client, JUKINET, "national-server")
    generation = LinkageCodeGenerationService(store=parts.store, outbox=parts.outbox)
    hop = identity_hops.hop(parts, "prefecture-server", here.prefecture, hears_for=here)
    approved = corrections.Corrections(parts.store.sealer)
    permitting = replace(hop.taking, permit=permitted(approved, parts.clock))
    notifications = IdentityNotificationService(taking=permitting)
    correcting = CorrectionService(
        store=parts.store,
        file=hop.taking.file,
        corrections=approved,
        sessions=parts.operator_sessions(),
        clock=parts.clock,
    )
    return Seat(
        {ward(here.name): (generation, notifications, correcting), JUKINET: ()},
        {GENERATE: generation_route(national), **hop.notifying.routes},
        (*hop.regularly, parts.erasing(of_provisions(parts.provisions()))),
    )
