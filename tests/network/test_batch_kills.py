"""The linkage platform killed at each write of a run of files: no line is lost, and none is done twice."""

import pytest

from renkei.answers import Outcome
from renkei.codes import LocalAddressNumber
from renkei.ward.v1 import registration_run_pb2 as pb2
from renkei_server.store.exchanges.inquiries import Inquiries
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.people import attributes_of
from renkei_simulators.world.provision import inspect
from tests.stores import BOTH

from .asking import final, new_id, patiently, until
from .asking.files import (
    department_client,
    inquire_by_file,
    inquiries_ended,
    lines_of,
    record,
    register_by_file,
    registration_client,
    registration_ended,
    registration_files,
    results,
)
from .mortal import Mortal
from .people.sub_copies import ITEMS, sub_copy
from .small_world import NEIGHBOUR, WARD

STORES = BOTH

PLATFORM, MIDDLE = f"linkage-platform.{NEIGHBOUR}", f"middle-server.{NEIGHBOUR}"
HELD, NOBODY = LocalAddressNumber("800000000000101"), LocalAddressNumber("999999999999999")

INQUIRY = "/renkei.ward.v1.InquiryRunService/"
REGISTRATION = "/renkei.ward.v1.RegistrationRunService/"


@pytest.fixture(scope="module")
async def persons(mortal: Mortal) -> list[Resident]:
    """Three whose codes the ward has; the neighbour has that of the first."""
    three = [mortal.people.somebody() for _ in range(3)]
    for person in three:
        await mortal.acquire(person)
    first = three[0]
    await mortal.callers.register_of(WARD).register_sub_copy(
        new_id(), first.local_address_number, sub_copy()
    )
    addresses = mortal.callers.address_system(NEIGHBOUR)
    await addresses.number_person(new_id(), HELD, first.individual_number, attributes_of(first))
    await final(lambda: addresses.get_numbering_outcome(HELD))
    return three


def inquiries_at_middle_server(mortal: Mortal) -> dict[Outcome | None, int]:
    """How many the neighbour has, by how they ended."""
    with inspect(mortal.world, mortal.layout, mortal.world.seat(MIDDLE)) as store:
        return store.read(Inquiries(store.sealer).outcomes)


@pytest.mark.usefixtures("persons")
@pytest.mark.parametrize(
    "what",
    [
        f"{INQUIRY}OpenInquiryRun",
        f"{INQUIRY}PutInquiryFile",
        f"{INQUIRY}CloseInquiryRun",
        "task begin inquiries",
        "task inquire",
        "task fetch answer",
        "task acknowledge answer",
        f"{INQUIRY}DeleteInquiryRun",
    ],
)
async def test_a_platform_killed_before_and_after_a_commit_asks_each_line_once(
    mortal: Mortal, what: str
) -> None:
    client = department_client(mortal.callers, mortal.layout, NEIGHBOUR)
    before = sum(inquiries_at_middle_server(mortal).values())
    died_twice = mortal.arm(PLATFORM, what)

    run = await inquire_by_file(client, lines_of(HELD, NOBODY, HELD), lines_of(HELD))
    told = await inquiries_ended(client, run)
    came = [*await results(client, run), *await results(client, run, 2)]
    delete_id = new_id()
    await patiently(lambda: client.delete_inquiry_run(delete_id, run))
    await until(died_twice)
    await mortal.quiet()

    assert (told.lines, told.started, told.provided, told.failed) == (4, 3, 3, 1)
    assert [one.items for one in came] == [ITEMS, {}, ITEMS, ITEMS]
    assert sum(inquiries_at_middle_server(mortal).values()) == before + 3


@pytest.mark.parametrize(
    "what",
    [
        f"{REGISTRATION}OpenRegistrationRun",
        f"{REGISTRATION}PutRegistrationFile",
        f"{REGISTRATION}CloseRegistrationRun",
        "task begin registrations",
        "task register",
    ],
)
async def test_a_platform_killed_before_and_after_a_commit_registers_each_record_once(
    mortal: Mortal, persons: list[Resident], what: str
) -> None:
    client = registration_client(mortal.callers, mortal.layout, WARD)
    register = mortal.callers.register_of(WARD)
    numbers = [one.local_address_number for one in persons[1:]]

    async def versions() -> list[int]:
        held = [await patiently(lambda: register.list_sub_copies(one)) for one in numbers]  # noqa: B023
        return [one.version for every in held for one in every]

    before = await versions() or [0, 0]
    kind = pb2.REGISTRATION_RUN_KIND_CHANGE if before[0] else pb2.REGISTRATION_RUN_KIND_INITIAL
    died_twice = mortal.arm(f"linkage-platform.{WARD}", what)

    files = registration_files([record(1, numbers[0]), record(2, NOBODY)], [record(3, numbers[1])])
    told = await registration_ended(client, await register_by_file(client, files, kind))
    await until(died_twice)
    await mortal.quiet()

    assert (told.records, told.registered, told.refused) == (3, 2, 1)
    assert await versions() == [one + 1 for one in before]
