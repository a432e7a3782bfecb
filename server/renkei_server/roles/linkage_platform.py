"""The linkage platform (連携基盤) of a municipality (LP-1 to LP-5): numbers, sub-copies, inquiries.

A prefecture's is another seat with the same role: see `prefectures_linkage`.
"""

from typing import Final

from renkei.codes import Institution
from renkei.networks import LINKAGE, ward
from renkei_clients import ward as ward_clients
from renkei_clients.inquiries import InquiryClient
from renkei_clients.linkage import CodeAcquisitionClient
from renkei_clients.sub_copies import SubCopyClient
from renkei_server.domain.law import reading
from renkei_server.domain.law.departments import read_departments
from renkei_server.door.door import Service
from renkei_server.roles import batch_files, prefectures_linkage
from renkei_server.roles.parts import Parts, Seat
from renkei_server.seats.linkage.address_information import AddressInformationService
from renkei_server.seats.linkage.inquiries import InquiryService
from renkei_server.seats.linkage.numbering import NumberingService
from renkei_server.seats.linkage.sub_copies import SubCopyService
from renkei_server.seats.linkage.tasks import LinkageTasks
from renkei_server.store.codes import acquisitions
from renkei_server.store.exchanges import department_inquiries
from renkei_server.store.persons import insured, numbering

TABLES: Final = (
    *numbering.TABLES,
    *insured.TABLES,  # a prefecture's alone
    *acquisitions.TABLES,
    *department_inquiries.TABLES,
    *batch_files.TABLES,
)


def assemble(parts: Parts) -> Seat:
    """One face for the ward, and a second one for its middle server."""
    if Institution(parts.config.institution).is_prefecture:
        return prefectures_linkage.assemble(parts)
    here, sealer = ward(parts.config.institution), parts.store.sealer
    persons = numbering.Numbering(sealer, parts.ids)
    asked = acquisitions.Acquisitions(sealer)
    tasks = LinkageTasks(
        store=parts.store,
        numbering=persons,
        acquisitions=asked,
        outbox=parts.outbox,
        middle_server=parts.peer(CodeAcquisitionClient, LINKAGE, "middle-server"),
        next_hop=parts.peer(ward_clients.linkage_code_relay_client, here, "resident-record"),
    )
    by_file = batch_files.of(parts, persons)
    services: tuple[Service, ...] = (
        NumberingService(
            store=parts.store,
            numbering=persons,
            acquisitions=asked,
            outbox=parts.outbox,
            clock=parts.clock,
        ),
        SubCopyService(
            store=parts.store,
            numbering=persons,
            middle_server=parts.peer(SubCopyClient, LINKAGE, "middle-server"),
        ),
        InquiryService(
            store=parts.store,
            numbering=persons,
            departments=read_departments(reading.read()),
            middle_server=parts.peer(InquiryClient, LINKAGE, "middle-server"),
            clock=parts.clock,
        ),
        *by_file.services,
    )
    addresses: tuple[Service, ...] = ()
    if parts.config.networks[LINKAGE].address:
        sessions = parts.operator_sessions()
        addresses = (
            AddressInformationService(store=parts.store, numbering=persons, sessions=sessions),
        )
    return Seat(
        {here: services, LINKAGE: addresses}, {**tasks.routes, **by_file.routes}, by_file.regularly
    )
