"""Guessing at requests: whether a receipt gives back what its request said of a person.

A party knows from its own operation log who asked what under which id, and whom that concerned; of
the request it may lack one value only. So the request is made again for each person whom it can
have concerned, and digested as a receipt does, or ever did: whole, and of the fields that the
receipt says it covers.

Of each method the newest requests are tried: a contract that is wrong is wrong for each of them.
Limits: fields other than the numbers and codes that name a person are left empty, unless the whole
request is told (`bodies`). Fidelity: invented.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from itertools import combinations, product
from typing import Any, Final

from google.protobuf.message import Message

from renkei.contract import Method
from renkei.type.v1 import codes_pb2
from renkei.type.v1.sub_copy_pb2 import SubCopy
from renkei_server.store.engine.inspection import Inspection
from renkei_simulators import contract
from renkei_simulators.separation.guessing import SHOWN_BYTES, Guesser, Key, tried
from renkei_simulators.separation.knowledge import Kind

Profile = Mapping[Kind, frozenset[str]]
"""What is known of one person, all parties together."""

KINDS: Final = {
    codes_pb2.IndividualNumber.DESCRIPTOR.full_name: Kind.INDIVIDUAL_NUMBER,
    codes_pb2.ResidentRecordCode.DESCRIPTOR.full_name: Kind.RESIDENT_RECORD_CODE,
    codes_pb2.LocalAddressNumber.DESCRIPTOR.full_name: Kind.LOCAL_ADDRESS_NUMBER,
    codes_pb2.IntegratedAddressNumber.DESCRIPTOR.full_name: Kind.INTEGRATED_ADDRESS_NUMBER,
}
"""Messages of the contract that name a person by a number that can be guessed."""

_MOST_OF_A_METHOD: Final = 50
_MOST_FIELDS: Final = 8
_COVERS_BYTES: Final = 4


@dataclass(frozen=True, slots=True)
class Guessed:
    """A request was found out: what it is, and the value that the party must not know."""

    form: str
    kind: Kind
    value: str = field(default="", repr=False)
    """Nothing where it is no number."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """One request as its operation record tells it, and what its receipt holds."""

    method: Method
    request_id: str
    sender: str
    person: str = field(repr=False)
    key: bytes = field(repr=False)
    kept: bytes = field(repr=False)
    whole: bytes = field(repr=False)

    @property
    def shown(self) -> frozenset[bytes]:
        """The beginnings of its digests."""
        digests = (self.kept, self.kept[_COVERS_BYTES:], self.whole)
        return frozenset(one[:SHOWN_BYTES] for one in digests if len(one) >= SHOWN_BYTES)


def guessed(
    look: Inspection,
    role: str,
    guesser: Guesser,
    persons: Sequence[Profile],
    bodies: Sequence[Message] = (),
) -> Iterator[Guessed]:
    """What the receipts of a store give back."""
    for asked in _asked(look, guesser.keys[0]):
        for body in (*_bodies(asked, role, persons), *_told(asked, bodies)):
            found = next(_matching(asked, guesser, role, body), None)
            if found is not None:
                yield found
                break


def _asked(look: Inspection, key: Key) -> Iterator[_Asked]:
    """The newest requests of each method that left a receipt."""
    receipts = {row["key"]: row for row in look.told("receipts")}
    counts: dict[str, int] = {}
    for row in reversed(list(look.told("operations"))):
        method, request_id = _methods().get(row["method"]), row["particulars"]["request_id"]
        if method is None or counts.get(method.path, 0) >= _MOST_OF_A_METHOD:
            continue
        named = "\0".join((row["caller"], row["method"], request_id)).encode()
        receipt = receipts.get(key.short_hash(b"receipt", named))
        if receipt is not None:
            counts[method.path] = counts.get(method.path, 0) + 1
            sender = row["caller"].split("/")[-2]
            person = row["particulars"]["person"]
            kept = receipt["kept"] or b""
            yield _Asked(method, request_id, sender, person, receipt["key"], kept, receipt["whole"])


def _bodies(asked: _Asked, role: str, persons: Sequence[Profile]) -> Iterator[Message]:
    """The request, made for each person whom it can have concerned."""
    fields = {
        one.name: KINDS[one.message_type.full_name]
        for one in asked.method.descriptor.input_type.fields
        if one.message_type is not None and one.message_type.full_name in KINDS
    }
    if not any(tried(role, kind) for kind in fields.values()):
        return
    for person in persons:
        if asked.person and not any(asked.person in values for values in person.values()):
            continue
        choices = [sorted(person.get(kind, ())) for kind in fields.values()]
        for values in product(*choices):
            body = _empty(asked)
            for name, value in zip(fields, values, strict=True):
                getattr(body, name).digits = value
            yield body


def _told(asked: _Asked, bodies: Sequence[Message]) -> Iterator[Message]:
    """The whole requests that are told, as they would be under the receipt's id."""
    for one in bodies:
        if one.DESCRIPTOR is asked.method.descriptor.input_type:
            body = _empty(asked)
            body.MergeFrom(one)
            body.MergeFrom(_empty(asked))
            yield body


def _empty(asked: _Asked) -> Message:
    """The request without what it says of a person."""
    body = asked.method.request()
    if asked.method.sender:
        setattr(body, asked.method.sender, asked.sender)
    if asked.method.request_id:
        setattr(body, asked.method.request_id, asked.request_id)
    return body


def _matching(asked: _Asked, guesser: Guesser, role: str, body: Message) -> Iterator[Guessed]:
    """What a digest of the receipt gives back, if one is of this request."""
    shown = asked.shown
    for part in _parts(asked, body):
        said = next(_said(part, role), None)
        if said is None:
            continue
        content = part.SerializeToString(deterministic=True)
        for before in (asked.key, b""):
            for form, hashed in guesser.digests(before + content):
                if hashed[:SHOWN_BYTES] in shown:
                    yield Guessed(f"{form}, of {asked.method.path}", *said)


def _said(part: Message, role: str) -> Iterator[tuple[Kind, str]]:
    """What of it the role must not know."""
    for one, value in part.ListFields():
        of = one.message_type.full_name if one.message_type is not None else ""
        if of in KINDS and tried(role, KINDS[of]):
            yield KINDS[of], value.digits
        elif of == SubCopy.DESCRIPTOR.full_name and tried(role, Kind.HOUSEHOLD):
            yield Kind.HOUSEHOLD, ""


def _parts(asked: _Asked, body: Message) -> Iterator[Message]:
    """The whole request, and what of it the receipt says that it covers."""
    covered = _covered(asked.method.path, asked.kept[:_COVERS_BYTES])
    for kept in (None, covered):
        part: Any = asked.method.request()
        part.CopyFrom(body)
        for one in asked.method.descriptor.input_type.fields:
            if one.name in asked.method.credentials or (kept is not None and one.name not in kept):
                part.ClearField(one.name)
        yield part
        if covered is None:
            return


@cache
def _covered(path: str, covers: bytes) -> Collection[str] | None:
    """The fields that a lasting digest names, or None where it names none of this method's."""
    names = sorted(one.name for one in _methods()[path].descriptor.input_type.fields)
    for count in range(1, min(len(names), _MOST_FIELDS) + 1):
        for some in combinations(names, count):
            if sha256(" ".join(some).encode()).digest()[:_COVERS_BYTES] == covers:
                return some
    return None


@cache
def _methods() -> Mapping[str, Method]:
    return {
        one.path: one
        for file in contract.files()
        for service in contract.descriptor(file).services_by_name.values()
        for one in map(Method.of, service.methods)
    }
