"""The service by which two neighbouring seats compare memories (invented)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from renkei.memories import Memory
from renkei.memory.v1 import memory_pb2 as pb2
from renkei.wire.memories import read_memory, read_optional_memory, write_memory
from renkei_server.door.call import Call

Hear = Callable[[str, Memory, Memory | None], Awaitable[tuple[Memory, Memory | None]]]
"""Takes what a neighbour, by its name, tells of itself and what it saw of us; returns our own memory,
and what we had seen of the neighbour's."""


@dataclass(frozen=True, slots=True)
class MemoryService:
    """Answers neighbours."""

    contract = pb2.DESCRIPTOR.services_by_name["MemoryService"]

    hear: Hear

    async def compare_memories(
        self, request: pb2.CompareMemoriesRequest, call: Call
    ) -> pb2.CompareMemoriesResponse:
        """Hear how far a neighbour's memory goes, and tell our own."""
        own, yours = read_memory(request, "own"), read_optional_memory(request, "yours")
        neighbour = f"{call.caller.role}.{call.caller.institution}"
        told, seen = await self.hear(neighbour, own, yours)
        return pb2.CompareMemoriesResponse(own=write_memory(told), yours=write_memory(seen))
