"""The files of a PostgreSQL server, read as by one who holds a seat's keys.

What was deleted stays in them: in dead rows, and in the write-ahead log. So each locked value that
lies there is opened if its key is still at rest, whether the database tells of it or not; what a
party can open it knows. The server itself may know nothing: what lies in its files in the clear is
a finding, whoever put it there.

The log's pages are joined, so that no page's head cuts a value. Limits: of a value that is stored
in several pieces (over two kilobytes) the first is read; a log that the server compresses cannot be
read, and is refused. Fidelity: invented.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

from renkei_server.store.engine.boxes import NONCE_BYTES
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.key_ring import HEAD, MARK, NONCE, KeyRing
from renkei_server.store.engine.sealing import sealing_key
from renkei_simulators.world.definition import WorldError

SERVER: Final = "postgresql"
"""The server as a party."""

_LOG: Final = "pg_wal"
_TABLES: Final = "base"
_PAGE: Final = 8192
_HEAD, _LONG_HEAD, _IS_LONG = 24, 40, 0x02
_FIRST_BLOCK: Final = (2).to_bytes(4)
"""In GCM the first counter block encrypts the tag, the second the value."""
_ID_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class SeatKeys:
    """What one seat has at rest: the keys of its ring, and that of its store."""

    tag: bytes
    ring: Mapping[int, bytes] = field(repr=False)
    store: bytes = field(repr=False)

    @classmethod
    def load(cls, ring: Path, store: bytes) -> "SeatKeys":
        """Read the ring beside the store's key. Raises STORE_KEYS_MISSING or STORE_KEYS_DAMAGED."""
        keys = KeyRing(ring, read_only=True)
        try:
            return cls(keys.tag, keys.all(), sealing_key(store))
        finally:
            keys.close()


def require_own(connection: Connection, data: Path) -> None:
    """Raise WorldError unless the folder is that of the database's server, and can be read."""
    driver = connection.driver
    (told,) = driver.execute("SELECT system_identifier FROM pg_control_system()").fetchone()
    (compressed,) = driver.execute("SHOW wal_compression").fetchone()
    control = data / "global" / "pg_control"
    if not control.is_file():
        msg = f"{data} is no data folder of a PostgreSQL server"
        raise WorldError(msg, f"{data}はPostgreSQLサーバーのデータフォルダーではありません。")
    if int.from_bytes(control.read_bytes()[:_ID_BYTES], "little") != int(told) % (1 << 64):
        msg = f"{data} is the data folder of another PostgreSQL server than the world's"
        raise WorldError(
            msg, f"{data}は、この世界のものとは別のPostgreSQLサーバーのデータフォルダーです。"
        )
    if compressed != "off":
        msg = "the PostgreSQL server compresses its log, which cannot be searched then"
        raise WorldError(msg, "PostgreSQLサーバーがログを圧縮しているため、検索できません。")


def files(data: Path) -> tuple[Path, ...]:
    """Every file of the server's that may hold something of a table's, and its own log lines."""
    folders = (data / _TABLES, data / _LOG, data / "log")
    return tuple(sorted(one for folder in folders for one in folder.rglob("*") if one.is_file()))


def opened(data: Path, seats: Mapping[str, SeatKeys]) -> dict[str, Sequence[bytes]]:
    """By seat, what its keys open of all that ever was written and lies in the files still."""
    by_tag = {keys.tag: seat for seat, keys in seats.items()}
    longest: dict[tuple[str, int], bytes] = {}
    for passage in _passages(data):
        for tag, number, locked in _locked(passage):
            seat = by_tag.get(tag)
            if seat is not None and number in seats[seat].ring:
                known = longest.get((seat, number), b"")
                longest[seat, number] = max(known, locked, key=len)
    told: dict[str, list[bytes]] = {seat: [] for seat in seats}
    for (seat, number), locked in longest.items():
        keys = seats[seat]
        value = _read(keys.ring[number], NONCE, locked)
        told[seat] += [value, _read(keys.store, value[:NONCE_BYTES], value[NONCE_BYTES:])]
    return {seat: tuple(values) for seat, values in told.items()}


def _passages(data: Path) -> Iterator[bytes]:
    """The contents of the tables' files, and that of the log, its pages joined."""
    for file in files(data):
        if not file.is_relative_to(data / _LOG):
            yield file.read_bytes()
    segments = sorted(one for one in (data / _LOG).iterdir() if one.is_file())
    yield b"".join(_joined(one.read_bytes()) for one in segments)


def _joined(segment: bytes) -> bytes:
    pages = (segment[at : at + _PAGE] for at in range(0, len(segment), _PAGE))
    return b"".join(page[_LONG_HEAD if page[2] & _IS_LONG else _HEAD :] for page in pages)


def _locked(passage: bytes) -> Iterator[tuple[bytes, int, bytes]]:
    """Each locked value: its ring's tag, its key's number, and what is locked, or the first of it."""
    at = passage.find(MARK)
    while at >= 0:
        end = at + _length(passage, at)
        if end - at > HEAD.size:
            _, tag, number = HEAD.unpack_from(passage, at)
            yield tag, number, passage[at + HEAD.size : end]
        at = passage.find(MARK, at + 1)


def _length(passage: bytes, at: int) -> int:
    """How long the value is that begins there, by PostgreSQL's own head before it."""
    left = min(_PAGE, len(passage) - at)
    if at >= 1 and passage[at - 1] & 1:
        told = (passage[at - 1] >> 1) - 1
    elif at >= 4:
        told = (int.from_bytes(passage[at - 4 : at], "little") >> 2) - 4
    else:
        told = left
    return told if HEAD.size < told <= left else left


def _read(key: bytes, nonce: bytes, closed: bytes) -> bytes:
    """What AES-GCM closed, as far as it is there; whether it was altered nobody asks."""
    if len(nonce) < NONCE_BYTES:
        return b""
    return Cipher(AES(key), CTR(nonce + _FIRST_BLOCK)).decryptor().update(closed)
