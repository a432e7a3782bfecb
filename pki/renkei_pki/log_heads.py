"""The signed head of a record log: what a party cannot take back once somebody has it.

A head says how many records a party's log had at a moment of the world's time, and the
one hash that stands for them all. It is six lines of text that can be printed or mailed,
and that anybody checks with the log's public key (invented; the tree is that of `merkle`):

    renkei record log head 1
    origin: spiffe://linkage.renkei.test/131148/middle-server
    size: 3
    root: 64 hexadecimal digits
    time: 2026-11-23T12:00:00Z
    signature: base64 of an ECDSA P-256 signature (DER, SHA-256) of the five lines above

What is signed ends each line with a single line feed, however the text travelled.
"""

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Self

from renkei.refusals import Refusal
from renkei_pki.identity import Identity
from renkei_pki.merkle import HASH_BYTES, SIZE_LIMIT
from renkei_pki.signing import SigningKey, VerifyingKey

_TITLE = "renkei record log head 1"
_FIELDS = ("origin", "size", "root", "time", "signature")
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"


def write_moment(moment: datetime) -> str:
    """A moment with its zone, as UTC text of twenty characters; parts of a second are dropped."""
    if moment.tzinfo is None:
        msg = "the moment has no time zone"
        raise ValueError(msg)
    return moment.astimezone(UTC).strftime(_MOMENT)


def read_moment(text: str) -> datetime:
    """Raise ValueError unless text is a moment in its one written form."""
    moment = datetime.strptime(text, _MOMENT).replace(tzinfo=UTC)
    if write_moment(moment) != text:
        msg = "the moment is not in its one form"
        raise ValueError(msg)
    return moment


def read_hash(text: str) -> bytes:
    """Raise ValueError unless text is a hash, as 64 hexadecimal digits in lower case."""
    value = bytes.fromhex(text)
    if len(value) != HASH_BYTES or value.hex() != text:
        msg = "the hash is not in its one form"
        raise ValueError(msg)
    return value


@dataclass(frozen=True, slots=True)
class Head:
    """A log at a moment: whose, how many leaves, their root, and when in the world's time."""

    origin: Identity
    size: int
    root: bytes
    at: datetime

    @property
    def message(self) -> str:
        """What is signed."""
        return (
            f"{_TITLE}\norigin: {self.origin}\nsize: {self.size}\n"
            f"root: {self.root.hex()}\ntime: {write_moment(self.at)}\n"
        )

    def signed(self, key: SigningKey) -> "SignedHead":
        """The head with its signature."""
        return SignedHead(self, key.sign(self.message.encode()))


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head and the signature of the log's key."""

    head: Head
    signature: bytes = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raise ValueError unless text is a signed head; whether it was signed is for `verify`."""
        title, *lines = [line.strip() for line in text.strip().splitlines()] or [""]
        names = [line.partition(": ")[0] for line in lines]
        if title != _TITLE or names != list(_FIELDS):
            msg = "this is no signed head of a record log"
            raise ValueError(msg)
        origin, size, root, moment, signature = (line.partition(": ")[2] for line in lines)
        head = Head(_read_origin(origin), _read_size(size), read_hash(root), read_moment(moment))
        return cls(head, base64.b64decode(signature, validate=True))

    @property
    def text(self) -> str:
        """The six lines."""
        return f"{self.head.message}signature: {base64.b64encode(self.signature).decode()}\n"

    def verify(self, key: VerifyingKey) -> bool:
        """Whether the key's owner signed this head."""
        return key.verify(self.signature, self.head.message.encode())


def _read_origin(text: str) -> Identity:
    try:
        return Identity.parse(text)
    except Refusal as refusal:
        msg = "the origin is no identity"
        raise ValueError(msg) from refusal


def _read_size(text: str) -> int:
    size = int(text)
    if str(size) != text or not 0 <= size < SIZE_LIMIT:
        msg = "the size is not in its one form"
        raise ValueError(msg)
    return size
