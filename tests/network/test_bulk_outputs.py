"""Many persons are put out at once where a manager approved it, and once (USE-13, PRV-13)."""

from collections.abc import Sequence
from datetime import date

import pytest

from renkei import reasons
from renkei.bulk_outputs import Changed, Selection
from renkei.identity_search import Attributes, Criteria, Purpose
from renkei.networks import ward
from renkei.type.v1 import operator_session_pb2 as session_pb2
from renkei_clients.bulk_outputs import BulkOutputClient
from renkei_pki.identity import Identity
from renkei_server.store.engine.operations import OperationLog
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.people import held_of, people_of
from renkei_simulators.world.provision import inspect
from tests.stores import BOTH

from .asking import new_id, reason_of
from .people.strangers import outsider
from .small_world import WARD

STORES = BOTH

HERE = ward(WARD)
CS, TERMINAL = Identity(HERE, WARD, "municipal-cs"), Identity(HERE, WARD, "cs-terminal")
WORD = "a long and secret word"
SINCE_2000 = Changed(date(2000, 1, 1), date(2026, 11, 23))
FOR = Purpose("resident-register", "2026-000777")


async def operator(
    world: RunningWorld, *, approves: bool = False, may: Sequence[str] = ("bulk-output",)
) -> BulkOutputClient:
    """The terminal in the hands of somebody new."""
    name = f"operator-{new_id()[:8]}"
    roster = world.callers.ward_administrator(WARD)
    await roster.enrol_operator(new_id(), name, WORD)
    permissions = dict.fromkeys(may, session_pb2.ACCESS_UPDATE)
    await roster.set_permissions(new_id(), name, permissions, approver=approves)
    door = world.callers.ward_operators(WARD, "cs-terminal")
    biometric = (session_pb2.FACTOR_BIOMETRIC,)
    session = await door.open_operator_session(new_id(), name, WORD, biometric)
    return BulkOutputClient(world.callers.channel(outsider(world, TERMINAL), CS, session))


async def asked_for(clerk: BulkOutputClient, selection: Selection = SINCE_2000) -> str:
    """A bulk output that somebody has asked for."""
    output = new_id()
    await clerk.request_bulk_output(output, selection, FOR)
    return output


def state_of(outputs: Sequence[object], output: str) -> str:
    (one,) = [one for one in outputs if one.output_id == output]  # type: ignore[attr-defined]
    return type(one).DESCRIPTOR.fields_by_name["state"].enum_type.values_by_number[one.state].name  # type: ignore[attr-defined]


async def test_what_a_manager_approved_is_fetched_once_and_each_person_recorded(
    world: RunningWorld,
) -> None:
    clerk, manager = await operator(world), await operator(world, approves=True)
    output = await asked_for(clerk)
    await manager.approve_bulk_output(new_id(), output)

    found, goes_on_at = await clerk.fetch_bulk_output(page := new_id(), output)

    (nakano, *_) = world.world.municipalities
    expected = {
        person.resident_record_code
        for person in people_of(world.world, nakano)
        if person.individual_number
        and not person.removed
        and held_of(person, WARD).items.changed_on.earliest >= date(2000, 1, 1)
    }
    assert ({one.resident_record_code for one in found}, goes_on_at) == (expected, 0)
    assert await clerk.fetch_bulk_output(page, output) == (found, 0), "the same request"
    again = await reason_of(clerk.fetch_bulk_output(new_id(), output))
    assert again is reasons.BULK_OUTPUT_USED
    assert state_of(await clerk.list_bulk_outputs(), output) == "BULK_OUTPUT_STATE_ENDED"
    with inspect(world.world, world.layout, world.world.seat(f"municipal-cs.{WARD}")) as look:
        log, code = OperationLog(look.sealer), found[0].resident_record_code
        records = look.read(lambda connection: log.concerning(connection, code.digits))
    fetched = [one for one in records if one.request_id == page]
    assert {(one.affair, one.case, one.outcome) for one in fetched} == {
        ("resident-register", "2026-000777", "OK")
    }


async def test_another_operator_is_told_no_page_by_the_request_that_fetched_it(
    world: RunningWorld,
) -> None:
    clerk, manager = await operator(world), await operator(world, approves=True)
    output = await asked_for(clerk)
    await manager.approve_bulk_output(new_id(), output)
    await clerk.fetch_bulk_output(page := new_id(), output)

    again = manager.fetch_bulk_output(page, output)

    assert await reason_of(again) is reasons.BULK_OUTPUT_OF_ANOTHER


async def test_nothing_is_put_out_without_an_approval_of_somebody_else(
    world: RunningWorld,
) -> None:
    clerk, manager = await operator(world), await operator(world, approves=True)
    output, own = await asked_for(clerk), await asked_for(manager)

    assert await reason_of(clerk.fetch_bulk_output(new_id(), output)) is (
        reasons.BULK_OUTPUT_NOT_APPROVED
    )
    assert await reason_of(clerk.approve_bulk_output(new_id(), output)) is (
        reasons.APPROVER_RIGHT_MISSING
    )
    assert await reason_of(manager.approve_bulk_output(new_id(), own)) is (
        reasons.APPROVER_IS_REQUESTER
    )
    assert await reason_of(manager.approve_bulk_output(new_id(), new_id())) is (
        reasons.BULK_OUTPUT_UNKNOWN
    )
    await manager.approve_bulk_output(new_id(), output)
    assert await reason_of(manager.approve_bulk_output(new_id(), output)) is (
        reasons.BULK_OUTPUT_APPROVED_ALREADY
    )
    assert await reason_of(manager.fetch_bulk_output(new_id(), output)) is (
        reasons.BULK_OUTPUT_OF_ANOTHER
    )


async def test_a_search_that_is_none_is_no_bulk_output_either(world: RunningWorld) -> None:
    clerk = await operator(world)

    async def refused(selection: Selection, purpose: Purpose = FOR) -> reasons.Reason:
        return await reason_of(clerk.request_bulk_output(new_id(), selection, purpose))

    by_name = Criteria(Attributes("山田　花子"))
    assert await refused(by_name) is reasons.SEARCH_BY_NAME_ALONE
    assert await refused(SINCE_2000, Purpose("passport")) is reasons.AFFAIR_NOT_LISTED


@pytest.mark.parametrize("role", ["ward-terminal", "address-system", "resident-record"])
async def test_nobody_puts_out_but_the_integrated_terminal(world: RunningWorld, role: str) -> None:
    """USE-19, NET-05."""
    caller = outsider(world, Identity(HERE, WARD, role))
    client = BulkOutputClient(world.callers.channel(caller, CS))

    refused = client.request_bulk_output(new_id(), SINCE_2000, FOR)

    assert await reason_of(refused) is reasons.CALLER_NOT_ADMITTED


async def test_who_may_search_may_not_put_out(world: RunningWorld) -> None:
    clerk = await operator(world, may=("identity-search",))

    refused = clerk.request_bulk_output(new_id(), SINCE_2000, FOR)

    assert await reason_of(refused) is reasons.PERMISSION_MISSING
