"""What the seat of a linkage platform is made of where it works on batch files."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Table

from renkei_clients import sub_copies as sub_copy_clients
from renkei_pki.identity import LINKAGE, ward
from renkei_server import layouts
from renkei_server.linkage.registering import Registering
from renkei_server.linkage.registration_runs import RegistrationRunService
from renkei_server.parts import Parts, Seat
from renkei_server.store import batch_runs, registration_records
from renkei_server.store.numbering import Numbering

TABLES: Final[Sequence[Table]] = (*batch_runs.TABLES, *registration_records.TABLES)


def assemble(parts: Parts, persons: Numbering) -> Seat:
    """The services and routes for runs of batch files."""
    own, sealer = parts.config.institution, parts.store.sealer
    runs = batch_runs.BatchRuns()
    records = registration_records.RegistrationRecords(sealer)
    registering = Registering(
        store=parts.store,
        runs=runs,
        records=records,
        numbering=persons,
        outbox=parts.outbox,
        middle_server=parts.peer(
            sub_copy_clients.linkage_sub_copy_client, LINKAGE, "middle-server", own
        ),
    )
    registrations = RegistrationRunService(
        store=parts.store,
        runs=runs,
        records=records,
        layouts=layouts.shipped(),
        outbox=parts.outbox,
        clock=parts.clock,
        ids=parts.ids,
    )
    return Seat({ward(own): (registrations,)}, registering.routes)
