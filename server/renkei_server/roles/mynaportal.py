"""Mynaportal (マイナポータル): a person's account, and their own view of the records (F2.11)."""

from typing import Final

from renkei.networks import JUKINET, LINKAGE
from renkei_clients.jukinet import linkage_code_generation_client
from renkei_clients.linkage import ProcessingSerialClient
from renkei_clients.records import RecordClient
from renkei_pki.signing import VerifyingKey
from renkei_server.roles.parts import Parts, Seat
from renkei_server.seats.middle.code_delivery import CodeDeliveryService
from renkei_server.seats.portal.mynaportal import MynaportalService
from renkei_server.store.codes import accounts

TABLES: Final = accounts.TABLES


def assemble(parts: Parts) -> Seat:
    """Towards the national server it is a national body's terminal."""
    opened = accounts.Accounts(parts.store.sealer)
    portal = MynaportalService(
        store=parts.store,
        accounts=opened,
        serials=parts.peer(ProcessingSerialClient, LINKAGE, "provision-network"),
        national_server=parts.peer(linkage_code_generation_client, JUKINET, "national-server"),
        network=parts.peer(RecordClient, LINKAGE, "provision-network"),
        network_key=VerifyingKey.load(parts.config.network_record_key),
        ids=parts.ids,
    )
    services = (portal, CodeDeliveryService(store=parts.store, codes=opened))
    after = parts.looking_after(opened)
    return Seat({LINKAGE: services}, {}, after.regularly, after.reconcile)
