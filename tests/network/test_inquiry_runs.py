"""Inquiries by file: runs as a department opens, fills and closes them, and what it fetches."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from renkei import reasons
from renkei.codes import LocalAddressNumber
from renkei.inquiries import CODE_NOT_ACQUIRED
from renkei.reasons import Reason
from renkei.sub_copies import NullReason
from renkei_clients.inquiry_runs import InquiryRunClient
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.people import attributes_of
from renkei_simulators.world.provision import inspect

from .asking import final, new_id, reason_of, until, until_told
from .asking.files import (
    JOB,
    LINE,
    MADE_AT,
    department_client,
    inquire_by_file,
    inquiries_ended,
    line_file,
    lines_of,
    results,
)
from .people import People
from .people.neighbours import Neighbours
from .people.sub_copies import IS_HEAD, ITEMS, NAME, RELATIONSHIP, sub_copy
from .small_world import NEIGHBOUR, WARD

PLATFORM, MIDDLE = f"linkage-platform.{NEIGHBOUR}", f"middle-server.{NEIGHBOUR}"
NOBODY = LocalAddressNumber("999999999999999")
HELD, NOTHING, WITHOUT = (LocalAddressNumber(f"80000000000010{one}") for one in (1, 2, 3))
"""As the neighbour numbers them: somebody of whom the ward holds information, somebody of whom it
holds none, and somebody who has no code."""


@pytest.fixture(scope="module")
def client(world: RunningWorld) -> InquiryRunClient:
    """The neighbour's department of long-term care insurance."""
    return department_client(world.callers, world.layout, NEIGHBOUR)


@pytest.fixture(scope="module", autouse=True)
async def known(world: RunningWorld, people: People) -> None:
    """Three persons whom the neighbour numbers; the ward knows two of them, and one well."""
    neighbours = Neighbours(world)
    addresses = world.callers.address_system(NEIGHBOUR)
    held, nothing, without = people.somebody(), people.somebody(), people.unknown
    for person in (held, nothing):
        await neighbours.known_at_ward(person)
    await world.callers.register_of(WARD).register_sub_copy(
        new_id(), held.local_address_number, sub_copy()
    )
    for local, person in ((HELD, held), (NOTHING, nothing), (WITHOUT, without)):
        await addresses.number_person(
            new_id(), local, person.individual_number, attributes_of(person)
        )
        await final(lambda local=local: addresses.get_numbering_outcome(local))  # type: ignore[misc]


@pytest.fixture
async def run(client: InquiryRunClient) -> AsyncIterator[str]:
    """An open run of two files; it is deleted afterwards."""
    run_id = await client.open_inquiry_run(new_id(), JOB, MADE_AT, 2)
    yield run_id
    await client.delete_inquiry_run(new_id(), run_id)


async def put(
    client: InquiryRunClient, run_id: str, content: bytes, number: int = 1
) -> list[tuple[int, str, str]]:
    faults = await client.put_inquiry_file(new_id(), run_id, line_file(number), content)
    return [(one.line, one.field, one.reason) for one in faults]


# What comes of a run


async def test_each_line_of_each_file_has_its_line_of_result_in_the_same_place(
    client: InquiryRunClient,
) -> None:
    run_id = await inquire_by_file(client, lines_of(WITHOUT, HELD, NOBODY), lines_of(NOTHING, HELD))

    told = await inquiries_ended(client, run_id)

    counted = (told.lines, told.started, told.answered, told.provided, told.failed)
    assert counted == (5, 3, 3, 2, 3)
    without, held, nobody = await results(client, run_id)
    assert [one.inquiry.person for one in (without, held, nobody)] == [WITHOUT, HELD, NOBODY]
    assert (without.detail_status, without.message) == ("14", CODE_NOT_ACQUIRED)
    assert (held.provided, held.items) == (True, ITEMS)
    assert (nobody.detail_status, nobody.message) == (
        "14",
        reasons.PERSON_NOT_HELD.japanese,
    )
    nothing, again = await results(client, run_id, 2)
    assert (nothing.detail_status, nothing.information_status) == ("09", "03")
    assert again.items == ITEMS
    await client.delete_inquiry_run(new_id(), run_id)


async def test_whoever_was_provided_with_several_records_has_as_many_lines(
    world: RunningWorld, people: People, client: InquiryRunClient
) -> None:
    person, local = people.somebody(), LocalAddressNumber("800000000000201")
    await Neighbours(world).known_at_ward(person)
    register, at_ward = world.callers.register_of(WARD), person.local_address_number
    head = {IS_HEAD: "1", NAME: "Smith, John", RELATIONSHIP: NullReason.NOT_COVERED}
    for key, items in (("", ITEMS), ("B", head)):
        one = sub_copy(items)
        await register.register_sub_copy(
            new_id(), at_ward, replace(one, name=replace(one.name, record_key=key))
        )
    addresses = world.callers.address_system(NEIGHBOUR)
    await addresses.number_person(new_id(), local, person.individual_number, attributes_of(person))
    await final(lambda: addresses.get_numbering_outcome(local))

    run_id = await inquire_by_file(client, lines_of(local, NOTHING))
    told = await inquiries_ended(client, run_id)

    assert (told.lines, told.provided) == (2, 1)
    read = await results(client, run_id)
    assert [one.inquiry.person for one in read] == [local, local, NOTHING]
    assert [one.items for one in read] == [ITEMS, {**head, NAME: "Smith， John"}, {}]


async def test_results_of_a_long_file_come_part_by_part_and_in_order(
    client: InquiryRunClient,
) -> None:
    persons = [LocalAddressNumber(f"70000000000{number:04}") for number in range(450)]
    run_id = await inquire_by_file(client, lines_of(*persons))
    await inquiries_ended(client, run_id)

    assert [one.inquiry.person for one in await results(client, run_id)] == persons


async def test_what_came_of_a_run_is_fetched_from_the_middle_server_and_erased_there(
    world: RunningWorld, client: InquiryRunClient
) -> None:
    run_id = await inquire_by_file(client, lines_of(HELD))
    await inquiries_ended(client, run_id)

    def answers() -> int:
        with inspect(world.world, world.layout, world.world.seat(MIDDLE)) as store:
            return len([one for one in store.values("inquiries.answer") if one])

    await until(lambda: answers() == 0)
    assert [one.items for one in await results(client, run_id)] == [ITEMS]


async def test_a_run_that_was_deleted_leaves_nothing_at_the_platform(
    world: RunningWorld, client: InquiryRunClient
) -> None:
    def lines() -> list[bytes]:
        with inspect(world.world, world.layout, world.world.seat(PLATFORM)) as store:
            return [*store.values("inquiry_lines.asked"), *store.values("inquiry_lines.came")]

    before = len(lines())
    run_id = await inquire_by_file(client, lines_of(HELD))
    await inquiries_ended(client, run_id)
    assert len(lines()) == before + 2

    await client.delete_inquiry_run(new_id(), run_id)

    assert len(lines()) == before
    unknown = reasons.BATCH_RUN_UNKNOWN
    assert await reason_of(client.get_inquiry_run(run_id)) is unknown
    assert await reason_of(client.get_result_file(run_id, 1)) is unknown


async def test_no_local_address_number_reaches_the_middle_server(
    world: RunningWorld, client: InquiryRunClient
) -> None:
    await inquiries_ended(client, await inquire_by_file(client, lines_of(HELD, WITHOUT)))

    with inspect(world.world, world.layout, world.world.seat(MIDDLE)) as store:
        asked = store.values("inquiries.asked")
    assert asked
    for local in (HELD, WITHOUT):
        assert not any(local.digits.encode() in one for one in asked)


# Files


TEXT = lines_of(HELD, NOTHING).decode()


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        (
            TEXT.replace("\r\n", "\n").encode(),
            [(1, "", "BATCH_LINE_END"), (2, "", "BATCH_LINE_END")],
        ),
        (TEXT.rstrip().encode(), [(2, "", "BATCH_LINE_END")]),
        (TEXT.replace("operator-17", "山田", 1).encode("cp932"), [(1, "", "BATCH_ENCODING")]),
        (TEXT.replace("operator-17", "a,b", 1).encode(), [(1, "", "BATCH_FIELD_COUNT")]),
        (
            TEXT.replace(HELD.digits, "1").encode(),
            [(1, "local_address_number", "BATCH_FIELD_LENGTH")],
        ),
        (
            TEXT.replace("JM9", "XX9", 1).replace("JT9", "YY9", 1).encode(),
            [
                (1, "affair_code", "MALFORMED_BATCH_FIELD"),
                (1, "procedure_code", "MALFORMED_BATCH_FIELD"),
            ],
        ),
    ],
    ids=["LF", "cut off", "Shift_JIS", "a field too many", "too short", "two fields at once"],
)
async def test_everything_that_is_wrong_with_a_file_is_told_and_nothing_of_it_is_kept(
    client: InquiryRunClient, run: str, content: bytes, faults: list[tuple[int, str, str]]
) -> None:
    assert await put(client, run, content) == faults
    assert list((await client.get_inquiry_run(run)).files) == []

    assert await put(client, run, TEXT.encode()) == []
    assert (await client.get_inquiry_run(run)).lines == 2


@pytest.mark.parametrize(
    ("wrong", "field", "reason"),
    [
        ({"provider_institution_code": "0" * 16}, "", reasons.INSTITUTION_CODE_UNKNOWN),
        (
            {"provider_institution_code": "0220113113101700"},
            "",
            reasons.INSTITUTION_CODE_UNKNOWN,
        ),
        ({"inquirer_delegator_code": "1419900000099999"}, "", reasons.INSTITUTION_CODE_UNKNOWN),
        (
            {"inquirer_institution_code": f"02201{WARD}01700"},
            "",
            reasons.INQUIRER_IS_NOT_SENDER,
        ),
        ({"inquirer_nondisclosure_code": "7"}, "", reasons.MALFORMED_BATCH_FIELD),
        ({"information_code": "TM00000000000002"}, "", reasons.MALFORMED_BATCH_FIELD),
        ({"affair_code": "JM90000000000000"}, "", reasons.INQUIRY_FOR_REGISTER_AFFAIRS),
    ],
    ids=[
        "no institution",
        "a wrong check digit",
        "no delegator",
        "another inquirer",
        "a code without meaning",
        "another information",
        "an affair of the register",
    ],
)
async def test_a_line_that_asks_what_cannot_be_asked_is_a_fault(
    client: InquiryRunClient, run: str, wrong: dict[str, str], field: str, reason: Reason
) -> None:
    place = field or next(iter(wrong))
    content = lines_of(HELD) + lines_of(NOTHING, line=replace(LINE, **wrong))  # type: ignore[arg-type]

    assert await put(client, run, content) == [(2, place, reason.name)]


@pytest.mark.parametrize("role", ["department-register", "department-of-nobody"])
async def test_a_department_asks_for_its_own_business_alone(world: RunningWorld, role: str) -> None:
    other = department_client(world.callers, world.layout, NEIGHBOUR, role)
    run_id = await other.open_inquiry_run(new_id(), JOB, MADE_AT, 1)

    assert await put(other, run_id, lines_of(HELD)) == [
        (1, "affair_code", "AFFAIR_NOT_OF_DEPARTMENT")
    ]
    await other.delete_inquiry_run(new_id(), run_id)


async def test_information_without_a_layout_is_asked_for_by_no_file(
    client: InquiryRunClient, run: str
) -> None:
    line = replace(LINE, information_code="TM99999999999999")

    assert await put(client, run, lines_of(HELD, line=line)) == [
        (1, "information_code", "INFORMATION_UNKNOWN")
    ]


async def test_a_file_sent_twice_is_one_and_another_under_its_name_is_refused(
    client: InquiryRunClient, run: str
) -> None:
    request_id = new_id()
    for _ in range(2):
        await client.put_inquiry_file(request_id, run, line_file(1), lines_of(HELD))
    assert await put(client, run, lines_of(HELD)) == []

    other = client.put_inquiry_file(new_id(), run, line_file(1), lines_of(NOTHING))

    assert await reason_of(other) is reasons.BATCH_FILE_REPEATED
    assert (await client.get_inquiry_run(run)).lines == 1


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("KAIGO01.DAT", reasons.MALFORMED_BATCH_FILE_NAME),
        (line_file(0), reasons.MALFORMED_BATCH_FILE_NAME),
        (line_file(3), reasons.BATCH_FILE_NOT_OF_RUN),
        (line_file(1).replace(JOB, "KAIGO02"), reasons.BATCH_FILE_NOT_OF_RUN),
        (line_file(1).replace(MADE_AT, "20261123093016"), reasons.BATCH_FILE_NOT_OF_RUN),
    ],
    ids=["no name", "number 0", "a number beyond the last", "another job", "another time"],
)
async def test_a_file_must_be_named_as_one_of_the_run(
    client: InquiryRunClient, run: str, name: str, reason: Reason
) -> None:
    refused = client.put_inquiry_file(new_id(), run, name, lines_of(HELD))

    assert await reason_of(refused) is reason


# The course of a run


@pytest.mark.parametrize(
    ("job", "made_at", "files"),
    [
        ("kaigo", MADE_AT, 1),
        ("", MADE_AT, 1),
        (JOB, "2026", 1),
        (JOB, MADE_AT, 0),
        (JOB, MADE_AT, 10_000),
    ],
)
async def test_a_run_that_cannot_be_is_refused(
    client: InquiryRunClient, job: str, made_at: str, files: int
) -> None:
    attempt = client.open_inquiry_run(new_id(), job, made_at, files)

    assert await reason_of(attempt) is reasons.MALFORMED_BATCH_RUN


async def test_a_run_is_closed_only_when_it_is_whole_and_then_takes_no_more(
    client: InquiryRunClient,
) -> None:
    run_id, close_id = await client.open_inquiry_run(new_id(), JOB, MADE_AT, 2), new_id()
    assert await put(client, run_id, lines_of(NOBODY), 2) == []
    refused = await reason_of(client.close_inquiry_run(new_id(), run_id))
    assert refused is reasons.BATCH_FILES_NOT_WHOLE
    assert await put(client, run_id, b"", 1) == []

    await client.close_inquiry_run(close_id, run_id)
    await client.close_inquiry_run(close_id, run_id)  # a repeat

    closed = reasons.BATCH_RUN_CLOSED
    assert await reason_of(client.close_inquiry_run(new_id(), run_id)) is closed
    more = client.put_inquiry_file(new_id(), run_id, line_file(2), lines_of(NOBODY))
    assert await reason_of(more) is closed
    assert (await inquiries_ended(client, run_id)).failed == 1
    assert await client.get_result_file(run_id, 1) == {}
    assert await reason_of(client.get_result_file(run_id, 3)) is reasons.BATCH_FILE_UNKNOWN


async def test_results_are_there_once_every_line_of_the_file_has_ended(
    world: RunningWorld, client: InquiryRunClient
) -> None:
    staff = world.callers.release_terminal(WARD)
    await staff.set_manual_release(new_id(), LINE.information_code, manual=True)
    run_id = await inquire_by_file(client, lines_of(HELD), lines_of(NOBODY))
    waiting = await until_told(staff.list_held_answers, bool)

    under_way = reasons.BATCH_RUN_UNDER_WAY
    assert await reason_of(client.get_result_file(run_id, 1)) is under_way
    assert await reason_of(client.delete_inquiry_run(new_id(), run_id)) is under_way
    assert [one.inquiry.person for one in await results(client, run_id, 2)] == [NOBODY]

    exchange = waiting[0].exchange_id
    reviewed = await staff.get_held_answer(exchange)
    await staff.release_answer(new_id(), exchange, reviewed.digest)
    await staff.set_manual_release(new_id(), LINE.information_code, manual=False)
    await inquiries_ended(client, run_id)
    assert [one.items for one in await results(client, run_id)] == [ITEMS]


async def test_an_open_run_has_no_results(client: InquiryRunClient, run: str) -> None:
    assert await put(client, run, lines_of(HELD)) == []

    assert await reason_of(client.get_result_file(run, 1)) is reasons.BATCH_RUN_UNDER_WAY


async def test_a_run_is_no_other_department_s_and_no_other_system_s(
    world: RunningWorld, run: str
) -> None:
    other = department_client(world.callers, world.layout, NEIGHBOUR, "department-tax")
    register = department_client(world.callers, world.layout, NEIGHBOUR, "resident-record")

    assert await reason_of(other.get_inquiry_run(run)) is reasons.BATCH_RUN_UNKNOWN
    assert await reason_of(other.close_inquiry_run(new_id(), run)) is reasons.BATCH_RUN_UNKNOWN
    assert await reason_of(register.get_inquiry_run(run)) is reasons.CALLER_NOT_ADMITTED
