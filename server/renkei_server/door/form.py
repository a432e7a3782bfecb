"""What a request must be by its form before anybody reads it (controls INP-02, INP-13)."""

from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import chain
from operator import attrgetter

from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from renkei import reasons
from renkei.contract import Method
from renkei.refusals import Refusal


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
