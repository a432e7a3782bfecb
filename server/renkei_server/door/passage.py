"""One request between its arrival and its answer: judged, recorded, told, answered or refused.

Each RPC and each request of a batch, refused ones too, leaves one operation
record, committed before its answer, and one log line that names no person. Here
alone a refusal becomes an answer; any other exception is a fault of ours, of
which the wire learns nothing but an incident id.
"""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from types import TracebackType
from typing import Any

import grpc
from structlog.typing import FilteringBoundLogger

from renkei import reasons
from renkei.faults import describe
from renkei.refusals import Refusal
from renkei_pki.identity import Identity
from renkei_server.domain.world import Clock
from renkei_server.door.answer import status_of
from renkei_server.door.call import Call
from renkei_server.door.caller import Callers
from renkei_server.door.room import USUAL, Room
from renkei_server.door.turns import Queues, Turns
from renkei_server.store.engine.operations import Operation
from renkei_server.store.engine.store import Store

Context = Any
"""A grpc.aio.ServicerContext; its published types leave out what is used of it here."""


Refuse = Callable[[Refusal, str], Awaitable[None]]
"""How a refusal leaves, with the incident id of a fault."""


def _always_open() -> None:
    """A seat whose keys are at hand as long as it runs."""


class Passage:
    """What is known of an RPC while it is under way."""

    def __init__(self, operation: Operation, steps: Sequence[str]) -> None:
        self.operation = operation
        self.steps = steps
        self.started = time.perf_counter()
        self.bytes_in = 0
        self.bytes_out = 0
        self.turns: Turns | None = None
        """Where it took its turn."""


class Passages:
    """Lets RPCs of one listener through."""

    def __init__(
        self,
        *,
        callers: Callers,
        store: Store,
        clock: Clock,
        log: FilteringBoundLogger,
        room: Room = USUAL,
        require_open: Callable[[], None] = _always_open,
    ) -> None:
        """`room` is each caller's; `require_open` raises why nobody is let in now, if so."""
        self._callers = callers
        self._require_open = require_open
        self._queues = Queues(room)
        self._store = store
        self._clock = clock
        self._log = log
        self._late: set[asyncio.Task[None]] = set()

    def through(self, path: str, steps: Sequence[str], context: Context) -> "Crossing":
        """Let one RPC through: what is raised inside is recorded, told and answered."""
        return self.let_through(path, steps, refusing(context), context)

    def let_through(
        self, path: str, steps: Sequence[str], refuse: Refuse, context: Context = None
    ) -> "Crossing":
        """Let one request through, an RPC's own or one of a batch; `refuse` tells a refusal."""
        passage = Passage(Operation(at=self._moment(), caller="", method=path), steps)
        return Crossing(self, passage, refuse, context)

    def _moment(self) -> datetime:
        """The world's time, by which records are kept; the machine's where nothing tells that."""
        try:
            return self._clock.now()
        except (OSError, ValueError, LookupError, TypeError, OverflowError):
            return self._clock.real()

    async def identify(self, passage: Passage, context: Context) -> Call:
        """Judge who calls, and wait for their turn.

        Raises what `Callers.of` and `require_open` raise, and TOO_MANY_CALLS.
        """
        try:
            self._require_open()
            caller = self._callers.of(context.auth_context())
        except Refusal:
            await _enter(passage, self._queues.of(""))
            raise
        call = begin(passage, caller)
        await _enter(passage, self._queues.of(passage.operation.caller))
        return call

    async def begin_in_a_batch(self, passage: Passage, caller: Identity) -> Call:
        """The call of one request of a batch, once it is its turn."""
        call = begin(passage, caller)
        await _enter(passage, self._queues.of_batches(passage.operation.caller))
        return call

    def leave(self, passage: Passage) -> None:
        """Let the caller's next call go on."""
        if (turns := passage.turns) is not None:
            passage.turns = None
            if turned_away := turns.leave():
                caller = passage.operation.caller
                self._log.warning("calls_turned_away", caller=caller, calls=turned_away)

    async def record(self, passage: Passage) -> None:
        """Commit the RPC's record alone; one that was written stays and another follows."""
        await self._store.record(passage.operation)

    def fault(self, passage: Passage, error: Exception) -> str:
        """Tell of a fault of ours; return the incident id by which it is found."""
        incident = str(uuid.uuid4())
        method = passage.operation.method
        self._log.error("fault", incident=incident, method=method, **describe(error))
        return incident

    async def close(self, passage: Passage, outcome: str) -> None:
        """Leave the record, unless the handler's own write carried it, and the log line.

        What ends otherwise is told of in a record of its own: where its caller has gone, the
        handler's write may be on its way still, and it says what was done.
        """
        if outcome != "OK":
            passage.operation = replace(passage.operation, outcome=outcome)
        operation = passage.operation
        try:
            if outcome != "OK" or not operation.recorded:
                await self.record(passage)
        except Refusal as outage:
            operation.outcome = outage.reason.name
            raise
        finally:
            self._tell(passage)

    def close_late(self, passage: Passage, outcome: str) -> None:
        """The same for a caller that has gone: nobody waits for it."""
        late = asyncio.ensure_future(self.close(passage, outcome))
        self._late.add(late)
        late.add_done_callback(self._closed_late)

    def _closed_late(self, late: asyncio.Task[None]) -> None:
        self._late.discard(late)
        if not late.cancelled() and (error := late.exception()) is not None:
            self._log.error("record_lost", **describe(error))

    def _tell(self, passage: Passage) -> None:
        operation = passage.operation
        self._log.info(
            "rpc_answered",
            caller=operation.caller,
            method=operation.method,
            steps=passage.steps,
            request_id=operation.request_id,
            outcome=operation.outcome,
            milliseconds=round((time.perf_counter() - passage.started) * 1000, 3),
            bytes_in=passage.bytes_in,
            bytes_out=passage.bytes_out,
        )


class Crossing:
    """The way through: it is entered with a request and left with its answer, or a refusal."""

    __slots__ = ("_context", "_passage", "_passages", "_refuse")

    def __init__(
        self, passages: Passages, passage: Passage, refuse: Refuse, context: Context
    ) -> None:
        self._passages = passages
        self._passage = passage
        self._refuse = refuse
        self._context = context

    async def __aenter__(self) -> Passage:
        return self._passage

    async def __aexit__(
        self, _kind: object, error: BaseException | None, _trace: TracebackType | None
    ) -> bool:
        """Record and tell how it ended; whether nothing is raised any more."""
        try:
            return await self._end(error)
        finally:
            self._passages.leave(self._passage)
            if error is not None:  # or the request would stay with it until one looks for garbage
                error.__traceback__ = None

    async def _end(self, error: BaseException | None) -> bool:
        refusal, incident = None, ""
        match error:
            case None:
                pass
            case Refusal(reason=reasons.TOO_MANY_CALLS):  # who floods it writes nothing by it
                await self._refuse(error, "")
                return True
            case Refusal():
                refusal = error
            case grpc.aio.AbortError():  # a well-known service has answered for itself
                await self._passages.close(self._passage, _code_name(self._context))
                return False
            case asyncio.CancelledError() | GeneratorExit():
                self._passages.close_late(self._passage, "CANCELLED")
                return False
            case Exception():
                refusal = Refusal(reasons.INTERNAL)
                incident = self._passages.fault(self._passage, error)
            case _:
                return False
        try:
            await self._passages.close(self._passage, refusal.reason.name if refusal else "OK")
        except Refusal as outage:  # without its record no answer leaves
            refusal = outage
        if refusal is not None:
            await self._refuse(refusal, incident)
        return True


def refusing(context: Context) -> Refuse:
    """How an RPC is refused: with a status, which ends it."""

    async def refuse(refusal: Refusal, incident: str) -> None:
        await context.abort_with_status(status_of(refusal, incident))

    return refuse


async def _enter(passage: Passage, turns: Turns) -> None:
    await turns.enter(passage.bytes_in)
    passage.turns = turns


def begin(passage: Passage, caller: Identity) -> Call:
    """The call of a caller who was judged."""
    passage.operation.caller = caller.uri
    return Call(caller, passage.operation)


def _code_name(context: Context) -> str:
    code = context.code()
    return code.name if isinstance(code, grpc.StatusCode) else grpc.StatusCode.UNKNOWN.name
