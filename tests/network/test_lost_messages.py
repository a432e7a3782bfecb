"""Requests and answers lost, doubled and overtaken at every hop of F1 and F2: nothing lost, nothing twice."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from typing import ClassVar

import pytest
from google.protobuf.message import Message

from renkei import reasons
from renkei.acquisitions import BOUND
from renkei.answers import Outcome
from renkei.change_reasons import ChangeReason
from renkei.contract import method_of
from renkei.refusals import Refusal
from renkei.ward.v1.session_pb2 import JudgeSessionRequest
from renkei_clients.channel import Channel
from renkei_server.process.machine import MachineIds
from renkei_server.store.persons.numbering import Numbering
from renkei_simulators.population.residents import Resident
from renkei_simulators.records_audit import audit_records
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.looking import calls_owed
from renkei_simulators.world.provision import inspect
from tests.worlds import Worlds

from .asking import ended, new_id, until
from .asking.codes import acquire, acquire_at_agency
from .asking.inquiries import HOUSEHOLD_OF_PENSION
from .people import People
from .people.entries import entry_of, names_told
from .people.recount import mistakes
from .people.sub_copies import sub_copy
from .small_world import AGENCY, SMALL_WORLD, TOKYO, WARD

ASKING_AGAIN = "renkei.linkage.v1.ProcessingSerialService.GetProcessingSerial"
PUBLISHING = "renkei.linkage.v1.KeyDirectoryService."
EXCHANGING = ("renkei.linkage.v1.ExchangeService.", "renkei.linkage.v1.ProvisionService.")


class BadLine(Channel):
    """A channel that loses requests, loses answers, says things twice and late, each often."""

    chance = random.Random(3)
    mishaps: ClassVar[Counter[tuple[str, str]]] = Counter()

    async def call(self, request: Message, *, seconds: float | None = None) -> Message:
        if isinstance(request, JudgeSessionRequest):  # the operator who waits for it asks anew
            return await super().call(request, seconds=seconds)
        mishap = self.chance.choice(["lost request", "lost answer", "twice", "late", "", ""])
        self.mishaps[method_of(type(request)).descriptor.full_name, mishap] += 1
        if mishap == "lost request":
            raise Refusal(reasons.PEER_UNREACHABLE)
        if mishap == "late":
            await asyncio.sleep(self.chance.uniform(0, 0.2))
        answer = await super().call(request, seconds=seconds)
        if mishap == "twice":
            return await super().call(request, seconds=seconds)
        if mishap == "lost answer":
            raise Refusal(reasons.PEER_UNREACHABLE)
        return answer


@pytest.fixture(scope="module")
async def world(worlds: Worlds) -> AsyncIterator[RunningWorld]:
    """The small world, its seats joined by bad lines; its callers have good ones."""
    async with worlds.running(SMALL_WORLD, open_channel=BadLine) as running:
        yield running


@pytest.fixture(scope="module")
def crowd(people: People) -> list[Resident]:
    """Those whose codes are acquired, and about whom is asked then."""
    return [people.somebody() for _ in range(100)]


async def test_every_acquisition_ends_as_if_the_lines_were_good(
    world: RunningWorld, crowd: list[Resident]
) -> None:
    outcomes = await asyncio.gather(
        *(acquire(world.callers, person) for person in crowd),
        *(acquire_at_agency(world.callers, person) for person in crowd),
    )

    assert set(outcomes) == {BOUND}
    assert mistakes(world.world, world.layout, WARD, crowd) == []
    assert mistakes(world.world, world.layout, AGENCY, crowd) == []


async def test_every_hop_met_every_mishap() -> None:
    seldom = (PUBLISHING, ASKING_AGAIN)
    methods = {method for method, _ in BadLine.mishaps if not method.startswith(seldom)}

    assert len(methods) == 10, "the hops of F1 and its two polls"
    require_every_mishap(methods)


def require_every_mishap(methods: set[str]) -> None:
    for method in methods:
        for mishap in ("lost request", "lost answer", "twice", "late"):
            assert BadLine.mishaps[method, mishap], f"{method} never met: {mishap}"


async def test_each_acquisition_used_one_serial_and_left_no_call_owed(world: RunningWorld) -> None:
    await until(lambda: calls_owed(world.world, world.layout) == 0)
    with inspect(world.world, world.layout, world.world.seat("provision-network.ipn")) as look:
        assert look.rows("serials") == 200
        assert look.values("serials.serial") == []


async def test_every_inquiry_over_bad_lines_is_answered_once_and_recorded_alike_by_all(
    world: RunningWorld, crowd: list[Resident]
) -> None:
    agency = world.seats[f"agency-linkage.{AGENCY}"].store
    numbering = Numbering(agency.sealer, MachineIds())
    register, terminal = (
        world.callers.register_of(WARD),
        world.callers.inquiry_terminal(AGENCY),
    )
    BadLine.mishaps.clear()

    async def ask(person: Resident) -> Outcome | None:
        number = person.individual_number
        assert number is not None
        known = agency.read_now(lambda tx: numbering.find(tx, number))
        assert known is not None
        inquiry = await terminal.start_inquiry(new_id(), known, HOUSEHOLD_OF_PENSION)
        return (await ended(terminal, inquiry)).outcome

    for person in crowd[:40]:
        record, request_id = sub_copy(), new_id()
        local = person.local_address_number
        while True:  # the platform's own line to the middle server is a bad one too
            try:
                await register.register_sub_copy(request_id, local, record)
                break
            except Refusal as refusal:
                if refusal.reason is not reasons.PEER_UNREACHABLE:
                    raise
    outcomes = await asyncio.gather(*(ask(person) for person in crowd[:40]))
    await until(lambda: calls_owed(world.world, world.layout) == 0)

    assert outcomes == [Outcome.PROVIDED] * 40
    found = audit_records(world.world, world.layout)
    assert (found.sound, found.agreed) == (True, 40)
    hops = {method for method, _ in BadLine.mishaps if method.startswith(EXCHANGING)}
    assert len(hops) == 4, "F2.3, 5 and 8 twice"
    require_every_mishap(hops)


async def test_every_change_over_bad_lines_reaches_each_file_once_and_in_order(
    world: RunningWorld, people: People
) -> None:
    terminal = world.callers.register_terminal(WARD)
    persons, names = [people.somebody() for _ in range(10)], ["第一", "第二", "第三"]
    BadLine.mishaps.clear()

    for name in names:
        for person in persons:
            entry = entry_of(person, ChangeReason.MINOR_CORRECTION, name=name)
            await terminal.change_resident(new_id(), entry)
    await until(lambda: calls_owed(world.world, world.layout) == 0)

    for person in persons:
        told = await terminal.get_notification(person.local_address_number)
        assert (told.state, told.sequence) == ("APPLIED", 3)
        for seat in (f"municipal-cs.{WARD}", f"prefecture-server.{TOKYO}", "national-server.jlis"):
            found = names_told(world.world, world.layout, seat, person.resident_record_code)
            assert found == [person.name, *names]
    methods = {method for method, _ in BadLine.mishaps if "IdentityNotification" in method}
    assert len(methods) == 6
