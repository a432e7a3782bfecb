"""What the seat of a linkage platform is made of where it works on batch files."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Table

from renkei.codes import Institution
from renkei_clients.inquiries import InquiryClient
from renkei_clients.sub_copies import linkage_sub_copy_client
from renkei_pki.identity import LINKAGE, ward
from renkei_server import layouts
from renkei_server.domain.legal_basis import LegalBasis
from renkei_server.law import reading
from renkei_server.law.institutions import read_institution_codes
from renkei_server.linkage.asking import Asking
from renkei_server.linkage.inquiry_files import InquiryFiles
from renkei_server.linkage.inquiry_runs import InquiryRunService
from renkei_server.linkage.registering import Registering
from renkei_server.linkage.registration_runs import RegistrationRunService
from renkei_server.parts import Parts, Seat
from renkei_server.store import batch_runs, inquiry_lines, registration_records
from renkei_server.store.numbering import Numbering

TABLES: Final[Sequence[Table]] = (
    *batch_runs.TABLES,
    *registration_records.TABLES,
    *inquiry_lines.TABLES,
)


class _EveryBusiness:
    """Takes every affair as any department's business, but those of the register (PRV-18)."""

    def __init__(self, law: LegalBasis) -> None:
        self._law = law

    def require_affair(self, _department: str, affair: str) -> None:
        """Raise INQUIRY_FOR_REGISTER_AFFAIRS."""
        self._law.refuse_register_affair(affair)


def assemble(parts: Parts, persons: Numbering) -> Seat:
    """The services and routes for runs of batch files."""
    own = parts.config.institution
    runs = batch_runs.BatchRuns()
    registrations, registering = _of_registration(parts, persons, runs)
    inquiries, asking = _of_inquiry(parts, persons, runs)
    routes = {**registering.routes, **asking.routes}
    return Seat({ward(own): (registrations, inquiries)}, routes)


def _of_registration(
    parts: Parts, persons: Numbering, runs: batch_runs.BatchRuns
) -> tuple[RegistrationRunService, Registering]:
    own, store = parts.config.institution, parts.store
    records = registration_records.RegistrationRecords(store.sealer)
    registering = Registering(
        store=store,
        runs=runs,
        records=records,
        numbering=persons,
        outbox=parts.outbox,
        middle_server=parts.peer(linkage_sub_copy_client, LINKAGE, "middle-server", own),
    )
    service = RegistrationRunService(
        store=store,
        runs=runs,
        records=records,
        layouts=layouts.shipped(),
        outbox=parts.outbox,
        clock=parts.clock,
        ids=parts.ids,
    )
    return service, registering


def _of_inquiry(
    parts: Parts, persons: Numbering, runs: batch_runs.BatchRuns
) -> tuple[InquiryRunService, Asking]:
    own, store = parts.config.institution, parts.store
    lines = inquiry_lines.InquiryLines(store.sealer)
    institutions = read_institution_codes()
    known = layouts.shipped()
    asking = Asking(
        store=store,
        runs=runs,
        lines=lines,
        numbering=persons,
        institutions=institutions,
        outbox=parts.outbox,
        middle_server=parts.peer(InquiryClient, LINKAGE, "middle-server", own),
    )
    service = InquiryRunService(
        store=store,
        runs=runs,
        lines=lines,
        files=InquiryFiles(
            own=Institution(own),
            institutions=institutions,
            layouts=known,
            business=_EveryBusiness(reading.read()),
        ),
        layouts=known,
        outbox=parts.outbox,
        clock=parts.clock,
        ids=parts.ids,
    )
    return service, asking
