"""Guessing: what a party could find out by trying, with every key that it has at rest.

A keyed hash hides nothing from whoever holds its key: twelve digits are tried in a day, a list of
persons in a moment. So the audit tries, of each value that can be guessed and that the party must
not know, or no longer, every hash that the product makes or ever made of one value, and the plain
ones of each key. Values of 128 random bits are not tried. Fidelity: invented.
"""

import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import LargeBinary, MetaData

from renkei_server.store.engine.columns import Blind
from renkei_simulators.separation.knowledge import Kind, forbidden

GUESSABLE: Final = frozenset(Kind) - {
    Kind.PROCESSING_SERIAL,
    Kind.LINK_ID,
    Kind.LINKAGE_CODE,
    Kind.CARD_SERIAL,
}
"""What is not drawn from so many that nobody tries them."""

SHOWN_BYTES: Final = 10
"""So much of a hash tells it from whatever else lies in a file; some are cut to sixteen."""

_INDEX, _SHORT = b"renkei store blind index", b"renkei store short hash"
_SHORT_BYTES: Final = 16
PURPOSES: Final = (b"request", b"receipt", b"receipt kept")
"""For what contents are digested, now or in older versions."""


def tried(role: str, kind: Kind) -> bool:
    """Whether values of this kind are tried with a role's keys."""
    return kind in GUESSABLE and forbidden(role, kind, in_log_line=False)


@dataclass(frozen=True, slots=True)
class Key:
    """A key that lies in a file of its party's, and what a store derives from such a one."""

    file: str
    plain: bytes = field(repr=False)
    index: bytes = field(repr=False)
    short: bytes = field(repr=False)

    @classmethod
    def of(cls, file: str, plain: bytes) -> "Key":
        """A key as it lies there."""
        return cls(file, plain, _derived(plain, _INDEX), _derived(plain, _SHORT))

    def blind(self, place: bytes, value: bytes) -> bytes:
        """The hash by which a value is found in a column, or a digest of older versions."""
        return hmac.digest(self.index, place + b"\0" + value, "sha256")

    def short_hash(self, purpose: bytes, value: bytes) -> bytes:
        """A store's short hash."""
        return blake2b(value, digest_size=_SHORT_BYTES, key=self.short, person=purpose).digest()


@dataclass(frozen=True, slots=True)
class Guesser:
    """Tries values with a party's keys, as its tables and receipts would hash them."""

    keys: tuple[Key, ...]
    places: tuple[bytes, ...] = ()
    """The columns in which a hash may lie."""

    @classmethod
    def of(cls, keys: Iterable[Key], metadata: MetaData) -> "Guesser":
        """Who has these keys, and tables that are so declared."""
        places = (
            f"{table.name}.{column.name}".encode()
            for table in metadata.sorted_tables
            for column in table.columns
            if isinstance(column.type, Blind | LargeBinary)
        )
        return cls(tuple(keys), tuple(places))

    def hashes(self, value: bytes) -> Iterator[tuple[str, bytes]]:
        """Every hash of one value, with what it is."""
        for key in self.keys:
            for place in self.places:
                yield f"blind hash in {place.decode()} by {key.file}", key.blind(place, value)
        yield from self.digests(value)

    def digests(self, content: bytes) -> Iterator[tuple[str, bytes]]:
        """Every digest of a whole content, likewise."""
        for key in self.keys:
            for purpose in PURPOSES:
                told = f"for a {purpose.decode()} by {key.file}"
                yield f"digest {told}", key.blind(purpose, content)
                yield f"short digest {told}", key.short_hash(purpose, content)
            yield f"HMAC by {key.file}", hmac.digest(key.plain, content, "sha256")


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), len(key), salt=None, info=purpose).derive(key)
