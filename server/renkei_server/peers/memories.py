"""A neighbour, as a seat compares memories with it; see `peers.codes`."""

from typing import Protocol

from renkei.memories import Memory


class ComparesMemories(Protocol):
    """Any seat that this one calls."""

    async def compare_memories(
        self, own: Memory, yours: Memory | None
    ) -> tuple[Memory, Memory | None]:
        """Tell our own and what we saw of theirs; return theirs and what they saw of ours."""
        ...
