"""The file of a ring of keys (`key_ring`): a small SQLite file, its owner's alone.

- What is deleted in it is overwritten (`secure_delete`), and gone from its log once that was
  emptied.
- The seat that opens it last owns it, in all its workers; nobody else alters it from then on.
- A file that is away is an outage, and so is one that is damaged.
"""

import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Final

from renkei import reasons
from renkei.refusals import Refusal

TAG_BYTES: Final = 4

Numbered = tuple[int, bytes]
"""A key, after its number."""

_LOCKED_SECONDS: Final = 5.0
_BESIDE: Final = ("", "-wal", "-shm", "-journal")
_MAKE = """
    CREATE TABLE IF NOT EXISTS keys (number INTEGER PRIMARY KEY AUTOINCREMENT, key BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS ring (only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
        tag BLOB NOT NULL, settled INTEGER NOT NULL, owner BLOB NOT NULL);
"""
_NUMBERS = "SELECT number FROM keys WHERE number > ? AND number <= ?"
_NEXT = "SELECT number, key FROM keys WHERE number > ? AND number <= ? ORDER BY number LIMIT ?"


class RingFile:
    """One such file. What it raises of its own is STORE_KEYS_MISSING, STORE_KEYS_DAMAGED and
    STORE_TAKEN_OVER.
    """

    def __init__(self, path: Path, *, make: bool, read_only: bool, looked_through: bool) -> None:
        """`looked_through` says that it is to be found whole first."""
        self._path = path
        self._lock = Lock()
        if make:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
        self._inode = self._found()
        with _told_as_damage():
            uri = f"file:{path}?mode={'ro' if read_only else 'rw'}"
            self._driver = sqlite3.connect(
                uri,
                uri=True,
                check_same_thread=False,
                isolation_level=None,
                timeout=_LOCKED_SECONDS,
            )
            try:
                self._open(make=make, read_only=read_only, looked_through=looked_through)
            except BaseException:
                self._driver.close()
                raise

    def _open(self, *, make: bool, read_only: bool, looked_through: bool) -> None:
        if not read_only:
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
                self._driver.execute(f"PRAGMA {pragma}").fetchone()
        if make:
            self._driver.executescript(f"BEGIN IMMEDIATE; {_MAKE}")
            tag = os.urandom(TAG_BYTES)
            self._driver.execute("INSERT OR IGNORE INTO ring VALUES (1, ?, 0, x'')", (tag,))
            self._driver.execute("COMMIT")
        if looked_through and self._driver.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise Refusal(reasons.STORE_KEYS_DAMAGED)
        row = self._driver.execute("SELECT tag, settled FROM ring").fetchone()
        if row is None:
            raise Refusal(reasons.STORE_KEYS_DAMAGED)
        self.tag: bytes = row[0]
        self.settled: int = row[1]
        """The last key up to which none was in doubt, as it was when this was opened or settled."""

    # Whose it is

    def own(self, owner: bytes) -> None:
        """Let it be this one's."""
        with self._lock, _told_as_damage():
            self._driver.execute("UPDATE ring SET owner = ?", (owner,))

    def require_own(self, owner: bytes) -> None:
        """Raise STORE_TAKEN_OVER where it is another's."""
        with self._lock, _told_as_damage():
            self._require(owner)

    def _require(self, owner: bytes) -> None:
        (found,) = self._driver.execute("SELECT owner FROM ring").fetchone()
        if found != owner:
            raise Refusal(reasons.STORE_TAKEN_OVER)

    # What is in it

    def key(self, number: int) -> bytes | None:
        """A key, unless it was destroyed."""
        with self._lock, _told_as_damage():
            row = self._driver.execute("SELECT key FROM keys WHERE number = ?", (number,))
            found: tuple[bytes] | None = row.fetchone()
        return None if found is None else found[0]

    def numbers(self, *, above: int, upto: int) -> set[int]:
        """The numbers of the keys that are there."""
        with self._lock, _told_as_damage():
            return {number for (number,) in self._driver.execute(_NUMBERS, (above, upto))}

    def keys(self, *, above: int, upto: int, most: int) -> list[Numbered]:
        """The first of the keys that are there."""
        with self._lock, _told_as_damage():
            return self._driver.execute(_NEXT, (above, upto, most)).fetchall()

    def every(self) -> list[Numbered]:
        """All that are there."""
        with self._lock, _told_as_damage():
            return self._driver.execute("SELECT number, key FROM keys ORDER BY number").fetchall()

    @property
    def highest(self) -> int:
        """The highest number that a key ever had; it outlives its key."""
        with self._lock, _told_as_damage():
            return self._highest()

    def _highest(self) -> int:
        row = self._driver.execute("SELECT seq FROM sqlite_sequence WHERE name = 'keys'").fetchone()
        return 0 if row is None else int(row[0])

    def hold(self) -> int:
        """From here on all that is there can be had, though it is deleted meanwhile; the highest
        number.
        """
        with self._lock, _told_as_damage():
            if self._driver.in_transaction:
                self._driver.execute("ROLLBACK")
            self._driver.execute("BEGIN")
            return self._highest()

    def doubt(self) -> None:
        """Have every key in doubt, whoever owns it."""
        with self._altering(None):
            self._settle(0)
        self.settled = 0

    # Altering it, as its owner

    def add(self, owner: bytes, keys: Collection[bytes]) -> int:
        """Have these too; the number before the first of them."""
        with self._altering(owner):
            last = self._highest()
            self._driver.executemany("INSERT INTO keys VALUES (?, ?)", enumerate(keys, last + 1))
        return last

    def take(self, owner: bytes, keys: Iterable[Numbered]) -> None:
        """Have these again, those that are not there; and every key in doubt."""
        with self._altering(owner):
            self._driver.executemany("INSERT OR IGNORE INTO keys VALUES (?, ?)", keys)
            self._settle(0)
        self.settled = 0

    def delete(self, owner: bytes, numbers: Iterable[int], *, settled: int) -> None:
        """Have these no more; up to where none is in doubt."""
        with self._altering(owner):
            each = ((number,) for number in sorted(numbers))
            self._driver.executemany("DELETE FROM keys WHERE number = ?", each)
            self._settle(settled)
        self.settled = settled

    def _settle(self, settled: int) -> None:
        self._driver.execute("UPDATE ring SET settled = ?", (settled,))

    @contextmanager
    def _altering(self, owner: bytes | None) -> Iterator[None]:
        """A transaction, of its owner where one is told."""
        self._require_there()
        with self._lock, _told_as_damage():
            self._driver.execute("BEGIN IMMEDIATE")
            try:
                if owner is not None:
                    self._require(owner)
                yield
                self._driver.execute("COMMIT")
            finally:
                if self._driver.in_transaction:
                    self._driver.execute("ROLLBACK")

    def empty_log(self) -> bool:
        """Let nothing stay in its log; whether that was possible now."""
        self._require_there()
        with self._lock, _told_as_damage():
            self._wait_at_most(0)  # a look may last long
            blocked, _, _ = self._driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            self._wait_at_most(_LOCKED_SECONDS)
            return not blocked

    def _wait_at_most(self, seconds: float) -> None:
        self._driver.execute(f"PRAGMA busy_timeout = {round(1000 * seconds)}")

    def close(self) -> None:
        """Let go of it."""
        with self._lock:
            self._driver.close()

    def _found(self) -> int:
        try:
            return self._path.stat().st_ino
        except OSError as error:
            raise Refusal(reasons.STORE_KEYS_MISSING) from error

    def _require_there(self) -> None:
        """Raise STORE_KEYS_MISSING where it is away: what is written would be lost with it."""
        if self._found() != self._inode:
            raise Refusal(reasons.STORE_KEYS_MISSING)


def files(path: Path) -> list[Path]:
    """A ring's files that are there."""
    every = (path.with_name(path.name + ending) for ending in _BESIDE)
    return [one for one in every if one.exists()]


def discard(path: Path) -> None:
    """Let nothing stay of a ring."""
    for one in files(path):
        one.unlink()


@contextmanager
def _told_as_damage() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise Refusal(reasons.STORE_KEYS_DAMAGED) from error
