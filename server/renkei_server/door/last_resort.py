"""The last resort: where even recording or telling fails, INTERNAL goes out and nothing of the cause.

grpc makes of an exception that leaves a handler a status with its text, which may name a person.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import wraps
from typing import Any, TypeVar

import grpc

from renkei_server.door.answer import LAST_RESORT
from renkei_server.door.passage import Context

T = TypeVar("T")


def telling_nothing(
    behaviour: Callable[[Any, Context], Awaitable[T]],
) -> Callable[[Any, Context], Awaitable[T]]:
    """A handler of one request that lets no exception out but the end that it chose itself."""

    @wraps(behaviour)
    async def guarded(request: Any, context: Context) -> T:
        try:
            return await behaviour(request, context)
        except grpc.aio.AbortError:
            raise
        except Exception:
            await context.abort_with_status(LAST_RESORT)
            raise

    return guarded


def streaming_nothing(
    behaviour: Callable[[Any, Context], AsyncIterator[T]],
) -> Callable[[Any, Context], AsyncIterator[T]]:
    """The same for a handler that answers with a stream."""

    @wraps(behaviour)
    async def guarded(requests: Any, context: Context) -> AsyncIterator[T]:
        try:
            async for one in behaviour(requests, context):
                yield one
        except grpc.aio.AbortError:
            raise
        except Exception:
            await context.abort_with_status(LAST_RESORT)
            raise

    return guarded
