"""Acquiring the codes of many persons as an outside caller would: ask, then ask again."""

import asyncio
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from renkei import reasons
from renkei.acquisitions import Acquisition
from renkei.refusals import Refusal

T = TypeVar("T")

_AT_ONCE = 12
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 2.0


@dataclass(frozen=True, slots=True)
class Wish:
    """One code that is wanted: how it is asked for, and how one learns what became of it."""

    kind: str
    request_id: str
    start: Callable[[str], Awaitable[Callable[[], Awaitable[Acquisition]]]] = field(repr=False)


@dataclass(slots=True)
class Progress:
    """How far one organisation has come."""

    title: str
    wanted: int
    asked: int = 0
    ended: int = 0
    retried: int = 0
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)


def new_request_id() -> str:
    """A request id for one wish."""
    return str(uuid.uuid4())


async def acquire_all(wishes: Sequence[Wish], progress: Progress) -> None:
    """Carry every wish to its end; an outage on the way is waited out."""
    gate = asyncio.Semaphore(_AT_ONCE)
    await asyncio.gather(*(_acquire(wish, gate, progress) for wish in wishes))


async def _acquire(wish: Wish, gate: asyncio.Semaphore, progress: Progress) -> None:
    outcome = await _outcome(wish, gate, progress)
    progress.ended += 1
    progress.outcomes[wish.kind, outcome] += 1


async def _outcome(wish: Wish, gate: asyncio.Semaphore, progress: Progress) -> str:
    try:
        look = await _patiently(lambda: wish.start(wish.request_id), gate, progress)
    except Refusal as refusal:
        progress.asked += 1
        return refusal.reason.name
    progress.asked += 1
    pause = _FIRST_PAUSE
    while True:
        acquisition = await _patiently(look, gate, progress)
        if acquisition.state.final:
            failure = acquisition.failure
            return failure.name if failure else acquisition.state.name
        await asyncio.sleep(pause)
        pause = min(_LONGEST_PAUSE, pause * 1.6)


async def _patiently(
    ask: Callable[[], Awaitable[T]], gate: asyncio.Semaphore, progress: Progress
) -> T:
    """Ask until there is an answer; the same request id makes a repeat safe."""
    while True:
        async with gate:
            try:
                return await ask()
            except Refusal as refusal:
                if not refusal.reason.passing or refusal.reason is reasons.CALLER_NOT_ADMITTED:
                    raise
        progress.retried += 1
        await asyncio.sleep(_FIRST_PAUSE)
