"""Sub-copies by file: runs as a ward's system opens, fills and closes them at its platform."""

from dataclasses import replace

import pytest

from renkei.codes import LocalAddressNumber
from renkei.refusals import Reason
from renkei.type.v1 import batch_run_pb2
from renkei.ward.v1 import registration_run_pb2 as pb2
from renkei_clients.registration_runs import RegistrationRunClient
from renkei_pki.identity import Identity, ward
from renkei_server.domain.batch_files.messages import write_message
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.in_process import RunningWorld

from .asking import final, new_id, outsider, reason_of
from .conftest import NEIGHBOUR, WARD, People
from .filing import (
    MESSAGE,
    attachment_of,
    message_name,
    record,
    register_by_file,
    registration_client,
    registration_ended,
    registration_files,
)
from .sub_copying import HOUSEHOLD

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
    terminal = world.callers.ward_terminal(WARD)
    for person in persons:
        await terminal.request_code_acquisition(new_id(), person.local_address_number)
    for person in persons:
        local = person.local_address_number
        await final(lambda local=local: terminal.get_code_acquisition(local))  # type: ignore[misc]
    return persons


@pytest.fixture
async def run(client: RegistrationRunClient) -> object:
    """An open run of tax information, which was never provided; it is deleted afterwards."""
    run_id = await client.open_registration_run(new_id(), INITIAL, TAX, 2, 2)
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
