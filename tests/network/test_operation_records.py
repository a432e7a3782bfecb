"""Who looked whom up, when and what for is told to the integrated terminal's administrator (USE-07 to USE-10)."""

from collections.abc import Sequence
from datetime import UTC, timedelta

import pytest

from renkei import reasons
from renkei.codes import ResidentRecordCode
from renkei.identity_search import Criteria, Purpose
from renkei.networks import ward
from renkei.ward.v1 import operation_record_pb2 as pb2
from renkei_clients.channel import Channel
from renkei_clients.identity_search import IdentitySearchClient
from renkei_clients.operation_records import OperationRecordClient
from renkei_pki.identity import Identity
from renkei_simulators.world.in_process import RunningWorld
from tests.stores import BOTH

from .asking import new_id, reason_of
from .people import People
from .people.staff import somebody_new
from .people.strangers import outsider
from .small_world import WARD

STORES = BOTH

HERE = ward(WARD)
CS, TERMINAL = Identity(HERE, WARD, "municipal-cs"), Identity(HERE, WARD, "cs-terminal")
SEARCH = "/renkei.ward.v1.IdentitySearchService/SearchIdentities"
LIST = "/renkei.ward.v1.OperationRecordService/ListOperations"
REGISTER = Purpose("resident-register", "2026-001523")
NO_CASE = Purpose("resident-register")


class Staff:
    """Somebody new at the integrated terminal, who may do one thing alone."""

    def __init__(self, name: str, channel: Channel) -> None:
        self.name = name
        self.searches = IdentitySearchClient(channel)
        self.log = OperationRecordClient(channel)

    @classmethod
    async def new(cls, world: RunningWorld, function: str) -> "Staff":
        told = await somebody_new(
            world.callers,
            world.layout,
            WARD,
            function,
            terminal="cs-terminal",
            seat="municipal-cs",
        )
        return cls(*told)

    async def look_up(self, code: ResidentRecordCode, purpose: Purpose = REGISTER) -> None:
        (found,) = await self.searches.search_identities(Criteria(code), purpose)
        assert found.resident_record_code == code


@pytest.fixture
def log(world: RunningWorld) -> OperationRecordClient:
    return world.callers.operation_log_terminal(WARD)


async def all_of(
    log: OperationRecordClient, operator: str, suspicion: pb2.Suspicion
) -> Sequence[pb2.Operation]:
    """What all pages tell of an operator."""
    found: list[pb2.Operation] = []
    after = 0
    while True:
        page, after = await log.list_operations(
            operator_id=operator, suspicion=suspicion, after=after
        )
        found += page
        if not after:
            return found


async def test_a_search_is_found_by_person_by_operator_by_case_and_by_period(
    world: RunningWorld, log: OperationRecordClient, people: People
) -> None:
    """USE-08, USE-09."""
    clerk, code = await Staff.new(world, "identity-search"), people.somebody().resident_record_code
    await clerk.look_up(code, Purpose("resident-register", case := new_id()))

    by_operator, _ = await log.list_operations(operator_id=clerk.name)
    (searched,) = [one for one in by_operator if one.method == SEARCH]

    assert (searched.outcome, searched.affair, searched.case_reference) == (
        "OK",
        "resident-register",
        case,
    )
    assert searched.caller == TERMINAL.uri
    assert searched.resident_record_code.digits == code.digits
    at = searched.at.ToDatetime(tzinfo=UTC)
    for page, _ in (
        await log.list_operations(person=code, operator_id=clerk.name),
        await log.list_operations(case=case),
        await log.list_operations(
            operator_id=clerk.name, since=at, until=at + timedelta(microseconds=1)
        ),
    ):
        assert searched in page
        assert all(one.operator_id == clerk.name for one in page)
    earlier, _ = await log.list_operations(operator_id=clerk.name, until=at)
    later, _ = await log.list_operations(
        operator_id=clerk.name, since=at + timedelta(microseconds=1)
    )
    assert searched not in (*earlier, *later)
    of_another, _ = await log.list_operations(person=people.somebody().resident_record_code)
    assert searched not in of_another


async def test_a_search_without_a_case_is_listed_and_one_with_a_case_is_not(
    world: RunningWorld, log: OperationRecordClient, people: People
) -> None:
    """USE-10."""
    clerk = await Staff.new(world, "identity-search")
    without, with_case = (people.somebody().resident_record_code for _ in range(2))
    await clerk.look_up(without, NO_CASE)
    await clerk.look_up(with_case)

    listed = await all_of(log, clerk.name, pb2.SUSPICION_WITHOUT_CASE)

    assert [one.resident_record_code.digits for one in listed] == [without.digits]


async def test_who_looks_one_person_up_again_and_again_is_listed(
    world: RunningWorld, log: OperationRecordClient, people: People
) -> None:
    """USE-24: five times within an hour are nothing yet."""
    often, seldom = [await Staff.new(world, "identity-search") for _ in range(2)]
    code = people.somebody().resident_record_code
    for _ in range(5):
        await often.look_up(code)
        await seldom.look_up(code)
    await often.look_up(code)

    (listed,) = await all_of(log, often.name, pb2.SUSPICION_ONE_PERSON_OFTEN)

    assert listed.resident_record_code.digits == code.digits
    assert not await all_of(log, seldom.name, pb2.SUSPICION_ONE_PERSON_OFTEN)


async def test_who_read_the_log_and_about_whom_stands_in_the_log(
    world: RunningWorld, people: People
) -> None:
    administrator = await Staff.new(world, "operation-log")
    code = people.somebody().resident_record_code
    await administrator.log.list_operations(person=code)

    about, _ = await administrator.log.list_operations(person=code)

    assert [(one.method, one.operator_id) for one in about][-1] == (LIST, administrator.name)


async def test_a_refused_search_stands_in_the_log_and_no_number_is_told(
    world: RunningWorld, log: OperationRecordClient, people: People
) -> None:
    clerk = await Staff.new(world, "identity-search")
    number = people.somebody().individual_number
    assert number is not None
    refused = clerk.searches.search_identities(Criteria(number), Purpose("fishing"))
    assert await reason_of(refused) is reasons.AFFAIR_NOT_LISTED

    found, _ = await log.list_operations(operator_id=clerk.name)

    (searched,) = [one for one in found if one.method == SEARCH]
    assert (searched.outcome, searched.affair) == ("AFFAIR_NOT_LISTED", "fishing")
    assert not any(number.digits in str(one) for one in found)


async def test_who_may_search_may_not_read_the_log(world: RunningWorld) -> None:
    clerk = await Staff.new(world, "identity-search")

    assert await reason_of(clerk.log.list_operations()) is reasons.PERMISSION_MISSING


@pytest.mark.parametrize("role", ["ward-terminal", "address-system", "resident-record"])
async def test_nobody_reads_the_log_but_the_integrated_terminal(
    world: RunningWorld, role: str
) -> None:
    caller = outsider(world, Identity(HERE, WARD, role))
    client = OperationRecordClient(world.callers.channel(caller, CS))

    assert await reason_of(client.list_operations()) is reasons.CALLER_NOT_ADMITTED


async def test_without_a_session_nobody_reads_the_log(world: RunningWorld) -> None:
    client = OperationRecordClient(world.callers.channel(outsider(world, TERMINAL), CS))

    assert await reason_of(client.list_operations()) is reasons.OPERATOR_SESSION_MISSING
