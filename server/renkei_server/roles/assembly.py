"""The bill of materials: what each seat is made of.

One function a role. A seat is its services by trust domain, the routes of its
outbox and what it does regularly; everything it needs is handed to it here.
"""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import MetaData

from renkei import reasons
from renkei.codes import Institution
from renkei.refusals import Refusal
from renkei_clients import exchanges as exchange_clients
from renkei_clients import inquiries as inquiry_clients
from renkei_clients import jukinet as jukinet_clients
from renkei_clients import linkage as linkage_clients
from renkei_clients import records as record_clients
from renkei_clients import sub_copies as sub_copy_clients
from renkei_clients import ward as ward_clients
from renkei_clients.channel import Channel
from renkei_pki.identity import JUKINET, LINKAGE, ward
from renkei_pki.published_keys import KeyJudge
from renkei_pki.signing import SigningKey, VerifyingKey
from renkei_server.dispatch.generation import GENERATE, generation_route
from renkei_server.domain.law import reading
from renkei_server.domain.law.departments import read_departments
from renkei_server.domain.linkage_codes import CodeCipher
from renkei_server.domain.permits import Core
from renkei_server.door.door import Service
from renkei_server.roles import batch_files, information
from renkei_server.roles.parts import Client, Parts, Seat
from renkei_server.seats.agency.numbering import NumberingService as AgencyNumberingService
from renkei_server.seats.agency.tasks import AgencyTasks
from renkei_server.seats.linkage.address_information import AddressInformationService
from renkei_server.seats.linkage.inquiries import InquiryService as WardInquiryService
from renkei_server.seats.linkage.numbering import NumberingService
from renkei_server.seats.linkage.sub_copies import SubCopyService as WardSubCopyService
from renkei_server.seats.linkage.tasks import LinkageTasks
from renkei_server.seats.middle.code_acquisition import CodeAcquisitionService
from renkei_server.seats.middle.code_delivery import CodeDeliveryService
from renkei_server.seats.municipal.linkage_code_generation import (
    LinkageCodeGenerationService as MunicipalGenerationService,
)
from renkei_server.seats.national.linkage_code_generation import LinkageCodeGenerationService
from renkei_server.seats.national.tasks import national_routes
from renkei_server.seats.portal.mynaportal import MynaportalService
from renkei_server.seats.provision.exchanges import ExchangeService
from renkei_server.seats.provision.exchanging import ExchangeSweep, Exchanging, Law
from renkei_server.seats.provision.key_directory import KeyDirectoryService
from renkei_server.seats.provision.processing_serial import ProcessingSerialService
from renkei_server.seats.provision.records import RecordService
from renkei_server.seats.provision.resident_record_code import ResidentRecordCodeService
from renkei_server.seats.provision.tasks import ExpirySweep, provision_routes
from renkei_server.seats.resident.linkage_code_relay import LinkageCodeRelayService
from renkei_server.seats.resident.resident_record import ResidentRecordService
from renkei_server.seats.resident.tasks import ResidentTasks
from renkei_server.store.codes import accounts, acquisitions, codes, links, serials
from renkei_server.store.engine import erasures, operations, outbox, receipts, record_log
from renkei_server.store.engine.store import tables
from renkei_server.store.exchanges import department_inquiries, exchanges, published_keys
from renkei_server.store.persons import identities, insured, numbering, residents
from renkei_server.store.retention import Retention, of_records

_EVERY_SEAT = (*operations.TABLES, *outbox.TABLES, *receipts.TABLES)

_TABLES = {
    "resident-record": (*residents.TABLES, *acquisitions.TABLES),
    "linkage-platform": (
        *numbering.TABLES,
        *acquisitions.TABLES,
        *department_inquiries.TABLES,
        *batch_files.TABLES,
    ),
    "municipal-cs": (),
    "national-server": identities.TABLES,
    "provision-network": (
        *serials.TABLES,
        *links.TABLES,
        *exchanges.TABLES,
        *published_keys.DIRECTORY_TABLES,
        *record_log.TABLES,
        *erasures.TABLES,
    ),
    "middle-server": information.TABLES,
    "agency-linkage": (*insured.TABLES, *numbering.TABLES, *information.TABLES),
    "mynaportal": accounts.TABLES,
}

EXCHANGING = ("middle-server", "agency-linkage")
"""The roles that exchange information."""

_WITH_CODES = (*EXCHANGING, "mynaportal")
"""The roles that acquire codes."""

ROLES = tuple(_TABLES)
"""The roles that a server process can run."""


def metadata_of(role: str) -> MetaData:
    """The tables of a role's database."""
    return tables(_EVERY_SEAT, _TABLES[role])


def assemble(parts: Parts) -> Seat:
    """Put the seat of the config's role together."""
    return _ASSEMBLY[parts.config.role](parts)


def _resident_record(parts: Parts) -> Seat:
    own, sealer = parts.config.institution, parts.store.sealer
    register = residents.Residents(sealer)
    asked = acquisitions.Acquisitions(sealer)
    tasks = ResidentTasks(
        store=parts.store,
        residents=register,
        acquisitions=asked,
        outbox=parts.outbox,
        platform=parts.peer(ward_clients.NumberingClient, ward(own), "linkage-platform", own),
        communication_server=parts.peer(
            ward_clients.linkage_code_generation_client, ward(own), "municipal-cs", own
        ),
    )
    records = ResidentRecordService(
        store=parts.store,
        residents=register,
        acquisitions=asked,
        outbox=parts.outbox,
        sessions=parts.operator_sessions(),
    )
    relay = LinkageCodeRelayService(store=parts.store, outbox=parts.outbox)
    return Seat({ward(own): (records, relay)}, tasks.routes)


def _linkage_platform(parts: Parts) -> Seat:
    own, sealer = parts.config.institution, parts.store.sealer
    persons = numbering.Numbering(sealer, parts.ids)
    asked = acquisitions.Acquisitions(sealer)
    tasks = LinkageTasks(
        store=parts.store,
        numbering=persons,
        acquisitions=asked,
        outbox=parts.outbox,
        middle_server=parts.peer(
            linkage_clients.CodeAcquisitionClient, LINKAGE, "middle-server", own
        ),
        register=parts.peer(
            ward_clients.linkage_code_relay_client, ward(own), "resident-record", own
        ),
    )
    by_file = batch_files.assemble(parts, persons)
    services: tuple[Service, ...] = (
        NumberingService(
            store=parts.store, numbering=persons, acquisitions=asked, outbox=parts.outbox
        ),
        WardSubCopyService(
            store=parts.store,
            numbering=persons,
            middle_server=parts.peer(
                sub_copy_clients.linkage_sub_copy_client, LINKAGE, "middle-server", own
            ),
        ),
        WardInquiryService(
            store=parts.store,
            numbering=persons,
            departments=read_departments(reading.read()),
            middle_server=parts.peer(inquiry_clients.InquiryClient, LINKAGE, "middle-server", own),
            clock=parts.clock,
        ),
        *by_file.services[ward(own)],
    )
    addresses: tuple[Service, ...] = ()
    if parts.config.networks[LINKAGE].address:  # its second face, for the middle server
        sessions = parts.operator_sessions()
        addresses = (
            AddressInformationService(store=parts.store, numbering=persons, sessions=sessions),
        )
    return Seat(
        {ward(own): services, LINKAGE: addresses},
        {**tasks.routes, **by_file.routes},
        by_file.regularly,
    )


def _municipal_cs(parts: Parts) -> Seat:
    own = parts.config.institution
    national = parts.peer(
        jukinet_clients.linkage_code_generation_client, JUKINET, "national-server", "jlis"
    )
    service = MunicipalGenerationService(store=parts.store, outbox=parts.outbox)
    return Seat({ward(own): (service,), JUKINET: ()}, {GENERATE: generation_route(national)})


def _national_server(parts: Parts) -> Seat:
    network = parts.peer(
        linkage_clients.ResidentRecordCodeClient, LINKAGE, "provision-network", "ipn"
    )
    service = LinkageCodeGenerationService(
        store=parts.store,
        outbox=parts.outbox,
        identities=identities.Identities(parts.store.sealer),
    )
    return Seat({JUKINET: (service,)}, national_routes(network))


def _provision_network(parts: Parts) -> Seat:
    store = parts.store
    issued = serials.Serials(store.sealer)
    known = links.Links(store.sealer, parts.ids)
    cipher = CodeCipher(store.write_now(known.code_key))
    directory = published_keys.KeyDirectory()
    records = parts.records(LINKAGE)
    exchanging = Exchanging(
        law=Law(
            basis=reading.read(),
            core=Core(cipher, store.write_now(known.commitment_key)),
            world=parts.config.world_id,
            permit_key=SigningKey.load(parts.config.permit_signing_key),
            members=_members(parts),
        ),
        exchanges=exchanges.Exchanges(store.sealer),
        directory=directory,
        records=records,
        outbox=parts.outbox,
        clock=parts.clock,
    )
    services = (
        ProcessingSerialService(store=store, serials=issued, clock=parts.clock, ids=parts.ids),
        ResidentRecordCodeService(
            store=store, serials=issued, links=known, outbox=parts.outbox, clock=parts.clock
        ),
        ExchangeService(store=store, exchanging=exchanging),
        KeyDirectoryService(
            store=store,
            directory=directory,
            judge=KeyJudge(parts.credentials(LINKAGE)().roots_pem, parts.revocations(LINKAGE)),
            clock=parts.clock,
        ),
        RecordService(
            store=store,
            records=records,
            record_key=SigningKey.load(parts.config.record_key),
            cipher=cipher,
            clock=parts.clock,
        ),
    )
    routes = {
        **provision_routes(
            cipher, _reached(parts, linkage_clients.CodeDeliveryClient, _WITH_CODES)
        ),
        **exchanging.routes(store, _reached(parts, exchange_clients.ProvisionClient, EXCHANGING)),
    }
    regularly = (
        ExpirySweep(store=store, serials=issued, outbox=parts.outbox, clock=parts.clock).run_once,
        ExchangeSweep(store=store, exchanging=exchanging).run_once,
        Retention(store=store, terms=(of_records(records),), clock=parts.clock).run_once,
    )
    return Seat({LINKAGE: services}, routes, regularly)


def _members(parts: Parts) -> frozenset[str]:
    """The institutions that the provision network can ask for information."""
    named = (name.partition(".") for name in parts.config.peers)
    return frozenset(institution for role, _, institution in named if role in EXCHANGING)


def _reached(
    parts: Parts, make: Callable[[Channel, str], Client], roles: Sequence[str]
) -> Callable[[Institution], Client]:
    """How the provision network reaches an institution, at a seat of one of these roles."""
    opened: dict[Institution, Client] = {}

    def reach(institution: Institution) -> Client:
        if institution not in opened:
            for role in roles:
                if f"{role}.{institution}" in parts.config.peers:
                    opened[institution] = parts.peer(make, LINKAGE, role, institution.name)
                    break
            else:
                raise Refusal(reasons.PEER_UNREACHABLE)
        return opened[institution]

    return reach


def _middle_server(parts: Parts) -> Seat:
    kept = codes.Codes(parts.store.sealer)
    network = parts.peer(
        linkage_clients.ProcessingSerialClient, LINKAGE, "provision-network", "ipn"
    )
    own = information.assemble(parts, kept)
    services: tuple[Service, ...] = (
        CodeAcquisitionService(store=parts.store, codes=kept, network=network),
        CodeDeliveryService(store=parts.store, codes=kept),
        *own.services[LINKAGE],
    )
    return Seat({LINKAGE: services}, own.routes, own.regularly)


def _agency_linkage(parts: Parts) -> Seat:
    sealer = parts.store.sealer
    persons = numbering.Numbering(sealer, parts.ids)
    kept = codes.Codes(sealer)
    tasks = AgencyTasks(
        numbering=persons,
        codes=kept,
        outbox=parts.outbox,
        network=parts.peer(
            linkage_clients.ProcessingSerialClient, LINKAGE, "provision-network", "ipn"
        ),
        national_server=parts.peer(
            jukinet_clients.linkage_code_generation_client, JUKINET, "national-server", "jlis"
        ),
    )
    own = information.assemble(parts, kept)
    services: tuple[Service, ...] = (
        AgencyNumberingService(
            store=parts.store,
            insured=insured.Insured(sealer),
            numbering=persons,
            codes=kept,
            outbox=parts.outbox,
        ),
        CodeDeliveryService(store=parts.store, codes=kept),
        *own.services[LINKAGE],
    )
    return Seat({LINKAGE: services}, {**tasks.routes, **own.routes}, own.regularly)


def _mynaportal(parts: Parts) -> Seat:
    opened = accounts.Accounts(parts.store.sealer)
    services = (
        MynaportalService(
            store=parts.store,
            accounts=opened,
            serials=parts.peer(
                linkage_clients.ProcessingSerialClient, LINKAGE, "provision-network", "ipn"
            ),
            national_server=parts.peer(
                jukinet_clients.linkage_code_generation_client, JUKINET, "national-server", "jlis"
            ),
            network=parts.peer(record_clients.RecordClient, LINKAGE, "provision-network", "ipn"),
            network_key=VerifyingKey.load(parts.config.network_record_key),
            ids=parts.ids,
        ),
        CodeDeliveryService(store=parts.store, codes=opened),
    )
    return Seat({LINKAGE: services}, {})


_ASSEMBLY: Mapping[str, Callable[[Parts], Seat]] = {
    "resident-record": _resident_record,
    "linkage-platform": _linkage_platform,
    "municipal-cs": _municipal_cs,
    "national-server": _national_server,
    "provision-network": _provision_network,
    "middle-server": _middle_server,
    "agency-linkage": _agency_linkage,
    "mynaportal": _mynaportal,
}
