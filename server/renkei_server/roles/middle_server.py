"""The middle server (中間サーバー) of one organisation, on the shared platform (MS-1 to MS-10)."""

from typing import Final

from renkei.networks import LINKAGE
from renkei_clients.linkage import ProcessingSerialClient
from renkei_server.domain import layouts
from renkei_server.door.door import Service
from renkei_server.roles import information
from renkei_server.roles.parts import Parts, Seat
from renkei_server.seats.middle.code_acquisition import CodeAcquisitionService
from renkei_server.seats.middle.code_delivery import CodeDeliveryService
from renkei_server.seats.middle.platform import PlatformService
from renkei_server.seats.middle.sub_copies import SubCopyService

TABLES: Final = information.TABLES


def assemble(parts: Parts) -> Seat:
    """It keeps codes, and exchanges information by them."""
    own = information.of(parts)
    network = parts.peer(ProcessingSerialClient, LINKAGE, "provision-network")
    services: tuple[Service, ...] = (
        CodeAcquisitionService(store=parts.store, codes=own.codes, network=network),
        CodeDeliveryService(store=parts.store, codes=own.codes),
        SubCopyService(
            store=parts.store,
            sub_copies=own.sub_copies,
            codes=own.codes,
            layouts=layouts.shipped(),
            clock=parts.clock,
        ),
        PlatformService(
            store=parts.store,
            codes=own.codes,
            sub_copies=own.sub_copies,
            inquiries=own.inquiries,
            provisions=own.provisions,
            records=own.records,
            outbox=parts.outbox,
            clock=parts.clock,
        ),
        *own.services,
    )
    after = parts.looking_after(own.codes)
    regularly = (*own.regularly, *after.regularly)
    return Seat({LINKAGE: services}, own.routes, regularly, after.reconcile)
