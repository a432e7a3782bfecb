"""The last resort: where even recording or telling fails, INTERNAL goes out and nothing of the cause.

grpc makes of an exception that leaves a handler a status with its text, which may name a person.
So none leaves: the end that a handler chose by itself grpc keeps, and raises once more after it.
What led there is let go of, or the request would lie in memory until somebody looks for garbage.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import wraps
from typing import Any

import grpc

from renkei_server.door.answer import LAST_RESORT
from renkei_server.door.passage import Context


def telling_nothing(
    behaviour: Callable[[Any, Context], Awaitable[Any]],
) -> Callable[[Any, Context], Awaitable[Any]]:
    """A handler of one request that lets no exception out."""

    @wraps(behaviour)
    async def guarded(request: Any, context: Context) -> Any:
        try:
            return await behaviour(request, context)
        except Exception as error:
            await _end(error, context)

    return guarded


def streaming_nothing(
    behaviour: Callable[[Any, Context], AsyncIterator[Any]],
) -> Callable[[Any, Context], AsyncIterator[Any]]:
    """The same for a handler that answers with a stream."""

    @wraps(behaviour)
    async def guarded(requests: Any, context: Context) -> AsyncIterator[Any]:
        try:
            async for one in behaviour(requests, context):
                yield one
        except Exception as error:
            await _end(error, context)

    return guarded


async def _end(error: Exception, context: Context) -> None:
    """Let the RPC end as its handler chose by an abort, and by INTERNAL after anything else."""
    end = error
    if not isinstance(error, grpc.aio.AbortError):
        try:
            await context.abort_with_status(LAST_RESORT)
        except grpc.aio.AbortError as aborted:
            end = aborted
    end.__traceback__ = end.__context__ = None
