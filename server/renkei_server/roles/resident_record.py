"""The resident record system (住民記録) of a municipality (RR-4, RR-7)."""

from typing import Final

from renkei.networks import ward
from renkei_clients import ward as ward_clients
from renkei_server.roles.parts import Parts, Seat
from renkei_server.seats.resident.linkage_code_relay import LinkageCodeRelayService
from renkei_server.seats.resident.resident_record import ResidentRecordService
from renkei_server.seats.resident.tasks import ResidentTasks
from renkei_server.store.codes import acquisitions
from renkei_server.store.engine.files import SealedFile
from renkei_server.store.persons import residents

TABLES: Final = (*residents.TABLES, *acquisitions.TABLES)


def assemble(parts: Parts) -> Seat:
    """Its one face is the ward's own network."""
    here, sealer = ward(parts.config.institution), parts.store.sealer
    register = SealedFile(residents.REGISTER, sealer)
    asked = acquisitions.Acquisitions(sealer)
    tasks = ResidentTasks(
        store=parts.store,
        residents=register,
        acquisitions=asked,
        outbox=parts.outbox,
        platform=parts.peer(ward_clients.NumberingClient, here, "linkage-platform"),
        communication_server=parts.peer(
            ward_clients.linkage_code_generation_client, here, "municipal-cs"
        ),
    )
    records = ResidentRecordService(
        store=parts.store,
        residents=register,
        acquisitions=asked,
        outbox=parts.outbox,
        clock=parts.clock,
        sessions=parts.operator_sessions(),
    )
    relay = LinkageCodeRelayService(store=parts.store, outbox=parts.outbox)
    return Seat({here: (records, relay)}, tasks.routes)
