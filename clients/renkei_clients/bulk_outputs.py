"""An integrated terminal's client of its municipal CS for bulk outputs (USE-13)."""

from collections.abc import Sequence

from renkei.bulk_outputs import Selection
from renkei.identity_search import FoundIdentity, Purpose
from renkei.ward.v1 import bulk_output_pb2 as pb2
from renkei.wire.bulk_outputs import write_selection
from renkei.wire.identity_search import read_found, write_purpose
from renkei_clients.channel import Channel


class BulkOutputClient:
    """With the session of the terminal's operator."""

    def __init__(self, channel: Channel) -> None:
        self._call, self._ask = channel.call, channel.ask

    async def request_bulk_output(
        self, request_id: str, selection: Selection, purpose: Purpose
    ) -> None:
        """Ask for one, which is called by the request id."""
        request = pb2.RequestBulkOutputRequest(
            request_id=request_id,
            selection=write_selection(selection),
            purpose=write_purpose(purpose),
        )
        await self._call(request)

    async def approve_bulk_output(self, request_id: str, output_id: str) -> None:
        """Approve one that another operator asked for."""
        request = pb2.ApproveBulkOutputRequest(request_id=request_id, output_id=output_id)
        await self._call(request)

    async def fetch_bulk_output(
        self, request_id: str, output_id: str, after: int = 0
    ) -> tuple[Sequence[FoundIdentity], int]:
        """The next page, and where the one behind it goes on; 0 after the last."""
        request = pb2.FetchBulkOutputRequest(
            request_id=request_id, output_id=output_id, after=after
        )
        return await self._ask(
            request, pb2.FetchBulkOutputResponse, lambda told: (read_found(told), told.next)
        )

    async def list_bulk_outputs(self) -> Sequence[pb2.BulkOutput]:
        """How the newest stand."""
        request = pb2.ListBulkOutputsRequest()
        return await self._ask(
            request, pb2.ListBulkOutputsResponse, lambda told: list(told.outputs)
        )
