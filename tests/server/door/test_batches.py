"""Many requests in one call: each outcome in its place, and answers only as far as there is room."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from renkei import reasons
from renkei.batch.v1 import batch_pb2 as pb2
from renkei.limits import BATCH_ANSWER_LIMIT, BATCH_LIMIT
from renkei.networks import ward
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei.wire.refusals import write_refused_request
from renkei_pki.identity import Identity
from renkei_server.door.batches import BatchService, Respond
from renkei_server.door.call import Call
from renkei_server.door.passage import Refuse
from renkei_server.store.engine.operations import Operation

CALLER = Identity(ward("131148"), "131148", "resident-record")
TAKEN_BY_ANY_CLIENT = 4 << 20  # what gRPC takes where nobody told it otherwise

Work = Callable[[str, bytes], Awaitable[bytes]]


async def answers(work: Work, *requests: tuple[str, bytes]) -> list[bytes | str]:
    """What each is told: the bytes of its answer, or the reason of its refusal."""

    async def let_pass(
        path: str, raw: bytes, caller: Identity, respond: Respond, refuse: Refuse
    ) -> None:
        assert caller is CALLER
        try:
            respond(await work(path, raw))
        except Refusal as refusal:
            await refuse(refusal, "")

    batch = pb2.MakeCallsRequest(
        requests=[{"method": method, "message": message} for method, message in requests]
    )
    call = Call(CALLER, Operation(at=datetime.now(UTC), caller="", method=""))
    answer = await BatchService(let_pass).make_calls(batch, call)
    return [
        one.response if one.WhichOneof("outcome") == "response" else one.refusal.reason
        for one in answer.outcomes
    ]


async def as_long_as_asked(_path: str, raw: bytes) -> bytes:
    return b"x" * int(raw)


async def test_each_is_told_its_own_outcome_in_its_place_whoever_is_quicker() -> None:
    gates = {raw: asyncio.Event() for raw in (b"1", b"2", b"3")}
    after = {b"3": b"2", b"2": b"1"}

    async def work(path: str, raw: bytes) -> bytes:
        await gates[raw].wait()
        if raw in after:
            gates[after[raw]].set()
        if path == "refused":
            raise Refusal(reasons.PERSON_NOT_HELD)
        return raw

    gates[b"3"].set()
    told = await answers(work, ("done", b"1"), ("refused", b"2"), ("done", b"3"))

    assert told == [b"1", "PERSON_NOT_HELD", b"3"]


async def test_an_empty_answer_is_an_answer() -> None:
    assert await answers(as_long_as_asked, ("a", b"0")) == [b""]


@pytest.mark.parametrize(
    ("count", "reason"), [(0, reasons.FIELD_MISSING), (BATCH_LIMIT + 1, reasons.BATCH_TOO_LARGE)]
)
async def test_none_and_too_many_are_refused_before_any_is_let_through(
    count: int, reason: Reason
) -> None:
    async def never(_path: str, _raw: bytes) -> bytes:
        raise AssertionError

    with pytest.raises(Refusal) as caught:
        await answers(never, *[("a", b"")] * count)

    assert (caught.value.reason, caught.value.fields) == (reason, ("requests",))


async def test_an_answer_that_finds_no_room_is_asked_for_alone_and_others_still_fit() -> None:
    half = BATCH_ANSWER_LIMIT // 2
    lengths = [half, 0, half + 1, half, 1, 0]
    told = await answers(as_long_as_asked, *(("a", b"%d" % length) for length in lengths))

    assert [one if isinstance(one, str) else len(one) for one in told] == [
        half,
        0,
        "NOT_IN_A_BATCH",
        half,
        "NOT_IN_A_BATCH",
        0,
    ]


def test_the_largest_batch_of_answers_is_one_that_any_client_takes() -> None:
    refusals = [
        write_refused_request(Refusal(one, "d" * 200, *["field"] * 5))
        for one in reasons.NAMED.values()
    ]
    largest = max(one.ByteSize() for one in refusals)

    assert BATCH_ANSWER_LIMIT + BATCH_LIMIT * (largest + 20) < TAKEN_BY_ANY_CLIENT
