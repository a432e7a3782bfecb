"""The least that an inquiry at its provider could take: its cryptography and one lean transaction.

A bare handler of bytes; four reads by key and one row with the bytes that ours writes, by the
driver itself.
"""

import itertools
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import renkei_pki.tls  # noqa: F401  # isort: skip  # before grpc
import grpc

from renkei.linkage.v1.provision_pb2 import AnnounceExchangeRequest as Request
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity

from .bare import calling, serving
from .cryptography import ITEMS, Cryptography
from .measuring import Call

_RECORD_BYTES = 1_000
"""Receipt, operation, record and provision of ours, together; the answer owed comes on top."""
_READS = 4
_KEYS = 1_000
_REQUESTS = 200


class _Service:
    def __init__(self, database: sqlite3.Connection, keys: Cryptography) -> None:
        self._database = database
        self._keys = keys
        self._turn = itertools.cycle(range(_KEYS - _READS))
        self._record = bytes(_RECORD_BYTES)

    async def announce(self, message: bytes, _context: object) -> bytes:
        keys, run = self._keys, self._database.execute
        request = Request.FromString(message)
        keys.require_signed(request.permit)
        run("BEGIN IMMEDIATE")
        first = next(self._turn)
        for key in range(first, first + _READS):
            (held,) = run("SELECT wrapped, content FROM held WHERE key = ?", (key,)).fetchall()
        items = keys.opened(*held)
        answer = keys.answer(items, request.exchange_id)
        row = keys.sealed_record(self._record) + answer
        run("INSERT INTO written (row) VALUES (?)", (row,))
        run("COMMIT")
        return b""


@asynccontextmanager
async def least(
    folder: Path,
    server: Credentials,
    identity: Identity,
    caller: Credentials,
    *,
    keys: Cryptography,
    requests: Iterator[Request],
) -> AsyncIterator[Call]:
    """Serve; yields an announcement, of bytes that were written beforehand."""
    messages = itertools.cycle([next(requests).SerializeToString() for _ in range(_REQUESTS)])
    with closing(sqlite3.connect(folder / "lean.db", isolation_level=None)) as database:
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL"):
            database.execute(f"PRAGMA {pragma}")
        database.execute("CREATE TABLE held (key INTEGER PRIMARY KEY, wrapped BLOB, content BLOB)")
        database.execute("CREATE TABLE written (number INTEGER PRIMARY KEY, row BLOB)")
        held = [(key, *keys.closed(ITEMS)) for key in range(_KEYS)]
        database.executemany("INSERT INTO held VALUES (?, ?, ?)", held)
        handler = grpc.unary_unary_rpc_method_handler(_Service(database, keys).announce)
        async with (
            serving(server, {"Announce": handler}) as address,
            calling(caller, identity, address, "Announce") as call,
        ):

            async def announce() -> None:
                await call(next(messages))

            yield announce
