"""How far a seat's memory goes."""

from typing import TypeAlias

from renkei.memories import Memory
from renkei.memory.v1 import memory_pb2 as pb2
from renkei.refusals import Refusal
from renkei.wire.codes import require

Message: TypeAlias = pb2.CompareMemoriesRequest | pb2.CompareMemoriesResponse


def read_memory(message: Message, field: str) -> Memory:
    """Read a memory that must be there; raises FIELD_MISSING and MALFORMED_MEMORY."""
    require(message, field)
    told: pb2.Memory = getattr(message, field)
    try:
        return Memory(told.incarnation, told.count)
    except Refusal as refusal:
        raise refusal.within(field) from None


def read_optional_memory(message: Message, field: str) -> Memory | None:
    """The same, where it may be absent."""
    return read_memory(message, field) if message.HasField(field) else None


def read_memories(response: pb2.CompareMemoriesResponse) -> tuple[Memory, Memory | None]:
    """Read a seat's own memory, and what it saw of the caller's."""
    return read_memory(response, "own"), read_optional_memory(response, "yours")


def write_memory(memory: Memory | None) -> pb2.Memory | None:
    """Write one, where there is one."""
    if memory is None:
        return None
    return pb2.Memory(incarnation=memory.incarnation, count=memory.count)
