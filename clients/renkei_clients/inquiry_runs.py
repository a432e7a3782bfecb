"""The client of runs of inquiry at a ward's linkage platform (情報照会の一括処理)."""

from collections.abc import Mapping, Sequence

from google.protobuf.descriptor import ServiceDescriptor

from renkei.type.v1 import batch_run_pb2
from renkei.ward.v1 import inquiry_run_pb2 as pb2
from renkei_clients.channel import Channel
from renkei_clients.registration_runs import FILE_SECONDS

_RUNS: ServiceDescriptor = pb2.DESCRIPTOR.services_by_name["InquiryRunService"]


class InquiryRunClient:
    """A department's client of its own ward's linkage platform."""

    def __init__(self, channel: Channel, sender: str) -> None:
        self._channel = channel
        self._sender = sender

    async def open_inquiry_run(self, request_id: str, job: str, made_at: str, files: int) -> str:
        """Open a run of so many files, which are named by job and time; returns what names it."""
        request = pb2.OpenInquiryRunRequest(
            sender=self._sender, request_id=request_id, job=job, made_at=made_at, files=files
        )
        method = _RUNS.methods_by_name["OpenInquiryRun"]
        return (await self._channel.call(method, request, pb2.OpenInquiryRunResponse)).run_id

    async def put_inquiry_file(
        self, request_id: str, run_id: str, name: str, content: bytes
    ) -> Sequence[batch_run_pb2.BatchFault]:
        """Put a file into the run; returns what is wrong with it, and then it was not taken."""
        request = pb2.PutInquiryFileRequest(
            sender=self._sender, request_id=request_id, run_id=run_id, name=name, content=content
        )
        method = _RUNS.methods_by_name["PutInquiryFile"]
        answer = await self._channel.call(
            method, request, pb2.PutInquiryFileResponse, seconds=FILE_SECONDS
        )
        return answer.faults

    async def close_inquiry_run(self, request_id: str, run_id: str) -> None:
        """Say that every file is there."""
        request = pb2.CloseInquiryRunRequest(
            sender=self._sender, request_id=request_id, run_id=run_id
        )
        method = _RUNS.methods_by_name["CloseInquiryRun"]
        await self._channel.call(method, request, pb2.CloseInquiryRunResponse)

    async def get_inquiry_run(self, run_id: str) -> pb2.GetInquiryRunResponse:
        """How the run stands."""
        request = pb2.GetInquiryRunRequest(sender=self._sender, run_id=run_id)
        method = _RUNS.methods_by_name["GetInquiryRun"]
        return await self._channel.call(method, request, pb2.GetInquiryRunResponse)

    async def get_result_file(self, run_id: str, number: int) -> Mapping[int, bytes]:
        """What came of the lines of one file, by version of the layout; mostly there is one."""
        method = _RUNS.methods_by_name["GetResultFile"]
        whole: dict[int, bytes] = {}
        after_line = 0
        while True:
            request = pb2.GetResultFileRequest(
                sender=self._sender, run_id=run_id, number=number, after_line=after_line
            )
            answer = await self._channel.call(method, request, pb2.GetResultFileResponse)
            for part in answer.parts:
                whole[part.layout_version] = whole.get(part.layout_version, b"") + part.content
            after_line = answer.next_after_line
            if not after_line:
                return whole

    async def delete_inquiry_run(self, request_id: str, run_id: str) -> None:
        """Say that the results were fetched: everything of the run is erased."""
        request = pb2.DeleteInquiryRunRequest(
            sender=self._sender, request_id=request_id, run_id=run_id
        )
        method = _RUNS.methods_by_name["DeleteInquiryRun"]
        await self._channel.call(method, request, pb2.DeleteInquiryRunResponse)
