"""Whether what came is what was expected; if not, what to do next.

A server of ours must tell our reason. Somebody else's may know no reasons of ours: then its
gRPC status alone is judged, which is less, and the report says so. (invented)
"""

from dataclasses import dataclass

from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass

from renkei_simulators.conformance.calling import Came, Ending
from renkei_simulators.conformance.cases import (
    Answered,
    Case,
    Compared,
    Expectation,
    NoConnection,
    Refused,
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a step failed, in words that hold no value of any person."""

    step: int
    """1 for the first."""
    expected: str
    came: str
    next: str

    def __str__(self) -> str:
        return f"step {self.step}: expected {self.expected}; came {self.came}; next: {self.next}"


def judge(
    case: Case, number: int, came: Came, first: Came | None, *, strict: bool
) -> Problem | None:
    """Judge one step by its number from 1; `strict` where the server is one of ours.

    A step that expects no connection is judged by whether there was one; nothing came then.
    """
    expect = case.steps[number - 1].expect
    match expect:
        case Answered():
            wrong = _answer(case, expect, came, first)
        case Refused():
            wrong = _refusal(expect, came, strict=strict)
        case NoConnection():
            wrong = _no_connection(came)
    if wrong is None:
        return None
    todo, told = wrong
    return Problem(number, expectation(expect), told, todo)


def expectation(expect: Expectation) -> str:
    """An expectation in words."""
    if isinstance(expect, Answered):
        held = f" with {', '.join(expect.present)}" if expect.present else ""
        return f"OK{held}{_COMPARED[expect.compared]}"
    if isinstance(expect, Refused):
        place = f" at {', '.join(expect.fields)}" if expect.fields else ""
        return f"{expect.reason.name}{place} ({expect.reason.status})"
    return "no connection"


_COMPARED = {
    None: "",
    Compared.SAME: ", the same as the first time",
    Compared.OTHER: ", other than the first time",
}

_Wrong = tuple[str, str] | None
"""What to do next, and what came."""


def _answer(case: Case, expect: Answered, came: Came, first: Came | None) -> _Wrong:
    if came.ending is not Ending.ANSWERED:
        return f"answer this request: {_what_it_is(came)}", str(came)
    message = _read(case, came.answer)
    if message is None:
        return f"answer with the message that {case.method} returns", "bytes that are no answer"
    if missing := [path for path in expect.present if not _has(message, path)]:
        return f"set {', '.join(missing)} in the answer", f"OK without {', '.join(missing)}"
    if expect.compared and first is not None:
        same = message == _read(case, first.answer)
        if same != (expect.compared is Compared.SAME):
            todo = (
                "answer a repeat from the record of the first"
                if expect.compared is Compared.SAME
                else "take another request id for another request"
            )
            return todo, "another answer than the first" if not same else "the first answer again"
    return None


def _no_connection(came: Came) -> _Wrong:
    if came.ending is Ending.NO_CONNECTION:
        return None
    return "refuse the handshake: an error inside an RPC comes too late", "a connection"


def _refusal(expect: Refused, came: Came, *, strict: bool) -> _Wrong:
    reason = expect.reason
    if came.ending is not Ending.REFUSED:
        if came.ending is Ending.ANSWERED:
            return f"refuse it: {reason.english}", str(came)
        return _what_it_is(came), str(came)
    if came.status != reason.status:
        return f"refuse it with the status {reason.status}: {reason.english}", str(came)
    if not came.reason:
        if strict:
            return f"put {reason.name} into google.rpc.ErrorInfo of the status", str(came)
        return None
    if came.reason != reason.name:
        return f"refuse it for its own reason: {reason.english}", str(came)
    if set(came.fields) != set(expect.fields) and expect.fields and (strict or came.fields):
        return f"name {', '.join(expect.fields)} in google.rpc.BadRequest", str(came)
    return None


def _what_it_is(came: Came) -> str:
    if came.ending is Ending.NO_CONNECTION:
        return "check with `renkei pki check` why the server and the caller do not come together"
    return "its content is good"


def _read(case: Case, answer: bytes) -> Message | None:
    if case.descriptor is None:
        return None
    try:
        message: Message = GetMessageClass(case.descriptor.output_type).FromString(answer)
    except DecodeError:
        return None
    return message


def _has(message: Message, path: str) -> bool:
    """Whether something stands at a path: a message that is there, or a value not of zero."""
    name, _, rest = path.partition(".")
    if message.DESCRIPTOR.fields_by_name[name].message_type is None:
        return bool(getattr(message, name))
    return message.HasField(name) and (not rest or _has(getattr(message, name), rest))
