"""Keys that are destroyed: a key of its own for each erasable value of a store on PostgreSQL.

What is deleted there stays in files of the server's that are not ours to overwrite. So a value that
must be gone one day is locked with a key that lies here, in a small SQLite file beside the store's
key, and is gone for ever with it.

- A key locks one value, so one nonce does. Keys are made ahead, many at a time: they are on the
  disk before the first of them is used.
- What is destroyed is overwritten (`secure_delete`), and gone from the file's log before
  `destroy` returns.
- A key whose transaction was not seen to be committed is in doubt: who knows what is written tells
  later. After a crash every key drawn since the last time that none was in doubt is.
- Without the file nothing is opened: a ring that is away, or none of ours, is an outage.
- Who opens a ring last owns it: what another drew before and has not committed may be destroyed, so
  `require_own` comes before each commit.
- The file holds keys and nothing else. A copy of it kept elsewhere undoes what was erased since.
"""

import os
import sqlite3
from collections import deque
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from struct import Struct
from threading import Lock
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.store.engine.boxes import KEY_BYTES

MARK: Final = b"\x8eRK\x01"
"""Each locked value begins with this, the ring's tag and the number of its key."""
TAG_BYTES: Final = 4
HEAD: Final = Struct(f">4s{TAG_BYTES}sq")
NONCE: Final = bytes(12)

_LOCKED_SECONDS: Final = 5.0
_OWNER_BYTES = 16
_LEAST_AHEAD, _MOST_AHEAD = 64, 8192
_KEPT = Struct(f">q{KEY_BYTES}s")
_BESIDE: Final = ("", "-wal", "-shm", "-journal")
_MAKE = """
    CREATE TABLE IF NOT EXISTS keys (number INTEGER PRIMARY KEY AUTOINCREMENT, key BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS ring (only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
        tag BLOB NOT NULL, settled INTEGER NOT NULL, owner BLOB NOT NULL);
"""


class KeyRing:
    """The keys of one store. One thread draws them and destroys them; any opens."""

    def __init__(self, path: Path, *, make: bool = False, read_only: bool = False) -> None:
        """Raise STORE_KEYS_MISSING or STORE_KEYS_DAMAGED."""
        self.read_only = read_only
        self._path = path
        self._owner = os.urandom(_OWNER_BYTES)
        self._lock = Lock()
        self._destroying = Lock()
        self._ahead: deque[tuple[int, bytes]] = deque()
        self._next_ahead = _LEAST_AHEAD
        self._doubtful: set[int] = set()
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
                self._open(make=make, read_only=read_only)
            except BaseException:
                self._driver.close()
                raise

    def _open(self, *, make: bool, read_only: bool) -> None:
        if not read_only:
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
                self._driver.execute(f"PRAGMA {pragma}").fetchone()
        if make:
            self._driver.executescript(f"BEGIN IMMEDIATE; {_MAKE}")
            tag = os.urandom(TAG_BYTES)
            self._driver.execute("INSERT OR IGNORE INTO ring VALUES (1, ?, 0, x'')", (tag,))
            self._driver.execute("COMMIT")
        if self._driver.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise Refusal(reasons.STORE_KEYS_DAMAGED)
        row = self._driver.execute("SELECT tag, settled FROM ring").fetchone()
        if row is None:
            raise Refusal(reasons.STORE_KEYS_DAMAGED)
        self.tag: bytes = row[0]
        self._settled: int = row[1]
        self._last = self._highest()
        if not read_only:
            self._driver.execute("UPDATE ring SET owner = ?", (self._owner,))
            self._doubtful.update(self._numbers(above=self._settled))

    # Locking and unlocking

    def lock(self, value: bytes, place: bytes) -> tuple[int, bytes]:
        """The value under a key of its own, bound to its place; and the key's number.

        Raises STORE_KEYS_MISSING or STORE_KEYS_DAMAGED.
        """
        if not self._ahead:
            self._make_ahead()
        number, key = self._ahead.popleft()
        self._last = number
        locked = AESGCM(key).encrypt(NONCE, value, place)
        return number, HEAD.pack(MARK, self.tag, number) + locked

    def is_locked(self, value: bytes) -> bool:
        """Whether a value is locked with a key of this ring."""
        return value.startswith(MARK + self.tag)

    def unlock(self, locked: bytes, place: bytes) -> bytes:
        """The value again; raises InvalidTag where it was altered or locked elsewhere.

        Raises STORE_KEYS_DAMAGED where its key is not, or no longer, here.
        """
        if len(locked) < HEAD.size:
            raise InvalidTag
        mark, tag, number = HEAD.unpack_from(locked)
        if mark != MARK:
            raise InvalidTag
        key = self.key(number) if tag == self.tag else None
        if key is None:
            raise Refusal(reasons.STORE_KEYS_DAMAGED)
        return AESGCM(key).decrypt(NONCE, locked[HEAD.size :], place)

    def key(self, number: int) -> bytes | None:
        """A key, unless it was destroyed. Raises STORE_KEYS_DAMAGED."""
        with self._lock, _told_as_damage():
            row = self._driver.execute("SELECT key FROM keys WHERE number = ?", (number,))
            found: tuple[bytes] | None = row.fetchone()
        return None if found is None else found[0]

    @property
    def last(self) -> int:
        """The highest number that a key ever had here."""
        return max(self._last, self._highest())

    def require_own(self) -> None:
        """Raise STORE_TAKEN_OVER where another has opened the ring since, to draw from it."""
        with self._lock, _told_as_damage():
            (owner,) = self._driver.execute("SELECT owner FROM ring").fetchone()
        if owner != self._owner:
            raise Refusal(reasons.STORE_TAKEN_OVER)

    # Destroying

    def doubt(self, numbers: Collection[int]) -> None:
        """Note that nobody saw these keys' values committed."""
        self._doubtful.update(numbers)

    def doubt_all(self) -> None:
        """Note it of every key that was drawn, whoever drew it, so that a crash forgets it not."""
        self._require_there()
        with self._lock, _told_as_damage():
            self._driver.execute("UPDATE ring SET settled = 0")
            self._settled = 0
            self._doubtful.update(self._numbers(above=0))
        self._doubtful.difference_update(number for number, _ in self._ahead)

    @property
    def doubtful(self) -> set[int]:
        """The keys that are in doubt."""
        return set(self._doubtful)

    def destroy(self, numbers: Collection[int], judged: Collection[int] = ()) -> bool:
        """Destroy these keys; those `judged` are in doubt no longer. To be called between
        transactions. Returns whether the file's log could be emptied now.

        Raises STORE_KEYS_MISSING or STORE_KEYS_DAMAGED.
        """
        self._require_there()
        left = self._doubtful.difference(judged)
        settled = self._settled if left else self._last
        with self._destroying, self._lock, _told_as_damage():
            if numbers or settled != self._settled:
                self._driver.execute("BEGIN IMMEDIATE")
                self._delete(numbers)
                self._driver.execute("UPDATE ring SET settled = ?", (settled,))
                self._driver.execute("COMMIT")
            self._doubtful, self._settled = left, settled
            return self._empty_log()

    # Copies

    def hold(self) -> int:
        """From here on every key that is here can be had, though it is destroyed meanwhile; the
        highest number of a key that was made. For who reads only.
        """
        with self._lock, _told_as_damage():
            if self._driver.in_transaction:
                self._driver.execute("ROLLBACK")
            self._driver.execute("BEGIN")
            return self._highest()

    def has_made_since(self, highest: int) -> bool:
        """Whether a key was made that who holds the others does not have."""
        with closing(KeyRing(self._path, read_only=True)) as now:
            return now.last != highest

    @contextmanager
    def undestroyed(self) -> Iterator[None]:
        """While it lasts no key is destroyed."""
        with self._destroying:
            yield

    def copy(self) -> bytes:
        """Every key, to go with a copy of what they lock."""
        with self._lock, _told_as_damage():
            every = self._driver.execute("SELECT number, key FROM keys ORDER BY number")
            return self.tag + b"".join(_KEPT.pack(*row) for row in every)

    def all(self) -> dict[int, bytes]:
        """Every key by its number, for an audit."""
        return dict(_KEPT.iter_unpack(self.copy()[TAG_BYTES:]))

    def take(self, copy: bytes) -> None:
        """Have what a copy holds as well, and every key in doubt. Raises ValueError where the copy
        is none of this ring's.
        """
        tag, kept = copy[:TAG_BYTES], copy[TAG_BYTES:]
        if tag != self.tag or len(kept) % _KEPT.size:
            msg = "the keys are none of this store's"
            raise ValueError(msg)
        self._require_there()
        with self._lock, _told_as_damage():
            self._driver.execute("BEGIN IMMEDIATE")
            self._driver.executemany(
                "INSERT OR IGNORE INTO keys VALUES (?, ?)", _KEPT.iter_unpack(kept)
            )
            self._driver.execute("COMMIT")
        self.doubt_all()

    def close(self) -> None:
        """Destroy the keys that were made ahead, and let go of the file."""
        with self._lock:
            try:
                if self._ahead and self._path.exists():  # nobody else draws these
                    self._driver.execute("BEGIN IMMEDIATE")
                    self._delete([number for number, _ in self._ahead])
                    self._driver.execute("COMMIT")
                    self._empty_log()
            except sqlite3.Error:
                pass  # they are in doubt at the next start
            finally:
                self._driver.close()

    # Inside

    def _make_ahead(self) -> None:
        self._require_there()
        count, self._next_ahead = self._next_ahead, min(2 * self._next_ahead, _MOST_AHEAD)
        drawn = os.urandom(count * KEY_BYTES)
        keys = [drawn[at : at + KEY_BYTES] for at in range(0, len(drawn), KEY_BYTES)]
        with self._lock, _told_as_damage():
            self._driver.execute("BEGIN IMMEDIATE")
            first = self._highest() + 1
            numbered = list(enumerate(keys, start=first))
            self._driver.executemany("INSERT INTO keys VALUES (?, ?)", numbered)
            self._driver.execute("COMMIT")
        self._ahead.extend(numbered)

    def _delete(self, numbers: Collection[int]) -> None:
        each = ((number,) for number in sorted(numbers))
        self._driver.executemany("DELETE FROM keys WHERE number = ?", each)

    def _numbers(self, *, above: int) -> set[int]:
        found = self._driver.execute("SELECT number FROM keys WHERE number > ?", (above,))
        return {number for (number,) in found}

    def _highest(self) -> int:
        """The highest number ever given; it outlives its key."""
        row = self._driver.execute("SELECT seq FROM sqlite_sequence WHERE name = 'keys'").fetchone()
        return 0 if row is None else int(row[0])

    def _empty_log(self) -> bool:
        self._wait_at_most(0)  # a look may last long
        blocked, _, _ = self._driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        self._wait_at_most(_LOCKED_SECONDS)
        return not blocked

    def _wait_at_most(self, seconds: float) -> None:
        self._driver.execute(f"PRAGMA busy_timeout = {round(1000 * seconds)}")

    def _found(self) -> int:
        try:
            return self._path.stat().st_ino
        except OSError as error:
            raise Refusal(reasons.STORE_KEYS_MISSING) from error

    def _require_there(self) -> None:
        """Raise STORE_KEYS_MISSING where the file is away: what is written would be lost with it."""
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
