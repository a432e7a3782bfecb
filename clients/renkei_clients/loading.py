"""Sending chunk after chunk by a stream, and taking a broken stream up again (invented).

Rules:
- A few chunks are under way at once; memory is bounded by them.
- Each chunk has an id of its own that follows from the load's, so a load that is begun again
  from the start is told what became of the chunks that were done before, and does none twice.
- A stream that broke is opened anew, and what has no answer yet is sent again.
"""

import asyncio
import uuid
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from itertools import islice
from typing import Generic, TypeVar

from renkei import reasons
from renkei.refusals import Refusal

Entry = TypeVar("Entry")
Request = TypeVar("Request")
Answer = TypeVar("Answer")

UNDER_WAY = 3
_MOST_BREAKS = 20
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 2.0


def chunks(load_id: str, entries: Iterable[Entry], size: int) -> Iterator[tuple[str, list[Entry]]]:
    """The entries in chunks, each under the id that follows from the load's and its number."""
    rest = iter(entries)
    number = 0
    while chunk := list(islice(rest, size)):
        number += 1
        yield str(uuid.uuid5(uuid.UUID(load_id), str(number))), chunk


async def answered(
    requests: Iterator[Request],
    open_stream: Callable[[AsyncIterator[Request]], AsyncIterator[Answer]],
) -> AsyncIterator[Answer]:
    """Send each request, in order, and yield each answer once.

    Raises the refusal of a request, and that of an outage which does not end.
    """
    sent: deque[Request] = deque()
    breaks = 0
    while True:
        stream = _Stream(requests, sent)
        try:
            async for answer in open_stream(stream.feed()):
                stream.answered()
                breaks = 0
                yield answer
        except Refusal as refusal:
            breaks += 1
            if not refusal.reason.passing or breaks > _MOST_BREAKS:
                raise
            await asyncio.sleep(min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**breaks))
            continue
        if stream.ended and not sent:
            return
        breaks += 1  # it ended well, and before all was answered
        if breaks > _MOST_BREAKS:
            raise Refusal(reasons.PEER_NOT_UNDERSTOOD, "a stream ends before its end")


class _Stream(Generic[Request]):
    """One stream: first what the one before it left without an answer, then what is new."""

    def __init__(self, requests: Iterator[Request], sent: "deque[Request]") -> None:
        self._requests = requests
        self._sent = sent
        self._room = asyncio.Semaphore(UNDER_WAY)
        self.ended = False

    async def feed(self) -> AsyncIterator[Request]:
        for again in list(self._sent):
            await self._room.acquire()
            yield again
        while True:
            await self._room.acquire()
            request = next(self._requests, None)
            if request is None:
                self.ended = True
                return
            self._sent.append(request)
            yield request

    def answered(self) -> None:
        if not self._sent:
            raise Refusal(reasons.PEER_NOT_UNDERSTOOD, "an answer to no request")
        self._sent.popleft()
        self._room.release()
