"""The linkage platform's runs of registration (副本登録の一括処理, DBM_20113).

Rules:
- A run is of one information and one version of its layout; whether its kind may follow what was
  provided before is judged as it is opened, and no other run of the information goes on beside it.
- Each message has an attachment of the same number; messages of a test mode are not taken
  (`invented`: what they would do was not found).
- A file is judged as a whole, record by record; it is kept where nothing is wrong with it.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from renkei import reasons
from renkei.codes import LocalAddressNumber
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei.ward.v1 import registration_run_pb2 as pb2
from renkei_server.dispatch.terms import within
from renkei_server.domain.batch_files.faults import Fault, Parsed
from renkei_server.domain.batch_files.messages import read_message
from renkei_server.domain.batch_files.numbering import (
    MessageFileName,
    RecordNumbers,
    require_whole,
)
from renkei_server.domain.batch_files.registration import Registration, checked, read_registrations
from renkei_server.domain.batch_files.runs import LONGEST, RunKind, after
from renkei_server.domain.batch_files.sides import Side
from renkei_server.domain.days import day_in_japan
from renkei_server.domain.layouts.layouts import Layouts
from renkei_server.domain.world import Clock, Ids
from renkei_server.door.call import Call, nothing
from renkei_server.seats.linkage.batch_files import (
    FAULTS_TOLD,
    FaultyFileError,
    message_of,
    require_plan,
    require_size,
    sorted_out,
    write_faults,
)
from renkei_server.seats.linkage.registering import BEGIN
from renkei_server.store.batch_runs.batch_runs import BatchRuns, Run, RunState
from renkei_server.store.batch_runs.registration_records import Record, RegistrationRecords
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.engine.run_digests import RunDigests
from renkei_server.store.engine.store import Store

MOST_MESSAGES: Final = 1_000
"""Their numbers have three digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationRunService:
    """Takes runs of registration, and tells how they stand."""

    contract = pb2.DESCRIPTOR.services_by_name["RegistrationRunService"]

    store: Store
    runs: BatchRuns
    records: RegistrationRecords
    layouts: Layouts
    outbox: Outbox
    clock: Clock
    ids: Ids
    digests: RunDigests

    async def open_registration_run(
        self, request: pb2.OpenRegistrationRunRequest, call: Call
    ) -> pb2.OpenRegistrationRunResponse:
        """Open a run that may follow what was provided before."""
        require_plan(request.kind != 0, "kind")
        require_plan(1 <= request.messages <= MOST_MESSAGES, "messages")
        information, version = request.information_code, request.layout_version
        self.layouts.find(information, version, self._today())
        kind = RunKind(str(request.kind))
        plan = {
            "information_code": information,
            "layout_version": str(version),
            "messages": str(request.messages),
        }
        subject = f"register {information}"
        run = Run(self.ids.request_id(), call.caller.role, subject, plan, RunState.OPEN)

        def open_it(connection: Connection) -> str:
            after(self.records.provision(connection, information, version), kind)
            self.runs.require_alone(connection, run.subject)
            self.runs.open(connection, run)
            return run.id

        run_id = await call.once(self.store, open_it, lambda _, made: made)
        return pb2.OpenRegistrationRunResponse(run_id=run_id)

    async def put_registration_file(
        self, request: pb2.PutRegistrationFileRequest, call: Call
    ) -> pb2.PutRegistrationFileResponse:
        """Judge a file, and keep it where nothing is wrong with it."""
        require_size(request.content)
        name = MessageFileName.parse(request.name)
        run = await self._run(request.run_id, call)
        _require_of(run, name)
        records, faults = await asyncio.to_thread(
            _read, run, name, request.content, self.layouts, self._today()
        )
        if faults:
            return _faulty(faults)
        digest = self.digests.noted(request.content)

        def put(connection: Connection) -> str:
            to = self.runs.get_open(connection, run.id, call.caller.role)
            if self.runs.put(connection, to, request.name, digest, len(records)):
                repeated = self.records.add(connection, to.id, request.name, records)
                if repeated:
                    raise FaultyFileError([_repeated(*one) for one in repeated])
            return request.name

        try:
            await call.once(self.store, put, nothing)
        except FaultyFileError as faulty:
            return _faulty(faulty.faults)
        return pb2.PutRegistrationFileResponse()

    async def close_registration_run(
        self, request: pb2.CloseRegistrationRunRequest, call: Call
    ) -> pb2.CloseRegistrationRunResponse:
        """Fix the files of a run, and owe its records to the middle server."""

        def close(connection: Connection) -> str:
            run = self.runs.get_open(connection, request.run_id, call.caller.role)
            names = [MessageFileName.parse(one) for one in self.runs.names(connection, run.id)]
            for attachment in (False, True):
                numbers = [one.number for one in names if one.attachment is attachment]
                require_whole(numbers, first=0, total=int(run.plan["messages"]))
            self.runs.close(connection, run)
            content = within({"run": run.id, "after": "0"}, self.clock.now() + LONGEST)
            self.outbox.put(connection, BEGIN, cause=call.receipt.request_id, content=content)
            return run.id

        await call.once(self.store, close, nothing)
        return pb2.CloseRegistrationRunResponse()

    async def get_registration_run(
        self, request: pb2.GetRegistrationRunRequest, call: Call
    ) -> pb2.GetRegistrationRunResponse:
        """How a run stands, and what of it was refused."""

        def read(connection: Connection) -> pb2.GetRegistrationRunResponse:
            run = self.runs.get(connection, request.run_id, call.caller.role)
            tally = self.runs.tally(connection, run.id)
            refused = self.records.refusals(connection, run.id, request.after_record, FAULTS_TOLD)
            return pb2.GetRegistrationRunResponse(
                state=f"BATCH_RUN_STATE_{run.state.name}",
                files=self.runs.names(connection, run.id),
                records=tally.lines,
                registered=tally.done,
                refused=tally.failed,
                refused_records=[
                    pb2.RefusedRecord(
                        number=number, reason=reason.name, message_ja=message_of(reason)
                    )
                    for number, reason in refused
                ],
            )

        return await self.store.read(read)

    async def delete_registration_run(
        self, request: pb2.DeleteRegistrationRunRequest, call: Call
    ) -> pb2.DeleteRegistrationRunResponse:
        """Forget a run."""

        def delete(connection: Connection) -> str:
            run = self.runs.get(connection, request.run_id, call.caller.role)
            self.runs.delete(connection, run)
            self.records.delete(connection, run.id)
            return run.id

        await call.once(self.store, delete, nothing)
        return pb2.DeleteRegistrationRunResponse()

    async def _run(self, run_id: str, call: Call) -> Run:
        return await self.store.look(
            lambda connection: self.runs.get(connection, run_id, call.caller.role)
        )

    def _today(self) -> date:
        return day_in_japan(self.clock.now())


def _require_of(run: Run, name: MessageFileName) -> None:
    """Raise BATCH_FILE_NOT_OF_RUN unless the name is one that the run is to hold."""
    if name.information_code != run.plan["information_code"]:
        raise Refusal(reasons.BATCH_FILE_NOT_OF_RUN, "another information", "name")
    if name.number >= int(run.plan["messages"]):
        raise Refusal(reasons.BATCH_FILE_NOT_OF_RUN, f"number {name.number}", "name")


def _read(
    run: Run, name: MessageFileName, content: bytes, layouts: Layouts, today: date
) -> tuple[list[Record], list[Fault]]:
    """The records of a file, none in a message, and everything that is wrong with it."""
    if not name.attachment:
        return [], list(_faults_of_message(content))
    read = read_registrations([content], Side.WARD)
    good, faults = sorted_out(checked(read, layouts, today, RecordNumbers()))
    for one in good:
        faults.extend(_faults_of_run(run, one))
    records = [
        Record(one.value.number, LocalAddressNumber(one.value.person.digits), one.value.sub_copy)
        for one in good
    ]
    return records, sorted(faults, key=lambda fault: fault.line)


def _faults_of_message(content: bytes) -> Iterator[Fault]:
    try:
        message = read_message([content])
    except Refusal as refusal:
        yield Fault.of(0, refusal.fields[0] if refusal.fields else "", refusal)
    else:
        if message.test:
            yield Fault(0, "MsgMode", reasons.MALFORMED_BATCH_FIELD, "a test message")


def _faults_of_run(run: Run, one: Parsed[Registration]) -> Iterator[Fault]:
    """Where a record is not of the information, or of the version, that the run is of."""
    sub_copy = one.value.sub_copy
    for field, told, planned in (
        (
            "SpecificPersonalInformationCode",
            sub_copy.name.information_code,
            run.plan["information_code"],
        ),
        ("SPIMajorVersion", str(sub_copy.layout_version), run.plan["layout_version"]),
    ):
        if told != planned:
            yield Fault(one.line, field, reasons.MALFORMED_BATCH_FIELD, "not that of the run")


def _repeated(place: int, reason: Reason) -> Fault:
    number = reason is reasons.BATCH_RECORD_REPEATED
    return Fault(place, "RecordIdentificationNumber" if number else "DataSetRecordKey", reason)


def _faulty(faults: list[Fault]) -> pb2.PutRegistrationFileResponse:
    return pb2.PutRegistrationFileResponse(faults=write_faults(faults), fault_count=len(faults))
