"""The client of runs of registration at a ward's linkage platform (副本登録の一括処理)."""

from collections.abc import Sequence

from google.protobuf.descriptor import ServiceDescriptor

from renkei.type.v1 import batch_run_pb2
from renkei.ward.v1 import registration_run_pb2 as pb2
from renkei_clients.channel import Channel

_RUNS: ServiceDescriptor = pb2.DESCRIPTOR.services_by_name["RegistrationRunService"]

FILE_SECONDS = 10.0
"""How long a file of the largest size may take to be judged."""


class RegistrationRunClient:
    """A ward system's client of its own linkage platform."""

    def __init__(self, channel: Channel, sender: str) -> None:
        self._channel = channel
        self._sender = sender

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
            sender=self._sender,
            request_id=request_id,
            kind=kind,
            information_code=information_code,
            layout_version=layout_version,
            messages=messages,
        )
        method = _RUNS.methods_by_name["OpenRegistrationRun"]
        answer = await self._channel.call(method, request, pb2.OpenRegistrationRunResponse)
        return answer.run_id

    async def put_registration_file(
        self, request_id: str, run_id: str, name: str, content: bytes
    ) -> Sequence[batch_run_pb2.BatchFault]:
        """Put a file into the run; returns what is wrong with it, and then it was not taken."""
        request = pb2.PutRegistrationFileRequest(
            sender=self._sender, request_id=request_id, run_id=run_id, name=name, content=content
        )
        method = _RUNS.methods_by_name["PutRegistrationFile"]
        answer = await self._channel.call(
            method, request, pb2.PutRegistrationFileResponse, seconds=FILE_SECONDS
        )
        return answer.faults

    async def close_registration_run(self, request_id: str, run_id: str) -> None:
        """Say that every file is there."""
        request = pb2.CloseRegistrationRunRequest(
            sender=self._sender, request_id=request_id, run_id=run_id
        )
        method = _RUNS.methods_by_name["CloseRegistrationRun"]
        await self._channel.call(method, request, pb2.CloseRegistrationRunResponse)

    async def get_registration_run(
        self, run_id: str, *, after_record: int = 0
    ) -> pb2.GetRegistrationRunResponse:
        """How the run stands, with the refused records that have higher numbers."""
        request = pb2.GetRegistrationRunRequest(
            sender=self._sender, run_id=run_id, after_record=after_record
        )
        method = _RUNS.methods_by_name["GetRegistrationRun"]
        return await self._channel.call(method, request, pb2.GetRegistrationRunResponse)

    async def delete_registration_run(self, request_id: str, run_id: str) -> None:
        """Forget the run."""
        request = pb2.DeleteRegistrationRunRequest(
            sender=self._sender, request_id=request_id, run_id=run_id
        )
        method = _RUNS.methods_by_name["DeleteRegistrationRun"]
        await self._channel.call(method, request, pb2.DeleteRegistrationRunResponse)
