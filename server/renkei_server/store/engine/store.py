"""One seat's store: one writer, grouped commits, readers that never wait.

- One use case is one function of a connection and one transaction; nothing is
  awaited inside (`write`), and it may be run twice before it is committed, on any
  thread. Use cases that arrive together share a commit, and one's failure is its own.
- What a caller is told is on disk before `write` returns; with `durable=False`
  (records of reads, the end of a call that would be repeated) it survives the
  death of the process, not of the machine.
- `tidy` lets nothing of an erased value stay in the database's files.
- An older version's database is upgraded as it is opened; a newer one's, or another seat's, is
  not opened (`form`).
- What kind of database it is nobody knows but the database's own module.
- Where several workers serve the seat each has a store; they write in turn, and what one of them
  committed every other knows before anybody is told so (`shared`, `turns`).
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import MetaData, Table

from renkei.refusals import Refusal
from renkei_server.store.engine import numbers
from renkei_server.store.engine.changes import Changes, Names, Watchers
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.form import Form
from renkei_server.store.engine.numbers import Numbers
from renkei_server.store.engine.opening import open_in_form
from renkei_server.store.engine.operations import Operation, OperationLog
from renkei_server.store.engine.outages import unavailable
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.shared import (
    COMMITS,
    DOUBTS,
    DOUBTS_ENDED,
    KEYS_DOUBTED,
    Shared,
)
from renkei_server.store.engine.tidying import Tidying
from renkei_server.store.engine.together import run_together
from renkei_server.store.engine.turns import Always, Shares
from renkei_server.store.engine.waiting import Waiting, tell

T = TypeVar("T")

_TURNS_WITHOUT_MORE = 14


Crash = Callable[[str, str], None]
"""Called at each point where a test world may let a server die: when, and in what."""

BEFORE_COMMIT, AFTER_COMMIT = "before commit", "after commit"


class Store:
    """The database of one seat. Raises STORE_UNAVAILABLE where it cannot be used, and as
    `Form.judge` where it is none of this seat's, or of no version that can be upgraded.
    """

    def __init__(
        self,
        place: Place,
        sealer: Sealer,
        metadata: MetaData,
        *,
        operations: OperationLog,
        owner: str = "",
        crash: Crash | None = None,
        shared: Shared | None = None,
    ) -> None:
        """`owner` names the seat and its world; without one nobody asks whose database it is.
        `shared` is what it has in common with the seat's other workers, where there are any.
        """
        self.sealer = sealer
        self.metadata = metadata
        self.forced: bool | None = None
        """Whether every commit is durable, where a measurement asks what the other costs."""
        self._operations = operations
        self._crash = crash
        self.shared = shared or Shared.alone()
        words = self.shared.words
        self.changes = Changes(words, sorted(metadata.tables))
        self._numbers = Numbers(words)
        self._kept: dict[Hashable, Any] = {}
        self._kept_at = 0
        self._restored = 0
        self._doubts_seen = words[DOUBTS]
        self._turns = Shares(self.shared, self._abandoned) if self.shared.handles else Always()
        self._form = Form(metadata, sealer, owner)
        self._database, self._found = open_in_form(place, self._form, self.shared)
        try:
            if self.shared.is_first:
                self._database.ready(metadata)
                self._database.write_now(self._go_on)
        except BaseException:
            self._database.close()
            raise
        self._waiting: list[Waiting] = []
        self._committing = False
        self._listeners: list[Callable[[], None]] = []
        self._doubters: list[Callable[[], None]] = []
        self._watchers = Watchers(self.changes)
        self._well = True
        self._tidying = Tidying(self._database, self._turns, self.shared)

    @property
    def upgraded(self) -> tuple[int, int] | None:
        """From which revision to which it was upgraded as it was opened, if it was."""
        head = self._form.history.head
        return None if self._found in (None, head) else (self._found, head)

    @property
    def well(self) -> bool:
        """Whether the last write here went through."""
        return self._well

    @property
    def commits(self) -> int:
        """How many commits were begun, here or by another worker."""
        return self.shared.words[COMMITS]

    @property
    def last_number(self) -> int:
        """The last number that was drawn for a row."""
        return self._numbers.last

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
        value: T = await self._commit(Waiting(work, operation, durable, what))
        return value

    async def record(self, operation: Operation) -> None:
        """Commit an operation's record alone."""
        await self._commit(Waiting(None, operation, durable=False, what=operation.method))

    async def _commit(self, waiting: Waiting) -> Any:
        self._waiting.append(waiting)
        if len(self._waiting) == 1 and not self._committing:
            asyncio.get_running_loop().call_soon(self._gather, 1)
        value = await waiting.answer  # who stops waiting takes nothing back
        if waiting.operation is not None:
            waiting.operation.recorded = True
        return value

    def write_now(self, work: Callable[[Connection], T]) -> T:
        """Run one use case in a transaction of its own, before any server runs."""

        def run(connection: Connection) -> T:
            self._open(connection)
            value = work(connection)
            connection.write_waiting()
            self._numbers.reserve(connection)
            connection.note_changes_committed()
            return value

        self._turns.take_now()
        try:
            self.shared.count(COMMITS)
            return self._database.write_now(run)
        finally:
            self._turns.release()

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Call the listener after each commit."""
        self._listeners.append(listener)

    def on_doubt(self, listener: Callable[[], None]) -> None:
        """Call the listener where something may be committed though nobody was told so."""
        self._doubters.append(listener)

    def on_change(self, tables: Names, watcher: Callable[[], None]) -> None:
        """Call the watcher as soon as one of these tables has changed, at whichever worker."""
        self._watchers.add(tables, watcher)

    def awake(self) -> None:
        """Look what another worker did; to be called when this one was woken."""
        self.shared.awake()
        self._watchers.tell()
        self._turns.awake()
        self._hear_of_doubts()
        for listener in self._listeners:
            listener()

    def look(self, work: Callable[[Connection], T]) -> Awaitable[T]:
        """Run one reading statement, which is a snapshot by itself, on what is committed now."""
        return self._database.look(self._reading(work))

    def look_in_turn(self, work: Callable[[Connection], T]) -> Awaitable[T]:
        """The same, where no other worker is in the middle of a transaction."""
        return self.look(work) if self.shared.handles is None else self.write(work, durable=False)

    def read(self, work: Callable[[Connection], T]) -> Awaitable[T]:
        """Run a reading function on what is committed now."""
        return self._database.read(self._reading(work))

    def read_now(self, work: Callable[[Connection], T]) -> T:
        """The same at once, where nobody else waits."""
        return self._database.read_now(self._reading(work))

    def save(self, path: Path) -> None:
        """Write what is committed now to a file of its own. Raises STORE_UNAVAILABLE."""
        self._database.save(path)

    def restore(self, path: Path) -> None:
        """Keep what such a file holds, and nothing else; raises as opening it would.

        What an older version saved is upgraded, or refused with STORE_OF_AN_OLDER_VERSION where
        the database cannot hold it first.
        """
        self._turns.take_now()
        try:
            self._kept, self._restored = {}, self._restored + 1
            self.shared.count(COMMITS)
            self._database.restore(path, self._form)
            if self._database.read_now(self._form.judge) != self._form.history.head:
                self._database.reshape_now(self._form.make_or_upgrade)
                self._database.ready(self.metadata)
            self.changes.note_all()
            self._database.write_now(self._go_on)
            self.shared.count(COMMITS)
        finally:
            self._turns.release()
        self._tell_changes()

    async def tidy(self, *, at_once: bool = False) -> bool:
        """Let nothing stay in the files that was erased; where that would hold up who writes, once
        nothing more was written meanwhile.

        To be called regularly. Returns whether the store is well: the last write
        went through, and tidying too where it was tried.
        """
        if not self.shared.is_first:
            return self._well  # the first worker does
        try:
            await self._tidying.tidy(at_once=at_once)
        except Refusal:
            return False
        return self._well

    def close(self) -> None:
        """Write everything back and let go of it; what is under way keeps the turn to its end."""
        self._database.close()
        self._turns.close()

    def _gather(self, seen: int, turns: int = _TURNS_WITHOUT_MORE) -> None:
        """Commit once some turns of the loop have brought no more: what comes together shares it."""
        if len(self._waiting) > seen:
            seen, turns = len(self._waiting), _TURNS_WITHOUT_MORE
        if turns:
            asyncio.get_running_loop().call_soon(self._gather, seen, turns - 1)
        else:
            self._committing = True
            self._turns.take(self._commit_waiting)

    def _commit_waiting(self) -> None:
        batch, self._waiting = self._waiting, []
        self.shared.count(COMMITS)
        durable = any(map(self._is_durable, batch)) if self.forced is None else self.forced
        self._database.transact(
            partial(self._run, batch), durable=durable, then=partial(self._settle, batch)
        )

    def _is_durable(self, one: Waiting) -> bool:
        """Whether it must not be forgotten; the seat itself remembers what a use case did."""
        return one.durable or (self._database.dies_alone and one.work is not None)

    def _settle(
        self, batch: Sequence[Waiting], outcomes: list[object] | None, error: BaseException | None
    ) -> None:
        """Tell each use case of a commit how it ended, and go on to those that came meanwhile."""
        self._committing = False
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._gather, 0)
        if error is None:
            self._maybe_die(AFTER_COMMIT, batch)
        self._well = not (isinstance(error, Exception) and self._database.is_outage(error))
        if not self._well:
            self._doubt()
        self._turns.release()
        self._tell_changes()
        if outcomes is None:
            outcomes = [error if self._well else unavailable(error) for _ in batch]
        for one, outcome in zip(batch, outcomes, strict=True):
            tell(one.answer, outcome)
        for listener in self._listeners:
            listener()
        if not self.shared.is_first:
            self.shared.poke()

    def _tell_changes(self) -> None:
        if self._watchers.tell():
            self.shared.wake_others()

    def _doubt(self) -> None:
        """It may be committed all the same, where nobody could be asked: believe no memory of it."""
        self._kept = {}
        self._abandoned()
        self._hear_of_doubts()

    def _abandoned(self) -> None:
        """A transaction ended of which nobody noted how, or is about to: to be called with the
        turn. Nothing is remembered from here on, until another one has begun (`_open`).
        """
        self.shared.count(DOUBTS)
        self.shared.words[KEYS_DOUBTED] = True
        self.changes.note_all()

    def _hear_of_doubts(self) -> None:
        if self._doubts_seen != (doubts := self.shared.words[DOUBTS]):
            self._doubts_seen = doubts
            for listener in self._doubters:
                listener()

    def _maybe_die(self, when: str, batch: Sequence[Waiting]) -> None:
        if self._crash is not None:
            for one in batch:
                self._crash(when, one.what)

    def _reading(self, work: Callable[[Connection], T]) -> Callable[[Connection], T]:
        """The same for a reader, who knows of which changes it may have seen nothing."""
        words, began_at = self.shared.words, self.changes.latest
        if words[DOUBTS] != words[DOUBTS_ENDED]:  # asked after the other: it may come meanwhile
            began_at = -1

        def read(connection: Connection) -> T:
            connection.changes, connection.began_at = self.changes, began_at
            return work(connection)

        return read

    def _go_on(self, connection: Connection) -> None:
        self._numbers.go_on(connection, self.metadata)

    def _open(self, connection: Connection) -> dict[Hashable, Any]:
        """Make a connection ready for a transaction; what it keeps counts on once it committed."""
        connection.changes = self.changes
        connection.draw = self._numbers.draw
        connection.looks_first = True
        connection.kept, self._kept = self._kept, {}
        if self._kept_at != self.commits - 1:
            connection.kept = {}  # another worker has committed since
        words = self.shared.words
        if words[DOUBTS_ENDED] != words[DOUBTS]:  # whatever it was has ended before this one began
            self.changes.note_all()
            words[DOUBTS_ENDED] = words[DOUBTS]
        return connection.kept

    def _run(self, batch: Sequence[Waiting], connection: Connection) -> list[object]:
        """Run the use cases of one commit, and write the records of those that went through."""
        kept = self._open(connection)
        outcomes: list[object] = [None for _ in batch]
        if any(one.work is not None for one in batch):
            outcomes = run_together(
                [one.run for one in batch], connection, self._database.is_outage
            )
        operations = [
            one.operation
            for one, outcome in zip(batch, outcomes, strict=True)
            if one.operation is not None and not isinstance(outcome, Exception)
        ]
        if operations:
            self._operations.record(connection, operations)
        self._numbers.reserve(connection)
        self._maybe_die(BEFORE_COMMIT, batch)
        connection.note_changes_committed()
        connection.after_commit(partial(self._keep, kept, self._restored))
        return outcomes

    def _keep(self, kept: dict[Hashable, Any], restored: int) -> None:
        if restored == self._restored:  # else it is of a store that was set back since
            self._kept, self._kept_at = kept, self.commits


def tables(*of: Sequence[Table]) -> MetaData:
    """One seat's tables, brought together from the modules that define them, and the store's own."""
    metadata = MetaData()
    for table in chain(numbers.TABLES, *of):
        table.to_metadata(metadata)
    return metadata
