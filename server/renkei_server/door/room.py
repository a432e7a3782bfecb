"""How many calls of one caller a listener takes: what a seat is told of its turns (invented).

It reads nothing else: whoever stays while a world runs tells seats of it too.
"""

from dataclasses import dataclass
from typing import Final, Self


@dataclass(frozen=True, slots=True)
class Room:
    """How many calls of one caller a listener takes."""

    under_way: int = 8
    in_a_crowd: int = 2
    """So many are under way while a crowd waits."""
    waiting: int = 1_000
    waiting_bytes: int = 32 << 20
    of_batches: int = 32
    """So many requests of its batches are under way."""
    longest_wait_seconds: float = 10.0

    def __post_init__(self) -> None:
        """Raise ValueError where nobody would ever be let in."""
        if min(self.under_way, self.in_a_crowd, self.of_batches) < 1:
            msg = "a caller's room is at least one call, and one request of a batch"
            raise ValueError(msg)

    def among(self, processes: int) -> Self:
        """The room at each of so many processes that are one seat together."""
        return type(self)(
            max(1, self.under_way // processes),
            max(1, self.in_a_crowd // processes),
            self.waiting // processes,
            self.waiting_bytes // processes,
            max(1, self.of_batches // processes),
            self.longest_wait_seconds,
        )


USUAL: Final = Room()
