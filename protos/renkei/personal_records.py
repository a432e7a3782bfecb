"""A person's own records of exchanges, as the information provision network tells them (F2.11).

Each record comes with what proves it (invented): the very bytes that are in the network's log, and
the way from them to the log's signed head. What a record says is read from those bytes alone; the
readable form that travels beside them is for people and is never believed.
"""

from dataclasses import dataclass, field
from datetime import datetime

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


@dataclass(frozen=True, slots=True)
class PersonalRecords:
    """Some of a person's records under one head: those with the number `first` and higher ones."""

    head: str
    shown: int
    """How many are shown to this person in all."""
    first: int
    records: tuple[ShownRecord, ...]
