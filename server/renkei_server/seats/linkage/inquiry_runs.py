"""The linkage platform's runs of inquiry (情報照会の一括処理).

Rules:
- A file is judged as a whole, line by line; it is kept where nothing is wrong with it. All its
  lines ask for one information, so that all lines of result are of one layout.
- A line asks for the ward itself, and for an affair of the caller's own business.
- Results are handed out file by file, once each line has ended, until the run is deleted.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from renkei import reasons
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei.ward.v1 import inquiry_run_pb2 as pb2
from renkei_server.dispatch.terms import within
from renkei_server.domain.batch_files.asking import newest_layout, result_of_refusal, results_of
from renkei_server.domain.batch_files.inquiry import the_inquiry
from renkei_server.domain.batch_files.numbering import LineFileName, require_whole
from renkei_server.domain.batch_files.result import ResultLine, write_results
from renkei_server.domain.batch_files.sides import Side
from renkei_server.domain.days import day_in_japan
from renkei_server.domain.exchanges import LONGEST
from renkei_server.domain.layouts.layouts import Layout, Layouts
from renkei_server.domain.world import Clock, Ids
from renkei_server.door.call import Call, nothing
from renkei_server.seats.linkage.asking import BEGIN
from renkei_server.seats.linkage.batch_files import (
    AT_ONCE,
    require_plan,
    require_size,
    write_faults,
)
from renkei_server.seats.linkage.inquiry_files import InquiryFiles
from renkei_server.store.batch_runs.batch_runs import BatchRuns, Run, RunState
from renkei_server.store.batch_runs.inquiry_lines import EndedLine, InquiryLines
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.engine.run_digests import RunDigests
from renkei_server.store.engine.store import Store

MOST_FILES: Final = 9_999
"""Their numbers have four digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryRunService:
    """Takes runs of inquiry, tells how they stand, and hands out what came of them."""

    contract = pb2.DESCRIPTOR.services_by_name["InquiryRunService"]

    store: Store
    runs: BatchRuns
    lines: InquiryLines
    files: InquiryFiles
    layouts: Layouts
    outbox: Outbox
    clock: Clock
    ids: Ids
    digests: RunDigests

    async def open_inquiry_run(
        self, request: pb2.OpenInquiryRunRequest, call: Call
    ) -> pb2.OpenInquiryRunResponse:
        """Open a run."""
        require_plan(1 <= request.files <= MOST_FILES, "files")
        require_plan(_is_named(request.job, request.made_at), "job")
        plan = {"job": request.job, "made_at": request.made_at, "files": str(request.files)}
        subject = f"inquire {request.job}"
        run = Run(self.ids.request_id(), call.caller.role, subject, plan, RunState.OPEN)

        def open_it(connection: Connection) -> str:
            self.runs.open(connection, run)
            return run.id

        run_id = await call.once(self.store, open_it, lambda _, made: made)
        return pb2.OpenInquiryRunResponse(run_id=run_id)

    async def put_inquiry_file(
        self, request: pb2.PutInquiryFileRequest, call: Call
    ) -> pb2.PutInquiryFileResponse:
        """Judge a file, and keep it where nothing is wrong with it."""
        require_size(request.content)
        owner, name = call.caller.role, LineFileName.parse(request.name)
        run = await self.store.look(
            lambda connection: self.runs.get(connection, request.run_id, owner)
        )
        _require_of(run, name)
        lines, faults = await asyncio.to_thread(
            self.files.read, request.content, owner, self._today()
        )
        if faults:
            return pb2.PutInquiryFileResponse(faults=write_faults(faults), fault_count=len(faults))
        digest = self.digests.noted(request.content)

        def put(connection: Connection) -> str:
            to = self.runs.get_open(connection, run.id, owner)
            if self.runs.put(connection, to, request.name, digest, len(lines)):
                self.lines.add(connection, to.id, request.name, lines)
            return request.name

        await call.once(self.store, put, nothing)
        return pb2.PutInquiryFileResponse()

    async def close_inquiry_run(
        self, request: pb2.CloseInquiryRunRequest, call: Call
    ) -> pb2.CloseInquiryRunResponse:
        """Fix the files of a run, and owe its inquiries to the middle server."""

        def close(connection: Connection) -> str:
            run = self.runs.get_open(connection, request.run_id, call.caller.role)
            names = self.runs.names(connection, run.id)
            numbers = [LineFileName.parse(one).number for one in names]
            require_whole(numbers, first=1, total=int(run.plan["files"]))
            self.runs.close(connection, run)
            content = within({"run": run.id, "after": "0"}, self.clock.now() + LONGEST)
            self.outbox.put(connection, BEGIN, cause=call.receipt.request_id, content=content)
            return run.id

        await call.once(self.store, close, nothing)
        return pb2.CloseInquiryRunResponse()

    async def get_inquiry_run(
        self, request: pb2.GetInquiryRunRequest, call: Call
    ) -> pb2.GetInquiryRunResponse:
        """How a run stands."""

        def read(connection: Connection) -> pb2.GetInquiryRunResponse:
            run = self.runs.get(connection, request.run_id, call.caller.role)
            tally = self.runs.tally(connection, run.id)
            return pb2.GetInquiryRunResponse(
                state=f"BATCH_RUN_STATE_{run.state.name}",
                files=self.runs.names(connection, run.id),
                lines=tally.lines,
                started=tally.started,
                answered=tally.answered,
                provided=tally.done,
                failed=tally.failed,
            )

        return await self.store.read(read)

    async def get_result_file(
        self, request: pb2.GetResultFileRequest, call: Call
    ) -> pb2.GetResultFileResponse:
        """What came of the lines of one file, a part at a time."""

        def read(connection: Connection) -> Sequence[EndedLine]:
            run = self.runs.get(connection, request.run_id, call.caller.role)
            name = str(LineFileName(run.plan["job"], run.plan["made_at"], request.number))
            tally = self.runs.tally_of(connection, run.id, name)
            if run.state is RunState.OPEN or tally.ended < tally.lines:
                raise Refusal(reasons.BATCH_RUN_UNDER_WAY, "", "run_id")
            return self.lines.results(connection, run.id, name, request.after_line, AT_ONCE)

        ended = await self.store.read(read)
        parts: dict[int, tuple[Layout, list[ResultLine]]] = {}
        for layout, line in self._results(ended):
            parts.setdefault(layout.version, (layout, []))[1].append(line)
        return pb2.GetResultFileResponse(
            parts=[
                pb2.ResultPart(
                    layout_version=layout.version, content=b"".join(write_results(lines, layout))
                )
                for layout, lines in parts.values()
            ],
            next_after_line=ended[-1].line if len(ended) == AT_ONCE else 0,
        )

    async def delete_inquiry_run(
        self, request: pb2.DeleteInquiryRunRequest, call: Call
    ) -> pb2.DeleteInquiryRunResponse:
        """Erase a run with all that came of it."""

        def delete(connection: Connection) -> str:
            run = self.runs.get(connection, request.run_id, call.caller.role)
            self.runs.delete(connection, run)
            self.lines.delete(connection, run.id)
            return run.id

        await call.once(self.store, delete, nothing)
        return pb2.DeleteInquiryRunResponse()

    def _results(self, ended: Sequence[EndedLine]) -> Iterator[tuple[Layout, ResultLine]]:
        for one in ended:
            line = the_inquiry(one.asked, Side.WARD)
            plain = newest_layout(self.layouts, line.information_code, self._today())
            if isinstance(one.came, Reason):
                yield plain, result_of_refusal(line, one.came)
            else:
                yield from results_of(line, one.came, self.layouts, plain)

    def _today(self) -> date:
        return day_in_japan(self.clock.now())


def _is_named(job: str, made_at: str) -> bool:
    """Whether files can be named by these."""
    try:
        return LineFileName.parse(f"{job}_{made_at}_0001.DAT") == LineFileName(job, made_at, 1)
    except Refusal:
        return False


def _require_of(run: Run, name: LineFileName) -> None:
    """Raise BATCH_FILE_NOT_OF_RUN unless the name is one that the run is to hold."""
    if (name.job, name.made_at) != (run.plan["job"], run.plan["made_at"]):
        raise Refusal(reasons.BATCH_FILE_NOT_OF_RUN, "another job or time", "name")
    if name.number > int(run.plan["files"]):
        raise Refusal(reasons.BATCH_FILE_NOT_OF_RUN, f"number {name.number}", "name")
