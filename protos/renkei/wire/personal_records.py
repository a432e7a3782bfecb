"""A person's own records."""

from collections.abc import Sequence
from typing import Protocol

from renkei.linkage.v1 import record_pb2 as pb2
from renkei.personal_records import PersonalRecords, ShownRecord
from renkei.wire.exchange_records import record_of, write_exchange_record
from renkei.wire.times import read_time, write_time


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
            written_at=read_time(one, "written_at"),
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
        record=write_exchange_record(record_of(shown.content)),
        content=shown.content,
        salt=shown.salt,
        previous=shown.previous,
        leaf=shown.leaf,
        written_at=write_time(shown.written_at),
        proof=shown.proof,
    )
