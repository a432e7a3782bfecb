"""By which code the national server tells the provision network of whom another code is held (F13.3)."""

from functools import partial

import pytest

from renkei.acquisitions import Failure
from renkei.codes import Institution, ProcessingSerial, ResidentRecordCode
from renkei_server.dispatch.routes import Effect, no_effect
from renkei_server.seats.national.tasks import CHANGE_CODE, REPORT, Reporting, national_routes
from renkei_server.store.engine import outbox as outboxes
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox, Task
from renkei_server.store.engine.store import Store
from renkei_server.store.identities import changed_codes
from renkei_server.store.identities.changed_codes import ChangedCodes
from tests.server.world import CountedIds, OpenStore, resident_record_code, serial

WARD = Institution("131148")
FIRST, SECOND, THIRD = (resident_record_code(count) for count in (1, 2, 3))

Told = tuple[ResidentRecordCode, ...] | ResidentRecordCode | Failure


class Network:
    """What a provision network is told: of a change both codes, of an acquisition the finding."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.ids: list[str] = []

    async def report_resident_record_code(
        self,
        request_id: str,
        _serial: ProcessingSerial,
        _asking: Institution,
        finding: ResidentRecordCode | Failure,
    ) -> None:
        self.ids.append(request_id)
        self.told.append(finding)

    async def change_resident_record_code(
        self, request_id: str, old: ResidentRecordCode, new: ResidentRecordCode
    ) -> None:
        self.ids.append(request_id)
        self.told.append((old, new))


class Nation:
    """A national server's reports, and what it owes."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.outbox = Outbox(store.sealer, CountedIds())
        self.changed = ChangedCodes(store.sealer)
        self.reporting = Reporting(outbox=self.outbox, changed=self.changed)
        self.network = Network()
        self.routes = national_routes(self.network, self.changed, store.sealer)

    def change(self, old: ResidentRecordCode, new: ResidentRecordCode) -> None:
        self.store.write_now(lambda tx: self.reporting.note(tx, old, new, "a notification"))

    def report(self, code: ResidentRecordCode) -> None:
        self.store.write_now(
            lambda tx: self.reporting.report(tx, serial(1), WARD, code, "a request")
        )

    async def work(self, kind: str) -> list[Told]:
        """Do what is owed of a kind; return what the network was told by that."""
        before = len(self.network.told)
        for task in self.owed(kind):
            effect = await self.routes[kind].send(task)
            self.store.write_now(partial(self.end, effect, task))
        return self.network.told[before:]

    def owed(self, kind: str) -> list[Task]:
        """What is owed of a kind."""
        return self.store.read_now(lambda tx: self.outbox.after(tx, kind, 0, 100))

    def end(self, effect: Effect, task: Task, tx: Connection) -> None:
        """The answer to a task is recorded."""
        effect(tx)
        self.outbox.done(tx, task)


@pytest.fixture
def nation(open_store: OpenStore) -> Nation:
    return Nation(open_store((*outboxes.TABLES, *changed_codes.TABLES)))


async def test_whose_code_never_changed_is_told_by_it_alone(nation: Nation) -> None:
    nation.report(FIRST)

    assert await nation.work(REPORT) == [FIRST]
    assert await nation.work(CHANGE_CODE) == []


async def test_the_old_code_is_used_until_the_new_one_is_acknowledged(nation: Nation) -> None:
    nation.change(FIRST, SECOND)
    nation.report(SECOND)

    assert await nation.work(REPORT) == [FIRST]

    assert (FIRST, SECOND) in await nation.work(CHANGE_CODE)
    nation.report(SECOND)
    assert await nation.work(REPORT) == [(FIRST, SECOND), SECOND]


async def test_of_two_changes_the_network_is_told_each_from_the_first_code(nation: Nation) -> None:
    nation.change(FIRST, SECOND)
    nation.change(SECOND, THIRD)

    assert await nation.work(CHANGE_CODE) == [(FIRST, SECOND), (FIRST, THIRD)]

    nation.report(THIRD)
    assert await nation.work(REPORT) == [(FIRST, THIRD), THIRD]


async def test_between_two_changes_the_newest_that_was_acknowledged_is_used(nation: Nation) -> None:
    nation.change(FIRST, SECOND)
    await nation.work(CHANGE_CODE)
    nation.change(SECOND, THIRD)

    nation.report(THIRD)

    assert await nation.work(REPORT) == [(FIRST, SECOND), SECOND]


async def test_what_a_backup_left_out_is_told_at_the_next_report(nation: Nation) -> None:
    """What is owed goes into none."""
    nation.change(FIRST, SECOND)
    for task in nation.owed(CHANGE_CODE):
        nation.store.write_now(partial(nation.end, no_effect, task))

    nation.report(SECOND)

    assert await nation.work(CHANGE_CODE) == [(FIRST, SECOND)]


async def test_who_has_the_first_code_again_is_told_by_one_that_leads_to_them(
    nation: Nation,
) -> None:
    nation.change(FIRST, SECOND)
    await nation.work(CHANGE_CODE)
    nation.change(SECOND, FIRST)

    nation.report(FIRST)

    assert await nation.work(REPORT) == [(FIRST, SECOND), SECOND]
    assert await nation.work(CHANGE_CODE) == []


async def test_a_report_that_is_repeated_bears_the_same_ids(nation: Nation) -> None:
    nation.change(FIRST, SECOND)
    await nation.work(CHANGE_CODE)
    nation.report(SECOND)
    (task,) = nation.owed(REPORT)
    nation.network.ids.clear()

    for _ in range(2):
        assert await nation.routes[REPORT].send(task) is no_effect

    assert nation.network.ids[:2] == nation.network.ids[2:]
    assert len({*nation.network.ids}) == 2
