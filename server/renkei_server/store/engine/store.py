"""One seat's store: one writer, grouped commits, readers that never wait.

- One use case is one function of a connection and one transaction; nothing is
  awaited inside (`write`), and it may be run twice before it is committed. Use
  cases that arrive together share a commit, and one's failure is its own.
- What a caller is told is on disk before `write` returns; with `durable=False`
  (records of reads, the end of a call that would be repeated) it survives the
  death of the process, not of the machine.
- `tidy` empties the write-ahead log, so that an erased value is gone from the files too.
- A database of another form than this version's is not opened (`form`).
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, MetaData, Table

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.store.engine import form
from renkei_server.store.engine.operations import Operation, OperationLog
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.sqlite import FAILURES, Database, is_outage, read_only

T = TypeVar("T")

_TURNS_WITHOUT_MORE = 14


Crash = Callable[[str, str], None]
"""Called at each point where a test world may let a server die: when, and in what."""

BEFORE_COMMIT, AFTER_COMMIT = "before commit", "after commit"


@dataclass(slots=True)
class _Waiting:
    work: Callable[[Connection], Any] | None
    operation: Operation | None
    durable: bool
    what: str
    answer: asyncio.Future[Any] = field(default_factory=lambda: asyncio.Future())


class Store:
    """The database of one seat. Raises STORE_UNAVAILABLE where it cannot be used, and
    STORE_OF_ANOTHER_FORM where it is none of this version's.
    """

    def __init__(
        self,
        path: Path,
        sealer: Sealer,
        metadata: MetaData,
        *,
        operations: OperationLog,
        crash: Crash | None = None,
    ) -> None:
        self.path = path
        self.sealer = sealer
        self.metadata = metadata
        self.forced: bool | None = None
        """Whether every commit is durable, where a measurement asks what the other costs."""
        self._operations = operations
        self._crash = crash
        self._database = Database(path)
        self._writer, self._reader = self._database.writer, self._database.reader
        try:
            with self._database.writing():
                form.make_or_require(self._writer, metadata)
        except Refusal:
            self._database.close()
            raise
        self._waiting: list[_Waiting] = []
        self._listeners: list[Callable[[], None]] = []
        self._well = True
        self._commits = 0
        self._tidied_at = -1
        self._seen_at = -1

    async def write(
        self,
        work: Callable[[Connection], T],
        *,
        operation: Operation | None = None,
        durable: bool = True,
        what: str = "",
    ) -> T:
        """Run one use case in one transaction and return its value once it is committed.

        The operation's record, if one is given, is part of the transaction. What
        `work` raises is raised here, and nothing of it remains. `what` names a
        use case that is no RPC, for a test world's crash points.
        """
        what = operation.method if operation else what
        value: T = await self._commit(_Waiting(work, operation, durable, what))
        return value

    async def record(self, operation: Operation) -> None:
        """Commit an operation's record alone."""
        await self._commit(_Waiting(None, operation, durable=False, what=operation.method))

    async def _commit(self, waiting: _Waiting) -> Any:
        self._waiting.append(waiting)
        if len(self._waiting) == 1:
            asyncio.get_running_loop().call_soon(self._gather, 1)
        value = await waiting.answer  # who stops waiting takes nothing back
        if waiting.operation is not None:
            waiting.operation.recorded = True
        return value

    def write_now(self, work: Callable[[Connection], T]) -> T:
        """Run one use case in a transaction of its own, before any server runs."""
        with self._database.writing():
            return work(self._writer)

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Call the listener after each commit."""
        self._listeners.append(listener)

    def look(self, work: Callable[[Connection], T]) -> T:
        """Run one reading statement, which is a snapshot by itself, on what is committed now."""
        try:
            return work(self._reader)
        except FAILURES as error:
            raise Refusal(reasons.STORE_UNAVAILABLE) from error
        finally:
            if self._reader.in_transaction():
                self._reader.rollback()

    def read(self, work: Callable[[Connection], T]) -> T:
        """Run a reading function on what is committed now."""
        try:
            with self._database.reading():
                return work(self._reader)
        except FAILURES as error:
            raise Refusal(reasons.STORE_UNAVAILABLE) from error

    def copy_to(self, path: Path) -> None:
        """Write what is committed now to another file. Raises STORE_UNAVAILABLE."""
        try:
            self._database.copy_to(path)
        except FAILURES as error:
            raise Refusal(reasons.STORE_UNAVAILABLE) from error

    def copy_from(self, path: Path) -> None:
        """Keep what another file holds, and nothing else; raises as opening that file would."""
        try:
            with read_only(path) as copy:
                form.require(copy, self.metadata)
            self._database.copy_from(path)
        except FAILURES as error:
            raise Refusal(reasons.STORE_UNAVAILABLE) from error
        self._commits += 1
        self.tidy(at_once=True)

    def tidy(self, *, at_once: bool = False) -> bool:
        """Empty the write-ahead log into the database once nothing more was written meanwhile.

        To be called regularly. Returns whether the store is well: the last write
        went through, and the log could be emptied where it was tried.
        """
        busy_still = self._commits != self._seen_at
        self._seen_at = self._commits
        if self._tidied_at == self._commits or (busy_still and not at_once):
            return self._well
        try:
            if self._database.empty_log():
                self._tidied_at = self._commits
        except FAILURES:
            return False
        return self._well

    def close(self) -> None:
        """Write everything back and let go of the files."""
        self.tidy(at_once=True)
        self._database.close()

    def _gather(self, seen: int, turns: int = _TURNS_WITHOUT_MORE) -> None:
        """Commit once some turns of the loop have brought no more: what comes together shares it."""
        if len(self._waiting) > seen:
            seen, turns = len(self._waiting), _TURNS_WITHOUT_MORE
        if turns:
            asyncio.get_running_loop().call_soon(self._gather, seen, turns - 1)
        else:
            self._commit_waiting()

    def _commit_waiting(self) -> None:
        batch, self._waiting = self._waiting, []
        outcomes: list[object]
        try:
            durable = any(one.durable for one in batch) if self.forced is None else self.forced
            self._database.be_durable(durable=durable)
            self._commits += 1
            with self._database.writing():
                outcomes = self._run(batch)
                self._record(batch, outcomes)
                self._maybe_die(BEFORE_COMMIT, batch)
            self._maybe_die(AFTER_COMMIT, batch)
            self._well = True
        except Exception as error:
            self._well = not is_outage(error)
            outcomes = [error if self._well else _unavailable(error) for _ in batch]
        for one, outcome in zip(batch, outcomes, strict=True):
            _settle(one.answer, outcome)
        for listener in self._listeners:
            listener()

    def _maybe_die(self, when: str, batch: Sequence[_Waiting]) -> None:
        if self._crash is not None:
            for one in batch:
                self._crash(when, one.what)

    def _record(self, batch: Sequence[_Waiting], outcomes: Sequence[object]) -> None:
        """Write the records of the use cases that went through, in one go."""
        operations = [
            one.operation
            for one, outcome in zip(batch, outcomes, strict=True)
            if one.operation is not None and not isinstance(outcome, Exception)
        ]
        if operations:
            self._operations.record(self._writer, operations)

    def _run(self, batch: Sequence[_Waiting]) -> list[object]:
        """Run the use cases; of several, so that a failure takes back nothing but its own.

        They run together first, for mostly none fails; where one does, nothing of it
        remains and each runs once more, apart from the others.
        """
        if len(batch) == 1:
            return [self._run_one(batch[0])]
        try:
            return self._database.apart(lambda: [self._run_one(one) for one in batch])
        except Exception as error:
            if is_outage(error):
                raise
        return [self._outcome_apart(one) for one in batch]

    def _outcome_apart(self, one: _Waiting) -> object:
        try:
            return self._database.apart(lambda: self._run_one(one))
        except Exception as error:
            if is_outage(error):  # it strikes the others too
                raise
            return error

    def _run_one(self, one: _Waiting) -> object:
        return None if one.work is None else one.work(self._writer)


def _unavailable(error: Exception) -> Refusal:
    refusal = Refusal(reasons.STORE_UNAVAILABLE)
    refusal.__cause__ = error
    return refusal


def _settle(answer: asyncio.Future[Any], outcome: object) -> None:
    if answer.cancelled():
        return
    if isinstance(outcome, BaseException):
        answer.set_exception(outcome)
        with suppress(BaseException):
            answer.exception()  # its waiter may have gone; the outcome is recorded by the door
    else:
        answer.set_result(outcome)


def tables(*of: Sequence[Table]) -> MetaData:
    """One seat's tables, brought together from the modules that define them."""
    metadata = MetaData()
    for table in (one for some in of for one in some):
        table.to_metadata(metadata)
    return metadata
