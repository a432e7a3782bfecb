"""Corrections of identity information: permitted by the manager, once, and recorded (INP-01, INP-08)."""

from dataclasses import replace

import pytest

from renkei import reasons
from renkei.change_reasons import ChangeReason
from renkei.networks import ward
from renkei.residents import ResidentEntry
from renkei.type.v1 import operator_session_pb2 as session_pb2
from renkei.wire import identities
from renkei_clients.channel import Channel
from renkei_clients.corrections import CorrectionClient
from renkei_clients.residents import ResidentClient, Told
from renkei_pki.identity import Identity
from renkei_server.seats.resident.residents import FUNCTION
from renkei_simulators.world.in_process import RunningWorld
from tests.stores import BOTH

from .asking import new_id, reason_of, refusal_of, until_told
from .people import People
from .people.entries import entry_of, names_told, numbers_of_nobody
from .people.strangers import outsider
from .small_world import WARD

STORES = BOTH
CASE = "R8-12"
CS = f"municipal-cs.{WARD}"
ERROR, EX_OFFICIO = ChangeReason.ERROR_CORRECTED, ChangeReason.CORRECTED_EX_OFFICIO
WORD = "a long and secret word"


@pytest.fixture(scope="module")
def manager(world: RunningWorld) -> CorrectionClient:
    """Whoever permits corrections, at the ward's integrated terminal."""
    return world.callers.correction_terminal(WARD)


@pytest.fixture(scope="module")
def terminal(world: RunningWorld) -> ResidentClient:
    return world.callers.register_terminal(WARD)


def correction(
    people: People, reason: ChangeReason = ERROR, name: str = "別の　名前"
) -> ResidentEntry:
    return entry_of(people.somebody(), reason, name=name)


async def sent(terminal: ResidentClient, entry: ResidentEntry) -> Told:
    """What became of a change."""
    await terminal.change_resident(new_id(), entry)
    return await until_told(
        lambda: terminal.get_notification(entry.person), lambda told: told.state != "UNDER_WAY"
    )


async def test_a_correction_that_was_permitted_is_applied_and_before_and_after_are_recorded(
    people: People, terminal: ResidentClient, manager: CorrectionClient
) -> None:
    entry = correction(people)
    code, approval = entry.items.resident_record_code, new_id()
    for _ in range(2):  # a repeat
        await manager.approve_correction(approval, code, ERROR, CASE)
    (waiting,) = await manager.list_corrections(code)

    told = await sent(terminal, entry)

    (used,) = await manager.list_corrections(code)
    assert (told.state, told.seat) == ("APPLIED", "national-server")
    assert not waiting.HasField("used_at")
    assert (used.approval_id, used.operator_id, used.case_reference) == (
        approval,
        "operator-2",
        CASE,
    )
    assert used.sequence == told.sequence
    assert used.HasField("used_at")
    assert used.before.items.name.text != used.after.items.name.text == "別の　名前"
    assert identities.read_identity_items(used.after.items) == entry.items
    municipal = replace(entry.municipal, operator_id="operator-1")
    assert used.after.municipal_items == identities.write_municipal_items(municipal)


async def test_a_correction_that_nobody_permitted_is_refused_and_goes_when_sent_again_with_it(
    world: RunningWorld, people: People, terminal: ResidentClient, manager: CorrectionClient
) -> None:
    entry = correction(people, EX_OFFICIO)
    code = entry.items.resident_record_code

    refused = await sent(terminal, entry)
    before = names_told(world.world, world.layout, CS, code)
    await manager.approve_correction(new_id(), code, EX_OFFICIO, CASE)
    again = await sent(terminal, entry)

    assert (refused.state, refused.seat) == ("REFUSED", "municipal-cs")
    assert refused.refused == reasons.MANAGER_PERMISSION_MISSING.name
    assert refused.fields == ("notification.items.reason",)
    assert "別の　名前" not in before
    assert again.state == "APPLIED"
    assert names_told(world.world, world.layout, CS, code) == [*before, "別の　名前"]


async def test_a_permission_is_used_once_and_for_its_own_reason(
    people: People, terminal: ResidentClient, manager: CorrectionClient
) -> None:
    entry = correction(people)
    code = entry.items.resident_record_code
    await manager.approve_correction(new_id(), code, ERROR, CASE)
    assert (await sent(terminal, entry)).state == "APPLIED"

    twice = await sent(terminal, replace(entry, items=replace(entry.items, name="三つめの　名前")))
    other = await sent(terminal, replace(entry, items=replace(entry.items, reason=EX_OFFICIO)))

    assert twice.refused == reasons.MANAGER_PERMISSION_USED.name
    assert other.refused == reasons.MANAGER_PERMISSION_MISSING.name


async def test_who_entered_a_correction_permits_it_not_themselves_whoever_they_say_they_are(
    world: RunningWorld, people: People, terminal: ResidentClient
) -> None:
    entry = correction(people)
    roster, name = world.callers.ward_administrator(WARD), f"clerk-{new_id()[:8]}"
    may = dict.fromkeys(("identity-approval", FUNCTION), session_pb2.ACCESS_UPDATE)
    await roster.enrol_operator(new_id(), name, WORD)
    await roster.set_permissions(new_id(), name, may, approver=True)

    async def channel(role: str, seat: str) -> Channel:
        here = Identity(ward(WARD), WARD, role)
        session = await world.callers.ward_operators(WARD, role).open_operator_session(
            new_id(), name, WORD, [session_pb2.FACTOR_BIOMETRIC]
        )
        server = Identity(ward(WARD), WARD, seat)
        return world.callers.channel(outsider(world, here), server, session)

    as_manager = CorrectionClient(await channel("cs-terminal", "municipal-cs"))
    as_clerk = ResidentClient(await channel("ward-terminal", "resident-record"))
    await as_manager.approve_correction(new_id(), entry.items.resident_record_code, ERROR, CASE)
    claimed = replace(entry, municipal=replace(entry.municipal, operator_id="operator-1"))

    refused = await sent(as_clerk, claimed)
    by_another = await sent(terminal, entry)

    assert refused.refused == reasons.APPROVER_IS_ENTERER.name
    assert by_another.state == "APPLIED"


async def test_a_permission_that_was_taken_back_permits_nothing(
    people: People, terminal: ResidentClient, manager: CorrectionClient
) -> None:
    entry = correction(people)
    code, approval = entry.items.resident_record_code, new_id()
    await manager.approve_correction(approval, code, ERROR, CASE)

    await manager.withdraw_approval(new_id(), approval)

    assert (await sent(terminal, entry)).refused == reasons.MANAGER_PERMISSION_MISSING.name
    assert await manager.list_corrections(code) == []
    again = await reason_of(manager.withdraw_approval(new_id(), approval))
    assert again is reasons.APPROVAL_UNKNOWN


async def test_each_mistake_of_a_manager_has_its_reason(
    people: People, terminal: ResidentClient, manager: CorrectionClient
) -> None:
    entry = correction(people)
    code, used = entry.items.resident_record_code, new_id()
    nobody, _ = numbers_of_nobody(77)
    for person, reason, case, expected, field in (
        (nobody, ERROR, CASE, reasons.RESIDENT_RECORD_CODE_NOT_HELD, "resident_record_code"),
        (code, ChangeReason.MOVED_WITHIN, CASE, reasons.NOT_A_CORRECTION, "reason"),
        (code, ERROR, "山田 花子 の件", reasons.MALFORMED_CASE_REFERENCE, "case_reference"),
    ):
        refused = await refusal_of(manager.approve_correction(new_id(), person, reason, case))
        assert (refused.reason, refused.fields) == (expected, (field,))
    assert await manager.list_corrections(code) == []

    await manager.approve_correction(used, code, ERROR, CASE)
    twice = await refusal_of(manager.approve_correction(new_id(), code, ERROR, CASE))
    assert twice.reason is reasons.CORRECTION_APPROVED_ALREADY
    await sent(terminal, entry)
    withdrawn = await reason_of(manager.withdraw_approval(new_id(), used))
    assert withdrawn is reasons.MANAGER_PERMISSION_USED


async def test_who_may_not_approve_permits_nothing(world: RunningWorld, people: People) -> None:
    roster, name = world.callers.ward_administrator(WARD), f"clerk-{new_id()[:8]}"
    may = {"identity-approval": session_pb2.ACCESS_UPDATE}
    await roster.enrol_operator(new_id(), name, WORD)
    await roster.set_permissions(new_id(), name, may)
    here = Identity(ward(WARD), WARD, "cs-terminal")
    session = await world.callers.ward_operators(WARD, "cs-terminal").open_operator_session(
        new_id(), name, WORD, [session_pb2.FACTOR_BIOMETRIC]
    )
    channel = world.callers.channel(
        outsider(world, here), Identity(ward(WARD), WARD, "municipal-cs"), session
    )
    clerk, code = CorrectionClient(channel), correction(people).items.resident_record_code

    refused = await reason_of(clerk.approve_correction(new_id(), code, ERROR, CASE))
    await roster.set_permissions(new_id(), name, may, approver=True)
    await clerk.approve_correction(new_id(), code, ERROR, CASE)
    await roster.set_permissions(new_id(), name, {}, approver=True)
    no_more = await reason_of(clerk.list_corrections(code))

    assert refused is reasons.APPROVER_RIGHT_MISSING
    assert no_more is reasons.PERMISSION_MISSING


@pytest.mark.parametrize("role", ["resident-record", "ward-terminal", "admin"])
async def test_the_integrated_terminal_alone_permits(
    world: RunningWorld, people: People, role: str
) -> None:
    caller = outsider(world, Identity(ward(WARD), WARD, role))
    server = Identity(ward(WARD), WARD, "municipal-cs")
    client = CorrectionClient(world.callers.channel(caller, server))
    code = people.somebody().resident_record_code

    refused = await reason_of(client.approve_correction(new_id(), code, ERROR, CASE))

    assert refused is reasons.CALLER_NOT_ADMITTED
