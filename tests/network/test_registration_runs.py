"""Sub-copies by file: runs as a ward's system opens, fills and closes them at its platform."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from renkei import reasons
from renkei.codes import LocalAddressNumber
from renkei.facts import FOUND, LIMIT
from renkei.networks import ward
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei.ward.v1 import registration_run_pb2 as pb2
from renkei_clients.registration_runs import RegistrationRunClient
from renkei_pki.identity import Identity
from renkei_server.domain.batch_files.messages import write_message
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.in_process import RunningWorld

from .asking import new_id, reason_of
from .asking.codes import acquire
from .asking.files import (
    MESSAGE,
    attachment_of,
    message_name,
    record,
    register_by_file,
    registration_client,
    registration_ended,
    registration_files,
)
from .people import People
from .people.strangers import outsider
from .people.sub_copies import HOUSEHOLD
from .small_world import WARD

TAX = "TM00000000000002"
INITIAL, REVISION = pb2.REGISTRATION_RUN_KIND_INITIAL, pb2.REGISTRATION_RUN_KIND_REVISION
AGAIN, CHANGE = pb2.REGISTRATION_RUN_KIND_AGAIN, pb2.REGISTRATION_RUN_KIND_CHANGE
NOBODY = LocalAddressNumber("999999999999999")


@pytest.fixture(scope="module")
def client(world: RunningWorld) -> RegistrationRunClient:
    """The ward's resident record system."""
    return registration_client(world.callers, world.layout, WARD)


@pytest.fixture(scope="module")
async def numbered(world: RunningWorld, people: People) -> list[Resident]:
    """Five persons whose codes were acquired."""
    persons = [people.somebody() for _ in range(5)]
    await asyncio.gather(*(acquire(world.callers, person) for person in persons))
    return persons


@pytest.fixture
async def run(client: RegistrationRunClient) -> AsyncIterator[str]:
    """An open run of tax information, which was never provided; it is deleted afterwards."""
    run_id = await client.open_registration_run(new_id(), INITIAL, TAX, 2, 2)
    yield run_id
    await client.delete_registration_run(new_id(), run_id)


@pytest.fixture
async def open_run(client: RegistrationRunClient) -> AsyncIterator[str]:
    """An open run of changes of household information; it is deleted afterwards."""
    run_id = await client.open_registration_run(new_id(), CHANGE, HOUSEHOLD.information_code, 1, 2)
    yield run_id
    await client.delete_registration_run(new_id(), run_id)


async def put(
    client: RegistrationRunClient, run_id: str, name: str, content: bytes
) -> list[tuple[int, str, str]]:
    faults = await client.put_registration_file(new_id(), run_id, name, content)
    return [(one.line, one.field, one.reason) for one in faults]


async def test_a_run_registers_every_record_and_tells_which_were_refused(
    world: RunningWorld, client: RegistrationRunClient, numbered: list[Resident]
) -> None:
    first, *others = (person.local_address_number for person in numbered)
    parts = [
        [record(1, first), record(2, first, "B"), record(3, NOBODY)],
        [record(10 + place, one) for place, one in enumerate(others)],
    ]

    run_id = await register_by_file(client, registration_files(*parts))
    told = await registration_ended(client, run_id)

    assert (told.records, told.registered, told.refused) == (7, 6, 1)
    assert [(one.number, one.reason) for one in told.refused_records] == [(3, "PERSON_NOT_HELD")]
    assert told.refused_records[0].message_ja.endswith("。")
    register = world.callers.register_of(WARD)
    held = await register.list_sub_copies(first)
    assert [(one.name.record_key, one.version) for one in held] == [("", 1), ("B", 1)]
    for one in others:
        assert [held.version for held in await register.list_sub_copies(one)] == [1]


async def test_a_run_s_kind_must_fit_what_was_provided_before(
    client: RegistrationRunClient, numbered: list[Resident]
) -> None:
    """It comes after the first run, which provided household information."""
    information, one = HOUSEHOLD.information_code, numbered[0].local_address_number

    for kind in (INITIAL, REVISION):
        refused = await reason_of(client.open_registration_run(new_id(), kind, information, 1, 1))
        assert refused is reasons.SUB_COPIES_ALREADY_PROVIDED
    for kind in (AGAIN, CHANGE):
        refused = await reason_of(client.open_registration_run(new_id(), kind, TAX, 2, 1))
        assert refused is reasons.SUB_COPIES_NOT_YET_PROVIDED
        files = registration_files([record(1, one)])
        told = await registration_ended(client, await register_by_file(client, files, kind))
        assert (told.registered, told.refused) == (1, 0)


@pytest.mark.parametrize(
    ("kind", "information", "version", "messages", "reason"),
    [
        (pb2.REGISTRATION_RUN_KIND_UNSPECIFIED, TAX, 2, 1, reasons.MALFORMED_BATCH_RUN),
        (INITIAL, TAX, 2, 0, reasons.MALFORMED_BATCH_RUN),
        (INITIAL, TAX, 2, 1001, reasons.MALFORMED_BATCH_RUN),
        (INITIAL, "TM99999999999999", 1, 1, reasons.INFORMATION_UNKNOWN),
        (INITIAL, TAX, 3, 1, reasons.LAYOUT_VERSION_UNKNOWN),
        (INITIAL, TAX, 1, 1, reasons.LAYOUT_NOT_VALID),
    ],
)
async def test_a_run_that_cannot_be_is_refused(
    client: RegistrationRunClient,
    kind: pb2.RegistrationRunKind,
    information: str,
    version: int,
    messages: int,
    reason: Reason,
) -> None:
    attempt = client.open_registration_run(new_id(), kind, information, version, messages)

    assert await reason_of(attempt) is reason


@pytest.mark.usefixtures("run")
async def test_no_second_run_of_an_information_goes_on_beside_the_first(
    client: RegistrationRunClient,
) -> None:
    refused = await reason_of(client.open_registration_run(new_id(), INITIAL, TAX, 2, 1))

    assert refused is reasons.BATCH_RUN_UNDER_WAY


# Files


async def test_everything_that_is_wrong_with_a_file_is_told_and_nothing_of_it_is_kept(
    client: RegistrationRunClient, open_run: str, numbered: list[Resident]
) -> None:
    one, other = (person.local_address_number for person in numbered[:2])
    text = attachment_of([record(1, one), record(2, other), record(3, other, "B")]).decode()
    wrong = text.replace(">1</RecordI", "></RecordI").replace(other.digits, "1" * 14, 1)
    name = message_name(0, attachment=True)

    assert await put(client, open_run, name, wrong.encode()) == [
        (1, "RecordIdentificationNumber", "BATCH_FIELD_MISSING"),
        (2, "IntegratedAddressNumber", "MALFORMED_BATCH_FIELD"),
    ]
    assert list((await client.get_registration_run(open_run)).files) == []
    assert await put(client, open_run, name, text.encode()) == []


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("<SPIRegistrationDeleteList>", (0, "", "MALFORMED_BATCH_MESSAGE")),
        (attachment_of([]).decode().encode("utf-16"), (0, "", "BATCH_ENCODING")),
        (attachment_of([record(1, NOBODY)])[:-40], (1, "", "MALFORMED_BATCH_MESSAGE")),
    ],
    ids=["not ended", "another encoding", "cut off"],
)
async def test_a_file_that_is_no_xml_of_its_form_is_told_so(
    client: RegistrationRunClient, open_run: str, content: bytes | str, fault: tuple[object, ...]
) -> None:
    told = content.encode() if isinstance(content, str) else content

    assert await put(client, open_run, message_name(0, attachment=True), told) == [fault]


async def test_a_record_number_occurs_once_in_a_run_whichever_file_it_stands_in(
    client: RegistrationRunClient, open_run: str, numbered: list[Resident]
) -> None:
    one, other = (person.local_address_number for person in numbered[:2])
    first, second = (message_name(number, attachment=True) for number in (0, 1))
    number = (2, "RecordIdentificationNumber", "BATCH_RECORD_REPEATED")

    twice = attachment_of([record(1, one), record(1, other)])
    assert await put(client, open_run, first, twice) == [number]
    assert await put(client, open_run, first, attachment_of([record(1, one)])) == []
    again = attachment_of([record(2, other), record(1, other, "B"), record(3, one)])
    assert await put(client, open_run, second, again) == [
        number,
        (3, "DataSetRecordKey", "BATCH_SUB_COPY_REPEATED"),
    ]
    faults = await client.put_registration_file(new_id(), open_run, second, again)
    assert faults[0].message_ja == "「レコード識別番号」が既に存在しています。"


async def test_a_file_sent_twice_is_one_and_another_under_its_name_is_refused(
    client: RegistrationRunClient, open_run: str, numbered: list[Resident]
) -> None:
    name, request_id = message_name(0, attachment=True), new_id()
    person = numbered[0].local_address_number
    content = attachment_of([record(1, person)])

    for _ in range(2):
        await client.put_registration_file(request_id, open_run, name, content)
    assert await put(client, open_run, name, content) == []
    other = client.put_registration_file(
        new_id(), open_run, name, attachment_of([record(2, person)])
    )

    assert await reason_of(other) is reasons.BATCH_FILE_REPEATED
    assert (await client.get_registration_run(open_run)).records == 1


async def test_a_message_of_another_form_or_of_a_test_is_not_taken(
    client: RegistrationRunClient, run: str
) -> None:
    name = f"DBM_20113_{TAX}_TDC01_DS1_000.xml"
    sound = write_message(MESSAGE)

    test = write_message(replace(MESSAGE, test=True))
    assert await put(client, run, name, test) == [(0, "MsgMode", "MALFORMED_BATCH_FIELD")]
    unknown = sound.replace(b"MsgMode", b"MsgMood")
    assert await put(client, run, name, unknown) == [(0, "", "BATCH_FIELD_UNKNOWN")]
    assert await put(client, run, name, sound) == []


async def test_records_of_another_information_or_version_than_the_run_s_are_faults(
    client: RegistrationRunClient, run: str
) -> None:
    name = f"DBM_20113_ATTACH_{TAX}_TDC01_DS1_000.xml"

    assert await put(client, run, name, attachment_of([record(1, NOBODY)])) == [
        (1, "SpecificPersonalInformationCode", "MALFORMED_BATCH_FIELD"),
        (1, "SPIMajorVersion", "MALFORMED_BATCH_FIELD"),
    ]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("DBM_20113.xml", reasons.MALFORMED_BATCH_FILE_NAME),
        (message_name(0, attachment=True), reasons.BATCH_FILE_NOT_OF_RUN),
        (f"DBM_20113_{TAX}_TDC01_DS1_002.xml", reasons.BATCH_FILE_NOT_OF_RUN),
    ],
    ids=["no name", "another information", "a number beyond the last"],
)
async def test_a_file_must_be_named_as_one_of_the_run(
    client: RegistrationRunClient, run: str, name: str, reason: Reason
) -> None:
    refused = client.put_registration_file(new_id(), run, name, write_message(MESSAGE))

    assert await reason_of(refused) is reason


async def test_a_file_over_the_limit_is_refused(client: RegistrationRunClient, run: str) -> None:
    name = f"DBM_20113_{TAX}_TDC01_DS1_000.xml"
    refused = client.put_registration_file(new_id(), run, name, b" " * 900_001)

    with pytest.raises(Refusal) as refusal:
        await refused
    assert refusal.value.reason is reasons.MESSAGE_TOO_LARGE
    assert (refusal.value.fact(FOUND), refusal.value.fact(LIMIT)) == (900_001, 900_000)
    assert refusal.value.detail == "900001 bytes, at most 900000"


# The course of a run


async def test_a_run_is_closed_only_when_it_is_whole_and_then_takes_no_more(
    client: RegistrationRunClient, open_run: str
) -> None:
    *most, last = registration_files([record(1, NOBODY)], []).items()
    close_id = new_id()
    for name, content in most:
        assert await put(client, open_run, name, content) == []
        refused = await reason_of(client.close_registration_run(new_id(), open_run))
        assert refused is reasons.BATCH_FILES_NOT_WHOLE
    assert await put(client, open_run, *last) == []

    await client.close_registration_run(close_id, open_run)
    await client.close_registration_run(close_id, open_run)  # a repeat

    closed = reasons.BATCH_RUN_CLOSED
    assert await reason_of(client.close_registration_run(new_id(), open_run)) is closed
    more = client.put_registration_file(new_id(), open_run, *last)
    assert await reason_of(more) is closed
    await registration_ended(client, open_run)


async def test_a_run_is_nobody_else_s(
    world: RunningWorld, client: RegistrationRunClient, run: str
) -> None:
    def other(identity: Identity) -> RegistrationRunClient:
        platform = Identity(ward(WARD), WARD, "linkage-platform")
        channel = world.callers.channel(outsider(world, identity), platform)
        return RegistrationRunClient(channel)

    unknown = reasons.BATCH_RUN_UNKNOWN
    assert await reason_of(client.get_registration_run(new_id())) is unknown
    assert await reason_of(client.delete_registration_run(new_id(), new_id())) is unknown
    address_system = other(Identity(ward(WARD), WARD, "address-system"))
    refused = await reason_of(address_system.get_registration_run(run))
    assert refused is reasons.CALLER_NOT_ADMITTED


async def test_refused_records_are_told_page_by_page(
    client: RegistrationRunClient,
) -> None:
    records = [record(number, NOBODY, str(number)) for number in range(1, 602)]
    files = registration_files(records[:300], records[300:])
    run_id = await register_by_file(client, files, CHANGE)

    told = await registration_ended(client, run_id)

    assert (told.registered, told.refused, len(told.refused_records)) == (0, 601, 500)
    rest = await client.get_registration_run(run_id, after_record=500)
    assert [one.number for one in rest.refused_records] == list(range(501, 602))
