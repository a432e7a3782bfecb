"""A person's view: an account with a code of its own, and records that prove themselves (F2.11)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import ClassVar

import pytest
from google.protobuf.message import Message
from sqlalchemy import LargeBinary, Table, literal, select, update

from renkei import reasons
from renkei.acquisitions import BOUND, Failure, failed
from renkei.answers import Outcome
from renkei.codes import IntegratedAddressNumber
from renkei.contract import method_of
from renkei.networks import LINKAGE
from renkei.personal_records import PersonalRecords
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei.wire.exchange_records import record_of
from renkei_clients.channel import Channel
from renkei_clients.mynaportal import MynaportalClient
from renkei_clients.records import RecordClient
from renkei_pki.identity import Identity
from renkei_pki.person_check import PersonFaultKind, Seen, check_person
from renkei_pki.signing import VerifyingKey
from renkei_server.store.codes.accounts import Accounts
from renkei_server.store.engine import record_log
from renkei_server.store.engine.connection import Connection
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.provision import inspect
from tests.worlds import Worlds

from .asking import final, new_id, reason_of
from .asking.inquiries import HOUSEHOLD_OF_CARE
from .people import People
from .people.neighbours import Neighbours
from .people.strangers import outsider
from .small_world import PORTAL, SMALL_WORLD, WARD

NETWORK, SEAT = "provision-network.ipn", f"mynaportal.{PORTAL}"
REFUSED = replace(HOUSEHOLD_OF_CARE, affair_code="JM90000000999000")
HIDDEN = replace(HOUSEHOLD_OF_CARE, non_disclosure=True)

_RECORDS: Table = record_log.TABLES[0]


class Line(Channel):
    """A channel on which a call or its answer is lost once, where a test says so."""

    lost: ClassVar[set[tuple[str, str]]] = set()

    async def call(self, request: Message, *, seconds: float | None = None) -> Message:
        name = method_of(type(request)).descriptor.name
        if (name, "call") in self.lost:
            self.lost.remove((name, "call"))
            raise Refusal(reasons.PEER_UNREACHABLE)
        answer = await super().call(request, seconds=seconds)
        if (name, "answer") in self.lost:
            self.lost.remove((name, "answer"))
            raise Refusal(reasons.PEER_UNREACHABLE)
        return answer


@pytest.fixture(scope="module")
async def world(worlds: Worlds) -> AsyncIterator[RunningWorld]:
    """The small world; its lines are good until a test says otherwise."""
    async with worlds.running(SMALL_WORLD, open_channel=Line) as running:
        yield running


@pytest.fixture(scope="module")
def device(world: RunningWorld) -> MynaportalClient:
    """A person's device."""
    return world.callers.device(PORTAL)


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody who has an account, and about whom the neighbour can ask."""

    person: Resident
    account: str
    at_neighbour: IntegratedAddressNumber


@pytest.fixture
async def subject(people: People, device: MynaportalClient, neighbours: Neighbours) -> Subject:
    """Somebody with an account whom nobody has asked about yet."""
    person = people.somebody()
    account = await opened(device, person)
    await neighbours.known_at_ward(person)
    return Subject(person, account, await neighbours.known_here(person))


async def opened(device: MynaportalClient, person: Resident) -> str:
    """An account of the person, once its code has come."""
    assert person.individual_number
    account = await device.open_account(new_id(), person.individual_number)
    assert await final(lambda: device.get_account(account)) == BOUND
    return account


def codes(world: RunningWorld) -> list[bytes]:
    """The codes that the portal holds."""
    with inspect(world.world, world.layout, world.world.seat(SEAT)) as look:
        return look.values("accounts.code")


def rows(world: RunningWorld, seat: str, table: str) -> int:
    with inspect(world.world, world.layout, world.world.seat(seat)) as look:
        return look.rows(table)


def serials_of(world: RunningWorld) -> int:
    """How many serials the network has issued."""
    return rows(world, NETWORK, "serials")


def outcomes(told: PersonalRecords) -> list[Outcome]:
    return [record_of(one.content).outcome for one in told.records]


def key_of_network(world: RunningWorld) -> VerifyingKey:
    return VerifyingKey.load(world.layout.record_key)


# Accounts


async def test_an_account_is_bound_to_a_code_that_no_other_institution_has(
    world: RunningWorld, device: MynaportalClient, people: People, neighbours: Neighbours
) -> None:
    person, before = people.somebody(), codes(world)
    await neighbours.known_at_ward(person)

    await opened(device, person)

    (own,) = [code for code in codes(world) if code not in before]
    with inspect(world.world, world.layout, world.world.seat(f"middle-server.{WARD}")) as look:
        assert own not in look.values("codes.code")


async def test_two_accounts_of_one_person_are_bound_to_the_same_code(
    world: RunningWorld, device: MynaportalClient, people: People
) -> None:
    person, before = people.somebody(), len(codes(world))

    accounts = {await opened(device, person) for _ in range(2)}

    assert len(accounts) == 2
    assert len(codes(world)) == before + 2
    assert len(set(codes(world)[before:])) == 1


async def test_a_repeat_opens_no_second_account(device: MynaportalClient, people: People) -> None:
    person, other, request_id = people.somebody(), people.somebody(), new_id()
    assert person.individual_number
    assert other.individual_number

    first, again = [
        await device.open_account(request_id, person.individual_number) for _ in range(2)
    ]
    reused = await reason_of(device.open_account(request_id, other.individual_number))

    assert (first == again, reused) == (True, reasons.REQUEST_ID_REUSED)


@pytest.mark.parametrize("part", ["call", "answer"])
@pytest.mark.parametrize("method", ["IssueProcessingSerial", "GenerateLinkageCode"])
async def test_a_call_that_broke_on_the_way_is_finished_by_its_repeat(
    world: RunningWorld, device: MynaportalClient, people: People, method: str, part: str
) -> None:
    """The device's channel repeats what found no server, under the same request id."""
    person, accounts, serials = people.somebody(), rows(world, SEAT, "accounts"), serials_of(world)
    Line.lost.add((method, part))

    await opened(device, person)

    assert not Line.lost
    assert rows(world, SEAT, "accounts") == accounts + 1
    assert serials_of(world) == serials + 1


async def test_whom_the_nation_does_not_know_gets_no_code_and_sees_no_records(
    device: MynaportalClient, people: People
) -> None:
    assert people.unknown.individual_number
    account = await device.open_account(new_id(), people.unknown.individual_number)

    ended = await final(lambda: device.get_account(account))

    assert ended == failed(Failure.INDIVIDUAL_NUMBER_UNKNOWN)
    assert await reason_of(device.list_records(account)) is reasons.ACCOUNT_WITHOUT_CODE


async def test_an_account_that_nobody_opened_does_not_exist(device: MynaportalClient) -> None:
    for account in (new_id(), ""):
        assert await reason_of(device.get_account(account)) is reasons.ACCOUNT_UNKNOWN
        assert await reason_of(device.list_records(account)) is reasons.ACCOUNT_UNKNOWN


async def test_the_portal_writes_neither_the_individual_number_nor_a_name_nor_keeps_a_serial(
    world: RunningWorld, device: MynaportalClient, people: People
) -> None:
    person = people.somebody()
    assert person.individual_number
    await opened(device, person)

    with inspect(world.world, world.layout, world.world.seat(SEAT)) as look:
        sealed = [value for _, value in look.opened()]
        serials = look.values("accounts.serial")
    config = world.seats[SEAT].config
    files = [one.read_bytes() for one in config.folder.glob("store.db*")]
    everything = b"".join([*sealed, *files, config.log.read_bytes()])
    assert person.individual_number.digits.encode() not in everything
    assert person.name.encode() not in everything
    assert serials == []


# Records


async def test_a_person_sees_what_was_asked_about_them_whatever_came_of_it(
    world: RunningWorld, device: MynaportalClient, neighbours: Neighbours, subject: Subject
) -> None:
    asked = [await neighbours.ask(subject.at_neighbour, terms) for terms in (REFUSED, HIDDEN)]
    asked.append(await neighbours.ask(subject.at_neighbour))

    told = await device.list_records(subject.account)

    assert outcomes(told) == [Outcome.NOT_PERMITTED, Outcome.NO_SUB_COPY]
    assert [record_of(one.content).exchange_id for one in told.records] == [
        asked[0].id,
        asked[2].id,
    ]
    assert [record_of(one.content).terms for one in told.records] == [REFUSED, HOUSEHOLD_OF_CARE]
    report = check_person(told, key_of_network(world))
    assert report.sound
    assert report.last
    assert (told.shown, report.last.number) == (2, 2)


async def test_a_person_about_whom_nothing_is_shown_is_told_that_with_proof(
    world: RunningWorld, device: MynaportalClient, neighbours: Neighbours, subject: Subject
) -> None:
    await neighbours.ask(subject.at_neighbour, HIDDEN)

    told = await device.list_records(subject.account)

    assert (told.shown, told.records) == (0, ())
    assert check_person(told, key_of_network(world)).sound


async def test_records_are_told_from_a_number_on_and_go_on_from_what_was_seen(
    world: RunningWorld, device: MynaportalClient, neighbours: Neighbours, subject: Subject
) -> None:
    await ask(neighbours, subject, 2)
    seen = check_person(await device.list_records(subject.account), key_of_network(world)).last
    assert seen
    await ask(neighbours, subject, 2)

    told = await device.list_records(subject.account, seen.number + 1)

    assert [one.number for one in told.records] == [3, 4]
    assert check_person(told, key_of_network(world), seen=seen).sound
    assert kinds(world, told, seen=replace(seen, hash=bytes(32))) == [PersonFaultKind.SEEN_CHANGED]


async def test_the_network_takes_a_code_from_the_institution_whose_it_is_and_from_no_other(
    world: RunningWorld, subject: Subject
) -> None:
    store = world.seats[SEAT].store
    code = store.read_now(
        lambda connection: Accounts(store.sealer).code(connection, subject.account)
    )
    network = Identity(LINKAGE, "ipn", "provision-network")

    async def asked_by(institution: str) -> Reason | None:
        caller = outsider(world, Identity(LINKAGE, institution, "mynaportal"))
        client = RecordClient(world.callers.channel(caller, network))
        try:
            await client.list_personal_records(code)
        except Refusal as refusal:
            return refusal.reason
        return None

    assert await asked_by(PORTAL) is None
    assert await asked_by("another") is reasons.MALFORMED_LINKAGE_CODE


# A network that does not tell the truth


@pytest.mark.parametrize("number", [2, 3], ids=["inner", "last"])
async def test_a_record_that_is_left_out_is_noticed(
    world: RunningWorld,
    device: MynaportalClient,
    neighbours: Neighbours,
    subject: Subject,
    number: int,
) -> None:
    await ask(neighbours, subject, 3)
    honest = await device.list_records(subject.account)
    await leave_out(world, honest.records[number - 1].leaf)

    assert await reason_of(device.list_records(subject.account)) is reasons.RECORDS_NOT_PROVEN


async def test_whether_the_first_was_left_out_is_for_the_person_to_judge(
    world: RunningWorld, device: MynaportalClient, neighbours: Neighbours, subject: Subject
) -> None:
    """It may have been erased, its years being over: the numbers go on where they were."""
    await ask(neighbours, subject, 2)
    honest = await device.list_records(subject.account)
    await leave_out(world, honest.records[0].leaf)

    told = await device.list_records(subject.account)

    assert kinds(world, told) == [PersonFaultKind.MISSING]
    assert kinds(world, told, first=2) == []


async def test_a_record_that_was_altered_is_noticed(
    world: RunningWorld, device: MynaportalClient, neighbours: Neighbours, subject: Subject
) -> None:
    await ask(neighbours, subject, 1)
    honest = await device.list_records(subject.account)
    asked_for, another = (b"JM90000000999000", b"JM90000000132000")
    await rewrite(world, honest.records[0].leaf, asked_for, another)

    assert await reason_of(device.list_records(subject.account)) is reasons.RECORDS_NOT_PROVEN


async def test_a_log_that_another_key_signed_is_noticed(
    world: RunningWorld, device: MynaportalClient, subject: Subject
) -> None:
    told = await device.list_records(subject.account)
    middle = VerifyingKey.load(
        world.layout.seat(f"middle-server.{WARD}") / "record-log" / "public.pem"
    )

    faults = check_person(told, middle).faults

    assert [fault.kind for fault in faults] == [PersonFaultKind.SIGNATURE]


async def ask(neighbours: Neighbours, subject: Subject, times: int) -> None:
    """Have the neighbour ask about somebody, one inquiry after the other."""
    for _ in range(times):
        await neighbours.ask(subject.at_neighbour, REFUSED)


def kinds(
    world: RunningWorld,
    told: PersonalRecords,
    *,
    first: int | None = None,
    seen: Seen | None = None,
) -> list[PersonFaultKind]:
    """What the person finds wrong with the records."""
    report = check_person(told, key_of_network(world), first=first, seen=seen)
    return [fault.kind for fault in report.faults]


async def leave_out(world: RunningWorld, leaf: int) -> None:
    """Have the network forget that a record is about its person."""
    forget = update(_RECORDS).where(_RECORDS.c.leaf == leaf).values(person_index=None)
    await world.seats[NETWORK].store.write(lambda connection: connection.execute(forget) and None)


async def rewrite(world: RunningWorld, leaf: int, old: bytes, new: bytes) -> None:
    """Have the network hold another content than it wrote."""
    store, this = world.seats[NETWORK].store, _RECORDS.c.leaf == leaf

    def write(connection: Connection) -> None:
        sealed = connection.scalars(select(_RECORDS.c.record).where(this)).one()
        record = store.sealer.open(_RECORDS.c.record, sealed)
        assert old in record
        other = store.sealer.seal(_RECORDS.c.record, record.replace(old, new))
        anew = update(_RECORDS).where(this).values(record=literal(other, LargeBinary))
        connection.execute(anew)

    await store.write(write)
