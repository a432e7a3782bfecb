"""What an organisation does with information, put together: keep, inquire, provide (MS-2 to MS-8).

It is the same at the middle server, for each organisation, and at an agency linkage; but sub-copies
come from a linkage platform, which a national body's own systems stand behind unseen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from renkei.codes import Institution
from renkei.networks import LINKAGE
from renkei_clients.address_information import AddressInformationClient
from renkei_clients.exchanges import ExchangeClient, KeyDirectoryClient
from renkei_pki.answer_keys import AnswerKeyFolder
from renkei_pki.answer_signing import AnswerJudge, AnswerSigner
from renkei_pki.published_keys import KeyJudge
from renkei_pki.signing import VerifyingKey
from renkei_server.dispatch.routes import Route
from renkei_server.domain.law import reading
from renkei_server.door.door import Service
from renkei_server.roles import staff
from renkei_server.roles.parts import Chore, Parts
from renkei_server.seats.middle.answering import DELIVER_ANSWER, Answering
from renkei_server.seats.middle.inquiries import InquiryService
from renkei_server.seats.middle.inquiring import Inquiring
from renkei_server.seats.middle.organisation_keys import OrganisationKeyService, Rewrapping
from renkei_server.seats.middle.permitted import Permits
from renkei_server.seats.middle.provision import ProvisionService
from renkei_server.seats.middle.release import HeldTooLong, ReleaseService
from renkei_server.seats.middle.sealing_keys import PUBLISH, InquirerKeys, Publishing
from renkei_server.seats.middle.settling import Overdue, Settling
from renkei_server.store.codes import codes
from renkei_server.store.engine import record_log
from renkei_server.store.engine.key_file import KeyFile
from renkei_server.store.exchanges import inquiries, provisions, published_keys
from renkei_server.store.retention import of_answers, of_permits, of_records
from renkei_server.store.sub_copies import organisation_keys, sub_copies

TABLES = (
    *codes.TABLES,
    *organisation_keys.TABLES,
    *sub_copies.TABLES,
    *inquiries.TABLES,
    *provisions.TABLES,
    *published_keys.ORGANISATION_TABLES,
    *record_log.TABLES,
    *staff.TABLES,
)


@dataclass(frozen=True, slots=True)
class Information:
    """What works on an organisation's information, and what it is kept in."""

    codes: codes.Codes
    sub_copies: sub_copies.SubCopies
    inquiries: inquiries.Inquiries
    provisions: provisions.Provisions
    records: record_log.RecordLog
    services: Sequence[Service]
    routes: Mapping[str, Route]
    regularly: Sequence[Chore]


def of(parts: Parts) -> Information:
    """Put together what uses the organisation's codes."""
    config, store, clock = parts.config, parts.store, parts.clock
    own = Institution(config.institution)
    network = parts.peer(ExchangeClient, LINKAGE, "provision-network")
    directory = parts.peer(KeyDirectoryClient, LINKAGE, "provision-network")
    kept = codes.Codes(store.sealer)
    people = staff.of(parts)
    sessions = people.sessions
    basis = reading.read()

    keys = organisation_keys.OrganisationKeys(KeyFile(config.root_key), parts.ids, own.name)
    if store.shared.is_first:
        store.write_now(lambda connection: keys.ensure_first(connection, clock.now()))
    store.on_change(organisation_keys.TABLE_NAMES, keys.forget)
    held = sub_copies.SubCopies(store.sealer, keys, own.name)
    asked = inquiries.Inquiries(store.sealer)
    provided = provisions.Provisions(store.sealer)
    records = parts.records(LINKAGE)

    answer_keys = AnswerKeyFolder(config.answer_keys, own).current
    remembered = published_keys.RememberedKeys()
    credentials, revocations = parts.credentials(LINKAGE), parts.revocations(LINKAGE)
    roots_pem = credentials().roots_pem
    inquirer_keys = InquirerKeys(KeyJudge(roots_pem, revocations), remembered, clock)
    publishing = Publishing(
        store=store,
        outbox=parts.outbox,
        remembered=remembered,
        keys=answer_keys,
        credentials=credentials,
        directory=directory,
        clock=clock,
    )
    permits = Permits(own, config.world_id, VerifyingKey.load(config.permit_key))
    settling = Settling(
        inquiries=asked,
        codes=kept,
        permits=permits,
        records=records,
        outbox=parts.outbox,
        clock=clock,
        network=network,
    )
    answering = Answering(
        kept=kept,
        held=held,
        signer=AnswerSigner(credentials),
        records=records,
        outbox=parts.outbox,
        clock=clock,
        network=network,
        settling=settling,
    )
    inquiring = Inquiring(
        store=store,
        inquiries=asked,
        codes=kept,
        permits=permits,
        answer_keys=answer_keys,
        answers=AnswerJudge(roots_pem, revocations),
        records=records,
        outbox=parts.outbox,
        clock=clock,
        network=network,
        settling=settling,
    )
    services: tuple[Service, ...] = (
        OrganisationKeyService(
            store=store, keys=keys, sub_copies=held, sessions=sessions, clock=clock
        ),
        *people.services,
        InquiryService(
            store=store,
            inquiries=asked,
            inquiring=inquiring,
            law=basis,
            sessions=sessions,
            ids=parts.ids,
        ),
        ProvisionService(
            store=store,
            provisions=provided,
            permits=permits,
            keys=inquirer_keys,
            answering=answering,
            inquiring=inquiring,
            settling=settling,
            clock=clock,
        ),
        ReleaseService(
            store=store,
            provisions=provided,
            permits=permits,
            keys=inquirer_keys,
            directory=directory,
            answering=answering,
            sessions=sessions,
            clock=clock,
            addresses=(
                parts.peer(AddressInformationClient, LINKAGE, "linkage-platform")
                if parts.has_peer("linkage-platform")
                else None  # a national body's own linkage knows whose a number is
            ),
        ),
    )
    return Information(
        kept,
        held,
        asked,
        provided,
        records,
        services,
        {
            **inquiring.routes,
            **settling.routes,
            DELIVER_ANSWER: answering.route,
            PUBLISH: publishing.route,
        },
        regularly=(
            publishing.run_once,
            Overdue(store=store, settling=settling).run_once,
            Rewrapping(store=store, keys=keys, sub_copies=held).run_once,
            HeldTooLong(
                store=store,
                provisions=provided,
                permits=permits,
                answering=answering,
                clock=clock,
            ).run_once,
            parts.erasing(of_records(records), of_answers(asked), of_permits(provided)),
        ),
    )
