"""How tests ask: until something is so, and until it is answered."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from renkei import reasons
from renkei.acquisitions import Acquisition
from renkei.exchanges import ExchangeId
from renkei.inquiries import Inquiry
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei_clients.inquiries import InquiryClient, WardInquiryClient

T = TypeVar("T")

_LONGEST_WAIT_SECONDS = 60.0
_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.02, 0.5


def new_id() -> str:
    """A request id."""
    return str(uuid.uuid4())


async def until_told(look: Callable[[], Awaitable[T]], so: Callable[[T], bool]) -> T:
    """Ask, ever more seldom, until what is told is so; a crowd must not drown the servers."""
    pause = _PAUSE_SECONDS
    async with asyncio.timeout(_LONGEST_WAIT_SECONDS):
        while not so(told := await in_time(look)):
            await asyncio.sleep(pause)
            pause = min(1.5 * pause, _LONGEST_PAUSE_SECONDS)
    return told


async def final(look: Callable[[], Awaitable[Acquisition]]) -> Acquisition:
    """Ask until the acquisition has ended."""
    return await until_told(look, lambda seen: seen.state.final)


async def ended(client: InquiryClient | WardInquiryClient, inquiry: ExchangeId) -> Inquiry:
    """Ask until the inquiry has ended."""
    return await until_told(partial(client.get_inquiry, inquiry), has_ended)


def has_ended(inquiry: Inquiry) -> bool:
    """Whether anything has come of an inquiry."""
    return inquiry.outcome is not None


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(_LONGEST_WAIT_SECONDS):
        while not holds():
            await asyncio.sleep(_PAUSE_SECONDS)


async def patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask until it is answered, whatever server is away meanwhile."""
    return await _again_while(ask, lambda reason: reason.passing)


async def in_time(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask again what a busy machine did not get done in time, and nothing else."""
    return await _again_while(ask, lambda reason: reason is reasons.DEADLINE_PASSED)


async def _again_while(ask: Callable[[], Awaitable[T]], passes: Callable[[Reason], bool]) -> T:
    async with asyncio.timeout(_LONGEST_WAIT_SECONDS):
        while True:
            try:
                return await ask()
            except Refusal as refusal:
                if not passes(refusal.reason):
                    raise
            await asyncio.sleep(_PAUSE_SECONDS)


async def refusal_of(call: Awaitable[object]) -> Refusal:
    """The refusal that a client's call ends with."""
    try:
        await call
    except Refusal as refusal:
        return refusal
    raise AssertionError("the call was answered")


async def reason_of(call: Awaitable[object]) -> Reason:
    """The reason of the refusal that a client's call ends with."""
    return (await refusal_of(call)).reason
