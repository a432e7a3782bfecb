r"""What a leaf of a record log is made of, and the file in which a log leaves its party.

A record (情報提供等記録, article 23) becomes a leaf in three steps (invented):

    seal       = SHA-256("renkei record seal 1\n"  | salt, 32 random bytes | content)
    commitment = SHA-256("renkei record place 1\n" | shown, 8 bytes | previous, 32 bytes | seal)
    leaf       = "renkei record 1\n" | time, 20 characters | commitment

`shown` is the record's number among those that are shown to its person, from 1, and
`previous` the leaf hash of that person's shown record before it; both are zero for a
record that is not disclosed (不開示), and `previous` for a person's first. So a shown
record that is left out leaves a hole, and none can become undisclosed later.

Once the salt is erased no guess at a record can be checked against what is left, while
time and commitment still make the leaf: the log stays whole, and shows when it forgot.

The file is UTF-8, one JSON object a line. The first names the format and bears the
signed head (`log_heads`); each other is a leaf, in the order of the log:

    {"format": "renkei record log 1", "head": "renkei record log head 1\norigin: ..."}
    {"index": 0, "at": "2026-11-23T12:00:00Z", "hash": HEX, "shown": 1, "previous": "",
     "salt": HEX, "content": BASE64}                                    whole
    {"index": 1, "at": ..., "hash": HEX, "shown": 0, "previous": "", "seal": HEX}   withheld
    {"index": 2, "at": ..., "hash": HEX, "commitment": HEX}             erased

`hash` is the leaf hash, so that a check can tell which leaf was altered. `previous` is
empty where it is zero. With its contents withheld a log is checked by somebody who is to
learn nobody's: all but whether each seal was made of the content that the party shows.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Self

from renkei_pki.log_heads import SignedHead, read_hash, read_moment, write_moment
from renkei_pki.merkle import HASH_BYTES, SIZE_LIMIT, leaf_hash

SALT_BYTES = 32
NO_HASH = bytes(HASH_BYTES)

_FORMAT = "renkei record log 1"
_COMMON = frozenset({"index", "at", "hash"})
_WHOLE = _COMMON | {"shown", "previous", "salt", "content"}
_WITHHELD = _COMMON | {"shown", "previous", "seal"}
_ERASED = _COMMON | {"commitment"}


@dataclass(frozen=True, slots=True)
class Place:
    """A record's place among those shown to its person; number 0 for one that is not shown."""

    number: int = 0
    previous: bytes = NO_HASH

    def commitment(self, seal: bytes) -> bytes:
        """What binds a record to its place."""
        number = self.number.to_bytes(8)
        return sha256(b"renkei record place 1\n" + number + self.previous + seal).digest()


@dataclass(frozen=True, slots=True)
class Whole:
    """A record with all that it says."""

    place: Place
    salt: bytes = field(repr=False)
    content: bytes = field(repr=False)

    @property
    def seal(self) -> bytes:
        """What stands for the content and hides it."""
        return sha256(b"renkei record seal 1\n" + self.salt + self.content).digest()

    @property
    def commitment(self) -> bytes:
        """What stands for the record in its leaf."""
        return self.place.commitment(self.seal)

    @property
    def withheld(self) -> "Withheld":
        """The record for somebody who is not to learn its content."""
        return Withheld(self.place, self.seal)


@dataclass(frozen=True, slots=True)
class Withheld:
    """A record whose content was not told."""

    place: Place
    seal: bytes

    @property
    def commitment(self) -> bytes:
        """What stands for the record in its leaf."""
        return self.place.commitment(self.seal)


@dataclass(frozen=True, slots=True)
class Erased:
    """What is left of a record whose time is over."""

    commitment: bytes


Body = Whole | Withheld | Erased


def hash_of(at: datetime, commitment: bytes) -> bytes:
    """The leaf hash of a record."""
    return leaf_hash(b"renkei record 1\n" + write_moment(at).encode() + commitment)


@dataclass(frozen=True, slots=True)
class Entry:
    """One leaf of an exported log; `hash` is what the file says it hashes to."""

    index: int
    at: datetime
    hash: bytes
    body: Body

    @classmethod
    def parse(cls, line: str) -> Self:
        """Raise ValueError unless the line is a leaf in its one form."""
        told = _object(line)
        index = _count(told["index"]) if "index" in told else -1
        if index < 0 or told.keys() not in (_WHOLE, _WITHHELD, _ERASED):
            msg = "this is no leaf of a record log"
            raise ValueError(msg)
        return cls(index, read_moment(_text(told["at"])), _hash(told["hash"]), _read_body(told))

    @property
    def fits(self) -> bool:
        """Whether time and body make the hash."""
        return hash_of(self.at, self.body.commitment) == self.hash

    @property
    def line(self) -> str:
        """The leaf as a line of the file."""
        told = {"index": self.index, "at": write_moment(self.at), "hash": self.hash.hex()}
        return json.dumps(told | _written_body(self.body)) + "\n"


def write_head(signed: SignedHead) -> str:
    """The first line of the file."""
    return json.dumps({"format": _FORMAT, "head": signed.text}) + "\n"


def read_head(line: str) -> SignedHead:
    """Raise ValueError unless the line is the first of such a file."""
    told = _object(line)
    if told.keys() != {"format", "head"} or told["format"] != _FORMAT:
        msg = "this is no export of a record log"
        raise ValueError(msg)
    return SignedHead.parse(_text(told["head"]))


def _written_body(body: Body) -> dict[str, object]:
    if isinstance(body, Erased):
        return {"commitment": body.commitment.hex()}
    previous = "" if body.place.previous == NO_HASH else body.place.previous.hex()
    place: dict[str, object] = {"shown": body.place.number, "previous": previous}
    if isinstance(body, Withheld):
        return place | {"seal": body.seal.hex()}
    content = base64.b64encode(body.content).decode()
    return place | {"salt": body.salt.hex(), "content": content}


def _read_body(told: Mapping[str, object]) -> Body:
    if "commitment" in told:
        return Erased(_hash(told["commitment"]))
    previous = NO_HASH if told["previous"] == "" else _hash(told["previous"])
    place = Place(_count(told["shown"]), previous)
    if "seal" in told:
        return Withheld(place, _hash(told["seal"]))
    return Whole(
        place, _hash(told["salt"]), base64.b64decode(_text(told["content"]), validate=True)
    )


def _object(line: str) -> dict[str, object]:
    try:
        told = json.loads(line)
    except RecursionError as error:
        msg = "the line is nested too deep"
        raise ValueError(msg) from error
    if not isinstance(told, dict):
        msg = "the line is no object"
        raise ValueError(msg)
    return told


def _text(value: object) -> str:
    if not isinstance(value, str):
        msg = "the value is no text"
        raise ValueError(msg)
    return value


def _count(value: object) -> int:
    if type(value) is not int or not 0 <= value < SIZE_LIMIT:
        msg = "the value is no count"
        raise ValueError(msg)
    return value


def _hash(value: object) -> bytes:
    return read_hash(_text(value))
