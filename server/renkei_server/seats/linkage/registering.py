"""What the linkage platform owes the middle server for its runs of registration (MS-6).

Rules:
- A closed run becomes calls a part at a time, each with a request id that is fixed from then on:
  a death in between repeats the call, which the middle server answers as the first time.
- The local address number becomes the integrated one as the call is made, and stays here (LP-3).
- A record is erased in the transaction that ends its call.
"""

from collections.abc import Mapping

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.dispatch.routes import Effect, Route
from renkei_server.dispatch.terms import onward
from renkei_server.peers.codes import KeepsSubCopies
from renkei_server.seats.linkage.batch_files import AT_ONCE
from renkei_server.store.batch_runs.batch_runs import BatchRuns, Tally
from renkei_server.store.batch_runs.registration_records import HeldRecord, RegistrationRecords
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox, Task
from renkei_server.store.engine.store import Store
from renkei_server.store.persons.numbering import Numbering

BEGIN = "begin registrations"
REGISTER = "register"


class Registering:
    """The calls of one linkage platform for its runs of registration."""

    def __init__(
        self,
        *,
        store: Store,
        runs: BatchRuns,
        records: RegistrationRecords,
        numbering: Numbering,
        outbox: Outbox,
        middle_server: KeepsSubCopies,
    ) -> None:
        self._store = store
        self._runs = runs
        self._records = records
        self._numbering = numbering
        self._outbox = outbox
        self._middle_server = middle_server
        self.routes: Mapping[str, Route] = {
            BEGIN: Route(self._begin),
            REGISTER: Route(self._register, self._refused),
        }

    async def _begin(self, task: Task) -> Effect:
        run_id, last = task.content["run"], int(task.content["after"])

        def effect(connection: Connection) -> None:
            keys = self._records.after(connection, run_id, last, AT_ONCE)
            for key in keys:
                content = onward({"record": str(key)}, task.content)
                self._outbox.put(connection, REGISTER, cause=task.request_id, content=content)
            if len(keys) == AT_ONCE:
                rest = onward({"run": run_id, "after": str(keys[-1])}, task.content)
                self._outbox.put(connection, BEGIN, cause=task.request_id, content=rest)

        return effect

    async def _register(self, task: Task) -> Effect:
        key, record = await self._record(task)
        person = await self._store.look(
            lambda connection: self._numbering.by_local(connection, record.person)
        )
        if person is None:
            raise Refusal(reasons.PERSON_NOT_HELD)
        sub_copy = record.sub_copy
        await self._middle_server.register_sub_copy(task.request_id, person, sub_copy)
        information, version = sub_copy.name.information_code, sub_copy.layout_version

        def effect(connection: Connection) -> None:
            self._records.registered(connection, key, information, version)
            self._runs.count(connection, record.run_id, record.file, Tally(done=1, ended=1))

        return effect

    def _refused(self, task: Task, refusal: Refusal) -> Effect:
        key = _key_of(task)

        def effect(connection: Connection) -> None:
            record = self._records.get(connection, key)
            self._records.refused(connection, key, refusal.reason)
            self._runs.count(connection, record.run_id, record.file, Tally(ended=1))

        return effect

    async def _record(self, task: Task) -> tuple[int, HeldRecord]:
        key = _key_of(task)
        return key, await self._store.look(lambda connection: self._records.get(connection, key))


def _key_of(task: Task) -> int:
    return int(task.content["record"])
