"""The client of runs of inquiry at a ward's linkage platform (情報照会の一括処理)."""

from collections.abc import Mapping, Sequence

from renkei.type.v1 import batch_run_pb2
from renkei.ward.v1 import inquiry_run_pb2 as pb2
from renkei_clients.channel import Channel


class InquiryRunClient:
    """A department's client of its own ward's linkage platform."""

    def __init__(self, channel: Channel) -> None:
        self._call, self._ask = channel.call, channel.ask

    async def open_inquiry_run(self, request_id: str, job: str, made_at: str, files: int) -> str:
        """Open a run of so many files, which are named by job and time; returns what names it."""
        request = pb2.OpenInquiryRunRequest(
            request_id=request_id, job=job, made_at=made_at, files=files
        )
        return await self._ask(request, pb2.OpenInquiryRunResponse, lambda told: told.run_id)

    async def put_inquiry_file(
        self, request_id: str, run_id: str, name: str, content: bytes
    ) -> Sequence[batch_run_pb2.BatchFault]:
        """Put a file into the run; returns what is wrong with it, and then it was not taken."""
        request = pb2.PutInquiryFileRequest(
            request_id=request_id, run_id=run_id, name=name, content=content
        )
        return await self._ask(request, pb2.PutInquiryFileResponse, lambda told: told.faults)

    async def close_inquiry_run(self, request_id: str, run_id: str) -> None:
        """Say that every file is there."""
        await self._call(pb2.CloseInquiryRunRequest(request_id=request_id, run_id=run_id))

    async def get_inquiry_run(self, run_id: str) -> pb2.GetInquiryRunResponse:
        """How the run stands."""
        request = pb2.GetInquiryRunRequest(run_id=run_id)
        return await self._ask(request, pb2.GetInquiryRunResponse, lambda run: run)

    async def get_result_file(self, run_id: str, number: int) -> Mapping[int, bytes]:
        """What came of the lines of one file, by version of the layout; mostly there is one."""
        whole: dict[int, bytes] = {}
        request = pb2.GetResultFileRequest(run_id=run_id, number=number)
        while True:
            answer = await self._ask(request, pb2.GetResultFileResponse, lambda part: part)
            for part in answer.parts:
                whole[part.layout_version] = whole.get(part.layout_version, b"") + part.content
            request.after_line = answer.next_after_line
            if not request.after_line:
                return whole

    async def delete_inquiry_run(self, request_id: str, run_id: str) -> None:
        """Say that the results were fetched: everything of the run is erased."""
        await self._call(pb2.DeleteInquiryRunRequest(request_id=request_id, run_id=run_id))
