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
from google.protobuf.message_factory import GetMessageClass

from renkei import reasons
from renkei.contract import path_of
from renkei.limits import BATCH_LIMIT, MESSAGE_LIMIT
from renkei.refusals import Refusal
from renkei.type.v1 import acquisition_pb2
from renkei.type.v1.refused_request_pb2 import RefusedRequest
from renkei_clients.together import BYTES
from renkei_pki.identity import Identity
from renkei_server.door.answer import status_of
from renkei_server.process.machine import MachineIds
from renkei_server.process.serving import RunningSeat, running
from renkei_server.store.engine.boxes import KEY_BYTES
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.engine.sealing import make_key_file
from renkei_simulators.population.residents import Resident
from renkei_simulators.separation.worlds import audit_world
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.looking import calls_owed
from renkei_simulators.world.provision import seat_config
from tests.worlds import Worlds

from .asking import Raw, outsider, until
from .batching import (
    PAIRS,
    SPOILT,
    Asker,
    Pair,
    Refused,
    calls_for,
    changed,
    done_of,
    is_closed,
    local_of,
    log_of,
    named,
    number_of,
    records,
    rule_of,
    services,
    spoilt,
    written,
)
from .conftest import AGENCY, BIG_WORLD, NEIGHBOUR, WARD, People
from .recount import mistakes

UNKNOWN_FIELD = b"\xfa\x3f\x03abc"  # field 1023, a string
NO_BATCH = {"renkei.ward.v1.NumberingService.ChangeIndividualNumber"}
"""Of the services of F1, what is no part of it and comes one at a time."""

every = pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: path_of(pair.many)[1:])
CHANGING = tuple(pair for pair in PAIRS if pair.changes_something)
every_change = pytest.mark.parametrize("pair", CHANGING, ids=lambda pair: path_of(pair.many)[1:])


def test_every_method_of_the_exchange_can_be_asked_for_many_at_once() -> None:
    singles = {
        method.full_name
        for service in services().values()
        for method in service.methods
        if not rule_of(method).batch_of
    }

    assert singles - NO_BATCH == {pair.single.full_name for pair in PAIRS}


@every
def test_a_batch_holds_the_method_s_own_requests_and_tells_its_own_responses(pair: Pair) -> None:
    (requests,) = pair.many.input_type.fields
    (outcomes,) = pair.many.output_type.fields
    told: Any = outcomes.message_type

    assert (requests.number, requests.message_type) == (1, pair.single.input_type)
    assert told.fields_by_name["response"].message_type is pair.single.output_type
    assert told.fields_by_name["refusal"].message_type is RefusedRequest.DESCRIPTOR
    assert rule_of(pair.many).steps == rule_of(pair.single).steps


def test_the_clients_send_no_more_bytes_at_once_than_the_servers_take() -> None:
    assert BYTES + 10 * BATCH_LIMIT < MESSAGE_LIMIT  # each request adds its tag and its length


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
async def test_each_is_told_its_own_outcome_in_its_place(asker: Asker, pair: Pair) -> None:
    first, last = await asker.sound(pair), await asker.sound(pair)
    wrong = spoilt(await asker.sound(pair))

    done, refused, also_done = await asker.many(pair, [first, wrong, last])
    assert isinstance(done, GetMessageClass(pair.single.output_type))
    assert isinstance(also_done, GetMessageClass(pair.single.output_type))
    assert refused == await asker.refused(pair, wrong)
    assert refused.fields
    assert refused.english
    assert refused.japanese


@every
async def test_an_empty_batch_is_refused(asker: Asker, pair: Pair) -> None:
    answer = await asker.line(pair).refused(path_of(pair.many), b"")

    assert (answer.reason, answer.fields) == ("FIELD_MISSING", ("requests",))


@every
async def test_a_batch_of_200_is_taken_and_one_of_201_does_nothing(
    asker: Asker, pair: Pair
) -> None:
    sound = await asker.sound(pair)
    too_many = written(pair, [sound] * (BATCH_LIMIT + 1))
    answer = await asker.line(pair).refused(path_of(pair.many), too_many)
    assert (answer.reason, answer.fields) == ("BATCH_TOO_LARGE", ("requests",))
    assert "201" in answer.everything
    assert not pair.changes_something or done_of(asker.world, pair.seat, [sound]) == 0

    told = await asker.many(pair, [sound] * BATCH_LIMIT)
    assert len(told) == BATCH_LIMIT
    assert not any(isinstance(one, Refused) for one in told)


@every
async def test_another_s_sender_refuses_that_request_alone(asker: Asker, pair: Pair) -> None:
    sound = await asker.sound(pair)
    wrong = changed(await asker.sound(pair), sender=NEIGHBOUR)
    refused, done = await asker.many(pair, [wrong, sound])

    assert (refused.reason, refused.fields) == ("SENDER_IS_NOT_CALLER", ("sender",))
    assert not isinstance(done, Refused)


@every_change
@pytest.mark.parametrize("request_id", ["", "{11111111-1111-4111-8111-111111111111}"])
async def test_a_bad_request_id_refuses_that_request_alone(
    asker: Asker, pair: Pair, request_id: str
) -> None:
    sound = await asker.sound(pair)
    wrong = changed(await asker.sound(pair), request_id=request_id)
    refused, done = await asker.many(pair, [wrong, sound])

    assert (refused.reason, refused.fields) == ("MALFORMED_REQUEST_ID", ("request_id",))
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
    pair = named(method)
    sound = await asker.sound(pair)
    wrong = changed(await asker.sound(pair), **changes)
    refused, done = await asker.many(pair, [wrong, sound])

    assert (refused.reason, refused.fields) == ("UNKNOWN_ENUM_NUMBER", (place,))
    assert not isinstance(done, Refused)


@every
async def test_an_unknown_field_in_one_request_is_judged_as_if_it_had_come_alone(
    asker: Asker, pair: Pair
) -> None:
    sound, strange = await asker.sound(pair), await asker.sound(pair)
    strange.MergeFromString(UNKNOWN_FIELD)
    first, second = await asker.many(pair, [strange, sound])

    assert isinstance(first, Refused) is is_closed(pair)
    if is_closed(pair):
        assert first == await asker.refused(pair, strange)
        assert first.reason == "UNKNOWN_FIELD"
    assert not isinstance(second, Refused)


@every
async def test_an_unknown_field_beside_the_requests_refuses_a_closed_service_s_whole_batch(
    asker: Asker, pair: Pair
) -> None:
    sound = await asker.sound(pair)
    if is_closed(pair):
        raw = written(pair, [sound]) + UNKNOWN_FIELD
        answer = await asker.line(pair).refused(path_of(pair.many), raw)
        assert answer.reason == "UNKNOWN_FIELD"
        assert done_of(asker.world, pair.seat, [sound]) == 0
    else:
        (told,) = await asker.many(pair, [sound], beside=UNKNOWN_FIELD)
        assert not isinstance(told, Refused)


async def test_a_caller_who_may_not_ask_for_one_may_not_ask_for_many(world: RunningWorld) -> None:
    pair = next(one for one in PAIRS if is_closed(one))
    stranger = outsider(world, replace(pair.caller, role="linkage-platform"))
    raw = Raw(world, stranger, pair.server)
    answer = await raw.refused(path_of(pair.many), b"")
    await raw.close()

    assert answer.reason == "CALLER_NOT_ADMITTED"


# Once


@every_change
async def test_the_same_request_again_in_a_batch_or_alone_is_answered_as_the_first_time(
    asker: Asker, pair: Pair
) -> None:
    by_batch, alone = await asker.sound(pair), await asker.sound(pair)
    first, again = await asker.many(pair, [by_batch, by_batch])
    second = await asker.one(pair, alone)

    assert not isinstance(first, Refused)
    assert again == first
    assert await asker.one(pair, by_batch) == first
    assert await asker.many(pair, [alone, by_batch]) == [second, first]


@pytest.mark.parametrize(
    "pair",  # those that say more than who asks and under which id
    [pair for pair in CHANGING if len(pair.single.input_type.fields) > 2],
    ids=lambda pair: path_of(pair.many)[1:],
)
async def test_a_request_id_that_served_for_something_else_refuses_that_request_alone(
    asker: Asker, pair: Pair
) -> None:
    sound, other = await asker.sound(pair), await asker.sound(pair)
    reused = changed(other, request_id=sound.request_id)
    done, refused = await asker.many(pair, [sound, reused])

    assert not isinstance(done, Refused)
    assert (refused.reason, refused.fields) == ("REQUEST_ID_REUSED", ("request_id",))


async def test_what_was_asked_again_is_done_once(asker: Asker) -> None:
    """Each server that owes somebody a call for a request owes it once."""
    world, asked = asker.world, {pair: await asker.sound(pair) for pair in CHANGING}
    for pair, request in asked.items():
        await asker.many(pair, [request, request])
        await asker.one(pair, request)
        await asker.many(pair, [request])
    await until(lambda: calls_owed(world.world, world.layout) == 0)

    owed = {
        pair.single.full_name: len(calls_for(world, pair.seat, request.request_id))
        for pair, request in asked.items()
    }
    assert {name for name, calls in owed.items() if calls != 1} == {
        "renkei.linkage.v1.ProcessingSerialService.IssueProcessingSerial",
        "renkei.linkage.v1.CodeDeliveryService.DeliverCode",
    }, "these two lead to no call"


# What is left


@every_change
async def test_each_leaves_one_record_and_one_log_line_as_if_it_had_come_alone(
    asker: Asker, pair: Pair
) -> None:
    sound, wrong = await asker.sound(pair), spoilt(await asker.sound(pair))
    _, refused = await asker.many(pair, [sound, wrong])
    left = {(path_of(pair.single), sound.request_id, "OK")}
    if wrong.request_id != SPOILT["request_id"]:  # what is no request id is not told
        left.add((path_of(pair.single), wrong.request_id, refused.reason))
    ids = {request_id for _, request_id, _ in left}

    recorded = [one for one in records(asker.world, pair.seat) if one[1] in ids]
    told = [
        (line["method"], line["request_id"], line["outcome"])
        for line in log_of(asker.world, pair.seat)
        if line["event"] == "rpc_answered" and line["request_id"] in ids
    ]
    assert Counter(recorded) == Counter(told) == Counter(left)


async def test_an_outage_of_the_store_in_the_middle_is_everybody_s_and_leaves_nothing(
    asker: Asker,
) -> None:
    pair = next(one for one in PAIRS if is_closed(one))
    requests = [await asker.sound(pair) for _ in range(30)]
    with striking(asker.world.seats[pair.seat], at=requests[15].request_id):
        told = await asker.many(pair, requests)

    assert {one.reason for one in told} == {"STORE_UNAVAILABLE"}
    assert done_of(asker.world, pair.seat, requests) == 0
    recorded = Counter(one[1:] for one in records(asker.world, pair.seat))
    assert all(recorded[one.request_id, "STORE_UNAVAILABLE"] == 1 for one in requests)

    again = await asker.many(pair, requests)
    assert not any(isinstance(one, Refused) for one in again)
    assert done_of(asker.world, pair.seat, requests) == 30


@contextmanager
def striking(seat: RunningSeat, *, at: str) -> Iterator[None]:
    """Let the seat's database fail as it writes the receipt of one request."""

    def strike() -> None:
        raise sqlite3.OperationalError

    driver = seat.store._driver
    driver.create_function("strike", 0, strike)
    driver.execute(
        "CREATE TEMP TRIGGER outage BEFORE INSERT ON receipts "
        f"WHEN NEW.request_id = '{at}' BEGIN SELECT strike(); END"
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
        for pair, requests in ((register, at_ward), (agency, at_agency)):
            assert not any(isinstance(one, Refused) for one in await asker.many(pair, requests))
    assert await ended(asker, crowd) == {acquisition_pb2.ACQUISITION_STATE_BOUND}
    await until(lambda: calls_owed(world.world, world.layout) == 0)
    assert mistakes(world.world, world.layout, WARD, crowd) == []
    assert mistakes(world.world, world.layout, AGENCY, crowd) == []
    used = answered(world) - before
    assert not {path_of(one.many) for one in CHANGING} - used.keys(), "every hop used batches"
    for pair in CHANGING:
        assert used[path_of(pair.single)] > 2 * used[path_of(pair.many)], "and mostly large ones"
    assert audit_world(world.world, world.layout, crowd[:100]).findings == ()


async def ended(asker: Asker, crowd: Sequence[Resident]) -> set[int]:
    """How the acquisitions have ended, as the terminal is told: many at once."""
    pair = named("renkei.ward.v1.ResidentRecordService.GetCodeAcquisition")
    request = await asker.sound(pair)
    requests = [changed(request, local_address_number=local_of(one)) for one in crowd]
    async with asyncio.timeout(60):
        while True:
            told = [
                one
                for some in (requests[:BATCH_LIMIT], requests[BATCH_LIMIT:])
                for one in await asker.many(pair, some)
            ]
            states = {one.acquisition.state for one in told}
            if acquisition_pb2.ACQUISITION_STATE_PENDING not in states:
                return states
            await asyncio.sleep(0.2)


def answered(world: RunningWorld) -> Counter[str]:
    """How often each method was answered, by the records of all seats."""
    return Counter(
        method
        for seat in world.seats
        for method, _, outcome in records(world, seat)
        if outcome == "OK"
    )


# A server that knows no batches


class OneAtATime(grpc.GenericRpcHandler):  # type: ignore[type-arg]  # generic in its stubs alone
    """A national server of another make: it takes generation requests, and knows nothing else."""

    def __init__(self, pair: Pair, *, tells: bool) -> None:
        self._pair = pair
        self._tells = tells
        self.taken: list[str] = []

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Any:
        """The one method; others are refused, by this server or by grpc itself."""
        if handler_call_details.method == path_of(self._pair.single):
            return grpc.unary_unary_rpc_method_handler(self._take)
        return grpc.unary_unary_rpc_method_handler(self._refuse) if self._tells else None

    async def _take(self, raw: bytes, _context: Any) -> bytes:
        request: Any = GetMessageClass(self._pair.single.input_type).FromString(raw)
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
                line.send(path_of(to_cs.many), written(to_cs, some))
                for some in (requests[:200], requests[200:])
            )
        )
        outbox = Outbox(seat.store.sealer, MachineIds())
        await until(lambda: seat.store.read(outbox.size) == 0)
        await line.close()
        assert seat.store.read(outbox.refusals) == []

    assert len(nation.taken) == len(set(nation.taken)) == len(requests)
