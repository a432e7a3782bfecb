"""The client of runs of registration at a ward's linkage platform (副本登録の一括処理)."""

from collections.abc import Sequence

from renkei.type.v1 import batch_run_pb2
from renkei.ward.v1 import registration_run_pb2 as pb2
from renkei_clients.channel import Channel


class RegistrationRunClient:
    """A ward system's client of its own linkage platform."""

    def __init__(self, channel: Channel) -> None:
        self._call, self._ask = channel.call, channel.ask

    async def open_registration_run(
        self,
        request_id: str,
        kind: pb2.RegistrationRunKind,
        information_code: str,
        layout_version: int,
        messages: int,
    ) -> str:
        """Open a run of so many messages; returns what names it."""
        request = pb2.OpenRegistrationRunRequest(
            request_id=request_id,
            kind=kind,
            information_code=information_code,
            layout_version=layout_version,
            messages=messages,
        )
        return await self._ask(request, pb2.OpenRegistrationRunResponse, lambda told: told.run_id)

    async def put_registration_file(
        self, request_id: str, run_id: str, name: str, content: bytes
    ) -> Sequence[batch_run_pb2.BatchFault]:
        """Put a file into the run; returns what is wrong with it, and then it was not taken."""
        request = pb2.PutRegistrationFileRequest(
            request_id=request_id, run_id=run_id, name=name, content=content
        )
        return await self._ask(request, pb2.PutRegistrationFileResponse, lambda told: told.faults)

    async def close_registration_run(self, request_id: str, run_id: str) -> None:
        """Say that every file is there."""
        await self._call(pb2.CloseRegistrationRunRequest(request_id=request_id, run_id=run_id))

    async def get_registration_run(
        self, run_id: str, *, after_record: int = 0
    ) -> pb2.GetRegistrationRunResponse:
        """How the run stands, with the refused records that have higher numbers."""
        request = pb2.GetRegistrationRunRequest(run_id=run_id, after_record=after_record)
        return await self._ask(request, pb2.GetRegistrationRunResponse, lambda run: run)

    async def delete_registration_run(self, request_id: str, run_id: str) -> None:
        """Forget the run."""
        await self._call(pb2.DeleteRegistrationRunRequest(request_id=request_id, run_id=run_id))
