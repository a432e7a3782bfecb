"""Keys that are destroyed: a key of its own for each erasable value of a store on PostgreSQL.

What is deleted there stays in files of the server's that are not ours to overwrite. So a value that
must be gone one day is locked with a key that lies here, in a small file beside the store's key
(`ring_file`), and is gone for ever with it.

- A key locks one value, so one nonce does. Keys are made ahead, many at a time: they are on the
  disk before the first of them is used. Whoever has the store's turn draws the next one, whichever
  of the seat's workers it is: how far they were drawn all of them know (`shared`).
- What is destroyed is overwritten, and gone from the file's log before `settle` returns.
- A key whose transaction was not seen to be committed is in doubt, and with it every key that was
  drawn since the last time that none was: who knows what is written tells which lock something. So
  they all are after a crash, of the seat or of one of its workers.
- Without the file nothing is opened: a ring that is away, or none of ours, is an outage.
- The seat that opens a ring last owns it: what another drew before and has not committed may be
  destroyed, so `require_own` comes before each commit.
- The file holds keys and nothing else. A copy of it kept elsewhere undoes what was erased since.
"""

import os
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
from renkei_server.store.engine.ring_file import TAG_BYTES, Numbered, RingFile
from renkei_server.store.engine.shared import (
    KEYS_DOUBTED,
    KEYS_DRAWN,
    KEYS_MADE,
    KEYS_OWNER,
    Shared,
)

MARK: Final = b"\x8eRK\x01"
"""Each locked value begins with this, the ring's tag and the number of its key."""
HEAD: Final = Struct(f">4s{TAG_BYTES}sq")
NONCE: Final = bytes(12)

_OWNER_BYTES: Final = 8
_LEAST_AHEAD, _MOST_AHEAD = 64, 8192
_AT_HAND: Final = 128
"""So many of the keys ahead are in a worker's memory at most: another may use and destroy them."""
_KEPT = Struct(f">q{KEY_BYTES}s")


class KeyRing:
    """The keys of one store. Who has its turn draws them; the seat's first worker destroys them,
    when it has the turn; anybody opens.
    """

    def __init__(
        self,
        path: Path,
        *,
        make: bool = False,
        read_only: bool = False,
        shared: Shared | None = None,
    ) -> None:
        """Raise STORE_KEYS_MISSING or STORE_KEYS_DAMAGED. `shared` is the store's."""
        self.read_only = read_only
        self._path = path
        self._shared = shared or Shared.alone()
        self._words = self._shared.words
        is_first = self._shared.is_first
        self._file = RingFile(path, make=make, read_only=read_only, looked_through=is_first)
        self.tag = self._file.tag
        self._destroying = Lock()
        self._at_hand: deque[Numbered] = deque()
        self._next_ahead = _LEAST_AHEAD
        if is_first and not read_only:
            self._own()

    def _own(self) -> None:
        """Own it from here on, in all the seat's workers; what another has drawn is in doubt."""
        words, highest = self._words, self._file.highest
        words[KEYS_OWNER] = int.from_bytes(os.urandom(_OWNER_BYTES), signed=True)
        words[KEYS_MADE] = words[KEYS_DRAWN] = highest
        words[KEYS_DOUBTED] = highest > self._file.settled
        self._file.own(self._owner)

    @property
    def _owner(self) -> bytes:
        return self._words[KEYS_OWNER].to_bytes(_OWNER_BYTES, signed=True)

    def require_own(self) -> None:
        """Raise STORE_TAKEN_OVER where another seat has opened the ring since, to draw from it."""
        self._file.require_own(self._owner)

    # Locking and unlocking

    def lock(self, value: bytes, place: bytes) -> tuple[int, bytes]:
        """The value under a key of its own, bound to its place; and the key's number.

        Raises STORE_TAKEN_OVER, STORE_KEYS_MISSING or STORE_KEYS_DAMAGED.
        """
        number, key = self._drawn()
        locked = AESGCM(key).encrypt(NONCE, value, place)
        return number, HEAD.pack(MARK, self.tag, number) + locked

    def _drawn(self) -> Numbered:
        words, at_hand = self._words, self._at_hand
        while at_hand and at_hand[0][0] <= words[KEYS_DRAWN]:
            at_hand.popleft()  # another worker drew it
        if not at_hand:
            self._have_at_hand()
        number, key = at_hand.popleft()
        words[KEYS_DRAWN] = number
        return number, key

    def _have_at_hand(self) -> None:
        words = self._words
        if words[KEYS_DRAWN] == words[KEYS_MADE]:
            self._make_ahead()
        above, upto = words[KEYS_DRAWN], words[KEYS_MADE]
        self._at_hand.extend(self._file.keys(above=above, upto=upto, most=_AT_HAND))
        if not self._at_hand:  # the seat has ended, and this worker of it ends too
            raise Refusal(reasons.STORE_KEYS_DAMAGED)

    def _make_ahead(self) -> None:
        count, self._next_ahead = self._next_ahead, min(2 * self._next_ahead, _MOST_AHEAD)
        random = os.urandom(count * KEY_BYTES)
        keys = [random[at : at + KEY_BYTES] for at in range(0, len(random), KEY_BYTES)]
        last = self._file.add(self._owner, keys)
        self._words[KEYS_DRAWN], self._words[KEYS_MADE] = last, last + count

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
        return self._file.key(number)

    @property
    def last(self) -> int:
        """The highest number that a key ever had here."""
        return self._file.highest

    # Destroying

    def doubt(self) -> None:
        """Note that nobody saw it committed what some keys lock that were drawn last."""
        self._words[KEYS_DOUBTED] = True

    def doubt_all(self) -> None:
        """Note it of every key that was drawn, whoever drew it, so that a crash forgets it not."""
        self._file.doubt()
        self.doubt()

    @property
    def doubtful(self) -> set[int]:
        """The keys that are in doubt."""
        if not self._words[KEYS_DOUBTED]:
            return set()
        return self._file.numbers(above=self._file.settled, upto=self._words[KEYS_DRAWN])

    def settle(self, destroyed: Collection[int]) -> bool:
        """Destroy these keys; of the others none that was drawn is in doubt from here on.

        To be called with the turn, and between transactions. Returns whether the file's log could
        be emptied now. Raises STORE_TAKEN_OVER, STORE_KEYS_MISSING or STORE_KEYS_DAMAGED.
        """
        drawn = self._words[KEYS_DRAWN]
        with self._destroying:
            if destroyed or drawn != self._file.settled:
                self._file.delete(self._owner, destroyed, settled=drawn)
            self._words[KEYS_DOUBTED] = False
            return self._file.empty_log()

    # Copies

    def hold(self) -> int:
        """From here on every key that is here can be had, though it is destroyed meanwhile; the
        highest number of a key that was made. For who reads only.
        """
        return self._file.hold()

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
        return self.tag + b"".join(_KEPT.pack(*one) for one in self._file.every())

    def all(self) -> dict[int, bytes]:
        """Every key by its number, for an audit."""
        return dict(self._file.every())

    def take(self, copy: bytes) -> None:
        """Have what a copy holds as well, and every key in doubt. Raises ValueError where the copy
        is none of this ring's.
        """
        tag, kept = copy[:TAG_BYTES], copy[TAG_BYTES:]
        if tag != self.tag or len(kept) % _KEPT.size:
            msg = "the keys are none of this store's"
            raise ValueError(msg)
        self._file.take(self._owner, _KEPT.iter_unpack(kept))
        # none that was made ahead is drawn any more: so every key that is there was drawn
        self._words[KEYS_MADE] = self._words[KEYS_DRAWN] = self._file.highest
        self.doubt()

    def close(self) -> None:
        """Let go of the file; the first worker destroys the keys that were made ahead before."""
        made, drawn = self._words[KEYS_MADE], self._words[KEYS_DRAWN]
        try:
            if made > drawn and self._shared.is_first:
                ahead = range(drawn + 1, made + 1)
                self._file.delete(self._owner, ahead, settled=self._file.settled)
                self._file.empty_log()
        except Refusal:
            pass  # they are in doubt at the next start
        finally:
            self._file.close()
