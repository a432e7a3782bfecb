"""Runs of batch files as they are kept: whose they are, when they end, and when they are forgotten."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from renkei import reasons
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei_server.roles.batch_files import TABLES, of_runs
from renkei_server.store.batch_runs.batch_runs import BatchRuns, Run, RunState, Tally
from renkei_server.store.batch_runs.inquiry_lines import InquiryLines
from renkei_server.store.batch_runs.registration_records import RegistrationRecords
from renkei_server.store.engine import erasures
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.run_digests import RunDigests, SeatRun
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from renkei_server.store.retention import ANSWERS_KEPT, Retention
from tests.server.world import CountedIds, OpenStore, SetClock

OWNER = "department-care"
RUN = Run("run", OWNER, "inquire KAIGO", {"files": "2"}, RunState.OPEN)
SECOND = timedelta(seconds=1)


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store(TABLES, erasures.TABLES)


@pytest.fixture
def runs(clock: SetClock, store: Store) -> BatchRuns:
    """The runs of a seat, one of which is open."""
    kept = BatchRuns(clock)
    store.write_now(lambda connection: kept.open(connection, RUN))
    return kept


def state(store: Store, runs: BatchRuns) -> RunState:
    return store.read_now(lambda connection: runs.get(connection, RUN.id, OWNER)).state


def put(store: Store, runs: BatchRuns, name: str, lines: int, digest: bytes = b"") -> bool:
    return store.write_now(lambda connection: runs.put(connection, RUN, name, digest, lines))


def count(store: Store, runs: BatchRuns, name: str, newly: Tally) -> None:
    store.write_now(lambda connection: runs.count(connection, RUN.id, name, newly))


def reason_of(work: Callable[[], object]) -> Reason:
    with pytest.raises(Refusal) as caught:
        work()
    return caught.value.reason


def test_a_run_is_its_owner_s_alone(store: Store, runs: BatchRuns) -> None:
    def get(run_id: str, owner: str) -> Run:
        return store.read_now(lambda connection: runs.get(connection, run_id, owner))

    assert get(RUN.id, OWNER) == RUN
    assert reason_of(lambda: get(RUN.id, "department-tax")) is reasons.BATCH_RUN_UNKNOWN
    assert reason_of(lambda: get("another", OWNER)) is reasons.BATCH_RUN_UNKNOWN


def test_a_file_is_new_once_and_never_another(store: Store, runs: BatchRuns) -> None:
    digests = RunDigests(SeatRun.drawn(CountedIds()))
    one, other = digests.noted(b"one"), digests.noted(b"other")
    assert put(store, runs, "a", 3, one)
    assert not put(store, runs, "a", 3, one)

    assert reason_of(lambda: put(store, runs, "a", 3, other)) is reasons.BATCH_FILE_REPEATED


def test_after_a_restart_nothing_tells_a_file_from_another(store: Store, runs: BatchRuns) -> None:
    ids = CountedIds()
    put(store, runs, "a", 3, RunDigests(SeatRun.drawn(ids)).noted(b"one"))

    assert not put(store, runs, "a", 3, RunDigests(SeatRun.drawn(ids)).noted(b"other"))


def test_what_tells_files_apart_is_a_digest_under_no_key_that_is_kept() -> None:
    noted = RunDigests(SeatRun.drawn(ids := CountedIds())).noted(b"one")

    assert RunDigests(SeatRun.drawn(ids)).noted(b"one") != noted
    assert len(noted) == 32


def test_a_run_ends_with_the_last_line_of_its_last_file(store: Store, runs: BatchRuns) -> None:
    put(store, runs, "a", 2)
    put(store, runs, "b", 1)
    store.write_now(lambda connection: runs.close(connection, RUN))
    assert state(store, runs) is RunState.RUNNING

    count(store, runs, "a", Tally(started=1))
    count(store, runs, "a", Tally(answered=1, done=1, ended=1))
    count(store, runs, "b", Tally(ended=1))
    assert state(store, runs) is RunState.RUNNING
    count(store, runs, "a", Tally(ended=1))

    assert state(store, runs) is RunState.ENDED
    tally = store.read_now(lambda connection: runs.tally(connection, RUN.id))
    assert (tally, tally.failed) == (Tally(3, 1, 1, 1, 3), 2)


def test_a_run_without_lines_has_ended_as_it_is_closed(store: Store, runs: BatchRuns) -> None:
    put(store, runs, "a", 0)

    store.write_now(lambda connection: runs.close(connection, RUN))

    assert state(store, runs) is RunState.ENDED


def test_while_a_run_is_not_ended_another_about_the_same_is_not_alone(
    store: Store, runs: BatchRuns
) -> None:
    def require_alone(subject: str) -> None:
        store.read_now(lambda connection: runs.require_alone(connection, subject))

    require_alone("inquire ZEI")
    assert reason_of(lambda: require_alone(RUN.subject)) is reasons.BATCH_RUN_UNDER_WAY
    store.write_now(lambda connection: runs.close(connection, RUN))
    require_alone(RUN.subject)


def test_a_run_under_way_is_not_deleted(store: Store, runs: BatchRuns) -> None:
    put(store, runs, "a", 1)
    store.write_now(lambda connection: runs.close(connection, RUN))

    def delete(connection: Connection) -> None:
        runs.delete(connection, runs.get(connection, RUN.id, OWNER))

    assert reason_of(lambda: store.write_now(delete)) is reasons.BATCH_RUN_UNDER_WAY
    count(store, runs, "a", Tally(ended=1))
    store.write_now(delete)
    assert store.read_now(lambda connection: runs.names(connection, RUN.id)) == []


async def test_a_run_that_nobody_deleted_is_erased_when_its_time_is_over(
    store: Store, sealer: Sealer, clock: SetClock, runs: BatchRuns
) -> None:
    lines = InquiryLines(sealer)
    put(store, runs, "a", 1)
    store.write_now(lambda connection: lines.add(connection, RUN.id, "a", [(1, b"asked")]))

    async def erased_after(passed: timedelta) -> int:
        term = of_runs(runs, RegistrationRecords(sealer), lines)
        later = SetClock(clock.real() + passed)
        return await Retention(store=store, terms=(term,), clock=later).run_once()

    assert await erased_after(ANSWERS_KEPT) == 0
    store.write_now(lambda connection: runs.close(connection, RUN))
    assert await erased_after(10 * ANSWERS_KEPT) == 0, "it is under way"
    count(store, runs, "a", Tally(ended=1))
    assert await erased_after(ANSWERS_KEPT) == 0
    assert await erased_after(ANSWERS_KEPT + SECOND) == 1

    assert store.read_now(lambda connection: lines.after(connection, RUN.id, 0, 9)) == []
    assert store.read_now(erasures.history) == [("runs of batch files", 1)]


def test_a_closed_run_tells_no_more_what_its_files_were(store: Store, runs: BatchRuns) -> None:
    put(store, runs, "a", 3, b"digest")
    store.write_now(lambda connection: runs.close(connection, RUN))

    kept = text("SELECT digest FROM batch_files")
    assert store.read_now(lambda connection: connection.execute(kept).scalar_one()) == b""
