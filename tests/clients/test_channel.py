"""A client's request says what is called; who calls, and until when, is read from the contract."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import inf
from pathlib import Path

import grpc
import pytest
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

from renkei import reasons
from renkei.codes import ProcessingSerial
from renkei.control.v1 import state_pb2
from renkei.facts import RETRY_AFTER
from renkei.linkage.v1 import processing_serial_pb2, release_pb2, sub_copy_pb2
from renkei.networks import LINKAGE
from renkei.operators.v1 import operator_access_pb2
from renkei.refusals import DOMAIN, Refusal
from renkei.type.v1.operator_session_pb2 import OperatorSession
from renkei_clients.channel import Answered, Channel
from renkei_clients.linkage import ProcessingSerialClient
from renkei_clients.release import ReleaseClient
from renkei_pki.authority import Authority
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity

WARD = "131148"
TERMINAL = Identity(LINKAGE, WARD, "middle-terminal")
MIDDLE = Identity(LINKAGE, WARD, "middle-server")
ISSUE = "/renkei.linkage.v1.ProcessingSerialService/IssueProcessingSerial"
SESSION = OperatorSession(claims=b"whoever sits there")

Issue = processing_serial_pb2.IssueProcessingSerialRequest
Issued = processing_serial_pb2.IssueProcessingSerialResponse
Chunk = sub_copy_pb2.LoadSubCopiesRequest
Loaded = sub_copy_pb2.LoadSubCopiesResponse


@dataclass
class Server(grpc.GenericRpcHandler):  # type: ignore[type-arg]  # generic in its stubs alone
    """Keeps what arrives, and answers every message with the same bytes."""

    credentials: Credentials
    answer: bytes = b""
    paths: list[str] = field(default_factory=list)
    arrived: list[bytes] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    address: str = ""
    refusal: tuple[tuple[str, bytes], ...] = ()
    """Trailers with which it refuses, where there are any."""
    refusals: float = inf
    """How often it refuses, before it answers."""

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
        self.paths.append(handler_call_details.method)
        return grpc.stream_stream_rpc_method_handler(self._answer)

    async def _answer(
        self, requests: AsyncIterator[bytes], context: grpc.aio.ServicerContext
    ) -> AsyncIterator[bytes]:
        if self.refusal and len(self.paths) <= self.refusals:
            await context.abort(grpc.StatusCode.FAILED_PRECONDITION, "no", self.refusal)
        async for request in requests:
            self.arrived.append(request)
            self.seconds.append(context.time_remaining())
            yield self.answer


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    folder: Path = tmp_path_factory.mktemp("authority")
    return Authority.create(folder / "linkage", LINKAGE, now=datetime.now(UTC))


@pytest.fixture
async def server(authority: Authority) -> AsyncIterator[Server]:
    """A middle server that answers anything."""
    one = Server(authority.issue(MIDDLE, now=datetime.now(UTC)))
    listening = grpc.aio.server(handlers=[one])
    own = one.credentials
    port = listening.add_secure_port(
        "127.0.0.1:0",
        grpc.ssl_server_credentials(
            [(own.key_pem, own.chain_pem)],
            root_certificates=own.roots_pem,
            require_client_auth=True,
        ),
    )
    one.address = f"127.0.0.1:{port}"
    await listening.start()
    yield one
    await listening.stop(grace=None)


@pytest.fixture
def told() -> list[Answered]:
    """What the channel's observer was told."""
    return []


@pytest.fixture
async def channel(
    server: Server, authority: Authority, told: list[Answered]
) -> AsyncIterator[Channel]:
    """A terminal's channel, with its operator's session."""
    own = authority.issue(TERMINAL, now=datetime.now(UTC))
    async with Channel(own, MIDDLE, server.address, session=SESSION, observe=told.append) as opened:
        yield opened


# What is called


async def test_the_request_s_type_is_the_method(channel: Channel, server: Server) -> None:
    answer = await channel.call(Issue(request_id="one"))

    assert server.paths == [ISSUE]
    assert answer == Issued()


async def test_a_message_that_is_no_request_is_told_at_once_and_nothing_is_sent(
    channel: Channel, server: Server, told: list[Answered]
) -> None:
    for mistaken in (Issued(), SESSION):
        with pytest.raises(TypeError, match="is the request of 0 methods"):
            await channel.call(mistaken)

    assert (server.paths, told) == ([], [])


async def test_a_client_that_reads_another_answer_than_the_method_gives_is_told_so(
    channel: Channel,
) -> None:
    with pytest.raises(TypeError, match=r"IssueProcessingSerialResponse, not a .*ListHeldAns"):
        await channel.ask(Issue(), release_pb2.ListHeldAnswersResponse, lambda held: held)


async def test_an_answer_out_of_its_form_is_no_answer(channel: Channel, server: Server) -> None:
    server.answer = Issued(processing_serial={"value": "no serial"}).SerializeToString()

    with pytest.raises(Refusal) as refused:
        await ProcessingSerialClient(channel).issue_processing_serial("one")

    assert refused.value.reason is reasons.PEER_NOT_UNDERSTOOD


async def test_bytes_that_are_no_answer_are_none(channel: Channel, server: Server) -> None:
    server.answer = b"\xff\xff"

    with pytest.raises(Refusal) as refused:
        await channel.call(Issue(request_id="one"))

    assert refused.value.reason is reasons.PEER_NOT_UNDERSTOOD


async def test_bytes_that_are_no_answer_end_a_stream(channel: Channel, server: Server) -> None:
    server.answer = b"\xff\xff"

    async def chunks() -> AsyncIterator[Chunk]:
        yield Chunk(request_id="one")

    with pytest.raises(Refusal) as refused:
        _ = [one async for one in channel.stream(Chunk, Loaded, chunks())]

    assert refused.value.reason is reasons.PEER_NOT_UNDERSTOOD


async def test_an_answer_is_read_by_its_client(channel: Channel, server: Server) -> None:
    at = datetime(2030, 1, 1, tzinfo=UTC)
    answer = Issued(processing_serial={"value": "0" * 32})
    answer.expires_at.FromDatetime(at)
    server.answer = answer.SerializeToString()

    issued = await ProcessingSerialClient(channel).issue_processing_serial("one")

    assert issued == (ProcessingSerial("0" * 32), at)


def rich(details: bytes, *, code: int = 9, message: str = "no") -> bytes:
    """A status with one detail that says it is what a refusal is told by."""
    kind = f"type.googleapis.com/{error_details_pb2.ErrorInfo.DESCRIPTOR.full_name}"
    told = status_pb2.Status(code=code, message=message)
    told.details.add(type_url=kind, value=details)
    return told.SerializeToString()


@pytest.mark.parametrize(
    "trailer",
    [
        pytest.param(b"\xff\xff", id="no status"),
        pytest.param(rich(b"", code=5), id="of another code"),
        pytest.param(rich(b"", message="yes"), id="of another message"),
        pytest.param(rich(b"\xff\xff"), id="no detail"),
        pytest.param(rich(b"\n\x02\xff\xff"), id="no text"),
    ],
)
async def test_a_refusal_that_cannot_be_read_is_one_without_a_reason(
    channel: Channel, server: Server, trailer: bytes
) -> None:
    server.refusal = (("grpc-status-details-bin", trailer),)

    with pytest.raises(Refusal) as refused:
        await channel.call(Issue(request_id="one"))

    assert refused.value.reason is reasons.PEER_NOT_UNDERSTOOD


# Crowds


def crowded(delay_milliseconds: int) -> tuple[tuple[str, bytes], ...]:
    """Trailers by which a server tells that a caller has too many calls there."""
    told = status_pb2.Status(code=9, message="no")
    info = error_details_pb2.ErrorInfo(reason="TOO_MANY_CALLS", domain=DOMAIN)
    retry = error_details_pb2.RetryInfo()
    retry.retry_delay.FromMilliseconds(delay_milliseconds)
    for detail in (info, retry):
        told.details.add().Pack(detail)
    return (("grpc-status-details-bin", told.SerializeToString()),)


async def test_a_call_that_was_turned_away_is_made_again_when_the_server_says(
    channel: Channel, server: Server
) -> None:
    server.refusal, server.refusals = crowded(delay_milliseconds=60), 2
    began = time.monotonic()

    await channel.call(Issue(request_id="one"), seconds=30)

    assert time.monotonic() - began >= 0.12
    assert server.paths == [ISSUE] * 3
    assert [Issue.FromString(one).request_id for one in server.arrived] == ["one"]


async def test_a_call_whose_deadline_comes_first_is_not_made_again(
    channel: Channel, server: Server
) -> None:
    server.refusal = crowded(delay_milliseconds=60_000)

    with pytest.raises(Refusal) as refused:
        await channel.call(Issue(request_id="one"), seconds=30)

    assert refused.value.reason is reasons.TOO_MANY_CALLS
    assert refused.value.fact(RETRY_AFTER) == 60_000
    assert server.paths == [ISSUE]


# Who calls


@pytest.mark.parametrize("named", ["", "141003", WARD])
async def test_the_sender_is_whom_the_certificate_speaks_for_whatever_a_request_says(
    channel: Channel, server: Server, named: str
) -> None:
    await channel.call(Issue(sender=named, request_id="one"))

    assert received(server, Issue) == [Issue(sender=WARD, request_id="one")]


async def test_every_message_of_a_stream_has_its_sender(channel: Channel, server: Server) -> None:
    async def chunks() -> AsyncIterator[Chunk]:
        for number in range(3):
            yield Chunk(sender="141003", request_id=str(number))

    answers = [one async for one in channel.stream(Chunk, Loaded, chunks())]

    assert answers == [Loaded()] * 3
    assert received(server, Chunk) == [
        Chunk(sender=WARD, request_id=str(number)) for number in range(3)
    ]


async def test_the_operator_s_session_goes_where_the_contract_asks_for_one(
    channel: Channel, server: Server
) -> None:
    await ReleaseClient(channel).list_held_answers()
    await ProcessingSerialClient(channel).issue_processing_serial("one")

    listed, issued = server.arrived
    request = release_pb2.ListHeldAnswersRequest
    assert request.FromString(listed) == request(sender=WARD, operator_session=SESSION)
    assert Issue.FromString(issued) == Issue(sender=WARD, request_id="one")


async def test_a_session_that_a_request_is_about_stays_its_own(
    channel: Channel, server: Server
) -> None:
    request = operator_access_pb2.CloseOperatorSessionRequest
    other = OperatorSession(claims=b"another")

    await channel.call(request(operator_session=other))

    assert received(server, request) == [request(sender=WARD, operator_session=other)]


async def test_without_an_operator_no_session_is_sent(server: Server, authority: Authority) -> None:
    own = authority.issue(TERMINAL, now=datetime.now(UTC))
    async with Channel(own, MIDDLE, server.address) as channel:
        await ReleaseClient(channel).list_held_answers()

    request = release_pb2.ListHeldAnswersRequest
    assert received(server, request) == [request(sender=WARD)]


async def test_a_request_that_is_sent_again_by_another_channel_bears_nothing_of_the_first(
    channel: Channel, server: Server, authority: Authority
) -> None:
    own = authority.issue(TERMINAL, now=datetime.now(UTC))
    request = release_pb2.ListHeldAnswersRequest()
    async with Channel(own, MIDDLE, server.address) as without_session:
        await channel.call(request)
        await without_session.call(request)

    kind = release_pb2.ListHeldAnswersRequest
    assert request == kind()
    assert received(server, kind) == [
        kind(sender=WARD, operator_session=SESSION),
        kind(sender=WARD),
    ]


def received(server: Server, kind: type[Message]) -> list[Message]:
    return [kind.FromString(one) for one in server.arrived]


# Until when, and who is told


@pytest.mark.parametrize(
    ("request_", "seconds"),
    [(Issue(), 10.0), (state_pb2.SaveSnapshotRequest(), 30.0)],
    ids=["the contract's default", "the method's own"],
)
async def test_a_call_has_the_contract_s_deadline_where_its_caller_names_none(
    channel: Channel, server: Server, request_: Message, seconds: float
) -> None:
    await channel.call(request_)
    await channel.call(request_, seconds=3.0)

    assert server.seconds == [pytest.approx(seconds, abs=2), pytest.approx(3, abs=2)]


async def test_the_observer_is_told_the_method_and_the_request_s_id(
    channel: Channel, told: list[Answered]
) -> None:
    await channel.call(Issue(request_id="one"))
    await ReleaseClient(channel).list_held_answers()

    assert [(one.peer, one.request_id, one.outcome) for one in told] == [
        (f"middle-server.{WARD}", "one", "OK"),
        (f"middle-server.{WARD}", "", "OK"),
    ]
    assert [one.method.rpartition("/")[2] for one in told] == [
        "IssueProcessingSerial",
        "ListHeldAnswers",
    ]
