"""A ward terminal's client of what waits for a decision in the register (INP-07)."""

from collections.abc import Sequence

from renkei.residents import ResidentEntry
from renkei.ward.v1 import entry_decision_pb2 as pb2
from renkei.wire.residents import read_entry
from renkei_clients.channel import Channel


class EntryDecisionClient:
    """Decides what others have entered, with the session of the terminal's operator."""

    def __init__(self, channel: Channel) -> None:
        self._call, self._ask = channel.call, channel.ask

    async def list_provisional_entries(self) -> Sequence[pb2.ProvisionalEntry]:
        """What waits, oldest first."""
        request, response = pb2.ListProvisionalEntriesRequest(), pb2.ListProvisionalEntriesResponse
        return await self._ask(request, response, lambda told: told.entries)

    async def get_provisional_entry(self, entry_id: str) -> ResidentEntry:
        """One as it was entered."""
        request = pb2.GetProvisionalEntryRequest(entry_id=entry_id)
        return await self._ask(request, pb2.GetProvisionalEntryResponse, read_entry)

    async def approve_entry(self, request_id: str, entry_id: str) -> None:
        """Let one take effect."""
        await self._call(pb2.ApproveEntryRequest(request_id=request_id, entry_id=entry_id))

    async def reject_entry(self, request_id: str, entry_id: str) -> None:
        """Let one never take effect."""
        await self._call(pb2.RejectEntryRequest(request_id=request_id, entry_id=entry_id))
