"""Runs of batch files: what each is to hold, the files that are there, and how far each has come.

Rules:
- A run is its owner's: for anybody else it is unknown.
- It takes files while it is open. A name comes once; the same file again is the same, and another
  under its name is refused.
- What tells files apart is a digest of this run of the seat: after a restart another file under a
  name that is there is taken for the first.
- Each file counts its lines by what became of them; a closed run has ended once every line has.
- Since when a run is in its state is noted, so that none is kept for ever.
- A run is there until its owner has fetched what came of it: it is in no backup.

What lines ask for is kept elsewhere; nothing here names a person. Fidelity: `invented`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import (
    ForeignKey,
    Index,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.domain.world import Clock
from renkei_server.store.engine.columns import number, raw, table, text
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.passing import Passing, passing
from renkei_server.store.engine.prepared import Prepared, one
from renkei_server.store.engine.run_digests import tells_apart


class RunState(Enum):
    """How far a run has come; the numbers are the contract's."""

    OPEN = 1
    RUNNING = 2
    ENDED = 3


_RUNS = table(
    "batch_runs",
    text("run_id", primary_key=True),
    text("owner"),
    text("subject"),
    text("plan"),
    number("state"),
    text("since"),
    Index("batch_runs_by_subject", "subject", "state"),
    **passing(Passing(owed="run of batch files", each="subject")),
)

_FILES = table(
    "batch_files",
    text("run_id", ForeignKey(_RUNS.c.run_id), primary_key=True),
    text("name", primary_key=True),
    raw("digest"),
    number("lines"),
    number("started"),
    number("answered"),
    number("done"),
    number("ended"),
    **passing(Passing(owed="batch file")),
)

TABLES = (_RUNS, _FILES)

_OF_RUN = _FILES.c.run_id == bindparam("run")
_THE_FILE = (_OF_RUN, _FILES.c.name == bindparam("file"))
_ADD_RUN = Prepared(insert(_RUNS))
_FIND_RUN = Prepared(
    select(_RUNS.c.owner, _RUNS.c.subject, _RUNS.c.plan, _RUNS.c.state).where(
        _RUNS.c.run_id == bindparam("run")
    )
)
_NOT_ENDED = Prepared(
    select(_RUNS.c.run_id)
    .where(_RUNS.c.subject == bindparam("of"), _RUNS.c.state != RunState.ENDED.value)
    .limit(1)
)
_SET_STATE = Prepared(
    update(_RUNS)
    .where(_RUNS.c.run_id == bindparam("run"))
    .values(state=bindparam("to"), since=bindparam("at"))
)
_IDLE = Prepared(
    select(_RUNS.c.run_id)
    .where(_RUNS.c.since < bindparam("before"), _RUNS.c.state != RunState.RUNNING.value)
    .limit(bindparam("most"))
)
_DELETE_RUN = Prepared(delete(_RUNS).where(_RUNS.c.run_id == bindparam("run")))
_ADD_FILE = Prepared(insert(_FILES))
_FORGET_DIGESTS = Prepared(
    update(_FILES).where(_FILES.c.run_id == bindparam("run")).values(digest=b"")
)
_DIGEST = Prepared(select(_FILES.c.digest).where(*_THE_FILE))
_NAMES = Prepared(select(_FILES.c.name).where(_OF_RUN).order_by(_FILES.c.name))
_COUNTED = (_FILES.c.lines, _FILES.c.started, _FILES.c.answered, _FILES.c.done, _FILES.c.ended)
_TALLY = Prepared(select(*_COUNTED).where(*_THE_FILE))
_TOTAL = Prepared(select(*(func.coalesce(func.sum(each), 0) for each in _COUNTED)).where(_OF_RUN))
_LEFT = Prepared(select(_FILES.c.name).where(_OF_RUN, _FILES.c.ended < _FILES.c.lines).limit(1))
_COUNT = Prepared(
    update(_FILES)
    .where(*_THE_FILE)
    .values(
        started=_FILES.c.started + bindparam("newly_started"),
        answered=_FILES.c.answered + bindparam("newly_answered"),
        done=_FILES.c.done + bindparam("newly_done"),
        ended=_FILES.c.ended + bindparam("newly_ended"),
    )
    .returning(_FILES.c.ended, _FILES.c.lines)
)
_DELETE_FILES = Prepared(delete(_FILES).where(_OF_RUN))


@dataclass(frozen=True, slots=True)
class Run:
    """One run; `subject` is what it is about, and `plan` what it is to hold."""

    id: str
    owner: str
    subject: str
    plan: Mapping[str, str]
    state: RunState


@dataclass(frozen=True, slots=True)
class Tally:
    """How many lines there are, and what became of them; each that ended was done or failed."""

    lines: int = 0
    started: int = 0
    answered: int = 0
    done: int = 0
    ended: int = 0

    @property
    def failed(self) -> int:
        """How many ended without what they asked for."""
        return self.ended - self.done


class BatchRuns:
    """The runs of one seat; every function is part of one transaction."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def open(self, connection: Connection, run: Run) -> None:
        """Keep a new run."""
        _ADD_RUN.run(
            connection,
            {
                "run_id": run.id,
                "owner": run.owner,
                "subject": run.subject,
                "plan": json.dumps(dict(run.plan)),
                "state": run.state.value,
                "since": self._clock.now().isoformat(),
            },
        )

    def get(self, connection: Connection, run_id: str, owner: str) -> Run:
        """One run of this owner; raises BATCH_RUN_UNKNOWN."""
        row = _FIND_RUN.run(connection, {"run": run_id}).fetchone()
        if row is None or row[0] != owner:
            raise Refusal(reasons.BATCH_RUN_UNKNOWN, "", "run_id")
        held_by, subject, plan, state = row
        return Run(run_id, held_by, subject, json.loads(plan), RunState(state))

    def get_open(self, connection: Connection, run_id: str, owner: str) -> Run:
        """One run that takes files; raises BATCH_RUN_UNKNOWN or BATCH_RUN_CLOSED."""
        run = self.get(connection, run_id, owner)
        if run.state is not RunState.OPEN:
            raise Refusal(reasons.BATCH_RUN_CLOSED, "", "run_id")
        return run

    def require_alone(self, connection: Connection, subject: str) -> None:
        """Raise BATCH_RUN_UNDER_WAY where a run about the same has not ended."""
        if _NOT_ENDED.value(connection, {"of": subject}) is not None:
            raise Refusal(reasons.BATCH_RUN_UNDER_WAY)

    def put(self, connection: Connection, run: Run, name: str, digest: bytes, lines: int) -> bool:
        """Note a file of a run, by a digest that was noted; whether it is new.

        Raises BATCH_FILE_REPEATED.
        """
        known = _DIGEST.value(connection, {"run": run.id, "file": name})
        if known is None:
            counted = {"lines": lines, "started": 0, "answered": 0, "done": 0, "ended": 0}
            _ADD_FILE.run(connection, {"run_id": run.id, "name": name, "digest": digest, **counted})
        elif tells_apart(known, digest):
            raise Refusal(reasons.BATCH_FILE_REPEATED, "", "name")
        return known is None

    def names(self, connection: Connection, run_id: str) -> Sequence[str]:
        """The names of the files that are there, in order."""
        return [str(row[0]) for row in _NAMES.run(connection, {"run": run_id}).fetchall()]

    def close(self, connection: Connection, run: Run) -> None:
        """Take no more files; a run without lines has ended.

        What tells a repeated file from another is forgotten: a short file could be guessed by it.
        """
        _FORGET_DIGESTS.run(connection, {"run": run.id})
        state = RunState.RUNNING if self._is_left(connection, run.id) else RunState.ENDED
        self._set(connection, run.id, state)

    def count(self, connection: Connection, run_id: str, name: str, newly: Tally) -> None:
        """Count what became of lines of a file; the run ends with its last line."""
        values = {
            "run": run_id,
            "file": name,
            "newly_started": newly.started,
            "newly_answered": newly.answered,
            "newly_done": newly.done,
            "newly_ended": newly.ended,
        }
        ended, lines = one(_COUNT.run(connection, values))
        if ended == lines and not self._is_left(connection, run_id):
            self._set(connection, run_id, RunState.ENDED)

    def tally(self, connection: Connection, run_id: str) -> Tally:
        """What became of all lines of a run."""
        return Tally(*one(_TOTAL.run(connection, {"run": run_id})))

    def tally_of(self, connection: Connection, run_id: str, name: str) -> Tally:
        """What became of the lines of one file; raises BATCH_FILE_UNKNOWN."""
        row = _TALLY.run(connection, {"run": run_id, "file": name}).fetchone()
        if row is None:
            raise Refusal(reasons.BATCH_FILE_UNKNOWN, "", "number")
        return Tally(*row)

    def delete(self, connection: Connection, run: Run) -> None:
        """Forget a run and its files; raises BATCH_RUN_UNDER_WAY."""
        if run.state is RunState.RUNNING:
            raise Refusal(reasons.BATCH_RUN_UNDER_WAY, "", "run_id")
        self.forget(connection, run.id)

    def idle(self, connection: Connection, moment: datetime, limit: int) -> Sequence[str]:
        """At most `limit` runs that since before a moment were open, or had ended."""
        found = _IDLE.run(connection, {"before": moment.isoformat(), "most": limit})
        return [str(row[0]) for row in found.fetchall()]

    def forget(self, connection: Connection, run_id: str) -> None:
        """Forget a run that is not under way, and its files."""
        _DELETE_FILES.run(connection, {"run": run_id})
        _DELETE_RUN.run(connection, {"run": run_id})

    def _set(self, connection: Connection, run_id: str, state: RunState) -> None:
        at = self._clock.now().isoformat()
        _SET_STATE.run(connection, {"run": run_id, "to": state.value, "at": at})

    def _is_left(self, connection: Connection, run_id: str) -> bool:
        return _LEFT.value(connection, {"run": run_id}) is not None
