"""The bill of materials: what each seat is made of.

One function a role. A seat is its services by trust domain, the routes of its
outbox and what it does regularly; everything it needs is handed to it here.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import MetaData

from renkei.codes import Institution
from renkei.refusals import Reason, Refusal
from renkei_clients import jukinet as jukinet_clients
from renkei_clients import linkage as linkage_clients
from renkei_clients import sub_copies as sub_copy_clients
from renkei_clients import ward as ward_clients
from renkei_clients.channel import Channel
from renkei_pki.identity import JUKINET, LINKAGE, ward
from renkei_pki.signing import VerifyingKey
from renkei_server import layouts
from renkei_server.agency.numbering import NumberingService as AgencyNumberingService
from renkei_server.agency.tasks import AgencyTasks
from renkei_server.config import SeatConfig
from renkei_server.dispatch import Route
from renkei_server.domain.linkage_codes import CodeCipher
from renkei_server.domain.peers import ReceivesCodes
from renkei_server.domain.world import Clock, Ids
from renkei_server.door.door import Service
from renkei_server.door.operator_sessions import OperatorSessions
from renkei_server.linkage.numbering import NumberingService
from renkei_server.linkage.sub_copies import SubCopyService as WardSubCopyService
from renkei_server.linkage.tasks import LinkageTasks
from renkei_server.middle.code_acquisition import CodeAcquisitionService
from renkei_server.middle.code_delivery import CodeDeliveryService
from renkei_server.middle.organisation_keys import OrganisationKeyService, Rewrapping
from renkei_server.middle.sub_copies import SubCopyService
from renkei_server.municipal.linkage_code_generation import (
    LinkageCodeGenerationService as MunicipalGenerationService,
)
from renkei_server.national.linkage_code_generation import LinkageCodeGenerationService
from renkei_server.national.tasks import national_routes
from renkei_server.provision.processing_serial import ProcessingSerialService
from renkei_server.provision.resident_record_code import ResidentRecordCodeService
from renkei_server.provision.tasks import ExpirySweep, provision_routes
from renkei_server.relay import GENERATE, generation_route
from renkei_server.resident.linkage_code_relay import LinkageCodeRelayService
from renkei_server.resident.resident_record import ResidentRecordService
from renkei_server.resident.tasks import ResidentTasks
from renkei_server.store import (
    acquisitions,
    codes,
    identities,
    insured,
    links,
    numbering,
    operations,
    organisation_keys,
    outbox,
    receipts,
    residents,
    serials,
    sub_copies,
)
from renkei_server.store.key_file import KeyFile
from renkei_server.store.outbox import Outbox
from renkei_server.store.store import Store, tables

_EVERY_SEAT = (*operations.TABLES, *outbox.TABLES, *receipts.TABLES)

_TABLES = {
    "resident-record": (*residents.TABLES, *acquisitions.TABLES),
    "linkage-platform": (*numbering.TABLES, *acquisitions.TABLES),
    "municipal-cs": (),
    "national-server": identities.TABLES,
    "provision-network": (*serials.TABLES, *links.TABLES),
    "middle-server": (*codes.TABLES, *organisation_keys.TABLES, *sub_copies.TABLES),
    "agency-linkage": (*insured.TABLES, *numbering.TABLES, *codes.TABLES),
}

ROLES = tuple(_TABLES)
"""The roles that a server process can run."""

Client = TypeVar("Client")


def metadata_of(role: str) -> MetaData:
    """The tables of a role's database."""
    return tables(_EVERY_SEAT, _TABLES[role])


@dataclass(frozen=True, slots=True)
class Seat:
    """What a role's seat does, once it is put together."""

    services: Mapping[str, Sequence[Service]]
    routes: Mapping[str, Route]
    regularly: Sequence[Callable[[], Awaitable[object]]] = ()


@dataclass(frozen=True, slots=True)
class Parts:
    """What every seat is made from."""

    config: SeatConfig
    store: Store
    outbox: Outbox
    clock: Clock
    ids: Ids
    connect: Callable[[str, str, str], Channel]
    """Open a channel: trust domain, role, institution."""

    def peer(
        self, make: Callable[[Channel, str], Client], domain: str, role: str, institution: str
    ) -> Client:
        """A client of another seat, by this seat's own certificate in the domain."""
        return make(self.connect(domain, role, institution), self.config.institution)


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
        sessions=_operator_sessions(parts),
    )
    relay = LinkageCodeRelayService(store=parts.store, outbox=parts.outbox)
    return Seat({ward(own): (records, relay)}, tasks.routes)


def _operator_sessions(parts: Parts) -> OperatorSessions:
    if parts.config.operator_key is None:
        msg = f"{parts.config.name} has no operator key: no terminal could be admitted"
        raise ValueError(msg)
    return OperatorSessions(
        institution=parts.config.institution,
        operator_key=VerifyingKey.load(parts.config.operator_key),
        clock=parts.clock,
    )


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
    services = (
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
    )
    return Seat({ward(own): services}, tasks.routes)


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
    sweep = ExpirySweep(store=store, serials=issued, outbox=parts.outbox, clock=parts.clock)
    services = (
        ProcessingSerialService(store=store, serials=issued, clock=parts.clock, ids=parts.ids),
        ResidentRecordCodeService(
            store=store, serials=issued, links=known, outbox=parts.outbox, clock=parts.clock
        ),
    )
    return Seat(
        {LINKAGE: services},
        provision_routes(cipher, _receivers(parts)),
        regularly=(sweep.run_once,),
    )


def _receivers(parts: Parts) -> Callable[[Institution], ReceivesCodes]:
    """How the provision network reaches the institution that owns a serial."""
    opened: dict[Institution, ReceivesCodes] = {}

    def receiver(owner: Institution) -> ReceivesCodes:
        if owner not in opened:
            for role in ("middle-server", "agency-linkage"):
                if f"{role}.{owner}" in parts.config.peers:
                    make = linkage_clients.CodeDeliveryClient
                    opened[owner] = parts.peer(make, LINKAGE, role, owner.name)
                    break
            else:
                raise Refusal(Reason.PEER_UNREACHABLE)
        return opened[owner]

    return receiver


def _middle_server(parts: Parts) -> Seat:
    own, store = parts.config.institution, parts.store
    kept = codes.Codes(store.sealer)
    network = parts.peer(
        linkage_clients.ProcessingSerialClient, LINKAGE, "provision-network", "ipn"
    )
    keys = organisation_keys.OrganisationKeys(KeyFile(parts.config.root_key), parts.ids, own)
    store.write_now(lambda connection: keys.ensure_first(connection, parts.clock.now()))
    held = sub_copies.SubCopies(store.sealer, keys, own)
    rewrapping = Rewrapping(store=store, keys=keys, sub_copies=held)
    services = (
        CodeAcquisitionService(store=store, codes=kept, network=network),
        CodeDeliveryService(store=store, codes=kept),
        SubCopyService(
            store=store,
            sub_copies=held,
            codes=kept,
            layouts=layouts.shipped(),
            clock=parts.clock,
        ),
        OrganisationKeyService(
            store=store,
            keys=keys,
            sub_copies=held,
            sessions=_operator_sessions(parts),
            clock=parts.clock,
        ),
    )
    return Seat({LINKAGE: services}, {}, regularly=(rewrapping.run_once,))


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
    services = (
        AgencyNumberingService(
            store=parts.store,
            insured=insured.Insured(sealer),
            numbering=persons,
            codes=kept,
            outbox=parts.outbox,
        ),
        CodeDeliveryService(store=parts.store, codes=kept),
    )
    return Seat({LINKAGE: services}, tasks.routes)


_ASSEMBLY: Mapping[str, Callable[[Parts], Seat]] = {
    "resident-record": _resident_record,
    "linkage-platform": _linkage_platform,
    "municipal-cs": _municipal_cs,
    "national-server": _national_server,
    "provision-network": _provision_network,
    "middle-server": _middle_server,
    "agency-linkage": _agency_linkage,
}
