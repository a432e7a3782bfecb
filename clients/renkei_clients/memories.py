"""A seat's client of its neighbour, whichever that is: what both remember of each other."""

from renkei.memories import Memory
from renkei.memory.v1 import memory_pb2 as pb2
from renkei.wire.memories import read_memories, write_memory
from renkei_clients.channel import Channel


class MemoryClient:
    """Compares memories with one neighbour."""

    def __init__(self, channel: Channel) -> None:
        self._ask = channel.ask

    async def compare_memories(
        self, own: Memory, yours: Memory | None
    ) -> tuple[Memory, Memory | None]:
        """Tell our own and what we saw of theirs; return theirs and what they saw of ours."""
        request = pb2.CompareMemoriesRequest(own=write_memory(own), yours=write_memory(yours))
        return await self._ask(request, pb2.CompareMemoriesResponse, read_memories)
