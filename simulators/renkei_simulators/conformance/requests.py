"""A case's request as bytes: a TOML table in the JSON form of its message, filled (invented)."""

from collections.abc import Mapping
from functools import cache

from google.protobuf import json_format
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from renkei_simulators import contract
from renkei_simulators.conformance.vocabulary import fill_table

UNKNOWN_FIELD = b"\xfa\x3f\x03abc"
"""Field 1023, a string of three letters: no message of the contract has it."""


class RequestError(Exception):
    """A request does not fit its message."""


def find_method(name: str) -> MethodDescriptor | None:
    """The method `package.Service/Method` of the contract, or None where it has none."""
    return _methods().get(name)


def merged(first: Mapping[str, object], change: Mapping[str, object]) -> dict[str, object]:
    """The first request with a later step's changes; tables are merged, all else is replaced."""
    result = dict(first)
    for name, value in change.items():
        held = result.get(name)
        both = isinstance(held, Mapping) and isinstance(value, Mapping)
        result[name] = merged(held, value) if both else value  # type: ignore[arg-type]  # both are tables
    return result


def encode(
    method: MethodDescriptor | None,
    request: Mapping[str, object],
    values: Mapping[str, str],
    unknown_field_in: str | None = None,
) -> bytes:
    """The bytes of a request; raises RequestError where it does not fit the method's message.

    A method that the contract does not know takes no request.
    """
    if method is None:
        if request or unknown_field_in is not None:
            raise RequestError("a method that nobody knows takes an empty request")
        return b""
    message = GetMessageClass(method.input_type)()
    try:
        json_format.ParseDict(fill_table(request, values), message)
    except json_format.ParseError as error:
        raise RequestError(str(error)) from error
    if unknown_field_in is not None:
        _inside(message, unknown_field_in).MergeFromString(UNKNOWN_FIELD)
    return message.SerializeToString()


@cache
def _methods() -> Mapping[str, MethodDescriptor]:
    return {
        f"{service.full_name}/{method.name}": method
        for file in contract.files()
        for service in contract.descriptor(file).services_by_name.values()
        for method in service.methods
    }


def _inside(message: Message, path: str) -> Message:
    for name in path.split(".") if path else ():
        field = message.DESCRIPTOR.fields_by_name.get(name)
        if field is None or field.message_type is None or field.is_repeated:
            msg = f"unknown_field_in: {path} is no message of the request"
            raise RequestError(msg)
        message = getattr(message, name)
    return message
