"""Calls that wait together share a batch, and nobody can tell by the answer."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from google.protobuf.message import Message
from hypothesis import given, settings
from hypothesis import strategies as st

from renkei import reasons
from renkei.batch.v1 import batch_pb2
from renkei.contract import Method, method_of
from renkei.limits import BATCH_LIMIT
from renkei.linkage.v1 import processing_serial_pb2 as pb2
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei.type.v1.refused_request_pb2 import RefusedRequest
from renkei.ward.v1 import numbering_pb2
from renkei_clients.together import MAKE_CALLS, SINGLY, Together

ISSUE = method_of(pb2.IssueProcessingSerialRequest)
CHANGE = method_of(numbering_pb2.ChangeIndividualNumberRequest)

MOST_BYTES = 1 << 20  # of one message, by any server of the contract

UNKNOWN_METHOD = (
    Refusal(reasons.METHOD_UNKNOWN),
    Refusal(reasons.PEER_NOT_UNDERSTOOD, "UNIMPLEMENTED"),  # a server that tells no reason
)


# The server, as these tests play it


@dataclass(eq=False)
class Asked:
    """One RPC that has arrived and waits for its answer."""

    method: Method
    request: Any
    seconds: float
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def numbers(self) -> list[int]:
        """The requests that it holds."""
        return [int(one.request_id) for one in held_in(self)]


def held_in(asked: Asked) -> list[pb2.IssueProcessingSerialRequest]:
    if asked.method is not MAKE_CALLS:
        return [asked.request]
    assert {one.method for one in asked.request.requests} <= {ISSUE.path}
    return [request_of(one) for one in asked.request.requests]


def request_of(one: batch_pb2.MakeCallsRequest.Request) -> pb2.IssueProcessingSerialRequest:
    return pb2.IssueProcessingSerialRequest.FromString(one.message)


class Server:
    """Answers an RPC when it is told to. Every third request is refused, the others are done."""

    def __init__(self, *, to_batches: Callable[[Any], Any] | None = None) -> None:
        self._to_batches = to_batches or answer_each
        self.arrived: list[Asked] = []
        self.under_way: list[Asked] = []

    async def make(self, method: Method, request: Message, seconds: float) -> Any:
        """What `Together` is handed: one RPC."""
        asked = Asked(method, request, seconds)
        self.arrived.append(asked)
        self.under_way.append(asked)
        try:
            await asked.go_on.wait()
        finally:
            self.under_way.remove(asked)
        if method is MAKE_CALLS:
            return self._to_batches(request)
        return answer_singly(asked)

    async def answer(self, asked: Asked) -> None:
        """Let an RPC be answered, and everybody hear of it."""
        asked.go_on.set()
        await turns()

    async def answer_all(self) -> None:
        """Answer, oldest first, until nothing more comes."""
        while self.under_way:
            await self.answer(self.under_way[0])

    @property
    def batches(self) -> list[Asked]:
        """The batches under way."""
        return [one for one in self.under_way if is_batch(one)]


def answer_singly(asked: Asked) -> Any:
    (number,) = asked.numbers
    if number % 3 == 0:
        raise Refusal(reasons.SERIAL_EXPIRED, "", f"field_{number}")
    return pb2.IssueProcessingSerialResponse(processing_serial={"value": str(number)})


def answer_each(batch: batch_pb2.MakeCallsRequest) -> batch_pb2.MakeCallsResponse:
    answer = batch_pb2.MakeCallsResponse()
    for one in batch.requests:
        outcome = answer.outcomes.add()
        number = int(request_of(one).request_id)
        if number % 3 == 0:
            outcome.refusal.reason = "SERIAL_EXPIRED"
            outcome.refusal.fields.append(f"field_{number}")
        else:
            told = pb2.IssueProcessingSerialResponse(processing_serial={"value": str(number)})
            outcome.response = told.SerializeToString()
    return answer


def refuse_with(refusal: Refusal) -> Callable[[Any], Any]:
    def refuse(_batch: Any) -> Any:
        raise refusal

    return refuse


# Its callers


class Crowd:
    """Callers of one method, numbered; what became of each."""

    def __init__(self, server: Server, method: Method = ISSUE, singly: int = SINGLY) -> None:
        self.server = server
        self.together = Together(server.make, method, singly)
        self.callers: list[asyncio.Task[Any]] = []

    async def call(self, count: int = 1, sender: str = "") -> None:
        for number in range(len(self.callers), len(self.callers) + count):
            request = pb2.IssueProcessingSerialRequest(request_id=str(number), sender=sender)
            self.callers.append(asyncio.create_task(self.together.call(request, 5.0)))
        await turns()

    async def leave(self, number: int) -> None:
        self.callers[number].cancel()
        await turns()

    def outcomes(self) -> list[str]:
        return [told(one) for one in self.callers]


def told(caller: asyncio.Task[Any]) -> str:
    if caller.cancelled():
        return "cancelled"
    error = caller.exception()
    if isinstance(error, Refusal):
        return f"{error.reason.name} {' '.join(error.fields)}".strip()
    assert error is None, error
    value: str = caller.result().processing_serial.value
    return value


def own(number: int) -> str:
    """What a caller would be told alone."""
    return str(number) if number % 3 else f"SERIAL_EXPIRED field_{number}"


async def turns() -> None:
    """Let everything happen that waits for nothing but its turn."""
    for _ in range(6):
        await asyncio.sleep(0)


# Whatever the order

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("call"), st.sampled_from([1, 3, 8, 30, 250])),
        st.tuples(st.just("answer"), st.integers(0, 1_000)),
        st.tuples(st.just("leave"), st.integers(0, 10_000)),
    ),
    max_size=30,
)


async def follow(crowd: Crowd, steps: list[tuple[str, int]], holds: Callable[[], None]) -> None:
    """Do what was drawn; after each step something must hold. In the end all are answered."""
    server = crowd.server
    for what, number in steps:
        if what == "call":
            await crowd.call(number)
        elif what == "answer" and server.under_way:
            await server.answer(server.under_way[number % len(server.under_way)])
        elif what == "leave" and crowd.callers:
            await crowd.leave(number % len(crowd.callers))
        holds()
    await server.answer_all()
    holds()


@settings(max_examples=60)
@given(STEPS)
def test_every_caller_gets_its_own_outcome_whatever_the_order(steps: list[tuple[str, int]]) -> None:
    async def scenario() -> None:
        crowd = Crowd(Server())
        await follow(crowd, steps, lambda: None)

        for number, outcome in enumerate(crowd.outcomes()):
            assert outcome in {own(number), "cancelled"}
        sent = [number for one in crowd.server.arrived for number in one.numbers]
        assert len(sent) == len(set(sent)), "nobody is sent twice"
        stayed = [number for number, one in enumerate(crowd.outcomes()) if one != "cancelled"]
        assert set(stayed) <= set(sent)

    asyncio.run(scenario())


@settings(max_examples=60)
@given(STEPS)
def test_at_most_two_batches_and_eight_calls_are_under_way_and_no_batch_is_over_200(
    steps: list[tuple[str, int]],
) -> None:
    async def scenario() -> None:
        crowd = Crowd(Server())
        server = crowd.server

        def holds() -> None:
            assert len(server.batches) <= 2
            assert len(server.under_way) <= SINGLY

        await follow(crowd, steps, holds)
        assert all(2 <= len(one.numbers) <= BATCH_LIMIT for one in server.arrived if is_batch(one))

    asyncio.run(scenario())


@settings(max_examples=40)
@given(STEPS, st.sampled_from(UNKNOWN_METHOD))
def test_without_batches_every_caller_gets_its_own_outcome_all_the_same(
    steps: list[tuple[str, int]], unknown: Refusal
) -> None:
    async def scenario() -> None:
        crowd = Crowd(Server(to_batches=refuse_with(unknown)))

        def holds() -> None:
            assert len(crowd.server.under_way) <= SINGLY

        await follow(crowd, steps, holds)
        for number, outcome in enumerate(crowd.outcomes()):
            assert outcome in {own(number), "cancelled"}

    asyncio.run(scenario())


def is_batch(asked: Asked) -> bool:
    return asked.method is MAKE_CALLS


# Few and many


async def test_the_first_eight_go_singly_and_at_once() -> None:
    crowd = Crowd(Server())
    await crowd.call(SINGLY)

    assert [one.numbers for one in crowd.server.under_way] == [[n] for n in range(SINGLY)]
    assert {one.seconds for one in crowd.server.under_way} == {5.0}
    await crowd.server.answer_all()
    assert crowd.outcomes() == [own(number) for number in range(SINGLY)]


async def test_who_comes_one_after_the_other_is_never_held_for_company() -> None:
    crowd = Crowd(Server())
    for _ in range(20):
        await crowd.call()
        await crowd.server.answer_all()

    assert not any(is_batch(one) for one in crowd.server.arrived)


async def test_those_who_wait_go_together_once_at_most_one_call_is_under_way() -> None:
    crowd = Crowd(Server())
    await crowd.call(SINGLY + 20)
    for one in list(crowd.server.under_way)[: SINGLY - 2]:
        await crowd.server.answer(one)
    assert len(crowd.server.arrived) == SINGLY, "two are under way still"

    await crowd.server.answer(crowd.server.under_way[0])
    (batch,) = crowd.server.batches
    assert batch.numbers == list(range(SINGLY, SINGLY + 20))


async def test_a_crowd_goes_in_batches_of_at_most_200_two_at_a_time() -> None:
    crowd = Crowd(Server())
    await crowd.call(SINGLY + 700)
    for one in list(crowd.server.under_way):
        await crowd.server.answer(one)
    assert [len(one.numbers) for one in crowd.server.under_way] == [200, 200]

    await crowd.server.answer_all()
    assert [len(one.numbers) for one in crowd.server.arrived[SINGLY:]] == [200, 200, 200, 100]
    assert crowd.outcomes() == [own(number) for number in range(SINGLY + 700)]


async def test_no_batch_is_larger_than_a_server_takes_where_each_request_alone_is_not() -> None:
    crowd = Crowd(Server())
    await crowd.call(SINGLY + 100, sender="x" * 20_000)
    await crowd.server.answer_all()

    assert max(one.request.ByteSize() for one in crowd.server.arrived) <= MOST_BYTES
    assert crowd.outcomes() == [own(number) for number in range(SINGLY + 100)]


async def test_the_last_one_who_waits_goes_singly() -> None:
    crowd = Crowd(Server())
    await crowd.call(SINGLY + 1)
    await crowd.server.answer_all()

    assert not any(is_batch(one) for one in crowd.server.arrived)
    assert crowd.outcomes()[-1] == own(SINGLY)


# What a whole batch is told


@pytest.mark.parametrize(
    "reason", [reasons.PEER_UNREACHABLE, reasons.STORE_UNAVAILABLE, reasons.CALLER_NOT_ADMITTED]
)
async def test_a_whole_batch_s_refusal_is_everybody_s(reason: Reason) -> None:
    crowd = Crowd(Server(to_batches=refuse_with(Refusal(reason))))
    await crowd.call(SINGLY + 30)
    await crowd.server.answer_all()

    assert crowd.outcomes()[:SINGLY] == [own(number) for number in range(SINGLY)]
    assert crowd.outcomes()[SINGLY:] == [reason.name] * 30


async def test_after_a_batch_that_found_no_answer_others_are_still_sent_together() -> None:
    outages = [Refusal(reasons.PEER_UNREACHABLE)]

    def at_first_away(batch: Any) -> Any:
        if outages:
            raise outages.pop()
        return answer_each(batch)

    crowd = Crowd(Server(to_batches=at_first_away))
    await crowd.call(SINGLY + 30)
    await crowd.server.answer_all()
    await crowd.call(SINGLY + 30)
    await crowd.server.answer_all()

    assert crowd.outcomes()[SINGLY : SINGLY + 30] == ["PEER_UNREACHABLE"] * 30
    assert crowd.outcomes()[-30:] == [own(n) for n in range(2 * SINGLY + 30, 2 * SINGLY + 60)]
    assert [len(one.numbers) for one in crowd.server.arrived if is_batch(one)] == [30, 30]


@pytest.mark.parametrize("count", [0, 1, 29, 31])
async def test_a_batch_with_other_outcomes_than_requests_is_not_understood(count: int) -> None:
    def misanswer(_batch: Any) -> Any:
        outcome = batch_pb2.MakeCallsResponse.Outcome(response=b"")
        return batch_pb2.MakeCallsResponse(outcomes=[outcome] * count)

    crowd = Crowd(Server(to_batches=misanswer))
    await crowd.call(SINGLY + 30)
    await crowd.server.answer_all()

    assert crowd.outcomes()[SINGLY:] == ["PEER_NOT_UNDERSTOOD"] * 30


async def test_an_outcome_that_says_nothing_known_is_its_caller_s_alone() -> None:
    def answer(batch: Any) -> Any:
        answer = answer_each(batch)
        answer.outcomes[0].Clear()
        answer.outcomes[1].refusal.reason = "NO_REASON_OF_OURS"
        answer.outcomes[2].response = b"\xff"
        return answer

    crowd = Crowd(Server(to_batches=answer))
    await crowd.call(SINGLY + 5)
    await crowd.server.answer_all()

    others = [own(number) for number in range(SINGLY + 3, SINGLY + 5)]
    assert crowd.outcomes()[SINGLY:] == ["PEER_NOT_UNDERSTOOD"] * 3 + others


# A server that knows no batches


@pytest.mark.parametrize("unknown", UNKNOWN_METHOD, ids=["told", "without details"])
async def test_a_server_without_batches_is_called_singly_from_then_on(unknown: Refusal) -> None:
    crowd = Crowd(Server(to_batches=refuse_with(unknown)))
    await crowd.call(SINGLY + 30)
    await crowd.server.answer_all()
    assert [len(one.numbers) for one in crowd.server.arrived if is_batch(one)] == [30]

    await crowd.call(50)
    assert len(crowd.server.under_way) == SINGLY
    await crowd.server.answer_all()
    assert sum(map(is_batch, crowd.server.arrived)) == 1
    assert crowd.outcomes() == [own(number) for number in range(SINGLY + 80)]


@pytest.mark.parametrize("unknown", UNKNOWN_METHOD, ids=["told", "without details"])
async def test_two_batches_that_a_server_does_not_know_are_both_sent_singly(
    unknown: Refusal,
) -> None:
    """Both were under way before the first of them was refused."""
    crowd = Crowd(Server(to_batches=refuse_with(unknown)))
    await crowd.call(SINGLY + BATCH_LIMIT + 30)
    for one in list(crowd.server.under_way):
        await crowd.server.answer(one)
    assert [len(one.numbers) for one in crowd.server.batches] == [BATCH_LIMIT, 30]

    await crowd.server.answer_all()
    assert crowd.outcomes() == [own(number) for number in range(SINGLY + BATCH_LIMIT + 30)]


async def test_a_method_that_has_no_batch_is_called_singly_at_most_eight_at_once() -> None:
    assert not CHANGE.in_batches
    crowd = Crowd(Server(), CHANGE)
    await crowd.call(30)
    assert len(crowd.server.under_way) == SINGLY

    await crowd.server.answer_all()
    assert crowd.outcomes() == [own(number) for number in range(30)]


# What a server answers only alone


def only_alone(*numbers: int) -> Callable[[Any], Any]:
    """Answers each of a batch but these."""

    def answer(batch: batch_pb2.MakeCallsRequest) -> batch_pb2.MakeCallsResponse:
        answer = answer_each(batch)
        for one, outcome in zip(batch.requests, answer.outcomes, strict=True):
            if int(request_of(one).request_id) in numbers:
                outcome.refusal.CopyFrom(RefusedRequest(reason="NOT_IN_A_BATCH"))
        return answer

    return answer


async def test_what_a_server_does_not_answer_in_a_batch_goes_alone_and_others_still_together() -> (
    None
):
    alone = (SINGLY + 3, SINGLY + 4, SINGLY + 29)
    crowd = Crowd(Server(to_batches=only_alone(*alone)))
    await crowd.call(SINGLY + 30)
    await crowd.server.answer_all()
    await crowd.call(SINGLY + 30)
    await crowd.server.answer_all()

    assert crowd.outcomes() == [own(number) for number in range(2 * SINGLY + 60)]
    assert [len(one.numbers) for one in crowd.server.arrived if is_batch(one)] == [30, 30]
    singly = [one.numbers for one in crowd.server.arrived if not is_batch(one)]
    assert singly[SINGLY:][: len(alone)] == [[number] for number in alone]


async def test_who_goes_alone_goes_before_those_who_came_later() -> None:
    crowd = Crowd(Server(to_batches=only_alone(SINGLY, SINGLY + 2)))
    await crowd.call(SINGLY + BATCH_LIMIT + 30)
    await crowd.call(500)
    await crowd.server.answer_all()

    after = [one.numbers for one in crowd.server.arrived[SINGLY + 2 :]]
    assert [SINGLY + 2] in after[:3]
    assert [SINGLY] in after[:3]
    assert crowd.outcomes() == [own(number) for number in range(SINGLY + BATCH_LIMIT + 530)]


async def test_a_server_that_answers_nothing_of_the_method_in_a_batch_is_called_singly() -> None:
    crowd = Crowd(Server(to_batches=only_alone(*range(1_000))))
    await crowd.call(SINGLY + 30)
    await crowd.server.answer_all()
    await crowd.call(50)
    assert len(crowd.server.under_way) == SINGLY
    await crowd.server.answer_all()

    assert sum(map(is_batch, crowd.server.arrived)) == 1
    assert crowd.outcomes() == [own(number) for number in range(SINGLY + 80)]


@settings(max_examples=40)
@given(STEPS, st.sets(st.integers(0, 400)))
def test_every_caller_gets_its_own_outcome_whoever_must_go_alone(
    steps: list[tuple[str, int]], alone: set[int]
) -> None:
    async def scenario() -> None:
        crowd = Crowd(Server(to_batches=only_alone(*alone)))

        def holds() -> None:
            assert len(crowd.server.under_way) <= SINGLY

        await follow(crowd, steps, holds)
        for number, outcome in enumerate(crowd.outcomes()):
            assert outcome in {own(number), "cancelled"}

    asyncio.run(scenario())


# How many go singly


@pytest.mark.parametrize("singly", [1, 2, 30])
async def test_another_number_may_go_singly(singly: int) -> None:
    crowd = Crowd(Server(), singly=singly)
    await crowd.call(singly + 20)
    assert [one.numbers for one in crowd.server.under_way] == [[n] for n in range(singly)]

    await crowd.server.answer_all()
    assert [len(one.numbers) for one in crowd.server.arrived if is_batch(one)] == [20]
    assert crowd.outcomes() == [own(number) for number in range(singly + 20)]


def test_at_least_one_goes_singly() -> None:
    with pytest.raises(ValueError, match=r"0 calls of .*IssueProcessingSerial cannot go singly"):
        Together(Server().make, ISSUE, 0)


# Who does not wait


async def test_one_who_stopped_waiting_is_not_sent() -> None:
    crowd = Crowd(Server())
    await crowd.call(SINGLY + 5)
    await crowd.leave(SINGLY)
    await crowd.leave(SINGLY + 3)
    await crowd.server.answer_all()

    assert crowd.server.arrived[-1].numbers == [SINGLY + 1, SINGLY + 2, SINGLY + 4]
    stayed = [own(SINGLY + 1), own(SINGLY + 2), "cancelled", own(SINGLY + 4)]
    assert crowd.outcomes()[SINGLY:] == ["cancelled", *stayed]


async def test_where_all_have_stopped_waiting_nothing_is_sent_and_others_go_on() -> None:
    crowd = Crowd(Server())
    await crowd.call(SINGLY + 2)
    await crowd.leave(SINGLY)
    await crowd.leave(SINGLY + 1)
    await crowd.server.answer_all()
    assert len(crowd.server.arrived) == SINGLY

    await crowd.call()
    await crowd.server.answer_all()
    assert crowd.outcomes()[-1] == own(SINGLY + 2)


async def test_one_who_leaves_a_batch_under_way_takes_nothing_from_the_others() -> None:
    crowd = Crowd(Server())
    await crowd.call(SINGLY + 5)
    for one in list(crowd.server.under_way):
        await crowd.server.answer(one)
    await crowd.leave(SINGLY + 2)
    assert crowd.server.batches, "the batch goes on"
    await crowd.server.answer_all()

    outcomes = crowd.outcomes()
    assert outcomes.pop(SINGLY + 2) == "cancelled"
    assert outcomes == [own(number) for number in range(SINGLY + 5) if number != SINGLY + 2]


async def test_one_who_leaves_a_single_call_gives_its_place_to_the_next() -> None:
    crowd = Crowd(Server())
    await crowd.call(SINGLY + 2)
    for number in range(SINGLY):
        await crowd.leave(number)
    assert [one.numbers for one in crowd.server.under_way] == [[SINGLY, SINGLY + 1]]

    await crowd.server.answer_all()


# The end


async def test_at_the_end_whoever_waits_is_cancelled_and_batches_are_given_up() -> None:
    crowd = Crowd(Server())
    await crowd.call(SINGLY + 250)
    singles = list(crowd.server.under_way)
    for one in singles[:-1]:
        await crowd.server.answer(one)
    assert len(crowd.server.batches) == 1, "200 are under way together, 50 wait"

    await crowd.together.close()
    await turns()
    assert crowd.server.under_way == singles[-1:], "a single call ends with its connection"
    assert crowd.callers[SINGLY - 1].done() is False
    assert [told(one) for one in crowd.callers[SINGLY:]] == ["cancelled"] * 250

    await crowd.server.answer_all()
    assert crowd.outcomes()[:SINGLY] == [own(number) for number in range(SINGLY)]


async def test_an_end_with_nothing_under_way_is_quiet() -> None:
    crowd = Crowd(Server())
    await crowd.together.close()

    assert crowd.server.arrived == []
