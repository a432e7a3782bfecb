"""The methods that come in batches, and one who asks any of them, singly and for many."""

import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from sqlalchemy import text

from renkei import wire
from renkei.batch.v1 import batch_pb2
from renkei.contract import path_of
from renkei.networks import WARD as OWN_WARD
from renkei.networks import ward
from renkei.type.v1 import options_pb2
from renkei.type.v1.operator_session_pb2 import OperatorSession
from renkei_pki.identity import Identity
from renkei_server.door.connections import TABLE, Row
from renkei_server.store.engine import operations
from renkei_server.store.engine.receipts import key_of
from renkei_server.store.engine.sealing import Sealer
from renkei_simulators import contract
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.certificates import SESSION_FILE
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.people import attributes_of
from renkei_simulators.world.provision import inspect
from tests.network.asking import new_id
from tests.network.asking.raw import Raw, told
from tests.network.people import People
from tests.network.people.strangers import outsider
from tests.network.small_world import AGENCY, WARD

MAKE_CALLS = "/renkei.batch.v1.BatchService/MakeCalls"
SERIAL = "0123456789ABCDEF0123456789ABCDEF"
BAD_NUMBER, BAD_CODE, NOBODY = "123456789017", "12345678904", "999999999999999"
INSTITUTIONS = {"national-server": "jlis", "provision-network": "ipn", "agency-linkage": AGENCY}
ASIDE = {"agency-linkage", "agency-terminal", "mynaportal", "address-system"}
"""Who is asked as others are, where a ward's way of acquiring codes has the same method."""
OF_PREFECTURES = ("middle-terminal", "linkage-platform")
"""Caller and seat of a way that a ward has not."""
SERIALS_FROM = {"DeliverCode": "AcquireCode", "ReportResidentRecordCode": "IssueProcessingSerial"}
"""Which method brings the serial that another one uses up."""
HANDED_ON = {"processing_serial", "local_address_number", "integrated_address_number"}
"""What a request has from the one before it, or from its answer."""


# The methods, as the contract and the table of admission tell them


@dataclass(frozen=True, slots=True)
class Hop:
    """A method that comes in batches, and who calls whom for it."""

    method: MethodDescriptor
    caller: Identity
    server: Identity

    @property
    def path(self) -> str:
        return path_of(self.method)

    @property
    def seat(self) -> str:
        """The server's name in its world."""
        return f"{self.server.role}.{self.server.institution}"

    @property
    def changes_something(self) -> bool:
        """Whether its requests bear an id."""
        return "request_id" in self.method.input_type.fields_by_name


def rule_of(method: MethodDescriptor) -> Any:
    options: Any = method.GetOptions()
    return options.Extensions[options_pb2.rule]


def is_closed(hop: Hop) -> bool:
    options: Any = hop.method.containing_service.GetOptions()
    return bool(options.Extensions[options_pb2.closed])


def services() -> dict[str, ServiceDescriptor]:
    """The services of F1 that the table admits somebody to."""
    admitted = {row.service for row in TABLE}
    return {
        service.full_name: service
        for file in contract.files()
        for service in contract.descriptor(file).services_by_name.values()
        if service.full_name in admitted and is_of_exchange(service)
    }


def is_of_exchange(service: ServiceDescriptor) -> bool:
    return any(step.startswith("F1.") for one in service.methods for step in rule_of(one).steps)


def hops() -> Iterator[Hop]:
    for name, service in services().items():
        rows = [row for row in TABLE if row.service == name]
        row = min(rows, key=_preference)
        domain = ward(WARD) if row.network == OWN_WARD else row.network
        server = Identity(domain, INSTITUTIONS.get(row.seat, WARD), row.seat)
        own = row.seat == "agency-linkage"
        caller = Identity(domain, AGENCY if own else INSTITUTIONS.get(row.caller, WARD), row.caller)
        for method in service.methods:
            if rule_of(method).in_batches:
                yield Hop(method, caller, server)


def _preference(row: Row) -> tuple[bool, int]:
    ends = (row.caller, row.seat)
    return ends == OF_PREFECTURES, len(ASIDE.intersection(ends))


HOPS = tuple(hops())


def named(method: str) -> Hop:
    """The one of this full name."""
    return next(one for one in HOPS if one.method.full_name == method)


# Asking


@dataclass(frozen=True, slots=True)
class Refused:
    """How one request was refused."""

    reason: str
    fields: tuple[str, ...]
    english: str
    japanese: str


class Asker:
    """Asks any of the methods, singly and for many, as the one who may."""

    def __init__(self, world: RunningWorld, people: People) -> None:
        self.world = world
        terminal = Identity(ward(WARD), WARD, "ward-terminal")
        self._session = (world.layout.caller(terminal) / SESSION_FILE).read_bytes()
        self._lines: dict[tuple[Identity, Identity], Raw] = {}
        self._persons = itertools.cycle([people.somebody() for _ in range(20)])
        self._count = itertools.count(800_000_000_000_000)

    def line(self, hop: Hop) -> Raw:
        """The connection of the hop's caller to its server."""
        ends = hop.caller, hop.server
        if ends not in self._lines:
            self._lines[ends] = Raw(self.world, outsider(self.world, hop.caller), hop.server)
        return self._lines[ends]

    async def close(self) -> None:
        for line in self._lines.values():
            await line.close()

    async def one(self, hop: Hop, request: Message) -> Any:
        """Ask for one; raises the call's own error."""
        raw = await self.line(hop).send(hop.path, request.SerializeToString())
        return answer_of(hop, raw)

    async def refused(self, hop: Hop, request: Message) -> Refused:
        """How one that comes alone is refused."""
        try:
            await self.one(hop, request)
        except grpc.aio.AioRpcError as error:
            seen = told(error)
            return Refused(seen.reason, seen.fields, error.details() or "", seen.japanese)
        raise AssertionError("the call was answered")

    async def many(self, hop: Hop, requests: Sequence[Message]) -> list[Any]:
        """Ask for many at once; what each is told."""
        told = await self.batch(hop, [(hop.path, one.SerializeToString()) for one in requests])
        return [answer_of(hop, one) if isinstance(one, bytes) else one for one in told]

    async def batch(self, hop: Hop, requests: Sequence[tuple[str, bytes]]) -> list[bytes | Refused]:
        """Ask whatever is asked, as the hop's caller; of each the bytes of its answer."""
        raw = await self.line(hop).send(MAKE_CALLS, batch_of(requests).SerializeToString())
        answer = batch_pb2.MakeCallsResponse.FromString(raw)
        return [outcome(one) for one in answer.outcomes]

    async def sound(self, hop: Hop) -> Any:
        """A new request that will be done; what must come before it is asked here."""
        asked = self._filled(hop)
        if before := preceding(hop):
            request = self._filled(before)
            answer = await self.one(before, request)
            for field in HANDED_ON.intersection(asked.DESCRIPTOR.fields_by_name):
                for known in (request, answer):
                    if field in known.DESCRIPTOR.fields_by_name:
                        getattr(asked, field).CopyFrom(getattr(known, field))
        return asked

    def _filled(self, hop: Hop) -> Any:
        person, count = next(self._persons), next(self._count)
        number = person.individual_number
        assert number is not None
        values = {
            "sender": hop.caller.institution,
            "request_id": new_id(),
            "operator_session": OperatorSession.FromString(self._session),
            "local_address_number": wire.write_local_address_number(person.local_address_number),
            "integrated_address_number": {"digits": str(count)},
            "individual_number": wire.write_individual_number(number),
            "attributes": wire.write_four_attributes(attributes_of(person)),
            "processing_serial": {"value": SERIAL},
            "asking_institution": WARD,
            "resident_record_code": wire.write_resident_record_code(person.resident_record_code),
            "code": {"value": f"{count:032d}".encode()},
        }
        fields = hop.method.input_type.fields_by_name
        return GetMessageClass(hop.method.input_type)(
            **{name: value for name, value in values.items() if name in fields}
        )


def preceding(hop: Hop) -> Hop | None:
    """What must have been asked before, if anything: a serial, or what a question is about."""
    if source := SERIALS_FROM.get(hop.method.name):
        return next(one for one in HOPS if one.method.name == source)
    if hop.changes_something:
        return None
    service = hop.method.containing_service
    return next(
        one for one in HOPS if one.method.containing_service is service and one.changes_something
    )


def written(hop: Hop, requests: Sequence[Message]) -> bytes:
    """A batch as it goes on the wire."""
    return batch_of([(hop.path, one.SerializeToString()) for one in requests]).SerializeToString()


def batch_of(requests: Sequence[tuple[str, bytes]]) -> batch_pb2.MakeCallsRequest:
    """A batch of any bytes for any methods."""
    batch = batch_pb2.MakeCallsRequest()
    for path, message in requests:
        batch.requests.add(method=path, message=message)
    return batch


def answer_of(hop: Hop, raw: bytes) -> Any:
    return GetMessageClass(hop.method.output_type).FromString(raw)


def outcome(told: batch_pb2.MakeCallsResponse.Outcome) -> bytes | Refused:
    """The bytes of the response, or how the request was refused."""
    if told.WhichOneof("outcome") == "response":
        return told.response
    refusal = told.refusal
    assert "incident" not in refusal.facts
    return Refused(refusal.reason, tuple(refusal.fields), refusal.message, refusal.message_ja)


SPOILT = {
    "individual_number": {"digits": BAD_NUMBER},
    "resident_record_code": {"digits": BAD_CODE},
    "local_address_number": {"digits": NOBODY},
    "integrated_address_number": {"digits": NOBODY},
    "processing_serial": {"value": "F" * 32},
    "request_id": "1",
}


def spoilt(request: Any) -> Any:
    """The same with one value that the service itself refuses, or else with a bad request id."""
    field = next(name for name in SPOILT if name in request.DESCRIPTOR.fields_by_name)
    return changed(request, **{field: SPOILT[field]})


def changed(request: Any, **changes: Any) -> Any:
    """The same request but for some of its fields."""
    copy = type(request)()
    copy.CopyFrom(request)
    for field in changes:
        copy.ClearField(field)
    copy.MergeFrom(type(request)(**changes))
    return copy


def local_of(person: Resident) -> Any:
    """How a municipality numbers a person."""
    return wire.write_local_address_number(person.local_address_number)


def number_of(person: Resident) -> Any:
    """A person's Individual Number."""
    assert person.individual_number is not None
    return wire.write_individual_number(person.individual_number)


# What is left of what was asked


def done_of(world: RunningWorld, hop: Hop, requests: Sequence[Any]) -> int:
    """Of how many of a hop's requests its server holds a receipt."""
    with inspect(world.world, world.layout, world.world.seat(hop.seat)) as look:
        found = look.read(lambda tx: set(tx.scalars(text("SELECT key FROM receipts"))))
        return len({receipt_key(look.sealer, hop, one.request_id) for one in requests} & found)


def receipt_key(sealer: Sealer, hop: Hop, request_id: str) -> bytes:
    """Under what a hop's server keeps the receipt of a request."""
    return key_of(sealer, hop.caller.uri, hop.path, request_id)


def records(world: RunningWorld, seat: str) -> list[tuple[str, str, str]]:
    """Method, request id and outcome of each operation record of a seat.

    What neighbours remember of each other is asked beside: at any moment, and by nobody here.
    """
    (table,) = operations.TABLES
    sealed = table.c.particulars
    with inspect(world.world, world.layout, world.world.seat(seat)) as look:
        rows = look.read(lambda tx: tx.execute(table.select()).fetchall())
        return [
            (
                row.method,
                json.loads(look.sealer.open(sealed, row.particulars))["request_id"],
                row.outcome,
            )
            for row in rows
            if not row.method.startswith("/renkei.memory.")
        ]


def log_of(world: RunningWorld, seat: str) -> list[dict[str, Any]]:
    """The log lines of a seat."""
    lines = (world.layout.logs / f"{seat}.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def calls_for(world: RunningWorld, seat: str, request_id: str) -> set[str]:
    """The request ids of the calls that a seat owed because of a request; questions have none."""
    return {
        line["request_id"]
        for line in log_of(world, seat)
        if line["event"] == "call_answered"
        and line.get("cause") == request_id
        and line["request_id"]
    }
