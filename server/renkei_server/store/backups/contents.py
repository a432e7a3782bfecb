"""What is in a backup: a head, the rows of each table, the seat's keys, and an end that counts.

It says nothing of the kind of database that it was made from, so it can be restored to another. A
sealed value is in it as it was sealed: the store's key, which opens it, is in it too.
"""

from collections.abc import Iterable, Iterator
from typing import IO, Any, Final, TypeAlias

import msgspec

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.store.backups.sealed_files import BackupKey, SealingWriter, opened

_LENGTH_BYTES: Final = 4


class Head(msgspec.Struct, tag="head", frozen=True):
    """Of what a backup is: world, seat, the form of its store, and both times when it was made."""

    world: str
    seat: str
    form: int
    tables: str
    made_at: str
    """Real time."""
    world_time: str
    rows: int
    """How many rows the store had, those among them that were left out."""


class Rows(msgspec.Struct, tag="rows", frozen=True):
    """Some rows of a table."""

    table: str
    columns: tuple[str, ...]
    rows: list[list[Any]]


class KeyFile(msgspec.Struct, tag="key", frozen=True):
    """A file of the seat's keys, by its path in the seat's folder."""

    path: str
    content: bytes

    def __repr__(self) -> str:
        """Its name alone."""
        return f"KeyFile({self.path!r})"


class End(msgspec.Struct, tag="end", frozen=True):
    """How many rows there are, and what was left out: what is owed to whoever waits for it."""

    rows: int
    owed: dict[str, int]


Part: TypeAlias = Head | Rows | KeyFile | End

_ENCODE = msgspec.msgpack.Encoder().encode
_DECODER: msgspec.msgpack.Decoder[Part] = msgspec.msgpack.Decoder(Part)


def write(file: IO[bytes], key: BackupKey, parts: Iterable[Part]) -> None:
    """Write a backup; the head comes first, and the end last."""
    sealing = SealingWriter(file, key)
    for part in parts:
        told = _ENCODE(part)
        sealing.write(len(told).to_bytes(_LENGTH_BYTES) + told)
    sealing.close()


def read(file: IO[bytes], key: BackupKey) -> Iterator[Part]:
    """The parts of a backup, in bounded memory; it is whole once all of them were taken.

    Raises as `sealed_files.opened` does.
    """
    content, waiting = opened(file, key), bytearray()
    ended = False
    for chunk in content:
        waiting += chunk
        while len(waiting) >= _LENGTH_BYTES:
            until = _LENGTH_BYTES + int.from_bytes(waiting[:_LENGTH_BYTES])
            if len(waiting) < until:
                break
            part = _part(bytes(waiting[_LENGTH_BYTES:until]))
            del waiting[:until]
            ended = isinstance(part, End)
            yield part
    if waiting or not ended:
        raise Refusal(reasons.BACKUP_DAMAGED)


def head_of(file: IO[bytes], key: BackupKey) -> Head:
    """Of what a backup is. Raises as `read` does."""
    first = next(read(file, key), None)
    if not isinstance(first, Head):
        raise Refusal(reasons.BACKUP_UNKNOWN)
    return first


def _part(told: bytes) -> Part:
    try:
        return _DECODER.decode(told)
    except msgspec.DecodeError as error:
        raise Refusal(reasons.BACKUP_UNKNOWN) from error
