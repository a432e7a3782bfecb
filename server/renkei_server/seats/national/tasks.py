"""What the national server owes the information provision network (F1.10)."""

from collections.abc import Mapping

from renkei.acquisitions import Failure
from renkei.codes import Institution, ProcessingSerial, ResidentRecordCode
from renkei_server.dispatch.routes import Effect, Route, no_effect
from renkei_server.peers.codes import TakesResidentRecordCodes
from renkei_server.store.engine.outbox import Task

REPORT = "report"


def report_content(
    serial: ProcessingSerial, asking: Institution, finding: ResidentRecordCode | Failure
) -> Mapping[str, str]:
    """The content of a task that reports a finding; the Individual Number is not in it."""
    found = (
        {"resident_record_code": finding.digits}
        if isinstance(finding, ResidentRecordCode)
        else {"failure": finding.name}
    )
    return {"serial": serial.value, "asking": asking.name, **found}


def national_routes(network: TakesResidentRecordCodes) -> Mapping[str, Route]:
    """The one kind of task; a report that is refused is recorded and dropped (F1.11)."""

    async def report(task: Task) -> Effect:
        # F1.10 serial, asking institution, resident record code or reason
        content = task.content
        finding = (
            ResidentRecordCode(content["resident_record_code"])
            if "resident_record_code" in content
            else Failure[content["failure"]]
        )
        await network.report_resident_record_code(
            task.request_id,
            ProcessingSerial(content["serial"]),
            Institution(content["asking"]),
            finding,
        )
        return no_effect

    return {REPORT: Route(report)}
