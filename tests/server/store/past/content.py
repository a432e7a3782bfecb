"""What is kept in a database of every role: written by the store's modules, and read by them.

Each `Kept` goes with some tables. What `write` does is what modules do at the newest revision;
`read` has to find `expected` in the databases of every revision, once they are upgraded.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Column, LargeBinary, MetaData, String, Table, insert

from renkei import reasons
from renkei.acquisitions import BOUND, PENDING, Failure, Standing, failed
from renkei.answers import Outcome
from renkei.bulk_outputs import Changed
from renkei.change_reasons import ChangeReason
from renkei.codes import Institution, LinkageCode
from renkei.consistency import Finding, Peer
from renkei.consistency_reports import Found, Part
from renkei.exchanges import ExchangeId, InquiryTerms
from renkei.identities import IdentityItems, IdentityNotification
from renkei.identity_search import Purpose
from renkei.memories import Memory
from renkei.municipal_items import MunicipalItems
from renkei.networks import LINKAGE
from renkei.permits import SignedPermit
from renkei.persons import FourAttributes, Sex
from renkei.recorded_days import RecordedDay
from renkei.residents import Household, ResidentEntry
from renkei.sealed_answers import PublishedKeys
from renkei.sub_copies import NullReason, Publication, RecordName, SubCopy
from renkei_pki.identity import Identity as Certified
from renkei_server.domain.bulk_outputs import BulkOutput
from renkei_server.domain.corrections import Approval
from renkei_server.domain.exchanges import Open
from renkei_server.domain.identity_changes import HeldIdentity
from renkei_server.domain.linkage_codes import LinkIds
from renkei_server.domain.operators import Access
from renkei_server.domain.serials import Serial, SerialState
from renkei_server.store.batch_runs.batch_runs import BatchRuns, Run, RunState
from renkei_server.store.batch_runs.inquiry_lines import InquiryLines
from renkei_server.store.batch_runs.registration_records import Record, RegistrationRecords
from renkei_server.store.codes.accounts import Accounts
from renkei_server.store.codes.acquisitions import Acquisitions
from renkei_server.store.codes.codes import Codes
from renkei_server.store.codes.links import Links, code_key
from renkei_server.store.codes.serials import Serials
from renkei_server.store.engine import erasures, incarnations
from renkei_server.store.engine.boxes import KEY_BYTES
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.files import FileForm, SealedFile
from renkei_server.store.engine.histories import Change
from renkei_server.store.engine.key_file import KeyFile, read_key
from renkei_server.store.engine.operations import Operation, OperationLog
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.engine.receipts import Receipt, Receipts, find, once
from renkei_server.store.engine.record_log import RecordLog
from renkei_server.store.engine.run_digests import SeatRun
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.exchanges import department_inquiries
from renkei_server.store.exchanges.exchanges import Exchanges
from renkei_server.store.exchanges.inquiries import Asked, Inquiries
from renkei_server.store.exchanges.provisions import Provisions
from renkei_server.store.exchanges.published_keys import KeyDirectory, OwnRecord, RememberedKeys
from renkei_server.store.identities.bulk_outputs import BulkOutputs
from renkei_server.store.identities.changed_codes import ChangedCode, ChangedCodes
from renkei_server.store.identities.compared import SUMS
from renkei_server.store.identities.consistency_runs import ConsistencyRuns
from renkei_server.store.identities.corrections import Corrections
from renkei_server.store.identities.departed import Departed
from renkei_server.store.identities.identity_file import BY_ADDRESS, BY_BIRTH, BY_NUMBER
from renkei_server.store.identities.identity_file import FORM as IDENTITIES
from renkei_server.store.identities.incoming import Incoming
from renkei_server.store.identities.notified import Notified
from renkei_server.store.identities.outcomes import Awaited, Outcomes
from renkei_server.store.identities.outgoing import NOTIFY, Outgoing, Owed
from renkei_server.store.identities.update_counts import UpdateCount, UpdateCounts
from renkei_server.store.operators import Operators
from renkei_server.store.persons.changed_numbers import ChangedNumbers
from renkei_server.store.persons.insured import BY_INDIVIDUAL_NUMBER as BY_INSURED_NUMBER
from renkei_server.store.persons.insured import INSURED, InsuredPerson
from renkei_server.store.persons.numbering import Numbering
from renkei_server.store.persons.provisional import Provisional, ProvisionalEntries
from renkei_server.store.persons.residents import (
    BY_LOCAL_ADDRESS_NUMBER,
    OF_REGISTER,
    REGISTER,
    ResidentRecord,
)
from renkei_server.store.persons.residents import SUMS as RESIDENT_SUMS
from renkei_server.store.sub_copies.organisation_keys import OrganisationKeys
from renkei_server.store.sub_copies.sub_copies import SubCopies
from tests.server.world import (
    NOON,
    CountedIds,
    SetClock,
    individual_number,
    integrated_address_number,
    local_address_number,
    request_id,
    resident_record_code,
    serial,
)

STORE_KEY: Final = b"k" * KEY_BYTES
ROOT_KEY: Final = b"r" * KEY_BYTES
DRAWN_LINK_ID: Final = CountedIds().random_bytes(32)[:16]
DRAWN_KEY: Final = CountedIds().random_bytes(32)

HANAKO: Final = FourAttributes(
    "山田　花子", "ヤマダ　ハナコ", date(1970, 1, 31), Sex.FEMALE, "1640001", "東京都中野区中野"
)
PERSON, OTHER = integrated_address_number(12345678), integrated_address_number(87654321)
EXCHANGE, ANOTHER = ExchangeId(request_id(1)), ExchangeId(request_id(2))
CODE: Final = LinkageCode(b"c" * 32)
WARD, NEIGHBOUR = Institution("131148"), Institution("131130")
TERMS: Final = InquiryTerms(
    inquirer=NEIGHBOUR,
    inquirer_delegator=None,
    provider=WARD,
    provider_delegator=None,
    affair_code="JM90000000132000",
    procedure_code="JT90000000132001",
    information_code="TM90000000000001",
    condition_class="0",
    fiscal_year_class="0",
    from_date=date(2026, 4, 1),
    to_date=None,
    non_disclosure=False,
)
SUB_COPY: Final = SubCopy(
    RecordName("TM90000000000001"),
    1,
    Publication(date(2026, 4, 1)),
    {"A1": "山田　花子", "A2": NullReason.NOT_COVERED},
)
LATER: Final = NOON + timedelta(days=1)


class Seat:
    """What modules of a store need beside a connection; `folder` is where its root key lies."""

    def __init__(self, folder: Path) -> None:
        self.sealer = Sealer(STORE_KEY)
        self.ids = CountedIds()
        self.clock = SetClock()
        root = folder / "root.key"
        root.write_bytes(ROOT_KEY)
        self.code_key = folder / "code.key"
        self.code_key.write_bytes(DRAWN_KEY)
        self.keys = OrganisationKeys(KeyFile(root), self.ids, WARD.name)
        self.sub_copies = SubCopies(self.sealer, self.keys, WARD.name)


@dataclass(frozen=True)
class Kept:
    """Something that is kept in some tables."""

    tables: frozenset[str]
    write: Callable[[Connection, Seat], object]
    read: Callable[[Connection, Seat], Any]
    expected: Any


KEPT: Final[list[Kept]] = []


def kept(
    tables: str, expected: Any, write: Callable[[Connection, Seat], object]
) -> Callable[[Callable[[Connection, Seat], Any]], Callable[[Connection, Seat], Any]]:
    """Something that is kept; what is decorated reads it."""

    def add(read: Callable[[Connection, Seat], Any]) -> Callable[[Connection, Seat], Any]:
        KEPT.append(Kept(frozenset(tables.split()), write, read, expected))
        return read

    return add


# What every seat keeps

_OPERATION = Operation(
    NOON, "spiffe://a", "/a/Ask", request_id(1), "operator", "person", "OK", recorded=True
)


@kept("operations", [_OPERATION], lambda c, seat: OperationLog(seat.sealer).record(c, [_OPERATION]))
def _operations(connection: Connection, seat: Seat) -> object:
    return OperationLog(seat.sealer).concerning(connection, "person")


_SEEN: Final = Memory("0123456789abcdef" * 2, 3)


def _remember(connection: Connection, seat: Seat) -> None:
    incarnations.begin(connection, seat.ids, NOON, restored=False)
    incarnations.see(connection, "municipal-cs.131148", _SEEN)


@kept("incarnations neighbours", (1, _SEEN), _remember)
def _memories(connection: Connection, _seat: Seat) -> object:
    present = incarnations.present(connection)
    return present and present.memory.count, incarnations.seen(connection, "municipal-cs.131148")


def _receipt(seat: Seat) -> Receipt:
    receipts = Receipts(seat.sealer, SeatRun.drawn(seat.ids))
    return receipts.receipt(
        "spiffe://a", "/a/Ask", request_id(1), lasting=None, whole=b"what is asked"
    )


@kept("receipts", "made", lambda c, seat: once(c, _receipt(seat), lambda: "made"))
def _receipts(connection: Connection, seat: Seat) -> object:
    return find(connection, _receipt(seat))


def _owe(connection: Connection, seat: Seat) -> None:
    """One call is owed, one was refused, and one was made: the last, whose number is not to return."""
    outbox = Outbox(seat.sealer, seat.ids)
    for cause in ("first", "second", "third"):
        outbox.put(connection, "tell", cause=cause, content={"of": cause})
    _, second, third = outbox.after(connection, "tell", 0, 9)
    outbox.refused(connection, second, reasons.SERIAL_EXPIRED, NOON)
    outbox.done(connection, third)


@kept("outbox refused_calls", ([("first", {"of": "first"})], {"tell": 1}), _owe)
def _owed(connection: Connection, seat: Seat) -> object:
    outbox = Outbox(seat.sealer, seat.ids)
    tasks = outbox.after(connection, "tell", 0, 9)
    return [(task.cause, dict(task.content)) for task in tasks], outbox.refused_kinds(connection)


# Persons


def _file(
    form: FileForm[Any], was: Any, now: Any | None = None
) -> Callable[[Connection, Seat], object]:
    def write(connection: Connection, seat: Seat) -> None:
        file = SealedFile(form, seat.sealer)
        file.add(connection, was)
        if now is not None:
            file.replace(connection, was, now, Change(NOON, "moved"))

    return write


_TOLD: Final = IdentityItems(
    resident_record_code=resident_record_code(1),
    name=HANAKO.name,
    furigana=HANAKO.furigana,
    birth=RecordedDay.of(HANAKO.birth_date),
    sex=HANAKO.sex,
    address=HANAKO.address,
    individual_number=individual_number(1),
    reason=ChangeReason.ENTERED_EX_OFFICIO,
    changed_on=RecordedDay(0, 0, 0, unknown="不詳"),
)
_HELD = HeldIdentity(_TOLD, None)
_CHANGED = HeldIdentity(replace(_TOLD, resident_record_code=resident_record_code(2)), None)


@kept("identities identities_history", (_CHANGED, _HELD), _file(IDENTITIES, _HELD, _CHANGED))
def _identities(connection: Connection, seat: Seat) -> object:
    file = SealedFile(IDENTITIES, seat.sealer)
    (earlier,) = file.earlier(connection, BY_NUMBER, individual_number(1))
    (found,) = file.find_all(connection, BY_BIRTH, (1970, 1, 31))
    assert file.find_former(connection, BY_ADDRESS, HANAKO.address) == [(earlier.record, found)]
    assert found == file.find(connection, BY_NUMBER, individual_number(1))
    return found, earlier.record


_MOVED_ON: Final = HeldIdentity(replace(_TOLD, resident_record_code=resident_record_code(3)), WARD)
_CAME: Final = IdentityNotification(
    NEIGHBOUR, 1, replace(_MOVED_ON.items, reason=ChangeReason.MOVED_IN)
)


@kept(
    "departed_identities identity_sums",
    (_MOVED_ON, 1),
    lambda c, seat: Departed(seat.sealer).told(
        c, _CAME, _MOVED_ON, HeldIdentity(_CAME.items, NEIGHBOUR), _CAME.known_by
    ),
)
def _departed(connection: Connection, seat: Seat) -> object:
    found = Departed(seat.sealer).find(connection, WARD, resident_record_code(3))
    return found, sum(one.records for one in SUMS.of(connection, seat.sealer, WARD.name).values())


_NOTIFICATION: Final = IdentityNotification(WARD, 1, _TOLD)


@kept("applied_sequences", 1, lambda c, seat: Incoming(seat.sealer).applied(c, _NOTIFICATION, 0))
def _applied(connection: Connection, seat: Seat) -> object:
    return Incoming(seat.sealer).last(connection, WARD, resident_record_code(1))


def _notify(connection: Connection, seat: Seat) -> None:
    outgoing = Outgoing(seat.sealer, Outbox(seat.sealer, seat.ids))
    outgoing.put(connection, Owed(_NOTIFICATION), cause="entered")


@kept("notification_chains outgoing_notifications", _NOTIFICATION, _notify)
def _notifications(connection: Connection, seat: Seat) -> object:
    outbox = Outbox(seat.sealer, seat.ids)
    (task,) = outbox.after(connection, NOTIFY, 0, 2)
    head = Outgoing(seat.sealer, outbox).head(connection, int(task.content["chain"]))
    return head and head.owed.notification


@kept(
    "notification_outcomes",
    [1],
    lambda c, seat: Outcomes(seat.sealer).add(c, _NOTIFICATION, "national-server"),
)
def _outcomes(connection: Connection, seat: Seat) -> object:
    return [one.sequence for one in Outcomes(seat.sealer).of(connection, WARD)]


@kept(
    "awaited_outcomes",
    {"any": True},
    lambda c, seat: Awaited(seat.sealer).add(c, resident_record_code(1), 1, NOON),
)
def _awaited(connection: Connection, seat: Seat) -> object:
    return {"any": Awaited(seat.sealer).any(connection)}


_ENTRY = ResidentEntry(
    local_address_number(1),
    _TOLD,
    MunicipalItems(
        0, 0, "", HANAKO.postal_code, _TOLD.birth, _TOLD.birth, NOON.date(), "one", "two"
    ),
    Household("0" * 15, HANAKO.name, "本人"),
)
_WAITING = Provisional(request_id(1), _ENTRY, "operator-1", NOON, 2)


@kept(
    "provisional_entries",
    [_WAITING],
    lambda c, seat: ProvisionalEntries(seat.sealer).add(c, _WAITING),
)
def _provisional(connection: Connection, seat: Seat) -> object:
    return ProvisionalEntries(seat.sealer).all(connection)


_APPROVAL = Approval("approval", ChangeReason.ERROR_CORRECTED, "R8-1", "manager", NOON)


@kept(
    "correction_approvals",
    [_APPROVAL],
    lambda c, seat: Corrections(seat.sealer).add(c, resident_record_code(1), _APPROVAL),
)
def _approvals(connection: Connection, seat: Seat) -> object:
    return Corrections(seat.sealer).of(connection, resident_record_code(1))


_OUTPUT = BulkOutput(
    output_id="output",
    criteria=None,
    changed=Changed(date(2026, 4, 1), date(2026, 4, 30), frozenset({ChangeReason.MOVED_IN})),
    purpose=Purpose("resident-register", "R8-2"),
    tells_number=True,
    requested_by="clerk",
    requested_at=NOON,
)


@kept("bulk_outputs", _OUTPUT, lambda c, seat: BulkOutputs(seat.sealer).add(c, _OUTPUT))
def _bulk_outputs(connection: Connection, seat: Seat) -> object:
    return BulkOutputs(seat.sealer).one(connection, "output")


@kept(
    "update_counts",
    [UpdateCount(date(2026, 11, 23), ChangeReason.BIRTH, 1)],
    lambda c, seat: UpdateCounts(seat.sealer).add(c, date(2026, 11, 23), ChangeReason.BIRTH),
)
def _update_counts(connection: Connection, seat: Seat) -> object:
    day = date(2026, 11, 23)
    return UpdateCounts(seat.sealer).of(connection, day, day)


@kept(
    "notified_persons",
    (1, 0),
    lambda c, seat: Notified(seat.sealer).next(c, local_address_number(1), resident_record_code(1)),
)
def _notified(connection: Connection, seat: Seat) -> object:
    found = Notified(seat.sealer).of(connection, local_address_number(1))
    return found and (found.latest, found.stopped_at)


_RESIDENT = ResidentRecord(
    local_address_number(1), resident_record_code(1), individual_number(1), HANAKO
)
_REMOVED = ResidentRecord(
    local_address_number(1), resident_record_code(1), None, HANAKO, removed_on=date(2200, 12, 31)
)


@kept("residents residents_history", (_REMOVED, _RESIDENT), _file(REGISTER, _RESIDENT, _REMOVED))
def _residents(connection: Connection, seat: Seat) -> object:
    file, number = SealedFile(REGISTER, seat.sealer), local_address_number(1)
    (earlier,) = file.earlier(connection, BY_LOCAL_ADDRESS_NUMBER, number)
    return file.find(connection, BY_LOCAL_ADDRESS_NUMBER, number), earlier.record


@kept("resident_sums", 1, lambda c, seat: RESIDENT_SUMS.change(c, seat.sealer, None, _RESIDENT))
def _resident_sums(connection: Connection, seat: Seat) -> object:
    sums = RESIDENT_SUMS.of(connection, seat.sealer, OF_REGISTER)
    return sum(one.records for one in sums.values())


_FOUND: Final = Found(Finding.MISSING_THERE, resident_record_code(1))
_PART: Final = Part(Peer.NATION, WARD)


def _compare(connection: Connection, seat: Seat) -> None:
    runs = ConsistencyRuns(seat.sealer)
    run = runs.begin(connection, [(Peer.NATION, WARD)], at=NOON, ends_by=NOON, regular=True)
    runs.note(connection, run.number, 0, _PART, [_FOUND])
    runs.set_due(connection, NOON)


@kept(
    "consistency_runs consistency_parts consistency_differences regular_runs",
    ((_PART,), [_FOUND], NOON),
    _compare,
)
def _compared(connection: Connection, seat: Seat) -> object:
    runs = ConsistencyRuns(seat.sealer)
    run = runs.newest(connection)
    assert run is not None
    found, _ = runs.found(connection, run.number, 0)
    return run.parts, [one for _, _, one in found], runs.due_at(connection)


_INSURED = InsuredPerson(individual_number(1), HANAKO)


@kept("insured", _INSURED, _file(INSURED, _INSURED))
def _insured(connection: Connection, seat: Seat) -> object:
    return SealedFile(INSURED, seat.sealer).find(
        connection, BY_INSURED_NUMBER, individual_number(1)
    )


def _number(connection: Connection, seat: Seat) -> None:
    numbering = Numbering(seat.sealer, seat.ids)
    number = numbering.number(connection, individual_number(1), HANAKO)
    numbering.bind_local(connection, local_address_number(1), number)


@kept("persons local_address_numbers", HANAKO, _number)
def _numbered(connection: Connection, seat: Seat) -> object:
    numbering = Numbering(seat.sealer, seat.ids)
    number = numbering.by_local(connection, local_address_number(1))
    assert number is not None
    assert numbering.find(connection, individual_number(1)) == number
    return numbering.attributes(connection, number)


# Codes


@kept("acquisitions", PENDING, lambda c, seat: Acquisitions(seat.sealer).begin(c, "person"))
def _acquisitions(connection: Connection, seat: Seat) -> object:
    return Acquisitions(seat.sealer).newest(connection, "person")


def _open_accounts(connection: Connection, seat: Seat) -> None:
    accounts = Accounts(seat.sealer)
    for count in (1, 2):
        accounts.open(connection, request_id(count), serial(count))
    accounts.settle(connection, serial(1), CODE)


@kept("accounts", (CODE, serial(2)), _open_accounts)
def _accounts(connection: Connection, seat: Seat) -> object:
    accounts = Accounts(seat.sealer)
    return accounts.code(connection, request_id(1)), accounts.serial(connection, request_id(2))


def _acquire(connection: Connection, seat: Seat) -> None:
    codes = Codes(seat.sealer)
    for count, person in ((1, PERSON), (2, OTHER)):
        codes.await_serial(connection, codes.begin(connection, person), serial(count), LATER)
    codes.settle(connection, serial(1), CODE)


@kept("code_acquisitions codes", (BOUND, PENDING, CODE, [PERSON]), _acquire)
def _codes(connection: Connection, seat: Seat) -> object:
    codes = Codes(seat.sealer)
    return (
        codes.newest(connection, PERSON),
        codes.newest(connection, OTHER),
        codes.code_of(connection, PERSON),
        codes.persons_of(connection, CODE),
    )


_LINKS_OF_BEFORE: Final = Table(
    "links", MetaData(), Column("resident_record_code", LargeBinary), Column("link_id", LargeBinary)
)
_KEYS_OF_BEFORE: Final = Table(
    "core_keys", MetaData(), Column("name", String), Column("wrapped_key", LargeBinary)
)


def link_of_before(connection: Connection, sealer: Sealer) -> None:
    """A person's link id that was drawn, and the core's code key, as older versions kept them."""
    code, column = _LINKS_OF_BEFORE.c
    blind = sealer.blind(code, resident_record_code(1).digits.encode())
    row = {code.name: blind, column.name: sealer.seal(column, DRAWN_LINK_ID)}
    connection.alchemy.execute(insert(_LINKS_OF_BEFORE).values(row))
    row = {"name": "code", "wrapped_key": sealer.seal(_KEYS_OF_BEFORE.c.wrapped_key, DRAWN_KEY)}
    connection.alchemy.execute(insert(_KEYS_OF_BEFORE).values(row))


def _change_code(connection: Connection, seat: Seat) -> None:
    ChangedCodes(seat.sealer).change(connection, resident_record_code(2), resident_record_code(3))


@kept(
    "changed_codes",
    ChangedCode(resident_record_code(2), resident_record_code(3), resident_record_code(2)),
    _change_code,
)
def _changed_code(connection: Connection, seat: Seat) -> object:
    return ChangedCodes(seat.sealer).of(connection, resident_record_code(3))


def _change_number(connection: Connection, seat: Seat) -> None:
    ChangedNumbers(seat.sealer).add(connection, local_address_number(1), individual_number(2))


@kept("changed_numbers", (individual_number(2),), _change_number)
def _changed_number(connection: Connection, seat: Seat) -> object:
    return ChangedNumbers(seat.sealer).of(connection, local_address_number(1))


_DOUBLED = integrated_address_number(55555555)
_ELSEWHERE = Standing(failed(Failure.CODE_HAS_ANOTHER_NUMBER), PERSON)


def _contradict(connection: Connection, seat: Seat) -> None:
    codes = Codes(seat.sealer)
    codes.await_serial(connection, codes.begin(connection, _DOUBLED), serial(3), LATER)
    codes.settle(connection, serial(3), CODE)


@kept("code_acquisitions codes codes_bound_elsewhere", _ELSEWHERE, _contradict)
def _contradicted(connection: Connection, seat: Seat) -> object:
    """Before the fourth revision nobody noted it, so nothing is found of it."""
    return Codes(seat.sealer).standing(connection, _DOUBLED) or _ELSEWHERE


def _link(connection: Connection, seat: Seat) -> None:
    link_of_before(connection, seat.sealer)
    open_core(connection, seat)


def open_core(connection: Connection, seat: Seat) -> None:
    """What the core's seat does with its database before it serves."""
    code_key(connection, seat.sealer, seat.code_key)


@kept("links core_keys", [DRAWN_LINK_ID, DRAWN_KEY], _link)
def _links(connection: Connection, seat: Seat) -> object:
    key = read_key(seat.code_key)
    return [Links(seat.sealer, LinkIds(key)).link_id(connection, resident_record_code(1)), key]


_ISSUED = Serial(WARD, LATER, SerialState.ISSUED)
_EXPIRED = Serial(NEIGHBOUR, NOON, SerialState.EXPIRED)


def _issue(connection: Connection, seat: Seat) -> None:
    serials = Serials(seat.sealer)
    serials.issue(connection, serial(1), WARD, LATER)
    serials.issue(connection, serial(2), NEIGHBOUR, NOON)
    serials.expire(connection, NOON, 9)


@kept("serials", (_ISSUED, _EXPIRED), _issue)
def _serials(connection: Connection, seat: Seat) -> object:
    serials = Serials(seat.sealer)
    return serials.find(connection, serial(1)), serials.find(connection, serial(2))


# Exchanges

_PERMIT = SignedPermit(b"claims", b"signature")
_OPEN = Open(EXCHANGE, TERMS, "2024", "132", NOON, b"link id")


def _exchange(connection: Connection, seat: Seat) -> None:
    exchanges = Exchanges(seat.sealer)
    exchanges.permit(connection, _OPEN, LATER)
    exchanges.refuse(connection, ANOTHER, TERMS, NOON)


@kept("exchanges", (_OPEN, [_OPEN], {"ended": 1, "permitted": 1}), _exchange)
def _exchanges(connection: Connection, seat: Seat) -> object:
    exchanges = Exchanges(seat.sealer)
    overdue = exchanges.overdue(connection, LATER, 9)
    return exchanges.get(connection, EXCHANGE).open, overdue, exchanges.states(connection)


_ASKED = Asked(request_id(9), PERSON, TERMS, "care", "user")


def _inquire(connection: Connection, seat: Seat) -> None:
    inquiries = Inquiries(seat.sealer)
    for exchange in (EXCHANGE, ANOTHER):
        inquiries.add(connection, exchange, _ASKED, NOON)
        inquiries.permit(connection, exchange, _PERMIT, LATER)
    inquiries.end(connection, ANOTHER, Outcome.PROVIDED, at=NOON, answer=b"answer")


@kept("inquiries", (_ASKED, _PERMIT, NOON, b"answer", Outcome.PROVIDED), _inquire)
def _inquiries(connection: Connection, seat: Seat) -> object:
    inquiries = Inquiries(seat.sealer)
    open_, ended = (inquiries.get(connection, one) for one in (EXCHANGE, ANOTHER))
    return open_.asked, open_.permit, open_.asked_at, ended.answer, ended.outcome


def _provide(connection: Connection, seat: Seat) -> None:
    provisions = Provisions(seat.sealer)
    provisions.add(connection, EXCHANGE, LATER, _PERMIT)
    provisions.add(connection, ANOTHER, LATER, None)
    provisions.set_manual(connection, "TM90000000000001", PERSON, manual=True)


@kept("provisions manual_releases", (_PERMIT, [_PERMIT], True, True, False), _provide)
def _provisions(connection: Connection, seat: Seat) -> object:
    provisions = Provisions(seat.sealer)
    return (
        provisions.held(connection, EXCHANGE),
        provisions.overdue(connection, LATER, 9),
        provisions.is_known(connection, ANOTHER),
        provisions.is_manual(connection, "TM90000000000001", PERSON),
        provisions.is_manual(connection, "TM90000000000001", OTHER),
    )


_PUBLISHED = PublishedKeys(b"record", b"signature", (b"certificate",))


@kept("sealing_key_directory", _PUBLISHED, lambda c, _: KeyDirectory().put(c, WARD, 7, _PUBLISHED))
def _directory(connection: Connection, _seat: Seat) -> object:
    return KeyDirectory().find(connection, WARD)


_OWN = OwnRecord(2**40, "digest", LATER)


def _remember(connection: Connection, _seat: Seat) -> None:
    RememberedKeys().add_own(connection, _OWN)
    RememberedKeys().see(connection, NEIGHBOUR, 2**40)


@kept("own_sealing_keys seen_sealing_keys", (_OWN, 2**40), _remember)
def _remembered(connection: Connection, _seat: Seat) -> object:
    return RememberedKeys().latest_own(connection), RememberedKeys().highest(connection, NEIGHBOUR)


@kept(
    "department_inquiries",
    None,
    lambda c, _: department_inquiries.started(c, EXCHANGE, "care", NOON),
)
def _departments(connection: Connection, _seat: Seat) -> None:
    department_inquiries.require_own(connection, EXCHANGE, "care")


_LOG_OF = Certified(LINKAGE, WARD.name, "middle-server")


def _append(connection: Connection, seat: Seat) -> None:
    log = RecordLog(seat.sealer, seat.ids, _LOG_OF)
    for content in (b"first", b"second", b"third"):
        log.append(connection, content, person=b"person", shown=True, at=NOON)


@kept(
    "record_log record_log_frontier record_log_counters",
    ([(0, b"first"), (1, b"second"), (2, b"third")], 3),
    _append,
)
def _record_log(connection: Connection, seat: Seat) -> object:
    log = RecordLog(seat.sealer, seat.ids, _LOG_OF)
    shown = log.shown_to(connection, b"person")
    return [(one.leaf, one.content) for one in shown], log.frontier(connection).size


# Sub-copies, operators, batches


def _register(connection: Connection, seat: Seat) -> None:
    seat.keys.ensure_first(connection, NOON)
    for person in (PERSON, OTHER):
        seat.sub_copies.register(connection, person, SUB_COPY)
    seat.sub_copies.delete(connection, OTHER, SUB_COPY.name, NOON)


@kept("organisation_keys sub_copies sub_copy_erasures", (SUB_COPY, None, {1: 1}), _register)
def _sub_copies(connection: Connection, seat: Seat) -> object:
    held = seat.sub_copies
    found, gone = (held.find(connection, person, SUB_COPY.name) for person in (PERSON, OTHER))
    return found, gone, held.under_each_key(connection)


def _enrol(connection: Connection, seat: Seat) -> None:
    operators = Operators(seat.sealer)
    operators.enrol(
        connection, "staff", salt=b"salt", verifier=b"verifier", roster_end=date(2027, 3, 31)
    )
    operators.set_permissions(connection, "staff", [("inquiries", Access.UPDATE)])
    operators.open_session(connection, "session", "staff", b"claims")


@kept(
    "operators operator_permissions operator_sessions",
    (b"verifier", [("inquiries", Access.UPDATE)], b"claims", False),
    _enrol,
)
def _operators(connection: Connection, seat: Seat) -> object:
    operators = Operators(seat.sealer)
    known = operators.find(connection, "staff")
    assert known is not None
    permissions = operators.permissions(connection, "staff")
    return (
        known.verifier,
        permissions,
        operators.claims(connection, "session", "staff"),
        known.operator.revoked,
    )


@kept("erasures", [("answers", 3)], lambda c, _: erasures.note(c, "answers", 3, NOON))
def _erasures(connection: Connection, _seat: Seat) -> object:
    return erasures.history(connection)


_RUN = Run("run", "department-care", "inquire KAIGO", {"files": "2"}, RunState.OPEN)


def _run(connection: Connection, seat: Seat) -> None:
    runs = BatchRuns(seat.clock)
    runs.open(connection, _RUN)
    runs.put(connection, _RUN, "file", b"digest", 3)
    lines = InquiryLines(seat.sealer)
    lines.add(connection, _RUN.id, "file", [(1, b"one"), (2, b"two")])
    lines.started(connection, lines.after(connection, _RUN.id, 0, 1)[0], EXCHANGE)
    RegistrationRecords(seat.sealer).add(
        connection, _RUN.id, "file", [Record(7, local_address_number(1), SUB_COPY)]
    )


@kept(
    "batch_runs batch_files inquiry_lines registration_records",
    (_RUN, ["file"], 3, b"two", SUB_COPY),
    _run,
)
def _batches(connection: Connection, seat: Seat) -> object:
    runs, records = BatchRuns(seat.clock), RegistrationRecords(seat.sealer)
    lines = InquiryLines(seat.sealer)
    (first, second) = lines.after(connection, _RUN.id, 0, 9)
    (record,) = records.after(connection, _RUN.id, 0, 9)
    assert lines.get(connection, first).exchange_id == EXCHANGE
    return (
        runs.get(connection, _RUN.id, _RUN.owner),
        runs.names(connection, _RUN.id),
        runs.tally(connection, _RUN.id).lines,
        lines.get(connection, second).asked,
        records.get(connection, record).sub_copy,
    )


def _provide_first(connection: Connection, seat: Seat) -> None:
    records = RegistrationRecords(seat.sealer)
    records.add(connection, "another", "file", [Record(1, local_address_number(1), SUB_COPY)])
    (key,) = records.after(connection, "another", 0, 9)
    records.registered(connection, key, "TM90000000000001", 1)


@kept("registration_records provided_information", "DONE", _provide_first)
def _provided(connection: Connection, seat: Seat) -> object:
    records = RegistrationRecords(seat.sealer)
    return records.provision(connection, "TM90000000000001", 1).name
