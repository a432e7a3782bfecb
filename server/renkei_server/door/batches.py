"""Batches (一括要求): many requests in one call, each answered as if it had come alone.

The door offers it at every listener, as it does health and reflection, but to nobody who
may call nothing there. What the answers of a batch have no room for is asked again alone.
Source: docs/decisions/0018 (invented).
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from renkei import reasons
from renkei.batch.v1 import batch_pb2 as pb2
from renkei.limits import BATCH_ANSWER_LIMIT
from renkei.refusals import Refusal
from renkei.wire.refusals import write_refused_request
from renkei_pki.identity import Identity
from renkei_server.door.call import Call
from renkei_server.door.limits import judge_count
from renkei_server.door.passage import Refuse

Respond = Callable[[bytes], None]
"""How the answer of one request leaves; raises NOT_IN_A_BATCH where it finds no room."""


class Pass(Protocol):
    """The door, for one request of a batch."""

    def __call__(
        self, path: str, raw: bytes, caller: Identity, respond: Respond, refuse: Refuse
    ) -> Awaitable[None]:
        """Let it through, and tell by either of the two what became of it."""
        ...


class BatchService:
    """Makes many calls at once."""

    contract = pb2.DESCRIPTOR.services_by_name["BatchService"]

    def __init__(self, let_pass: Pass) -> None:
        self._let_pass = let_pass

    async def make_calls(self, batch: pb2.MakeCallsRequest, call: Call) -> pb2.MakeCallsResponse:
        """Let each request pass by itself; raises FIELD_MISSING or BATCH_TOO_LARGE for all."""
        judge_count(batch.requests)
        response = pb2.MakeCallsResponse()
        room = BATCH_ANSWER_LIMIT

        async def one(
            request: pb2.MakeCallsRequest.Request, outcome: pb2.MakeCallsResponse.Outcome
        ) -> None:
            def respond(answer: bytes) -> None:
                nonlocal room
                if len(answer) > room:
                    raise Refusal(reasons.NOT_IN_A_BATCH)
                room -= len(answer)
                outcome.response = answer

            async def refuse(refusal: Refusal, incident: str) -> None:
                outcome.refusal.CopyFrom(write_refused_request(refusal, incident))

            await self._let_pass(request.method, request.message, call.caller, respond, refuse)

        await asyncio.gather(*(one(request, response.outcomes.add()) for request in batch.requests))
        return response
