"""What the contract says of a method, read from its descriptor once at the start.

The options of `renkei.type.v1` mark the sender field, the request id, credentials,
closed services, deadlines and flow steps; the door enforces them for every method.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import Any

from google.protobuf.descriptor import (
    Descriptor,
    FieldDescriptor,
    MethodDescriptor,
    ServiceDescriptor,
)
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.unknown_fields import UnknownFieldSet

from renkei import reasons
from renkei.refusals import Refusal
from renkei.type.v1 import options_pb2

_DEFAULT_DEADLINE = timedelta(seconds=10)
_MAXIMUM_DEADLINE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Method:
    """One method of the contract."""

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
    batch_of: str
    """The method of the same service that this one does for many at once, or nothing."""

    @classmethod
    def of(cls, descriptor: MethodDescriptor) -> "Method":
        """Read a method's facts from its descriptor."""
        options: Any = descriptor.GetOptions()
        rule: options_pb2.MethodRule = options.Extensions[options_pb2.rule]
        service: ServiceDescriptor = descriptor.containing_service
        fields = descriptor.input_type.fields
        return cls(
            path=f"/{service.full_name}/{descriptor.name}",
            request=GetMessageClass(descriptor.input_type),
            response=GetMessageClass(descriptor.output_type),
            steps=tuple(rule.steps),
            closed=_is_closed(service),
            default_deadline=_duration(rule, "default_deadline", _DEFAULT_DEADLINE),
            maximum_deadline=_duration(rule, "maximum_deadline", _MAXIMUM_DEADLINE),
            sender=_only(_marked(fields, options_pb2.sender)),
            request_id=_only(_marked(fields, options_pb2.request_id)),
            credentials=_marked(fields, options_pb2.credential),
            batch_of=rule.batch_of,
        )


def _duration(rule: options_pb2.MethodRule, name: str, default: timedelta) -> timedelta:
    if not rule.HasField(name):
        return default
    value: timedelta = getattr(rule, name).ToTimedelta()
    return value


def _is_closed(service: ServiceDescriptor) -> bool:
    options: Any = service.GetOptions()
    closed: bool = options.Extensions[options_pb2.closed]
    return closed


def _marked(fields: Sequence[FieldDescriptor], mark: object) -> tuple[str, ...]:
    """The names of the fields that bear an option of ours."""
    options: list[tuple[str, Any]] = [(field.name, field.GetOptions()) for field in fields]
    return tuple(name for name, option in options if option.Extensions[mark])


def _only(names: tuple[str, ...]) -> str | None:
    if len(names) > 1:
        msg = f"a request has at most one such field, not {', '.join(names)}"
        raise ValueError(msg)
    return names[0] if names else None


def parse(method: Method, raw: bytes) -> Message:
    """Parse a request, whatever its fields hold. Raises MALFORMED_MESSAGE."""
    message = method.request()
    try:
        message.ParseFromString(raw)
    except Exception:
        raise Refusal(reasons.MALFORMED_MESSAGE) from None
    return message


def judge_form(method: Method, message: Message) -> None:
    """Raise UNKNOWN_FIELD (closed services only) or UNKNOWN_ENUM_NUMBER with the field."""
    if method.closed:
        _refuse_unknown_fields(message)
    if place := _unknown_enum_number((message,), _fields_with_enums(message.DESCRIPTOR)):
        raise Refusal(reasons.UNKNOWN_ENUM_NUMBER, "", place)


def judge_batch_form(method: Method, batch: Message) -> None:
    """Raise UNKNOWN_FIELD (closed services only) for what the batch holds beside its requests."""
    if method.closed and len(UnknownFieldSet(batch)):
        raise Refusal(reasons.UNKNOWN_FIELD)


def _refuse_unknown_fields(message: Message) -> None:
    size = message.ByteSize()
    message.DiscardUnknownFields()
    if message.ByteSize() != size:
        raise Refusal(reasons.UNKNOWN_FIELD)


_FieldWithEnum = tuple[str, frozenset[int] | Descriptor, bool]
"""Its name, its enum's numbers or the message that it is, and whether it is repeated."""


def _unknown_enum_number(messages: Collection[Message], fields: Sequence[_FieldWithEnum]) -> str:
    """Where a number lies that is outside its enum, in any of the messages; empty where none is.

    A field is judged in all of them at once: a chunk holds hundreds of the same message.
    """
    for name, kind, repeated in fields:
        if isinstance(kind, frozenset):
            values = map(attrgetter(name), messages)
            if not kind.issuperset(chain.from_iterable(values) if repeated else values):
                return name
            continue
        holders = messages if repeated else [one for one in messages if one.HasField(name)]
        values = map(attrgetter(name), holders)
        parts = list(chain.from_iterable(values) if repeated else values)
        if parts and (place := _unknown_enum_number(parts, _fields_with_enums(kind))):
            return f"{name}.{place}"
    return ""


@lru_cache(maxsize=1024)
def _fields_with_enums(descriptor: Descriptor) -> tuple[_FieldWithEnum, ...]:
    """The fields that are enums, or messages with an enum at any depth."""
    found: list[_FieldWithEnum] = []
    for field in descriptor.fields:
        if field.enum_type is not None:
            numbers = frozenset(field.enum_type.values_by_number)
            found.append((field.name, numbers, field.is_repeated))
        elif field.message_type is not None and _has_enum(field.message_type, frozenset()):
            found.append((field.name, field.message_type, field.is_repeated))
    return tuple(found)


def _has_enum(descriptor: Descriptor, within: frozenset[str]) -> bool:
    if descriptor.full_name in within:
        return False
    inside = within | {descriptor.full_name}
    return any(
        field.enum_type is not None
        or (field.message_type is not None and _has_enum(field.message_type, inside))
        for field in descriptor.fields
    )
