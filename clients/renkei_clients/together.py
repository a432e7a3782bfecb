"""Calls of one method that wait together share one batch.

Rules:
- While few calls of a method are under way, each goes singly and at once.
- Beyond that they wait; as soon as at most one call is under way, all that wait
  go as one batch, so that batches grow with the load and the pace is the
  server's.
- Whoever waits has half a minute; what takes longer is an outage.
- Each caller gets its own outcome, as if it had called alone; where the whole
  batch found no answer, that is everybody's outcome.
- A server that knows no batches is called singly from then on.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from renkei import reasons
from renkei.limits import BATCH_LIMIT
from renkei.refusals import Refusal
from renkei.type.v1 import options_pb2
from renkei.wire.refusals import read_refused_request

SINGLY = 8
"""So many calls of one method go singly at once, and never more."""
BYTES = 900_000
"""So much may the requests of one batch be; a server takes no message over `MESSAGE_LIMIT`."""
_BATCHES = 2
_SECONDS = 30.0

Make = Callable[[MethodDescriptor, Message, float], Awaitable[Any]]
"""One RPC: method, request, deadline in seconds."""


@dataclass(slots=True)
class _Waiting:
    request: Message
    answer: asyncio.Future[Any]


class Together:
    """The calls of one method to one server."""

    def __init__(self, make: Make, method: MethodDescriptor) -> None:
        self._make = make
        self._method = method
        self._batch = batch_of(method)
        self._under_way = 0
        self._waiting: deque[_Waiting] = deque()
        self._sending: set[asyncio.Task[None]] = set()

    async def call(self, request: Message, seconds: float) -> Any:
        """Make one call, alone or with others; raises what a call alone would."""
        if self._under_way >= SINGLY or self._waiting:
            waiting = _Waiting(request, asyncio.get_running_loop().create_future())
            self._waiting.append(waiting)
            return await self._answer_of(waiting)
        self._under_way += 1
        try:
            return await self._make(self._method, request, seconds)
        finally:
            self._ended()

    async def _answer_of(self, waiting: _Waiting) -> Any:
        try:
            async with asyncio.timeout(_SECONDS):
                return await waiting.answer
        except TimeoutError:
            raise Refusal(reasons.DEADLINE_PASSED) from None

    async def close(self) -> None:
        """Give up what is under way; whoever waits is cancelled."""
        for waiting in self._waiting:
            waiting.answer.cancel()
        self._waiting.clear()
        for sending in self._sending:
            sending.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)

    def _ended(self) -> None:
        self._under_way -= 1
        alone = self._batch is None
        while self._waiting and self._under_way < (SINGLY if alone else _BATCHES):
            self._start(self._take(1 if alone else BATCH_LIMIT))

    def _take(self, most: int) -> list[_Waiting]:
        """The oldest who still wait for their answer, as many as a message holds."""
        taken: list[_Waiting] = []
        size = 0
        while self._waiting and len(taken) < most:
            size += self._waiting[0].request.ByteSize()
            if taken and size > BYTES:
                break
            waiting = self._waiting.popleft()
            if not waiting.answer.done():
                taken.append(waiting)
        return taken

    def _start(self, taken: list[_Waiting]) -> None:
        if taken:
            self._under_way += 1
            sending = asyncio.create_task(self._send(taken))
            self._sending.add(sending)
            sending.add_done_callback(self._sending.discard)

    async def _send(self, taken: list[_Waiting]) -> None:
        try:
            outcomes = await self._outcomes([one.request for one in taken])
        except asyncio.CancelledError:
            for one in taken:
                one.answer.cancel()
            raise
        except Exception as error:
            if len(taken) > 1 and _knows_no_such_method(error):
                self._batch = None
                self._waiting.extendleft(reversed(taken))
                return
            outcomes = [error for _ in taken]
        finally:
            self._ended()
        for one, outcome in zip(taken, outcomes, strict=True):
            _settle(one.answer, outcome)

    async def _outcomes(self, requests: list[Message]) -> list[Any]:
        if self._batch is None or len(requests) == 1:
            return [await self._make(self._method, requests[0], _SECONDS)]
        batch: Any = GetMessageClass(self._batch.input_type)(requests=requests)
        answer = await self._make(self._batch, batch, _SECONDS)
        if len(answer.outcomes) != len(requests):
            raise Refusal(reasons.PEER_NOT_UNDERSTOOD, "a batch with other outcomes than requests")
        return [_read(outcome) for outcome in answer.outcomes]


@cache
def batch_of(method: MethodDescriptor) -> MethodDescriptor | None:
    """The method that does for many at once what this one does, if its service has one."""
    for other in method.containing_service.methods:
        options: Any = other.GetOptions()
        if options.Extensions[options_pb2.rule].batch_of == method.name:
            return other
    return None


def _read(outcome: Any) -> Any:
    """One outcome of a batch: a response, or the refusal."""
    match outcome.WhichOneof("outcome"):
        case "response":
            return outcome.response
        case "refusal":
            if (refusal := read_refused_request(outcome.refusal)) is not None:
                return refusal
    return Refusal(reasons.PEER_NOT_UNDERSTOOD, "an outcome that says nothing")


def _settle(answer: asyncio.Future[Any], outcome: object) -> None:
    if answer.done():
        return
    if isinstance(outcome, BaseException):
        answer.set_exception(outcome)
    else:
        answer.set_result(outcome)


def _knows_no_such_method(error: Exception) -> bool:
    return isinstance(error, Refusal) and (
        error.reason is reasons.METHOD_UNKNOWN
        or (error.reason is reasons.PEER_NOT_UNDERSTOOD and error.detail == "UNIMPLEMENTED")
    )
