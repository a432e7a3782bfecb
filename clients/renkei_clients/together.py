"""Calls of one method that wait together share one batch.

Rules:
- While few calls of a method are under way, each goes singly and at once.
- Beyond that they wait; as soon as at most one call is under way, all that wait
  go as one batch, so that batches grow with the load and the pace is the
  server's.
- Whoever waits has half a minute; what takes longer is an outage.
- Each caller gets its own outcome, as if it had called alone; where the whole
  batch found no answer, that is everybody's outcome.
- What a server does not answer in a batch goes alone. One that knows no batches, or
  answers nothing of the method in them, is called singly from then on.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import DecodeError, Message

from renkei import reasons
from renkei.batch.v1 import batch_pb2 as pb2
from renkei.contract import Method, method_of
from renkei.limits import BATCH_LIMIT
from renkei.refusals import Refusal
from renkei.wire.refusals import read_refused_request

SINGLY = 8
"""So many calls of one method go singly at once where nobody says otherwise, and never more."""
BYTES = 900_000
"""So much may the requests of one batch be; a server takes no message over `MESSAGE_LIMIT`."""
MAKE_CALLS = method_of(pb2.MakeCallsRequest)
_BATCHES = 2
_SECONDS = 30.0

Make = Callable[[Method, Message, float], Awaitable[Any]]
"""One RPC: method, request, deadline in seconds."""


@dataclass(slots=True)
class _Waiting:
    request: Message
    answer: asyncio.Future[Any]
    alone: bool = False


class Together:
    """The calls of one method to one server."""

    def __init__(self, make: Make, method: Method, singly: int = SINGLY) -> None:
        """Raise ValueError where nothing at all would go singly: nobody would ever be sent."""
        if singly < 1:
            msg = f"{singly} calls of {method.path} cannot go singly"
            raise ValueError(msg)
        self._make = make
        self._method = method
        self._singly = singly
        self._batches = method.in_batches
        self._under_way = 0
        self._waiting: deque[_Waiting] = deque()
        self._sending: set[asyncio.Task[None]] = set()

    async def call(self, request: Message, seconds: float) -> Any:
        """Make one call, alone or with others; raises what a call alone would."""
        if self._under_way >= self._singly or self._waiting:
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
        while self._waiting and self._under_way < (_BATCHES if self._batches else self._singly):
            self._start(self._take(BATCH_LIMIT if self._batches else 1))

    def _take(self, most: int) -> list[_Waiting]:
        """The oldest who still wait for their answer, as many as a message holds."""
        taken: list[_Waiting] = []
        size = 0
        while self._waiting and len(taken) < most:
            first = self._waiting[0]
            size += first.request.ByteSize()
            if taken and size > BYTES:
                break
            self._waiting.popleft()
            if not first.answer.done():
                taken.append(first)
                most = 1 if first.alone else most
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
            self._tell(taken, outcomes)
        except asyncio.CancelledError:
            for one in taken:
                one.answer.cancel()
            raise
        finally:
            self._ended()

    def _tell(self, taken: Sequence[_Waiting], outcomes: Sequence[object]) -> None:
        """Tell each its outcome; whom the server has told nothing waits on, and goes alone."""
        untold = [one for one, outcome in zip(taken, outcomes, strict=True) if outcome is None]
        for one in untold:
            one.alone = True
        self._batches = self._batches and len(untold) < len(taken)
        self._waiting.extendleft(reversed(untold))
        for one, outcome in zip(taken, outcomes, strict=True):
            if outcome is not None:
                _settle(one.answer, outcome)

    async def _outcomes(self, requests: Sequence[Message]) -> Sequence[object]:
        """The answer or the refusal of each, and None where it is not answered in a batch."""
        try:
            if len(requests) == 1:
                return [await self._make(self._method, requests[0], _SECONDS)]
            return await self._outcomes_in_batch(requests)
        except Exception as error:
            alone = len(requests) > 1 and _knows_no_such_method(error)
            return [None if alone else error] * len(requests)

    async def _outcomes_in_batch(self, requests: Sequence[Message]) -> Sequence[object]:
        batch = pb2.MakeCallsRequest()
        for request in requests:
            batch.requests.add(method=self._method.path, message=request.SerializeToString())
        answer: pb2.MakeCallsResponse = await self._make(MAKE_CALLS, batch, _SECONDS)
        if len(answer.outcomes) != len(requests):
            raise Refusal(reasons.PEER_NOT_UNDERSTOOD, "a batch with other outcomes than requests")
        return [_read(outcome, self._method.response) for outcome in answer.outcomes]


def _read(outcome: pb2.MakeCallsResponse.Outcome, response: type[Message]) -> object:
    """One outcome of a batch: a response, the refusal, or None where it is asked for alone."""
    match outcome.WhichOneof("outcome"):
        case "response":
            try:
                return response.FromString(outcome.response)
            except DecodeError:
                return Refusal(reasons.PEER_NOT_UNDERSTOOD, "a response out of its form")
        case "refusal":
            refusal = read_refused_request(outcome.refusal)
            if refusal is not None and refusal.reason is reasons.NOT_IN_A_BATCH:
                return None
            if refusal is not None:
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
