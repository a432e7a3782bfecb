"""A person's own records of exchanges, as the information provision network tells them (F2.11).

Each record comes with what proves it (invented): the very bytes that are in the network's log, and
the way from them to the log's signed head. What a record says is read from those bytes alone; the
readable form that travels beside them is for people and is never believed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from renkei import wire
from renkei.exchange_records import ExchangeRecord, write_exchange_record
from renkei.linkage.v1 import record_pb2 as pb2

AT_ONCE = 500
"""So many records are told at once at most."""


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """One record that is shown to its person, and what proves it; `leaf` is its place in the log."""

    number: int
    leaf: int
    written_at: datetime
    previous: bytes
    """The leaf hash of the person's shown record before it; empty for the first."""
    salt: bytes = field(repr=False)
    content: bytes = field(repr=False)
    proof: tuple[bytes, ...] = field(repr=False)

    @property
    def record(self) -> ExchangeRecord:
        """What the content says. Raises ValueError where it is no record of an exchange."""
        return ExchangeRecord.parse(self.content)


@dataclass(frozen=True, slots=True)
class PersonalRecords:
    """Some of a person's records under one head: those with the number `first` and higher ones."""

    head: str
    shown: int
    """How many are shown to this person in all."""
    first: int
    records: tuple[ShownRecord, ...]


class _TellsRecords(Protocol):
    """A response that tells a person's records."""

    @property
    def head(self) -> str: ...

    @property
    def shown(self) -> int: ...

    @property
    def records(self) -> Sequence[pb2.ShownRecord]: ...


def read_personal_records(told: _TellsRecords, first: int) -> PersonalRecords:
    """Read records that were asked for from a number on; raises FIELD_MISSING.

    Nothing is judged here: that is for whoever has the network's public key.
    """
    records = tuple(
        ShownRecord(
            number=one.number,
            leaf=one.leaf,
            written_at=wire.read_time(one, "written_at"),
            previous=one.previous,
            salt=one.salt,
            content=one.content,
            proof=tuple(one.proof),
        )
        for one in told.records
    )
    return PersonalRecords(told.head, told.shown, max(first, 1), records)


def write_shown_record(shown: ShownRecord) -> pb2.ShownRecord:
    """Write a record. Raises ValueError where its content is no record of an exchange."""
    return pb2.ShownRecord(
        number=shown.number,
        record=write_exchange_record(shown.record),
        content=shown.content,
        salt=shown.salt,
        previous=shown.previous,
        leaf=shown.leaf,
        written_at=wire.write_time(shown.written_at),
        proof=shown.proof,
    )
