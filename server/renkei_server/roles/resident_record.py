"""The resident record system (住民記録) of a municipality (RR-1 to RR-4, RR-7)."""

from typing import Final

from renkei.codes import Institution
from renkei.consistency import Peer
from renkei.identities import NotificationOutcome
from renkei.municipal_items import MunicipalItems
from renkei.networks import ward
from renkei_clients import ward as ward_clients
from renkei_clients.notifications import MunicipalNotificationClient
from renkei_server.dispatch.consistency_runs import Comparisons
from renkei_server.dispatch.notifying import Beyond, End, Notifying
from renkei_server.dispatch.settling import Settling
from renkei_server.roles import consistency
from renkei_server.roles.parts import Parts, Seat
from renkei_server.seats.resident.decisions import EntryDecisionService
from renkei_server.seats.resident.entering import Entering
from renkei_server.seats.resident.linkage_code_relay import LinkageCodeRelayService
from renkei_server.seats.resident.resident_record import ResidentRecordService
from renkei_server.seats.resident.residents import FUNCTION, ResidentService
from renkei_server.seats.resident.tasks import ResidentTasks
from renkei_server.seats.ward.consistency_check import ConsistencyCheckService
from renkei_server.store.codes import acquisitions
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.files import SealedFile
from renkei_server.store.identities import notified, outcomes, outgoing
from renkei_server.store.persons import changed_numbers, provisional, residents
from renkei_server.store.persons.register_side import RegisterSide
from renkei_server.store.retention import of_file

TABLES: Final = (
    *residents.TABLES,
    *provisional.TABLES,
    *changed_numbers.TABLES,
    *acquisitions.TABLES,
    *notified.TABLES,
    *outgoing.TABLES,
    *outcomes.AWAITED,
    *consistency.RUNS,
)

NEXT_HOP: Final = "municipal-cs"


def assemble(parts: Parts) -> Seat:
    """Its one face is the ward's own network."""
    here, sealer = ward(parts.config.institution), parts.store.sealer
    register = SealedFile(residents.REGISTER, sealer)
    asked = acquisitions.Acquisitions(sealer)
    changed = changed_numbers.ChangedNumbers(sealer)
    tasks = ResidentTasks(
        store=parts.store,
        residents=register,
        changed=changed,
        acquisitions=asked,
        outbox=parts.outbox,
        platform=parts.peer(ward_clients.NumberingClient, here, "linkage-platform"),
        communication_server=parts.peer(
            ward_clients.linkage_code_generation_client, here, NEXT_HOP
        ),
    )
    sessions = parts.operator_sessions()
    records = ResidentRecordService(
        store=parts.store,
        residents=register,
        acquisitions=asked,
        outbox=parts.outbox,
        clock=parts.clock,
        sessions=sessions,
    )
    relay = LinkageCodeRelayService(store=parts.store, outbox=parts.outbox)
    standing = notified.Notified(sealer)
    notifying, settling = _notifying(parts, standing)
    waiting = provisional.ProvisionalEntries(sealer)
    entering = Entering(
        here=Institution(parts.config.institution),
        residents=register,
        notified=standing,
        owe=notifying.owe,
        changed=changed,
        outbox=parts.outbox,
        clock=parts.clock,
    )
    entries = ResidentService(
        store=parts.store,
        entering=entering,
        provisional=waiting,
        four_eyes=parts.config.four_eyes,
        notified=standing,
        sessions=sessions,
        clock=parts.clock,
    )
    decisions = EntryDecisionService(
        store=parts.store, entering=entering, provisional=waiting, sessions=sessions
    )
    comparisons = _comparing(parts, register, standing)
    checks = ConsistencyCheckService(
        checks=consistency.checks(parts, comparisons, sessions, FUNCTION)
    )

    def forget(connection: Connection, record: residents.ResidentRecord) -> None:
        person, own = record.local_address_number, Institution(parts.config.institution)
        asked.forget(connection, person.digits)
        changed.forget(connection, person)
        standing.forget(connection, person)
        waiting.forget(connection, person)
        notifying.forget(connection, own, record.resident_record_code)

    erasing = parts.erasing(*of_file("records of the register", register, forget))
    return Seat(
        {here: (records, relay, entries, decisions, checks)},
        {**tasks.routes, **notifying.routes, **comparisons.routes},
        (settling.run_once, comparisons.tend, erasing),
        (settling.run_all,),
    )


def _comparing(
    parts: Parts, register: residents.Residents, standing: notified.Notified
) -> Comparisons:
    """How the register is compared with the municipal CS (F9.4)."""
    here = Institution(parts.config.institution)
    going = outgoing.Outgoing(parts.store.sealer, parts.outbox)
    side = RegisterSide(
        sealer=parts.store.sealer,
        residents=register,
        last_of=standing.last,
        is_owed=lambda connection, code: going.waits(connection, here, code),
    )
    peers = {Peer.MUNICIPAL_CS: consistency.with_municipal_cs(parts, side)}
    return consistency.runs(parts, peers)


def _notifying(parts: Parts, standing: notified.Notified) -> tuple[Notifying, Settling]:
    """How the municipal CS is told of changes, what is heard of them, and what is asked else."""
    here, sealer = ward(parts.config.institution), parts.store.sealer
    server = parts.peer(MunicipalNotificationClient, here, NEXT_HOP)

    async def notify(request_id: str, owed: outgoing.Owed) -> None:
        await server.notify_identity_change(request_id, owed.notification, _municipal(owed))

    def ended(connection: Connection, end: End) -> None:
        told = end.notification
        code = told.items.resident_record_code
        standing.ended(
            connection, code, told.sequence, end.seat, end.refused, end.fields, end.expected
        )

    def heard(connection: Connection, outcome: NotificationOutcome) -> None:
        standing.ended(
            connection,
            outcome.resident_record_code,
            outcome.sequence,
            outcome.seat,
            outcome.refused,
            outcome.fields,
        )

    going = outgoing.Outgoing(sealer, parts.outbox)
    awaited = outcomes.Awaited(sealer)
    beyond = Beyond(server, server.get_notification_progress, awaited, heard, parts.clock)
    notifying = Notifying(
        store=parts.store,
        outbox=parts.outbox,
        outgoing=going,
        notify=notify,
        next_hop=NEXT_HOP,
        ended=ended,
        beyond=beyond,
    )
    settling = Settling(
        store=parts.store,
        outbox=parts.outbox,
        outgoing=going,
        beyond=beyond,
        origin=Institution(parts.config.institution),
    )
    return notifying, settling


def _municipal(owed: outgoing.Owed) -> MunicipalItems:
    """What the register always tells the municipal CS; raises ValueError where it is not there."""
    if owed.municipal is None:
        msg = "a notification of the register bears the municipality's own items"
        raise ValueError(msg)
    return owed.municipal
