"""What the contract says of a method: the one home of these facts, for the door and for clients.

The options of `renkei.type.v1` mark the sender field, the request id, credentials, what is kept for
good, closed services, deadlines, flow steps and what comes in batches. A request type belongs to one method alone, so that a request tells which
method it calls. Fidelity: invented.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from google.protobuf.descriptor import (
    Descriptor,
    FieldDescriptor,
    MethodDescriptor,
    ServiceDescriptor,
)
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from renkei.type.v1 import operator_session_pb2, options_pb2

_DEFAULT_DEADLINE = timedelta(seconds=10)
_MAXIMUM_DEADLINE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Method:
    """One method of the contract."""

    descriptor: MethodDescriptor
    path: str
    request: type[Message]
    response: type[Message]
    steps: tuple[str, ...]
    closed: bool
    default_deadline: timedelta
    maximum_deadline: timedelta
    sender: str | None
    request_id: str | None
    credentials: tuple[str, ...]
    session: str | None
    """The credential that is an operator's session."""
    kept: tuple[str, ...]
    """The fields that a lasting digest covers."""
    not_kept: tuple[str, ...]
    in_batches: bool
    """Whether its requests may come in a batch."""

    @classmethod
    def of(cls, descriptor: MethodDescriptor) -> "Method":
        """Read a method's facts from its descriptor.

        Raises ValueError where two fields of its request bear a mark that one may bear, and
        where a method comes in batches that streams, or must end sooner than a batch may.
        """
        options: Any = descriptor.GetOptions()
        rule: options_pb2.MethodRule = options.Extensions[options_pb2.rule]
        service: ServiceDescriptor = descriptor.containing_service
        fields = descriptor.input_type.fields
        credentials = _marked(fields, options_pb2.credential)
        kept = tuple(sorted(_names(_marked(fields, options_pb2.kept))))
        longest = _duration(rule, "maximum_deadline", _MAXIMUM_DEADLINE)
        if rule.in_batches and (descriptor.client_streaming or longest < _MAXIMUM_DEADLINE):
            msg = f"{descriptor.full_name} cannot come in batches: it streams, or must end sooner"
            raise ValueError(msg)
        return cls(
            descriptor=descriptor,
            path=path_of(descriptor),
            request=GetMessageClass(descriptor.input_type),
            response=GetMessageClass(descriptor.output_type),
            steps=tuple(rule.steps),
            closed=_is_closed(service),
            default_deadline=_duration(rule, "default_deadline", _DEFAULT_DEADLINE),
            maximum_deadline=longest,
            sender=_only(_marked(fields, options_pb2.sender)),
            request_id=_only(_marked(fields, options_pb2.request_id)),
            credentials=_names(credentials),
            session=_only([one for one in credentials if _is_session(one)]),
            kept=kept,
            not_kept=tuple(name for name in _names(fields) if name not in kept),
            in_batches=rule.in_batches,
        )


def method_of(request: type[Message]) -> Method:
    """The method that a request of this type calls; raises TypeError where it is not exactly one.

    A method that streams one way alone is none of ours: what a client asks is a call, or a
    stream of whole requests.
    """
    return _taking(request.DESCRIPTOR)


@cache
def _taking(request: Descriptor) -> Method:
    services: Iterable[ServiceDescriptor] = request.file.services_by_name.values()
    taking = [
        method
        for service in services
        for method in service.methods
        if method.input_type is request and method.client_streaming == method.server_streaming
    ]
    if len(taking) != 1:
        msg = f"{request.full_name} is the request of {len(taking)} methods"
        raise TypeError(msg)
    return Method.of(taking[0])


def path_of(method: MethodDescriptor) -> str:
    """The path of a method on the wire."""
    return f"/{method.containing_service.full_name}/{method.name}"


def _duration(rule: options_pb2.MethodRule, name: str, default: timedelta) -> timedelta:
    if not rule.HasField(name):
        return default
    value: timedelta = getattr(rule, name).ToTimedelta()
    return value


def _is_closed(service: ServiceDescriptor) -> bool:
    options: Any = service.GetOptions()
    closed: bool = options.Extensions[options_pb2.closed]
    return closed


def _marked(fields: Sequence[FieldDescriptor], mark: object) -> list[FieldDescriptor]:
    """The fields that bear an option of ours."""
    options: list[tuple[FieldDescriptor, Any]] = [(field, field.GetOptions()) for field in fields]
    return [field for field, option in options if option.Extensions[mark]]


def _is_session(field: FieldDescriptor) -> bool:
    return field.message_type is operator_session_pb2.OperatorSession.DESCRIPTOR


def _names(fields: Sequence[FieldDescriptor]) -> tuple[str, ...]:
    return tuple(field.name for field in fields)


def _only(fields: Sequence[FieldDescriptor]) -> str | None:
    if len(fields) > 1:
        msg = f"a request has at most one such field, not {', '.join(_names(fields))}"
        raise ValueError(msg)
    return fields[0].name if fields else None
