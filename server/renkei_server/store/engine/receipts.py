"""Receipts: what makes a repeated request a question and not a second deed.

A receipt is written in the transaction of what the request did, under a keyed hash of its caller,
method and id. It holds the key of the row that the request made, from which a repeat is answered,
and two digests, by which other content under the same id is refused:

- a lasting one of what the seat keeps for good. Its key lies beside the store, so nothing else
  that could be guessed is in it.
- one of the whole request under a key that the running seat has in memory alone. Once that has
  ended nobody can guess by it, and what it alone told apart is answered as the first time.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from typing import Final

from sqlalchemy import bindparam, insert, select

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.store.engine.columns import FOUND_BY_KEY_ALONE, raw, table, text
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.run_digests import RunDigests, SeatRun
from renkei_server.store.engine.sealing import Sealer

_RECEIPTS = table(
    "receipts",
    raw("key", primary_key=True),
    raw("kept", optional=True),
    raw("run"),
    raw("whole"),
    text("made"),
    **FOUND_BY_KEY_ALONE,
)

TABLES = (_RECEIPTS,)

_KEEP = Prepared(insert(_RECEIPTS))
_FIND = Prepared(
    select(_RECEIPTS.c.kept, _RECEIPTS.c.run, _RECEIPTS.c.whole, _RECEIPTS.c.made).where(
        _RECEIPTS.c.key == bindparam("of")
    )
)

_COVERS_BYTES: Final = 4


@dataclass(frozen=True, slots=True)
class Lasting:
    """What of a request the seat keeps for good: which of its fields these are, and their bytes."""

    fields: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Receipt:
    """One request that changes something: whose it is, and what tells it from others."""

    caller: str
    method: str
    request_id: str
    key: bytes = field(repr=False)
    kept: bytes | None = field(repr=False)
    run: bytes = field(repr=False)
    whole: bytes = field(repr=False)

    def values(self, made: str) -> dict[str, object]:
        """The receipt as its row is told."""
        return {
            "key": self.key,
            "kept": self.kept,
            "run": self.run,
            "whole": self.whole,
            "made": made,
        }

    def is_of_another(self, kept: bytes | None, run: bytes, whole: bytes) -> bool:
        """Whether the receipt that lies under its key is of a request with other content."""
        if kept and self.kept and kept != self.kept and _covers(kept) == _covers(self.kept):
            return True
        return run == self.run and whole != self.whole


class Receipts:
    """Makes the receipts of one seat, for as long as it runs."""

    def __init__(self, sealer: Sealer, run: SeatRun) -> None:
        self._sealer = sealer
        self.digests = RunDigests(run)

    def receipt(
        self, caller: str, method: str, request_id: str, *, lasting: Lasting | None, whole: bytes
    ) -> Receipt:
        """The receipt of a request: what of it is kept for good, if anything, and all it asks."""
        key = key_of(self._sealer, caller, method, request_id)
        return Receipt(
            caller,
            method,
            request_id,
            key=key,
            kept=None if lasting is None else self._kept(key, lasting),
            run=self.digests.run,
            whole=self.digests.of(key + whole),
        )

    def _kept(self, key: bytes, lasting: Lasting) -> bytes:
        """It begins with what it covers: a later version of the contract may mark other fields."""
        digest = self._sealer.short_hash(b"receipt kept", key + lasting.content)
        return _named_shortly(lasting.fields) + digest


def key_of(sealer: Sealer, caller: str, method: str, request_id: str) -> bytes:
    """Under what the receipt of a request lies."""
    return sealer.short_hash(b"receipt", "\0".join((caller, method, request_id)).encode())


def once(connection: Connection, receipt: Receipt, deed: Callable[[], str]) -> str:
    """Do the deed unless this request did it before; return the key of the row it made.

    Raises REQUEST_ID_REUSED where the same request id came with other content. At first it is
    done without a look: where it had been done before the key of its receipt is taken.
    """
    assumed = connection.assume_new()
    made = None if assumed else find(connection, receipt)
    if made is None:
        try:
            made = deed()
        except Refusal:
            if assumed and find(connection, receipt) is None:
                connection.knows_new()
            raise
        _KEEP.put_off(connection, receipt.values(made))
    return made


def find(connection: Connection, receipt: Receipt) -> str | None:
    """The key of the row that this request made before, or None.

    Raises REQUEST_ID_REUSED where the same request id came with other content.
    """
    row = _FIND.run(connection, {"of": receipt.key}).fetchone()
    if row is None:
        return None
    kept, run, whole, made = row
    if receipt.is_of_another(kept, run, whole):
        raise Refusal(reasons.REQUEST_ID_REUSED, "", "request_id")
    return str(made)


def _covers(kept: bytes) -> bytes:
    return kept[:_COVERS_BYTES]


@cache
def _named_shortly(fields: str) -> bytes:
    return sha256(fields.encode()).digest()[:_COVERS_BYTES]
