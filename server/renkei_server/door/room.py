"""How many calls of one caller a listener takes: what a seat is told of its turns (invented).

It reads nothing else: whoever stays while a world runs tells seats of it too.
"""

from dataclasses import dataclass, replace
from typing import Final, Self

from renkei.limits import BATCH_LIMIT


@dataclass(frozen=True, slots=True)
class Room:
    """How many calls of one caller a listener takes."""

    under_way: int = 8
    crowd: int = 8
    """So many that wait are a crowd."""
    in_a_crowd: int = 2
    """So many are under way while a crowd waits."""
    waiting: int = 1_000
    waiting_bytes: int = 32 << 20
    of_batches: int = BATCH_LIMIT
    """So many requests of its batches are under way: those of a whole one, which share commits."""
    of_batches_in_a_crowd: int = 32
    """So many while more wait than a whole one has."""
    longest_wait_seconds: float = 10.0

    def __post_init__(self) -> None:
        """Raise ValueError where nobody would ever be let in."""
        most = (self.under_way, self.in_a_crowd, self.of_batches, self.of_batches_in_a_crowd)
        if min(most) < 1:
            msg = "a caller's room is at least one call, and one request of a batch"
            raise ValueError(msg)

    @property
    def in_batches(self) -> "Room":
        """The room of the requests in a caller's batches, as many as its calls may bring."""
        return replace(
            self,
            under_way=self.of_batches,
            crowd=BATCH_LIMIT,
            in_a_crowd=self.of_batches_in_a_crowd,
            waiting=self.under_way * BATCH_LIMIT,
        )

    def among(self, processes: int) -> Self:
        """The room at each of so many processes that are one seat together."""
        return replace(
            self,
            under_way=max(1, self.under_way // processes),
            in_a_crowd=max(1, self.in_a_crowd // processes),
            waiting=self.waiting // processes,
            waiting_bytes=self.waiting_bytes // processes,
            of_batches=max(1, self.of_batches // processes),
            of_batches_in_a_crowd=max(1, self.of_batches_in_a_crowd // processes),
        )


USUAL: Final = Room()
