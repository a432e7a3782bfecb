"""A server killed at any step of F1 where it writes, before its commit and after: as if it had not been."""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice

import pytest

from renkei.acquisitions import BOUND, Acquisition
from renkei.refusals import Refusal
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.callers import Callers
from renkei_simulators.world.definition import World
from renkei_simulators.world.health import all_serving
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.looking import calls_owed
from renkei_simulators.world.people import people_of, unknown_to_the_nation
from renkei_simulators.world.provision import seat_config
from renkei_simulators.world.supervisor import Supervisor
from tests.worlds import Worlds

from .asking import new_id, until
from .conftest import AGENCY, BIG_WORLD, WARD
from .recount import mistakes
from .sub_copying import HOUSEHOLD, sub_copy

_LONGEST_SECONDS = 60.0

WARD_STEPS = [
    (f"resident-record.{WARD}", "/renkei.ward.v1.ResidentRecordService/RequestCodeAcquisition"),
    (f"resident-record.{WARD}", "task number"),
    (f"linkage-platform.{WARD}", "/renkei.ward.v1.NumberingService/NumberPerson"),
    (f"linkage-platform.{WARD}", "task acquire"),
    (f"middle-server.{WARD}", "/renkei.linkage.v1.CodeAcquisitionService/AcquireCode"),
    ("provision-network.ipn", "/renkei.linkage.v1.ProcessingSerialService/IssueProcessingSerial"),
    (f"linkage-platform.{WARD}", "task generate"),
    (
        f"resident-record.{WARD}",
        "/renkei.ward.v1.LinkageCodeRelayService/RelayLinkageCodeGeneration",
    ),
    (f"resident-record.{WARD}", "task generate"),
    (f"municipal-cs.{WARD}", "/renkei.ward.v1.LinkageCodeGenerationService/GenerateLinkageCode"),
    (f"municipal-cs.{WARD}", "task generate"),
    (
        "national-server.jlis",
        "/renkei.jukinet.v1.LinkageCodeGenerationService/GenerateLinkageCode",
    ),
    ("national-server.jlis", "task report"),
    (
        "provision-network.ipn",
        "/renkei.linkage.v1.ResidentRecordCodeService/ReportResidentRecordCode",
    ),
    ("provision-network.ipn", "task deliver"),
    (f"middle-server.{WARD}", "/renkei.linkage.v1.CodeDeliveryService/DeliverCode"),
    (f"linkage-platform.{WARD}", "task poll"),
    (f"resident-record.{WARD}", "task poll"),
]

AGENCY_STEPS = [
    (f"agency-linkage.{AGENCY}", "/renkei.linkage.v1.NumberingService/NumberPerson"),
    (f"agency-linkage.{AGENCY}", "task ask serial"),
    (f"agency-linkage.{AGENCY}", "task generate"),
    (f"agency-linkage.{AGENCY}", "/renkei.linkage.v1.CodeDeliveryService/DeliverCode"),
]


@dataclass(frozen=True, slots=True)
class Mortal:
    """A world of real processes that are started again whenever they die."""

    world: World
    layout: Layout
    supervisor: Supervisor
    callers: Callers
    persons: list[Resident]

    def arm(self, seat: str, what: str) -> Callable[[], bool]:
        """Let the seat die twice at this write; return whether both deaths have come."""
        path = seat_config(self.world, self.layout, self.world.seat(seat)).crashes
        with path.open("a") as points:
            points.write(f"before commit {what}\nafter commit {what}\n")
        return lambda: path.read_text() == ""

    async def acquire(self, person: Resident) -> Acquisition:
        """The ward acquires a code, asking under the same id until it is answered."""
        terminal, request_id = self.callers.ward_terminal(WARD), new_id()
        local = person.local_address_number
        await answered(lambda: terminal.request_code_acquisition(request_id, local))
        return await _ended(lambda: terminal.get_code_acquisition(local))

    async def acquire_at_agency(self, person: Resident) -> Acquisition:
        """The same for the national body."""
        terminal, request_id = self.callers.agency_terminal(AGENCY), new_id()
        number = await answered(
            lambda: terminal.number_person(request_id, person.individual_number)
        )
        return await _ended(lambda: terminal.get_numbering_outcome(number))

    def owed(self) -> int:
        """How many calls are still owed."""
        return calls_owed(self.world, self.layout)


async def answered(ask):  # type: ignore[no-untyped-def]
    async with asyncio.timeout(_LONGEST_SECONDS):
        while True:
            try:
                return await ask()
            except Refusal as refusal:
                if not refusal.reason.passing:
                    raise
            await asyncio.sleep(0.05)


async def _ended(look) -> Acquisition:  # type: ignore[no-untyped-def]
    async with asyncio.timeout(_LONGEST_SECONDS):
        while not (seen := await answered(look)).state.final:
            await asyncio.sleep(0.1)
    return seen


@pytest.fixture(scope="module")
async def mortal(worlds: Worlds) -> AsyncIterator[Mortal]:
    async with AsyncExitStack() as stack:
        run = stack.enter_context(worlds.supervised(BIG_WORLD, crash_points=True))
        ward = run.world.municipalities[0]
        unknown = unknown_to_the_nation(run.world, ward)
        persons = [
            one
            for one in people_of(run.world, ward)
            if one.individual_number and one.index != unknown.index
        ]
        await all_serving(run.world, run.layout, seconds=_LONGEST_SECONDS)
        nurse = asyncio.create_task(_start_again(run.supervisor))
        callers = Callers(run.world, run.layout, stack)
        yield Mortal(run.world, run.layout, run.supervisor, callers, persons)
        nurse.cancel()
        with suppress(asyncio.CancelledError):
            await nurse


async def _start_again(supervisor: Supervisor) -> None:
    while True:
        supervisor.restart_dead(lambda _: None)
        await asyncio.sleep(0.05)


@pytest.mark.parametrize(("seat", "what"), WARD_STEPS)
async def test_a_ward_server_killed_before_and_after_a_commit_changes_nothing(
    mortal: Mortal, seat: str, what: str
) -> None:
    person = mortal.persons.pop()
    died_twice = mortal.arm(seat, what)

    assert await mortal.acquire(person) == BOUND
    await until(died_twice)
    await until(lambda: mortal.owed() == 0)
    assert mistakes(mortal.world, mortal.layout, WARD, [person]) == []


@pytest.mark.parametrize(("seat", "what"), AGENCY_STEPS)
async def test_an_agency_linkage_killed_before_and_after_a_commit_changes_nothing(
    mortal: Mortal, seat: str, what: str
) -> None:
    person = mortal.persons.pop()
    died_twice = mortal.arm(seat, what)

    assert await mortal.acquire_at_agency(person) == BOUND
    await until(died_twice)
    await until(lambda: mortal.owed() == 0)
    assert mistakes(mortal.world, mortal.layout, AGENCY, [person]) == []


async def test_a_middle_server_killed_as_it_takes_sub_copies_and_turns_keys_loses_and_doubles_nothing(
    mortal: Mortal,
) -> None:
    seat = f"middle-server.{WARD}"
    person = mortal.persons.pop()
    local = person.local_address_number
    register, terminal = mortal.callers.register_of(WARD), mortal.callers.key_terminal(WARD)
    assert await mortal.acquire(person) == BOUND

    died = mortal.arm(seat, "/renkei.linkage.v1.SubCopyService/RegisterSubCopy")
    for expected in (1, 2, 3):
        registered = partial(register.register_sub_copy, new_id(), local, sub_copy())
        assert await answered(registered) == expected
    assert died()

    mortal.arm(seat, "/renkei.linkage.v1.OrganisationKeyService/RotateOrganisationKey")
    died = mortal.arm(seat, "rewrap")
    assert await answered(partial(terminal.rotate_organisation_key, new_id())) == 2
    async with asyncio.timeout(_LONGEST_SECONDS):
        while (keys := await answered(terminal.get_organisation_keys))[0].records:
            await asyncio.sleep(0.05)
    assert died()
    assert [key.records for key in keys] == [0, 3]

    died = mortal.arm(seat, "/renkei.linkage.v1.SubCopyService/DeleteSubCopy")
    await answered(partial(register.delete_sub_copy, new_id(), local, HOUSEHOLD))
    assert died()
    assert await answered(partial(register.list_sub_copies, local)) == []


async def test_a_thousand_interleaved_acquisitions_survive_random_kills(mortal: Mortal) -> None:
    crowd = list(islice(mortal.persons, 500))
    chance = random.Random(11)
    gate = asyncio.Semaphore(24)

    async def one(acquire, person: Resident) -> Acquisition:  # type: ignore[no-untyped-def]
        async with gate:
            return await acquire(person)

    async def kill() -> None:
        while True:
            await asyncio.sleep(chance.uniform(0.5, 2.5))
            with suppress(ProcessLookupError):
                victim = chance.choice(sorted(mortal.supervisor.process_ids.values()))
                os.kill(victim, signal.SIGKILL)

    killer = asyncio.create_task(kill())
    try:
        outcomes = await asyncio.gather(
            *(one(mortal.acquire, person) for person in crowd),
            *(one(mortal.acquire_at_agency, person) for person in crowd),
        )
    finally:
        killer.cancel()

    assert outcomes == [BOUND] * 1_000
    async with asyncio.timeout(_LONGEST_SECONDS):
        while mortal.owed():
            await asyncio.sleep(0.2)
    assert mistakes(mortal.world, mortal.layout, WARD, crowd) == []
    assert mistakes(mortal.world, mortal.layout, AGENCY, crowd) == []
