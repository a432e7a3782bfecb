"""The national server (全国サーバ) of J-LIS (NS-1, NS-6)."""

from typing import Final

from renkei.networks import JUKINET, LINKAGE
from renkei_clients.linkage import ResidentRecordCodeClient
from renkei_server.roles.parts import Parts, Seat
from renkei_server.seats.national.linkage_code_generation import LinkageCodeGenerationService
from renkei_server.seats.national.tasks import national_routes
from renkei_server.store.engine.files import SealedFile
from renkei_server.store.persons import identities

TABLES: Final = identities.TABLES


def assemble(parts: Parts) -> Seat:
    """It listens on the resident-register network and reports to the provision network."""
    network = parts.peer(ResidentRecordCodeClient, LINKAGE, "provision-network")
    service = LinkageCodeGenerationService(
        store=parts.store,
        outbox=parts.outbox,
        identities=SealedFile(identities.NATION, parts.store.sealer),
    )
    return Seat({JUKINET: (service,)}, national_routes(network))
