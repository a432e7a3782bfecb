"""Digests under a key that a running seat has in its memory alone.

They tell one content from another while the seat runs. Once that has ended nobody can guess by
them, not even with every key that is at rest, and they tell nothing apart any more.
"""

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final, Self

from renkei_server.domain.world import Ids

DIGEST_BYTES: Final = 16
_RUN_BYTES: Final = 16
_KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class SeatRun:
    """One run of a seat, in all its workers: its name, and the key that is in memory alone."""

    name: bytes
    key: bytes = field(repr=False)

    @classmethod
    def drawn(cls, ids: Ids) -> Self:
        """A new one."""
        return cls(ids.random_bytes(_RUN_BYTES), ids.random_bytes(_KEY_BYTES))


class RunDigests:
    """Makes the digests of one run of a seat."""

    def __init__(self, run: SeatRun) -> None:
        self.run = run.name
        self._key = run.key

    def of(self, content: bytes) -> bytes:
        """The digest of a content."""
        return blake2b(content, key=self._key, digest_size=DIGEST_BYTES).digest()

    def noted(self, content: bytes) -> bytes:
        """The digest with its run's name before it, to be written down."""
        return self.run + self.of(content)


def tells_apart(one: bytes, other: bytes) -> bool:
    """Whether two digests that were noted are known to be of two contents."""
    return one != other and one[:_RUN_BYTES] == other[:_RUN_BYTES]
