"""Many requests in one call, over real mutual TLS: each is judged, done and recorded by itself."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from grpc_reflection.v1alpha import reflection_pb2

from renkei import reasons
from renkei.limits import BATCH_LIMIT, MESSAGE_LIMIT
from renkei.refusals import Refusal
from renkei.type.v1 import acquisition_pb2
from renkei_clients.channel import Channel
from renkei_clients.together import BYTES
from renkei_pki.identity import Identity
from renkei_pki.signing import SigningKey
from renkei_server.door.answer import status_of
from renkei_server.door.room import USUAL
from renkei_server.process.machine import MachineIds
from renkei_server.process.serving import RunningSeat, running
from renkei_server.store.engine.boxes import KEY_BYTES
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.engine.sealing import make_key_file
from renkei_simulators.population.residents import Resident
from renkei_simulators.separation.worlds import audit_world
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.looking import calls_owed
from renkei_simulators.world.provision import open_store
from tests.worlds import Worlds

from .asking import until, until_told
from .asking.batches import (
    HOPS,
    MAKE_CALLS,
    SPOILT,
    Asker,
    Hop,
    Refused,
    answer_of,
    calls_for,
    changed,
    done_of,
    is_closed,
    local_of,
    log_of,
    named,
    number_of,
    receipt_key,
    records,
    services,
    spoilt,
    written,
)
from .asking.raw import Raw
from .people import People
from .people.recount import mistakes
from .people.strangers import outsider
from .small_world import AGENCY, BIG_WORLD, NEIGHBOUR, WARD

UNKNOWN_FIELD = b"\xfa\x3f\x03abc"  # field 1023, a string
NO_BATCH = {
    "renkei.linkage.v1.ProcessingSerialService.GetProcessingSerialCount",  # once a start
    "renkei.ward.v1.NumberingService.ChangeIndividualNumber",
    "renkei.linkage.v1.ResidentRecordCodeService.ChangeResidentRecordCode",
}
"""Of the services of F1, what is no part of it and comes one at a time."""

every = pytest.mark.parametrize("hop", HOPS, ids=lambda hop: hop.path[1:])
CHANGING = tuple(hop for hop in HOPS if hop.changes_something)
at_every_seat = pytest.mark.parametrize(
    "hop",
    {hop.server: hop for hop in CHANGING}.values(),
    ids=lambda hop: hop.seat,
)
every_change = pytest.mark.parametrize("hop", CHANGING, ids=lambda hop: hop.path[1:])


def test_every_method_of_the_exchange_can_be_asked_for_many_at_once() -> None:
    methods = {method.full_name for service in services().values() for method in service.methods}

    assert methods - NO_BATCH == {hop.method.full_name for hop in HOPS}


def test_the_clients_send_no_more_bytes_at_once_than_the_servers_take() -> None:
    longest = max(len(hop.path) for hop in HOPS)

    assert BYTES + (longest + 20) * BATCH_LIMIT < MESSAGE_LIMIT  # a path, some tags and lengths


# The world, and how its batch methods are asked


@pytest.fixture(scope="module")
async def world(worlds: Worlds) -> AsyncIterator[RunningWorld]:
    """The small world, with more residents."""
    async with worlds.running(BIG_WORLD) as running:
        yield running


@pytest.fixture(scope="module")
async def asker(world: RunningWorld, people: People) -> AsyncIterator[Asker]:
    """One who may ask everything."""
    asking = Asker(world, people)
    yield asking
    await asking.close()


# Each for itself


@every
async def test_each_is_told_its_own_outcome_in_its_place(asker: Asker, hop: Hop) -> None:
    first, last = await asker.sound(hop), await asker.sound(hop)
    wrong = spoilt(await asker.sound(hop))

    done, refused, also_done = await asker.many(hop, [first, wrong, last])
    assert isinstance(done, GetMessageClass(hop.method.output_type))
    assert isinstance(also_done, GetMessageClass(hop.method.output_type))
    assert refused == await asker.refused(hop, wrong)
    assert refused.fields
    assert refused.english
    assert refused.japanese


@every
async def test_a_batch_of_200_is_taken_and_one_of_201_does_nothing(asker: Asker, hop: Hop) -> None:
    sound = await asker.sound(hop)
    too_many = written(hop, [sound] * (BATCH_LIMIT + 1))
    answer = await asker.line(hop).refused(MAKE_CALLS, too_many)
    assert (answer.reason, answer.fields) == ("BATCH_TOO_LARGE", ("requests",))
    assert "201" in answer.everything
    assert not hop.changes_something or done_of(asker.world, hop, [sound]) == 0

    told = await asker.many(hop, [sound] * BATCH_LIMIT)
    assert len(told) == BATCH_LIMIT
    assert not any(isinstance(one, Refused) for one in told)


@pytest.mark.parametrize(
    ("raw", "reason", "fields"),
    [
        (b"", "FIELD_MISSING", ("requests",)),
        (b"\x0a\x7f", "MALFORMED_MESSAGE", ()),
        (b"\x0a" * (MESSAGE_LIMIT + 1), "MESSAGE_TOO_LARGE", ()),
    ],
    ids=["empty", "no message", "too long"],
)
@at_every_seat
async def test_a_batch_that_is_none_is_refused_as_a_whole(
    asker: Asker, hop: Hop, raw: bytes, reason: str, fields: tuple[str, ...]
) -> None:
    answer = await asker.line(hop).refused(MAKE_CALLS, raw)

    assert (answer.reason, answer.fields) == (reason, fields)


@every
async def test_another_s_sender_refuses_that_request_alone(asker: Asker, hop: Hop) -> None:
    sound = await asker.sound(hop)
    wrong = changed(await asker.sound(hop), sender=NEIGHBOUR)
    refused, done = await asker.many(hop, [wrong, sound])

    assert (refused.reason, refused.fields) == ("SENDER_IS_NOT_CALLER", ("sender",))
    assert not isinstance(done, Refused)


@every_change
@pytest.mark.parametrize("request_id", ["", "{11111111-1111-4111-8111-111111111111}"])
async def test_a_bad_request_id_refuses_that_request_alone(
    asker: Asker, hop: Hop, request_id: str
) -> None:
    sound = await asker.sound(hop)
    wrong = changed(await asker.sound(hop), request_id=request_id)
    refused, done = await asker.many(hop, [wrong, sound])

    reason = "MALFORMED_REQUEST_ID" if request_id else "REQUEST_ID_MISSING"
    assert (refused.reason, refused.fields) == (reason, ("request_id",))
    assert not isinstance(done, Refused)


@pytest.mark.parametrize(
    ("method", "changes", "place"),
    [
        (
            "renkei.ward.v1.NumberingService.NumberPerson",
            {"attributes": {"sex": 77}},
            "attributes.sex",
        ),
        ("renkei.linkage.v1.CodeDeliveryService.DeliverCode", {"failure": 77}, "failure"),
        (
            "renkei.linkage.v1.ResidentRecordCodeService.ReportResidentRecordCode",
            {"failure": 77},
            "failure",
        ),
    ],
)
async def test_an_unknown_enum_number_refuses_that_request_alone(
    asker: Asker, method: str, changes: dict[str, Any], place: str
) -> None:
    hop = named(method)
    sound = await asker.sound(hop)
    wrong = changed(await asker.sound(hop), **changes)
    refused, done = await asker.many(hop, [wrong, sound])

    assert (refused.reason, refused.fields) == ("UNKNOWN_ENUM_NUMBER", (place,))
    assert not isinstance(done, Refused)


@every
async def test_an_unknown_field_in_one_request_is_judged_as_if_it_had_come_alone(
    asker: Asker, hop: Hop
) -> None:
    sound, strange = await asker.sound(hop), await asker.sound(hop)
    strange.MergeFromString(UNKNOWN_FIELD)
    first, second = await asker.many(hop, [strange, sound])

    assert isinstance(first, Refused) is is_closed(hop)
    if is_closed(hop):
        assert first == await asker.refused(hop, strange)
        assert first.reason == "UNKNOWN_FIELD"
    assert not isinstance(second, Refused)


@at_every_seat
async def test_an_unknown_field_beside_the_requests_refuses_the_whole_batch(
    asker: Asker, hop: Hop
) -> None:
    """Whatever is in it: so nothing enters a closed service beside its own request."""
    sound = await asker.sound(hop)
    answer = await asker.line(hop).refused(MAKE_CALLS, written(hop, [sound]) + UNKNOWN_FIELD)

    assert answer.reason == "UNKNOWN_FIELD"
    assert done_of(asker.world, hop, [sound]) == 0


@every
async def test_bytes_that_are_no_request_are_refused_as_if_they_had_come_alone(
    asker: Asker, hop: Hop
) -> None:
    sound = await asker.sound(hop)
    refused, done = await asker.batch(hop, [(hop.path, b"\xff"), asking(hop, sound)])
    alone = await asker.line(hop).refused(hop.path, b"\xff")

    assert isinstance(refused, Refused)
    assert refused.reason == alone.reason == "MALFORMED_MESSAGE"
    assert isinstance(done, bytes)


# Which methods, and for whom


def asking(hop: Hop, request: Message) -> tuple[str, bytes]:
    return hop.path, request.SerializeToString()


@at_every_seat
async def test_a_caller_who_may_call_nothing_there_may_send_no_batch(
    asker: Asker, hop: Hop
) -> None:
    sound = await asker.sound(hop)
    stranger = outsider(asker.world, replace(hop.caller, role="stranger"))
    raw = Raw(asker.world, stranger, hop.server)
    answer = await raw.refused(MAKE_CALLS, written(hop, [sound]))
    await raw.close()

    assert answer.reason == "CALLER_NOT_ADMITTED"
    assert done_of(asker.world, hop, [sound]) == 0
    assert sound.request_id not in {one for _, one, _ in records(asker.world, hop.seat)}


async def test_requests_of_several_methods_share_a_batch(asker: Asker) -> None:
    number = named("renkei.ward.v1.NumberingService.NumberPerson")
    outcome = named("renkei.ward.v1.NumberingService.GetNumberingOutcome")
    known = await asker.sound(outcome)
    told = await asker.batch(
        number, [asking(outcome, known), asking(number, await asker.sound(number))]
    )
    seen, done = told

    assert isinstance(seen, bytes)
    assert answer_of(outcome, seen).acquisition.state
    assert done == b""


async def test_each_request_needs_its_own_method_s_admission(asker: Asker) -> None:
    """The register may register sub-copies at the platform, and inquire by no means."""
    number = named("renkei.ward.v1.NumberingService.NumberPerson")
    inquiries = "/renkei.ward.v1.InquiryService/"
    sound = await asker.sound(number)
    methods = [f"{inquiries}{name}" for name in ("StartInquiry", "GetInquiry", "CancelInquiry")]
    *refused, done = await asker.batch(
        number, [*((one, b"") for one in methods), asking(number, sound)]
    )

    alone = [await asker.line(number).refused(one, b"") for one in methods]
    assert reasons_of(refused) == [one.reason for one in alone] == ["CALLER_NOT_ADMITTED"] * 3
    assert done == b""
    told = [one for one in log_of(asker.world, number.seat) if one["event"] == "rpc_answered"]
    assert [(one["method"], one["outcome"]) for one in told if inquiries in one["method"]] == [
        (one, "CALLER_NOT_ADMITTED") for one in (*methods, *methods)
    ]


@pytest.mark.parametrize(
    "method",
    [
        "/renkei.ward.v1.NumberingService/ChangeIndividualNumber",
        "/renkei.ward.v1.SubCopyService/LoadSubCopies",
        MAKE_CALLS,
        "/grpc.health.v1.Health/Check",
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
    ],
)
async def test_what_does_not_come_in_batches_refuses_that_request_alone(
    asker: Asker, method: str
) -> None:
    number = named("renkei.ward.v1.NumberingService.NumberPerson")
    inner, sound = await asker.sound(number), await asker.sound(number)
    refused, done = await asker.batch(
        number, [(method, written(number, [inner])), asking(number, sound)]
    )

    assert reasons_of([refused]) == ["NOT_IN_A_BATCH"]
    assert done == b""
    assert done_of(asker.world, number, [inner]) == 0, "no batch within a batch"


@pytest.mark.parametrize("method", ["", "NumberPerson", "/no.Such/Method", "山田　花子"])
async def test_an_unknown_method_refuses_that_request_alone_and_its_name_is_not_kept(
    asker: Asker, method: str
) -> None:
    number = named("renkei.ward.v1.NumberingService.NumberPerson")
    sound = await asker.sound(number)
    before = Counter(records(asker.world, number.seat))
    refused, done = await asker.batch(number, [(method, b""), asking(number, sound)])

    assert reasons_of([refused]) == ["METHOD_UNKNOWN"]
    assert done == b""
    assert Counter(records(asker.world, number.seat)) - before == Counter(
        [
            (MAKE_CALLS, "", "METHOD_UNKNOWN"),
            (number.path, sound.request_id, "OK"),
            (MAKE_CALLS, "", "OK"),
        ]
    )


def reasons_of(refused: Sequence[object]) -> list[str]:
    return [one.reason for one in refused if isinstance(one, Refused)]


@at_every_seat
async def test_a_listener_tells_by_reflection_that_it_takes_batches(asker: Asker, hop: Hop) -> None:
    path = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
    question = reflection_pb2.ServerReflectionRequest(list_services="")
    answers = asker.line(hop)._channel.stream_stream(path)(iter([question.SerializeToString()]))
    told = [reflection_pb2.ServerReflectionResponse.FromString(one) async for one in answers]

    names = {one.name for answer in told for one in answer.list_services_response.service}
    assert {"renkei.batch.v1.BatchService", hop.method.containing_service.full_name} <= names


async def test_a_channel_may_send_fewer_of_a_method_singly(asker: Asker) -> None:
    number = named("renkei.ward.v1.NumberingService.NumberPerson")
    address = asker.world.seats[number.seat].addresses[number.server.domain]
    own = outsider(asker.world, number.caller)
    requests = [await asker.sound(number) for _ in range(2 + 6)]
    before = answered(asker.world)
    async with Channel(
        own, number.server, address, together=True, singly={type(requests[0]): 2}
    ) as channel:
        await asyncio.gather(*(channel.call(one) for one in requests))

    used = answered(asker.world) - before
    assert used[number.seat, number.caller.uri, number.path] == len(requests)
    assert used[number.seat, number.caller.uri, MAKE_CALLS] == 1


# Once


@every_change
async def test_the_same_request_again_in_a_batch_or_alone_is_answered_as_the_first_time(
    asker: Asker, hop: Hop
) -> None:
    by_batch, alone = await asker.sound(hop), await asker.sound(hop)
    first, again = await asker.many(hop, [by_batch, by_batch])
    second = await asker.one(hop, alone)

    assert not isinstance(first, Refused)
    assert again == first
    assert await asker.one(hop, by_batch) == first
    assert await asker.many(hop, [alone, by_batch]) == [second, first]


@pytest.mark.parametrize(
    "hop",  # those that say more than who asks and under which id
    [hop for hop in CHANGING if len(hop.method.input_type.fields) > 2],
    ids=lambda hop: hop.path[1:],
)
async def test_a_request_id_that_served_for_something_else_refuses_that_request_alone(
    asker: Asker, hop: Hop
) -> None:
    sound, other = await asker.sound(hop), await asker.sound(hop)
    reused = changed(other, request_id=sound.request_id)
    done, refused = await asker.many(hop, [sound, reused])

    assert not isinstance(done, Refused)
    assert (refused.reason, refused.fields) == ("REQUEST_ID_REUSED", ("request_id",))


async def test_what_was_asked_again_is_done_once(asker: Asker) -> None:
    """Each server that owes somebody a call for a request owes it once."""
    world, asked = asker.world, {hop: await asker.sound(hop) for hop in CHANGING}
    for hop, request in asked.items():
        await asker.many(hop, [request, request])
        await asker.one(hop, request)
        await asker.many(hop, [request])
    await until(lambda: calls_owed(world.world, world.layout) == 0)

    owed = {
        hop.method.full_name: len(calls_for(world, hop.seat, request.request_id))
        for hop, request in asked.items()
    }
    assert {name for name, calls in owed.items() if calls != 1} == {
        "renkei.linkage.v1.ProcessingSerialService.IssueProcessingSerial",
        "renkei.linkage.v1.CodeDeliveryService.DeliverCode",
    }, "these two lead to no call"


# What is left


@every_change
async def test_each_leaves_one_record_and_one_log_line_as_if_it_had_come_alone(
    asker: Asker, hop: Hop
) -> None:
    sound, wrong = await asker.sound(hop), spoilt(await asker.sound(hop))
    _, refused = await asker.many(hop, [sound, wrong])
    left = {(hop.path, sound.request_id, "OK")}
    if wrong.request_id != SPOILT["request_id"]:  # what is no request id is not told
        left.add((hop.path, wrong.request_id, refused.reason))
    ids = {request_id for _, request_id, _ in left}

    recorded = [one for one in records(asker.world, hop.seat) if one[1] in ids]
    told = [
        (line["method"], line["request_id"], line["outcome"])
        for line in log_of(asker.world, hop.seat)
        if line["event"] == "rpc_answered" and line["request_id"] in ids
    ]
    assert Counter(recorded) == Counter(told) == Counter(left)


async def test_an_outage_of_the_store_in_the_middle_is_everybody_s_and_leaves_nothing(
    asker: Asker,
) -> None:
    hop = next(one for one in HOPS if is_closed(one))
    requests = [await asker.sound(hop) for _ in range(USUAL.of_batches)]
    seat = asker.world.seats[hop.seat]
    with striking(seat, at=receipt_key(seat.store.sealer, hop, requests[8].request_id)):
        told = await asker.many(hop, requests)

    assert {one.reason for one in told} == {"STORE_UNAVAILABLE"}
    assert done_of(asker.world, hop, requests) == 0
    recorded = Counter(one[1:] for one in records(asker.world, hop.seat))
    assert all(recorded[one.request_id, "STORE_UNAVAILABLE"] == 1 for one in requests)

    again = await asker.many(hop, requests)
    assert not any(isinstance(one, Refused) for one in again)
    assert done_of(asker.world, hop, requests) == len(requests)


@contextmanager
def striking(seat: RunningSeat, *, at: bytes) -> Iterator[None]:
    """Let the seat's database fail as it writes the receipt of one request."""

    def strike() -> None:
        raise sqlite3.OperationalError

    driver = seat.store._database._writer.driver
    driver.create_function("strike", 0, strike)
    driver.execute(
        "CREATE TEMP TRIGGER outage BEFORE INSERT ON receipts "
        f"WHEN NEW.key = x'{at.hex()}' BEGIN SELECT strike(); END"
    )
    try:
        yield
    finally:
        driver.execute("DROP TRIGGER outage")


# The whole exchange


async def test_many_hundreds_of_acquisitions_go_by_batches_and_each_gets_its_own_code(
    asker: Asker, people: People
) -> None:
    world, crowd = asker.world, [people.somebody() for _ in range(300)]
    register = named("renkei.ward.v1.ResidentRecordService.RequestCodeAcquisition")
    agency = named("renkei.linkage.v1.NumberingService.NumberPerson")
    before = answered(world)
    for some in (crowd[:150], crowd[150:]):
        at_ward = [
            changed(await asker.sound(register), local_address_number=local_of(one)) for one in some
        ]
        at_agency = [
            changed(await asker.sound(agency), individual_number=number_of(one)) for one in some
        ]
        for hop, requests in ((register, at_ward), (agency, at_agency)):
            assert not any(isinstance(one, Refused) for one in await asker.many(hop, requests))
    assert await ended(asker, crowd) == {acquisition_pb2.ACQUISITION_STATE_BOUND}
    await until(lambda: calls_owed(world.world, world.layout) == 0)
    assert mistakes(world.world, world.layout, WARD, crowd) == []
    assert mistakes(world.world, world.layout, AGENCY, crowd) == []
    used = answered(world) - before
    for hop in CHANGING:
        batches = used[hop.seat, hop.caller.uri, MAKE_CALLS]
        assert batches, "every hop used batches"
        shared = sum(used[hop.seat, hop.caller.uri, one.path] for one in HOPS)
        assert shared > 2 * batches, "and mostly large ones"
    assert audit_world(world.world, world.layout, crowd[:100]).findings == ()


async def ended(asker: Asker, crowd: Sequence[Resident]) -> set[int]:
    """How the acquisitions have ended, as the terminal is told: many at once."""
    hop = named("renkei.ward.v1.ResidentRecordService.GetCodeAcquisition")
    request = await asker.sound(hop)
    requests = [changed(request, local_address_number=local_of(one)) for one in crowd]

    async def states() -> set[int]:
        told = [
            one
            for some in (requests[:BATCH_LIMIT], requests[BATCH_LIMIT:])
            for one in await asker.many(hop, some)
        ]
        return {one.acquisition.state for one in told}

    pending = acquisition_pb2.ACQUISITION_STATE_PENDING
    return await until_told(states, lambda states: pending not in states)


def answered(world: RunningWorld) -> Counter[tuple[str, str, str]]:
    """How often each seat answered each caller's calls of each method."""
    return Counter(
        (seat, line["caller"], line["method"])
        for seat in world.seats
        for line in log_of(world, seat)
        if line["event"] == "rpc_answered" and line["outcome"] == "OK"
    )


# A server that knows no batches


class OneAtATime(grpc.GenericRpcHandler):  # type: ignore[type-arg]  # generic in its stubs alone
    """A national server of another make: it takes generation requests, and knows nothing else."""

    def __init__(self, hop: Hop, *, tells: bool) -> None:
        self._hop = hop
        self._tells = tells
        self.taken: list[str] = []

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Any:
        """The one method; others are refused, by this server or by grpc itself."""
        if handler_call_details.method == self._hop.path:
            return grpc.unary_unary_rpc_method_handler(self._take)
        return grpc.unary_unary_rpc_method_handler(self._refuse) if self._tells else None

    async def _take(self, raw: bytes, _context: Any) -> bytes:
        request: Any = GetMessageClass(self._hop.method.input_type).FromString(raw)
        self.taken.append(request.request_id)
        return b""

    async def _refuse(self, _raw: bytes, context: Any) -> bytes:
        await context.abort_with_status(status_of(Refusal(reasons.METHOD_UNKNOWN)))
        return b""


@asynccontextmanager
async def listening(
    world: RunningWorld, identity: Identity, handler: OneAtATime
) -> AsyncIterator[str]:
    """Run a server of another make under a certificate of the world; gives its address."""
    own = outsider(world, identity)
    server = grpc.aio.server()
    server.add_generic_rpc_handlers((handler,))
    port = server.add_secure_port(
        "127.0.0.1:0",
        grpc.ssl_server_credentials(
            [(own.key_pem, own.chain_pem)], own.roots_pem, require_client_auth=True
        ),
    )
    await server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await server.stop(None)


@pytest.mark.parametrize("tells", [True, False], ids=["told", "without details"])
async def test_a_peer_that_knows_no_batches_is_still_told_everything_once(
    asker: Asker,
    tmp_path: Path,
    tells: bool,  # noqa: FBT001  # a case
) -> None:
    world = asker.world
    to_cs = named("renkei.ward.v1.LinkageCodeGenerationService.GenerateLinkageCode")
    to_nation = named("renkei.jukinet.v1.LinkageCodeGenerationService.GenerateLinkageCode")
    nation = OneAtATime(to_nation, tells=tells)
    config = seat_config(world.world, world.layout, world.world.seat(to_cs.seat))
    networks = {
        domain: replace(one, address="127.0.0.1:0") for domain, one in config.networks.items()
    }
    config = replace(config, folder=tmp_path, logs=tmp_path, networks=networks)
    make_key_file(config.key, MachineIds().random_bytes(KEY_BYTES))
    SigningKey.create(config.record_key)
    open_store(config).close()
    requests = [await asker.sound(to_cs) for _ in range(400)]

    async with (
        listening(world, to_nation.server, nation) as address,
        running(config, {to_nation.seat: address}) as seat,
    ):
        line = Raw(
            replace(world, seats={to_cs.seat: seat}), outsider(world, to_cs.caller), to_cs.server
        )
        await asyncio.gather(
            *(
                line.send(MAKE_CALLS, written(to_cs, some))
                for some in (requests[:200], requests[200:])
            )
        )
        outbox = Outbox(seat.store.sealer, MachineIds())
        await until(lambda: seat.store.read_now(outbox.size) == 0)
        await line.close()
        assert seat.store.read_now(outbox.refusals) == []

    assert len(nation.taken) == len(set(nation.taken)) == len(requests)
