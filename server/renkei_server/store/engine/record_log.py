"""Records of provision (情報提供等記録, article 23) in a log that shows when it was altered.

Each party keeps one (F2.10). A record is a leaf of a Merkle tree (`renkei_pki.merkle`) as
`renkei_pki.log_export` makes it; a signed head binds the party to all of them (invented).

- A record is written in the transaction of what it records, and its disclosure is final.
  Of two writers at once one finds its leaf's number taken, and nothing of it remains.
- Content, salt and place are sealed in one value; a person's are found by a blind index.
- A person's shown records are numbered (`record_places`).
- Erasing empties that value and the index; hash, commitment and time stay, so that what is
  younger can still be proved.
- The tree's right edge is kept in memory from commit to commit, and written once a commit.
- A row holds, after its own hash, those of the subtrees that it made whole: an append
  writes one row, and a proof reads a row for each of its hashes, about two log2(size) at most.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from itertools import islice

from cryptography.exceptions import InvalidTag
from sqlalchemy import bindparam, insert, select, update

from renkei.personal_records import AT_ONCE, PersonalRecords, ShownRecord
from renkei_pki import merkle
from renkei_pki.identity import Identity
from renkei_pki.log_export import (
    NO_HASH,
    SALT_BYTES,
    Body,
    Entry,
    Erased,
    Place,
    Whole,
    hash_of,
    write_head,
)
from renkei_pki.log_heads import Head, SignedHead, read_moment, write_moment
from renkei_pki.merkle import HASH_BYTES, Frontier
from renkei_pki.signing import SigningKey
from renkei_server.domain.world import Ids
from renkei_server.store.engine import record_places
from renkei_server.store.engine.codecs import Codec
from renkei_server.store.engine.columns import (
    blind,
    counted_number,
    long_number,
    number,
    raw,
    sealed,
    table,
    text,
)
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.prepared import Prepared, one
from renkei_server.store.engine.record_places import Places
from renkei_server.store.engine.sealing import Sealer, place_of

_NUMBER_BYTES = 8
_ONLY = 1


def _packed(record: Whole) -> bytes:
    number = record.place.number.to_bytes(_NUMBER_BYTES)
    return record.salt + number + record.place.previous + record.content


def _unpacked(value: bytes) -> Whole:
    number_at = SALT_BYTES
    previous_at = number_at + _NUMBER_BYTES
    content_at = previous_at + len(NO_HASH)
    number = int.from_bytes(value[number_at:previous_at])
    return Whole(
        Place(number, value[previous_at:content_at]), value[:SALT_BYTES], value[content_at:]
    )


_RECORDS = table(
    "record_log",
    counted_number("leaf"),
    text("at", index=True),
    raw("commitment"),
    raw("hashes"),
    blind("person_index", optional=True, index=True),
    sealed("record", Codec(_packed, _unpacked), optional=True),
)

_FRONTIER = table(
    "record_log_frontier",
    number("only", primary_key=True),
    long_number("size"),
    raw("edge"),
)

TABLES = (_RECORDS, _FRONTIER, *record_places.TABLES)

_APPEND = Guarded(insert(_RECORDS))
_OF_PERSON = Guarded(
    select(_RECORDS.c.leaf, _RECORDS.c.at, _RECORDS.c.record, _RECORDS.c.hashes)
    .where(_RECORDS.c.person_index == bindparam("of"))
    .order_by(_RECORDS.c.leaf)
)
_HASHES = Prepared(select(_RECORDS.c.hashes).where(_RECORDS.c.leaf == bindparam("of")))
_IS_OLDER = (_RECORDS.c.at < bindparam("before"), _RECORDS.c.record.is_not(None))
_ANY_OLDER = Prepared(select(_RECORDS.c.leaf).where(*_IS_OLDER).limit(1))
_ERASE_OLDER = Prepared(
    update(_RECORDS)
    .where(*_IS_OLDER)
    .values(record=None, person_index=None)
    .returning(_RECORDS.c.leaf)
)
_FIND_FRONTIER = Prepared(select(_FRONTIER.c.size, _FRONTIER.c.edge))
_FIRST_FRONTIER = Prepared(insert(_FRONTIER))
_NEXT_FRONTIER = Prepared(update(_FRONTIER).values(size=bindparam("now"), edge=bindparam("edged")))


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it is found again; `place` numbers it among those shown to its person."""

    leaf: int
    at: datetime
    hash: bytes
    place: Place
    content: bytes = field(repr=False)


class RecordLog:
    """The log of one party, which its heads name as their origin."""

    def __init__(self, sealer: Sealer, ids: Ids, origin: Identity) -> None:
        self._sealer = sealer
        self._ids = ids
        self._origin = origin
        self._places = Places(sealer)

    def append(
        self,
        connection: Connection,
        content: bytes,
        *,
        person: bytes,
        shown: bool,
        at: datetime,
    ) -> int:
        """Add a record about the person with this key; return its leaf's index, from 0.

        Raises ValueError for an empty key or a moment without a zone.
        """
        if not person:
            msg = "a record concerns somebody"
            raise ValueError(msg)
        frontier = self.frontier(connection)
        place = self._places.next(connection, person) if shown else Place()
        record = Whole(place, self._ids.random_bytes(SALT_BYTES), content)
        commitment = record.commitment
        leaf = hash_of(at, commitment)
        if shown:
            self._places.keep(connection, person, place, leaf)
        values = {
            "leaf": frontier.size,
            "at": write_moment(at),
            "commitment": commitment,
            "hashes": b"".join(frontier.completed(leaf)),
            "person_index": person,
            "record": record,
        }
        _APPEND.put_off(connection, self._sealer, values)
        _keep_frontier(connection, frontier.appended(leaf))
        return frontier.size

    def concerning(self, connection: Connection, person: bytes) -> list[Record]:
        """Every record about the person that is still kept, oldest first.

        Raises InvalidTag for one that is damaged.
        """
        return [
            Record(leaf=leaf, at=at, hash=hashed, place=whole.place, content=whole.content)
            for leaf, at, whole, hashed in self._of(connection, person)
        ]

    def shown_to(self, connection: Connection, person: bytes) -> list[Record]:
        """The records that the person is shown (F2.11), oldest first; the numbers have no hole."""
        return [one for one in self.concerning(connection, person) if one.place.number]

    def told(
        self, connection: Connection, person: bytes, signed: SignedHead, first: int
    ) -> PersonalRecords:
        """What the person is told under a head: shown records from a number on, and their proofs.

        How many are shown comes from the counter, which counts those that were erased too.
        """
        nodes = cache(_nodes(connection))  # the proofs have most of their upper ones in common
        told = (one for one in self._of(connection, person) if one[2].place.number >= max(first, 1))
        records = tuple(
            ShownRecord(
                number=whole.place.number,
                leaf=leaf,
                written_at=at,
                previous=b"" if whole.place.previous == NO_HASH else whole.place.previous,
                salt=whole.salt,
                content=whole.content,
                proof=merkle.inclusion_proof(nodes, leaf, signed.head.size),
            )
            for leaf, at, whole, _ in islice(told, AT_ONCE)
        )
        counted = self._places.next(connection, person).number - 1
        return PersonalRecords(signed.text, counted, max(first, 1), records)

    def any_older(self, connection: Connection, before: datetime) -> bool:
        """Whether a record from before a moment has not been erased yet."""
        return _ANY_OLDER.value(connection, {"before": write_moment(before)}) is not None

    def erase_older(self, connection: Connection, before: datetime) -> int:
        """Empty the records from before a moment, but for what proves the rest; count them."""
        erased = _ERASE_OLDER.run(connection, {"before": write_moment(before)})
        return len(list(erased.fetchall()))

    def frontier(self, connection: Connection) -> Frontier:
        """The right edge of the tree as it is now."""
        kept: Frontier | None = connection.recall(_FRONTIER)
        if kept is not None:
            return kept
        row = _FIND_FRONTIER.run(connection, {}).fetchone()
        return Frontier() if row is None else Frontier.parse(*row)

    def head(self, connection: Connection, key: SigningKey, *, at: datetime) -> SignedHead:
        """The log as it is now, signed by its key at a moment of the world's time."""
        frontier = self.frontier(connection)
        return Head(self._origin, frontier.size, frontier.root, at).signed(key)

    def inclusion(self, connection: Connection, leaf: int, size: int) -> tuple[bytes, ...]:
        """The proof that the log of this size holds the leaf.

        Raises ValueError where there is no such leaf, LookupError where there is no such size.
        """
        return merkle.inclusion_proof(_nodes(connection), leaf, size)

    def consistency(self, connection: Connection, old: int, new: int) -> tuple[bytes, ...]:
        """The proof that the log of `new` leaves begins with that of `old`.

        Raises ValueError where old is the larger, LookupError where there is no such size.
        """
        return merkle.consistency_proof(_nodes(connection), old, new)

    def export(
        self, connection: Connection, signed: SignedHead, *, contents: bool = True
    ) -> Iterator[str]:
        """The lines of an export of all that the head stands for, with or without contents.

        They are read as they are taken, within the transaction that is open.
        A record that cannot be opened any more is written as erased: the check judges when.
        """
        yield write_head(signed)
        found = connection.execute(
            select(_RECORDS)
            .where(_RECORDS.c.leaf < signed.head.size)
            .order_by(_RECORDS.c.leaf)
            .execution_options(yield_per=1_000)
        )
        for row in found:
            body = self._body(connection, row.record, row.commitment)
            if isinstance(body, Whole) and not contents:
                body = body.withheld
            yield Entry(row.leaf, read_moment(row.at), row.hashes[:HASH_BYTES], body).line

    def _of(
        self, connection: Connection, person: bytes
    ) -> Iterator[tuple[int, datetime, Whole, bytes]]:
        """Leaf, moment, record and leaf hash of all that is kept about a person, oldest first."""
        found = _OF_PERSON.run(connection, self._sealer, {"of": person})
        for leaf, at, whole, hashes in found.fetchall():
            if whole is None:
                raise InvalidTag
            yield leaf, read_moment(at), whole, hashes[:HASH_BYTES]

    def _body(self, connection: Connection, sealed: bytes | None, commitment: bytes) -> Body:
        if sealed is not None:
            try:
                closed = connection.unlock(sealed, place_of(_RECORDS.c.record))
                return _unpacked(self._sealer.open(_RECORDS.c.record, closed))
            except InvalidTag:
                pass
        return Erased(commitment)


def _keep_frontier(connection: Connection, frontier: Frontier) -> None:
    """Hold it in memory until the commit, which writes the last one alone."""
    if frontier.size == 1:
        _FIRST_FRONTIER.run(connection, {"only": _ONLY, "size": 0, "edge": b""})
    connection.keep(_FRONTIER, frontier)
    connection.write_at_end(_FRONTIER, partial(_write_frontier, connection, frontier))


def _write_frontier(connection: Connection, frontier: Frontier) -> None:
    _NEXT_FRONTIER.run(connection, {"now": frontier.size, "edged": frontier.packed})


def _nodes(connection: Connection) -> merkle.Nodes:
    """Each subtree's root stands in the row of its last leaf, at its level."""

    def find(level: int, index: int) -> bytes:
        last = ((index + 1) << level) - 1
        (hashes,) = one(_HASHES.run(connection, {"of": last}))
        return merkle.unpacked(hashes)[level]

    return find
