"""The information provision network (情報提供ネットワークシステム) (IPN-1 to IPN-5)."""

from typing import Final

from renkei.codes import Institution
from renkei.networks import LINKAGE
from renkei.roles import ACQUIRING, EXCHANGING
from renkei_clients.exchanges import ProvisionClient
from renkei_clients.linkage import CodeDeliveryClient
from renkei_pki.published_keys import KeyJudge
from renkei_server.domain.law import reading
from renkei_server.domain.linkage_codes import CodeCipher, LinkIds
from renkei_server.domain.permits import Core
from renkei_server.roles.parts import Parts, Seat
from renkei_server.seats.provision.announcing import Announcing
from renkei_server.seats.provision.endings import Endings
from renkei_server.seats.provision.exchanges import ExchangeService
from renkei_server.seats.provision.exchanging import ExchangeSweep, Exchanging, Law
from renkei_server.seats.provision.key_directory import KeyDirectoryService
from renkei_server.seats.provision.processing_serial import ProcessingSerialService
from renkei_server.seats.provision.records import RecordService
from renkei_server.seats.provision.resident_record_code import ResidentRecordCodeService
from renkei_server.seats.provision.tasks import ExpirySweep, provision_routes
from renkei_server.store.codes import links, serials
from renkei_server.store.engine import record_log
from renkei_server.store.exchanges import exchanges, published_keys
from renkei_server.store.retention import of_records

TABLES: Final = (
    *serials.TABLES,
    *links.TABLES,
    *exchanges.TABLES,
    *published_keys.DIRECTORY_TABLES,
    *record_log.TABLES,
)

ASKED: Final = 4
"""With so many of those to whom it delivers it compares memories by itself; all others ask it."""


def assemble(parts: Parts) -> Seat:
    """The core (codes, permits, routing) and the interface (keys, records) in one seat."""
    store, clock = parts.store, parts.clock
    issued = serials.Serials(store.sealer)
    code_key = store.write_now(
        lambda connection: links.code_key(connection, store.sealer, parts.config.code_key)
    )
    known = links.Links(store.sealer, LinkIds(code_key))
    cipher = CodeCipher(code_key)
    commitment_key = store.write_now(
        lambda connection: links.commitment_key(connection, store.sealer, parts.ids)
    )
    directory = published_keys.KeyDirectory()
    records = parts.records(LINKAGE)
    kept = exchanges.Exchanges(store.sealer)
    endings = Endings(
        cipher=cipher, exchanges=kept, records=records, outbox=parts.outbox, clock=clock
    )
    exchanging = Exchanging(
        law=Law(
            basis=reading.read(),
            core=Core(cipher, commitment_key),
            world=parts.config.world_id,
            permit_key=parts.keys.signing_key(parts.config.permit_signing_key),
            members=parts.institutions(EXCHANGING),
        ),
        exchanges=kept,
        directory=directory,
        endings=endings,
        outbox=parts.outbox,
        announcing=Announcing(store, parts.outbox),
        clock=clock,
    )
    services = (
        ProcessingSerialService(store=store, serials=issued, clock=clock, ids=parts.ids),
        ResidentRecordCodeService(
            store=store, serials=issued, links=known, outbox=parts.outbox, clock=clock
        ),
        ExchangeService(store=store, exchanging=exchanging, endings=endings),
        KeyDirectoryService(
            store=store,
            directory=directory,
            judge=KeyJudge(parts.credentials(LINKAGE)().roots_pem, parts.revocations(LINKAGE)),
            clock=clock,
        ),
        RecordService(
            store=store,
            records=records,
            record_key=parts.keys.signing_key(parts.config.record_key),
            cipher=cipher,
            clock=clock,
        ),
    )
    reach = parts.reached(CodeDeliveryClient, LINKAGE, ACQUIRING)
    acquiring = sorted(one for one in parts.institutions(ACQUIRING) if " " not in one)
    for one in acquiring[:ASKED]:
        reach(Institution(one))
    routes = {
        **provision_routes(cipher, reach),
        **exchanging.routes(store, parts.reached(ProvisionClient, LINKAGE, EXCHANGING)),
    }
    regularly = (
        ExpirySweep(store=store, serials=issued, outbox=parts.outbox, clock=clock).run_once,
        ExchangeSweep(store=store, exchanging=exchanging, endings=endings).run_once,
        parts.erasing(of_records(records)),
    )
    return Seat({LINKAGE: services}, routes, regularly)
