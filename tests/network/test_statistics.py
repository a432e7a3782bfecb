"""Updates of identity information are counted by day and reason, and by nothing of a person (USE-16)."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from renkei import reasons
from renkei.change_reasons import ChangeReason
from renkei.networks import ward
from renkei.type.v1 import person_pb2
from renkei.ward.v1 import statistics_pb2 as pb2
from renkei.wire.persons import write_date
from renkei_clients.channel import Channel
from renkei_clients.residents import ResidentClient
from renkei_clients.statistics import StatisticsClient
from renkei_pki.identity import Identity
from renkei_simulators.world.in_process import RunningWorld
from tests.stores import BOTH

from .asking import new_id, reason_of, until_told
from .people import People
from .people.changing import applied
from .people.entries import TODAY, entry_of, newcomer
from .people.staff import somebody_new
from .people.strangers import outsider
from .small_world import WARD

STORES = BOTH

HERE = ward(WARD)
CS, TERMINAL = Identity(HERE, WARD, "municipal-cs"), Identity(HERE, WARD, "cs-terminal")
MOVED_IN, WITHIN = ChangeReason.MOVED_IN, ChangeReason.MOVED_WITHIN


@pytest.fixture
def register(world: RunningWorld) -> ResidentClient:
    return world.callers.register_terminal(WARD)


@pytest.fixture
def statistics(world: RunningWorld) -> StatisticsClient:
    return world.callers.statistics_terminal(WARD)


async def clerk(world: RunningWorld, function: str) -> tuple[str, Channel]:
    """Somebody new at the integrated terminal, who may do this alone."""
    return await somebody_new(
        world.callers,
        world.layout,
        WARD,
        function,
        terminal="cs-terminal",
        seat="municipal-cs",
    )


async def counted(statistics: StatisticsClient, *why: ChangeReason) -> Mapping[ChangeReason, int]:
    """How many of each reason there were around today."""
    around = timedelta(days=10)
    found = await statistics.count_updates(TODAY - around, TODAY + around, why)
    sums: Counter[ChangeReason] = Counter()
    for (_, reason), count in found.items():
        sums[reason] += count
    return sums


async def test_what_is_counted_by_reason_equals_what_was_told(
    register: ResidentClient, statistics: StatisticsClient, people: People
) -> None:
    before = await counted(statistics)
    moved = [people.somebody() for _ in range(3)]
    for index, person in enumerate(moved):
        entry = entry_of(person, WITHIN, address=f"東京都中野区中央{index + 1}丁目")
        request_id = new_id()
        await register.change_resident(request_id, entry)
        await register.change_resident(request_id, entry)
        await applied(register, person)
    await register.enter_resident(new_id(), entered := newcomer(people.somebody(), 71))
    await until_told(
        lambda: register.get_notification(entered.person), lambda told: told.state == "APPLIED"
    )

    after = await counted(statistics)

    assert {one: after[one] - before.get(one, 0) for one in after} == {WITHIN: 3, MOVED_IN: 1} | {
        one: 0 for one in before if one not in (WITHIN, MOVED_IN)
    }
    assert await counted(statistics, MOVED_IN) == {MOVED_IN: after[MOVED_IN]}


async def test_an_update_that_was_refused_does_not_count(
    register: ResidentClient, statistics: StatisticsClient, people: People
) -> None:
    before = await counted(statistics)
    person = people.somebody()
    entry = entry_of(person, ChangeReason.CORRECTED_EX_OFFICIO, name="別の　名前")
    await register.change_resident(new_id(), entry)

    told = await until_told(
        lambda: register.get_notification(entry.person), lambda told: told.state == "REFUSED"
    )

    assert told.refused == "MANAGER_PERMISSION_MISSING"
    assert await counted(statistics) == before


async def test_a_day_is_counted_by_itself_and_a_year_at_most(
    statistics: StatisticsClient,
) -> None:
    assert await statistics.count_updates(date(1999, 1, 1), date(1999, 12, 31)) == {}
    await statistics.count_updates(date(2000, 1, 1), date(2000, 12, 31))

    too_long = statistics.count_updates(date(2000, 1, 1), date(2001, 1, 1))
    assert await reason_of(too_long) is reasons.PERIOD_TOO_LONG
    reversed_days = statistics.count_updates(date(2000, 1, 2), date(2000, 1, 1))
    assert await reason_of(reversed_days) is reasons.DAYS_OUT_OF_ORDER


def request() -> pb2.CountUpdatesRequest:
    return pb2.CountUpdatesRequest(first_day=write_date(TODAY), last_day=write_date(TODAY))


@pytest.mark.parametrize(
    "criterion",
    [b"\x32\x0b12345678901", b"\x3a\x12" + "東京都中野区".encode(), b"\x42\x0a1970-01-31"],
    ids=["a person", "an address", "a birth date"],
)
async def test_nothing_of_a_person_is_a_criterion(world: RunningWorld, criterion: bytes) -> None:
    _, channel = await clerk(world, "statistics")
    asked = request()
    asked.MergeFromString(criterion)

    refused = channel.ask(asked, pb2.CountUpdatesResponse, lambda told: told)

    assert await reason_of(refused) is reasons.UNKNOWN_FIELD


async def test_days_that_are_missing_or_none_are_refused(world: RunningWorld) -> None:
    _, channel = await clerk(world, "statistics")
    without, no_day = request(), request()
    without.ClearField("last_day")
    no_day.last_day.CopyFrom(person_pb2.Date(year=2026, month=2, day=30))

    for asked, reason in ((without, reasons.FIELD_MISSING), (no_day, reasons.MALFORMED_ATTRIBUTES)):
        refused = channel.ask(asked, pb2.CountUpdatesResponse, lambda told: told)
        assert await reason_of(refused) is reason


async def test_without_the_permission_nobody_counts(world: RunningWorld) -> None:
    client = StatisticsClient((await clerk(world, "identity-search"))[1])
    nobody = StatisticsClient(world.callers.channel(outsider(world, TERMINAL), CS))

    assert await reason_of(client.count_updates(TODAY, TODAY)) is reasons.PERMISSION_MISSING
    assert await reason_of(nobody.count_updates(TODAY, TODAY)) is reasons.OPERATOR_SESSION_MISSING


@pytest.mark.parametrize("role", ["ward-terminal", "address-system", "resident-record"])
async def test_nobody_counts_but_the_integrated_terminal(world: RunningWorld, role: str) -> None:
    caller = outsider(world, Identity(HERE, WARD, role))
    client = StatisticsClient(world.callers.channel(caller, CS))

    assert await reason_of(client.count_updates(TODAY, TODAY)) is reasons.CALLER_NOT_ADMITTED
