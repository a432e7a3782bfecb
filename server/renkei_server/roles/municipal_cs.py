"""The municipal communication server (市町村CS), as far as linkage-code generation goes."""

from typing import Final

from renkei.networks import JUKINET, ward
from renkei_clients.jukinet import linkage_code_generation_client
from renkei_server.dispatch.generation import GENERATE, generation_route
from renkei_server.roles.parts import Parts, Seat
from renkei_server.seats.municipal.linkage_code_generation import LinkageCodeGenerationService

TABLES: Final = ()


def assemble(parts: Parts) -> Seat:
    """It listens in the ward and goes on to the nation by the resident-register network."""
    national = parts.peer(linkage_code_generation_client, JUKINET, "national-server")
    service = LinkageCodeGenerationService(store=parts.store, outbox=parts.outbox)
    return Seat(
        {ward(parts.config.institution): (service,), JUKINET: ()},
        {GENERATE: generation_route(national)},
    )
