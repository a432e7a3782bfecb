"""What the seat of a linkage platform is made of where it works on batch files.

A run that nobody deleted is erased once it was open, or had ended, as long as an answer that nobody
fetched is kept at the middle server (`invented`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Table

from renkei.codes import Institution
from renkei.networks import LINKAGE
from renkei_clients.inquiries import InquiryClient
from renkei_clients.sub_copies import SubCopyClient
from renkei_server.dispatch.routes import Route
from renkei_server.domain import layouts
from renkei_server.domain.law import reading
from renkei_server.domain.law.departments import read_departments
from renkei_server.domain.law.institutions import read_institution_codes
from renkei_server.door.door import Service
from renkei_server.roles.parts import Chore, Parts
from renkei_server.seats.linkage.asking import Asking
from renkei_server.seats.linkage.inquiry_files import InquiryFiles
from renkei_server.seats.linkage.inquiry_runs import InquiryRunService
from renkei_server.seats.linkage.registering import Registering
from renkei_server.seats.linkage.registration_runs import RegistrationRunService
from renkei_server.store.batch_runs import batch_runs, inquiry_lines, registration_records
from renkei_server.store.engine.connection import Connection
from renkei_server.store.persons.numbering import Numbering
from renkei_server.store.retention import ANSWERS_KEPT, Term

TABLES: Final[Sequence[Table]] = (
    *batch_runs.TABLES,
    *registration_records.TABLES,
    *inquiry_lines.TABLES,
)

_RUNS_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class ByFile:
    """What works on batch files."""

    services: Sequence[Service]
    routes: Mapping[str, Route]
    regularly: Sequence[Chore]


def of(parts: Parts, persons: Numbering) -> ByFile:
    """The services and routes for runs of batch files."""
    sealer = parts.store.sealer
    runs = batch_runs.BatchRuns(parts.clock)
    records = registration_records.RegistrationRecords(sealer)
    lines = inquiry_lines.InquiryLines(sealer)
    registrations, registering = _of_registration(parts, persons, runs, records)
    inquiries, asking = _of_inquiry(parts, persons, runs, lines)
    erasing = parts.erasing(of_runs(runs, records, lines))
    return ByFile((registrations, inquiries), {**registering.routes, **asking.routes}, (erasing,))


def of_runs(
    runs: batch_runs.BatchRuns,
    records: registration_records.RegistrationRecords,
    lines: inquiry_lines.InquiryLines,
) -> Term:
    """Runs that nobody deleted, some at a time."""

    def erase(connection: Connection, now: datetime) -> int:
        due = runs.idle(connection, now - ANSWERS_KEPT, _RUNS_AT_ONCE)
        for run_id in due:
            records.delete(connection, run_id)
            lines.delete(connection, run_id)
            runs.forget(connection, run_id)
        return len(due)

    return Term(
        "runs of batch files",
        lambda connection, now: bool(runs.idle(connection, now - ANSWERS_KEPT, 1)),
        erase,
    )


def _of_registration(
    parts: Parts,
    persons: Numbering,
    runs: batch_runs.BatchRuns,
    records: registration_records.RegistrationRecords,
) -> tuple[RegistrationRunService, Registering]:
    store = parts.store
    registering = Registering(
        store=store,
        runs=runs,
        records=records,
        numbering=persons,
        outbox=parts.outbox,
        middle_server=parts.peer(SubCopyClient, LINKAGE, "middle-server"),
    )
    service = RegistrationRunService(
        store=store,
        runs=runs,
        records=records,
        layouts=layouts.shipped(),
        outbox=parts.outbox,
        clock=parts.clock,
        ids=parts.ids,
        digests=parts.receipts.digests,
    )
    return service, registering


def _of_inquiry(
    parts: Parts,
    persons: Numbering,
    runs: batch_runs.BatchRuns,
    lines: inquiry_lines.InquiryLines,
) -> tuple[InquiryRunService, Asking]:
    own, store = parts.config.institution, parts.store
    institutions = read_institution_codes()
    known = layouts.shipped()
    asking = Asking(
        store=store,
        runs=runs,
        lines=lines,
        numbering=persons,
        institutions=institutions,
        outbox=parts.outbox,
        middle_server=parts.peer(InquiryClient, LINKAGE, "middle-server"),
    )
    service = InquiryRunService(
        store=store,
        runs=runs,
        lines=lines,
        files=InquiryFiles(
            own=Institution(own),
            institutions=institutions,
            layouts=known,
            departments=read_departments(reading.read()),
        ),
        layouts=known,
        outbox=parts.outbox,
        clock=parts.clock,
        ids=parts.ids,
        digests=parts.receipts.digests,
    )
    return service, asking
