"""Sums of the digests of what files hold, so that two files are compared without reading them.

A record belongs to a set and in it to a bucket. Of each bucket there is one row: how many records
are in it, and a sum of each kind of digest that they have. It is written in the transaction that
changes the record, by the file itself (`FileForm`), so nobody can forget it. All of it is sealed: a
bucket of one record would let anybody with the disk try who it is, and so would that it is there.

The sum is no proof against who chooses records so that sums agree: both ends are honest, and
compare in order to find mistakes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from struct import Struct
from typing import Final, Generic, TypeVar

from sqlalchemy import bindparam, delete, insert, select, update

from renkei_server.store.engine.codecs import Codec
from renkei_server.store.engine.columns import blind, sealed, table, text
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.sealing import Sealer

R = TypeVar("R")

DIGEST_BYTES: Final = 32
_MODULUS: Final = 1 << 8 * DIGEST_BYTES
_HEAD: Final = Struct(">Hi")


@dataclass(frozen=True, slots=True)
class Share:
    """What one record gives: to a bucket of a set, its digests; an empty one gives nothing."""

    of: str
    bucket: int
    digests: tuple[bytes, ...] = field(repr=False)

    @property
    def place(self) -> tuple[str, int]:
        """The bucket in its set."""
        return self.of, self.bucket


@dataclass(frozen=True, slots=True)
class Bucket:
    """What the records of one bucket come to."""

    number: int
    records: int = 0
    sums: tuple[int, ...] = field(default=(), repr=False)

    def sum_of(self, kind: int) -> bytes:
        """The sum of one kind of digest."""
        return (self.sums[kind] if kind < len(self.sums) else 0).to_bytes(DIGEST_BYTES)

    def plus(self, records: int, sums: Iterable[int]) -> "Bucket":
        """With so many records more, or less, and what their digests sum up to."""
        pairs = zip_longest(self.sums, sums, fillvalue=0)
        added = tuple((one + other) % _MODULUS for one, other in pairs)
        return Bucket(self.number, self.records + records, added)


class Tally:
    """What some changes of records come to, bucket by bucket."""

    def __init__(self) -> None:
        self.buckets: dict[tuple[str, int], Bucket] = {}

    def add(self, share: Share | None, sign: int = 1) -> None:
        """One record more or, where the sign is -1, one less; None is in no set."""
        if share is not None:
            digests = (sign * int.from_bytes(one) for one in share.digests)
            before = self.buckets.get(share.place) or Bucket(share.bucket)
            self.buckets[share.place] = before.plus(sign, digests)


def _write(bucket: Bucket) -> bytes:
    sums = (one.to_bytes(DIGEST_BYTES) for one in bucket.sums)
    return _HEAD.pack(bucket.number, bucket.records) + b"".join(sums)


def _read(told: bytes) -> Bucket:
    number, records = _HEAD.unpack_from(told)
    sums = range(_HEAD.size, len(told), DIGEST_BYTES)
    each = (int.from_bytes(told[first : first + DIGEST_BYTES]) for first in sums)
    return Bucket(number, records, tuple(each))


class SumsForm(Generic[R]):
    """The sums of one file's records, or of several files that share them."""

    def __init__(self, name: str, share_of: Callable[[R], Share | None]) -> None:
        """`share_of`: what a record gives; None for one that is in no set."""
        held = table(
            name,
            blind("bucket", primary_key=True),
            text("of", index=True),
            sealed("content", Codec(_write, _read)),
        )
        self.tables = (held,)
        self._share_of = share_of
        the_bucket = held.c.bucket == bindparam("in")
        self._find = Guarded(select(held.c.content).where(the_bucket))
        self._of_set = Guarded(select(held.c.content).where(held.c.of == bindparam("set")))
        self._first = Guarded(insert(held))
        self._next = Guarded(update(held).where(the_bucket), ("content",))
        self._empty = Guarded(delete(held).where(the_bucket))

    def change(self, connection: Connection, sealer: Sealer, was: R | None, now: R | None) -> None:
        """A record that was this is that from now on; None: it is in the file no more or not yet."""
        before = self._share_of(was) if was is not None else None
        after = self._share_of(now) if now is not None else None
        if before != after:
            tally = Tally()
            tally.add(before, -1)
            tally.add(after)
            self.write(connection, sealer, tally)

    def counted(self, records: Iterable[R], tally: Tally) -> Iterator[R]:
        """Records on their way into a file, which are added to a tally as they pass."""
        for record in records:
            tally.add(self._share_of(record))
            yield record

    def write(self, connection: Connection, sealer: Sealer, tally: Tally) -> None:
        """Add a tally to what is there."""
        for (of, number), more in tally.buckets.items():
            name = f"{of}/{number}"
            found: Bucket | None = self._find.value(connection, sealer, {"in": name})
            bucket = (found or Bucket(number)).plus(more.records, more.sums)
            if found is None:
                row = {"bucket": name, "of": of, "content": bucket}
                self._first.run(connection, sealer, row)
            elif bucket.records:
                self._next.run(connection, sealer, {"in": name, "content": bucket})
            else:
                self._empty.run(connection, sealer, {"in": name})

    def of(self, connection: Connection, sealer: Sealer, name: str) -> Mapping[int, Bucket]:
        """The buckets of a set that anything is in, by their numbers, in order."""
        found = self._of_set.run(connection, sealer, {"set": name}).fetchall()
        buckets = (bucket for (bucket,) in found)
        return {one.number: one for one in sorted(buckets, key=lambda one: one.number)}
