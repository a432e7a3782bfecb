"""How far a seat's memory goes, as its neighbours see it (invented).

A seat counts in its store how often it has told its neighbours of itself. The count goes back with the
store and is lowered by nothing else; so whoever saw a higher one knows that the store was set back.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from renkei import reasons
from renkei.refusals import Refusal

_INCARNATION: Final = re.compile("[0-9a-f]{32}", re.ASCII)
MOST: Final = 2**53 - 1
"""A count goes no further."""


@dataclass(frozen=True, slots=True)
class Memory:
    """How often a seat has told its neighbours, in which incarnation of its store."""

    incarnation: str
    count: int

    def __post_init__(self) -> None:
        """Raise MALFORMED_MEMORY unless both can be such."""
        if not _INCARNATION.fullmatch(self.incarnation):
            raise Refusal(reasons.MALFORMED_MEMORY, "", "incarnation")
        if not 0 < self.count <= MOST:
            raise Refusal(reasons.MALFORMED_MEMORY, "", "count")


def forgotten(own: Iterable[Memory], seen: Memory | None) -> int:
    """How many of its own tellings a seat has forgotten that a neighbour saw; 0 for none.

    `own` is one memory for each incarnation that it remembers. Of one that it does not, it has
    forgotten all.
    """
    if seen is None:
        return 0
    known = {one.incarnation: one.count for one in own}
    return max(0, seen.count - known.get(seen.incarnation, 0))


def furthest(seen: Memory | None, told: Memory) -> Memory:
    """What a neighbour keeps after it was told: of one incarnation the highest count, else the newest."""
    if seen is not None and seen.incarnation == told.incarnation and seen.count > told.count:
        return seen
    return told


def was_set_back(seen: Memory | None, told: Memory) -> bool:
    """Whether a neighbour's store is another one than that of which it told before, or an earlier."""
    if seen is None:
        return False
    return told.incarnation != seen.incarnation or told.count < seen.count
