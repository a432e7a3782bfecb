"""The municipal communication server (市町村CS): identity file, searches, code generation (CS-1, CS-4 to CS-6)."""

from dataclasses import replace
from typing import Final

from renkei.codes import Institution, ResidentRecordCode
from renkei.consistency import Peer
from renkei.networks import JUKINET, ward
from renkei_clients.identity_search import IdentityInquiryClient
from renkei_clients.jukinet import linkage_code_generation_client
from renkei_server.dispatch.answering_comparisons import Answering
from renkei_server.dispatch.consistency_runs import Comparisons
from renkei_server.dispatch.generation import GENERATE, generation_route
from renkei_server.roles import consistency, identity_hops
from renkei_server.roles.parts import Parts, Seat
from renkei_server.seats.municipal.bulk_outputs import BulkOutputService
from renkei_server.seats.municipal.corrections import CorrectionService, permitted
from renkei_server.seats.municipal.identity_notification import IdentityNotificationService
from renkei_server.seats.municipal.identity_search import IdentitySearchService
from renkei_server.seats.municipal.linkage_code_generation import LinkageCodeGenerationService
from renkei_server.seats.municipal.operation_records import OperationRecordService
from renkei_server.seats.municipal.reconciliation import ReconciliationService
from renkei_server.seats.municipal.statistics import StatisticsService, counting
from renkei_server.seats.ward.consistency_check import ConsistencyCheckService
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.operation_pages import OperationPages
from renkei_server.store.identities import (
    bulk_outputs,
    corrections,
    outcomes,
    outgoing,
    update_counts,
)
from renkei_server.store.identities.compared import WITHIN
from renkei_server.store.retention import of_bulk_outputs

TABLES: Final = (
    *identity_hops.TABLES,
    *outcomes.AWAITED,
    *corrections.TABLES,
    *bulk_outputs.TABLES,
    *update_counts.TABLES,
    *consistency.RUNS,
)


def assemble(parts: Parts) -> Seat:
    """It listens in the ward and goes on to prefecture and nation by the resident-register network."""
    here = Institution(parts.config.institution)
    national = parts.peer(linkage_code_generation_client, JUKINET, "national-server")
    generation = LinkageCodeGenerationService(store=parts.store, outbox=parts.outbox)
    sessions = parts.operator_sessions()
    approved = corrections.Corrections(parts.store.sealer)
    hop = identity_hops.hop(
        parts,
        "prefecture-server",
        here.prefecture,
        hears_for=here,
        forget=(lambda connection, _, code: approved.forget(connection, code),),
    )
    counts = update_counts.UpdateCounts(parts.store.sealer)
    permitting = replace(
        hop.taking,
        permit=permitted(approved, parts.clock),
        noted=counting(counts, parts.clock),
    )
    notifications = IdentityNotificationService(taking=permitting)
    correcting = CorrectionService(
        store=parts.store,
        file=hop.taking.file,
        corrections=approved,
        sessions=sessions,
        clock=parts.clock,
    )
    searches = IdentitySearchService(
        finding=identity_hops.finding(parts, hop.taking),
        nation=parts.peer(IdentityInquiryClient, JUKINET, "national-server"),
        sessions=sessions,
    )
    put_out = bulk_outputs.BulkOutputs(parts.store.sealer)
    bulk = BulkOutputService(finding=searches.finding, outputs=put_out, sessions=sessions)
    reconciliation = ReconciliationService(
        answering=Answering(parts.store, consistency.side_of(parts, here, WITHIN))
    )
    comparisons = _comparing(parts, hop, here)
    checks = ConsistencyCheckService(checks=consistency.checks(parts, comparisons, sessions))
    records = OperationRecordService(
        store=parts.store, pages=OperationPages(parts.store.sealer), sessions=sessions
    )
    in_ward = (
        generation,
        notifications,
        correcting,
        reconciliation,
        checks,
        searches,
        bulk,
        records,
        StatisticsService(store=parts.store, counts=counts, sessions=sessions),
    )
    return Seat(
        {ward(here.name): in_ward, JUKINET: ()},
        {GENERATE: generation_route(national), **hop.notifying.routes, **comparisons.routes},
        (*hop.regularly, parts.erasing(of_bulk_outputs(put_out)), comparisons.tend),
        hop.reconcile,
    )


def _comparing(parts: Parts, hop: identity_hops.Hop, here: Institution) -> Comparisons:
    """Whom its file is compared with (F9.1, F9.3): what the prefecture lacks, the nation lacks too."""
    going = outgoing.Outgoing(parts.store.sealer, parts.outbox)

    def to_prefecture(
        connection: Connection, origin: Institution, code: ResidentRecordCode, _last: int
    ) -> bool:
        return going.waits(connection, origin, code)

    peers = {
        Peer.PREFECTURE: consistency.with_prefecture(parts, to_prefecture),
        Peer.NATION: consistency.with_nation(parts, hop.taking.under_way, here),
    }
    return consistency.runs(parts, peers)
