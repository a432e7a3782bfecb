"""A national body's own linkage (機関の連携基盤): the middle server's services, and numbering.

Towards the national server it is the body's terminal (代表端末). Sub-copies come from its own
systems, which stand behind it unseen.
"""

from typing import Final

from renkei.networks import JUKINET, LINKAGE
from renkei_clients.jukinet import linkage_code_generation_client
from renkei_clients.linkage import ProcessingSerialClient
from renkei_server.door.door import Service
from renkei_server.roles import information
from renkei_server.roles.parts import Parts, Seat
from renkei_server.seats.agency.numbering import NumberingService
from renkei_server.seats.agency.tasks import ASK_SERIAL, AgencyTasks
from renkei_server.seats.middle.code_delivery import CodeDeliveryService
from renkei_server.store.engine.files import SealedFile
from renkei_server.store.persons import insured, numbering

TABLES: Final = (*insured.TABLES, *numbering.TABLES, *information.TABLES)


def assemble(parts: Parts) -> Seat:
    """Its one face is the linkage network; it calls on both."""
    persons = numbering.Numbering(parts.store.sealer, parts.ids)
    own = information.of(parts)
    tasks = AgencyTasks(
        numbering=persons,
        codes=own.codes,
        outbox=parts.outbox,
        network=parts.peer(ProcessingSerialClient, LINKAGE, "provision-network"),
        national_server=parts.peer(linkage_code_generation_client, JUKINET, "national-server"),
    )
    services: tuple[Service, ...] = (
        NumberingService(
            store=parts.store,
            insured=SealedFile(insured.INSURED, parts.store.sealer),
            numbering=persons,
            acquisitions=own.codes,
            person_of=lambda connection, key, _: own.codes.person(connection, key),
            first_call=ASK_SERIAL,
            outbox=parts.outbox,
            clock=parts.clock,
        ),
        CodeDeliveryService(store=parts.store, codes=own.codes),
        *own.services,
    )
    after = parts.looking_after(own.codes)
    regularly = (*own.regularly, *after.regularly)
    return Seat({LINKAGE: services}, {**tasks.routes, **own.routes}, regularly, after.reconcile)
