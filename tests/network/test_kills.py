"""A server killed at any step of F1 where it writes, before its commit and after: as if it had not been."""

import asyncio
import os
import random
import signal
from contextlib import suppress
from functools import partial

import pytest

from renkei.acquisitions import BOUND, Acquisition
from renkei_simulators.population.residents import Resident
from tests.stores import BOTH, SQLITE

from .asking import new_id, patiently, until, until_told
from .mortal import Mortal
from .people.recount import mistakes
from .people.sub_copies import HOUSEHOLD, sub_copy
from .small_world import AGENCY, WARD

STORES = BOTH

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


@pytest.mark.parametrize(("seat", "what"), WARD_STEPS)
async def test_a_ward_server_killed_before_and_after_a_commit_changes_nothing(
    mortal: Mortal, seat: str, what: str
) -> None:
    person = mortal.people.somebody()
    died_twice = mortal.arm(seat, what)

    assert await mortal.acquire(person) == BOUND
    await until(died_twice)
    await mortal.quiet()
    assert mistakes(mortal.world, mortal.layout, WARD, [person]) == []


@pytest.mark.parametrize(("seat", "what"), AGENCY_STEPS)
async def test_an_agency_linkage_killed_before_and_after_a_commit_changes_nothing(
    mortal: Mortal, seat: str, what: str
) -> None:
    person = mortal.people.somebody()
    died_twice = mortal.arm(seat, what)

    assert await mortal.acquire_at_agency(person) == BOUND
    await until(died_twice)
    await mortal.quiet()
    assert mistakes(mortal.world, mortal.layout, AGENCY, [person]) == []


async def test_a_middle_server_killed_as_it_takes_sub_copies_and_turns_keys_loses_and_doubles_nothing(
    mortal: Mortal,
) -> None:
    seat = f"middle-server.{WARD}"
    person = mortal.people.somebody()
    local = person.local_address_number
    register, terminal = mortal.callers.register_of(WARD), mortal.callers.key_terminal(WARD)
    assert await mortal.acquire(person) == BOUND

    died = mortal.arm(seat, "/renkei.linkage.v1.SubCopyService/RegisterSubCopy")
    for expected in (1, 2, 3):
        registered = partial(register.register_sub_copy, new_id(), local, sub_copy())
        assert await patiently(registered) == expected
    assert died()

    mortal.arm(seat, "/renkei.linkage.v1.OrganisationKeyService/RotateOrganisationKey")
    died = mortal.arm(seat, "rewrap")
    assert await patiently(partial(terminal.rotate_organisation_key, new_id())) == 2
    keys = await until_told(
        lambda: patiently(terminal.get_organisation_keys), lambda keys: keys[0].records == 0
    )
    assert died()
    assert [key.records for key in keys] == [0, 3]

    died = mortal.arm(seat, "/renkei.linkage.v1.SubCopyService/DeleteSubCopy")
    await patiently(partial(register.delete_sub_copy, new_id(), local, HOUSEHOLD))
    assert died()
    assert await patiently(partial(register.list_sub_copies, local)) == []


@pytest.mark.only_on(SQLITE, why="the database's own death comes with it in test_database_deaths")
async def test_a_thousand_interleaved_acquisitions_survive_random_kills(mortal: Mortal) -> None:
    crowd = [mortal.people.somebody() for _ in range(500)]
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
    await mortal.quiet()
    assert mistakes(mortal.world, mortal.layout, WARD, crowd) == []
    assert mistakes(mortal.world, mortal.layout, AGENCY, crowd) == []
