"""Inquiries by file: runs as a department opens, fills and closes them, and what it fetches."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from renkei.codes import LocalAddressNumber
from renkei.inquiries import CODE_NOT_ACQUIRED
from renkei.refusals import Reason
from renkei_clients.inquiry_runs import InquiryRunClient
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.people import attributes_of
from renkei_simulators.world.provision import inspect

from .asking import final, new_id, reason_of, until
from .conftest import NEIGHBOUR, WARD, People
from .filing import (
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
from .inquiring import Neighbours
from .sub_copying import ITEMS, sub_copy

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
        Reason.PERSON_NOT_HELD.sentence.japanese,
    )
    nothing, again = await results(client, run_id, 2)
    assert (nothing.detail_status, nothing.information_status) == ("09", "03")
    assert again.items == ITEMS
    await client.delete_inquiry_run(new_id(), run_id)
