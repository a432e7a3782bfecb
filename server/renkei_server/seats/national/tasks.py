"""What the national server owes the information provision network (F1.10, F13.3)."""

from collections.abc import Mapping
from dataclasses import dataclass

from renkei.acquisitions import Failure
from renkei.codes import Institution, ProcessingSerial, ResidentRecordCode
from renkei_server.dispatch.routes import Effect, Route, no_effect
from renkei_server.domain.identity_changes import HeldIdentity
from renkei_server.peers.codes import TakesResidentRecordCodes
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox, Task
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.identities.changed_codes import ChangedCode, ChangedCodes

REPORT = "report"
CHANGE_CODE = "change code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting:
    """Owes the network what it is told of a person: by the code by which it knows them.

    Whose code was changed is told by the old one until the network has acknowledged the new one
    (F13.3). From then on the report by the new one is preceded by the change, once more: a network
    that was set back to an earlier day would make another link id of it.
    """

    outbox: Outbox
    changed: ChangedCodes

    def report(
        self,
        connection: Connection,
        serial: ProcessingSerial,
        asking: Institution,
        finding: ResidentRecordCode | Failure,
        cause: str,
    ) -> None:
        """F1.10 serial, asking institution, resident record code or reason; no Individual Number."""
        content = {"serial": serial.value, "asking": asking.name}
        if isinstance(finding, Failure):
            content["failure"] = finding.name
        else:
            changed = self.changed.of(connection, finding)
            known = finding if changed is None else changed.known
            content["resident_record_code"] = known.digits
            if changed is not None and changed.known != changed.first:
                content["first"] = changed.first.digits
            if changed is not None and changed.known != changed.now:
                self._tell(connection, changed, cause)  # a backup may have left the first out
        self.outbox.put(connection, REPORT, cause=cause, content=content)

    def heed(
        self, connection: Connection, was: HeldIdentity, now: HeldIdentity, cause: str
    ) -> None:
        """F3.9, F13.3: where a person has another code, the network is to know both, and no number."""
        old, new = was.items.resident_record_code, now.items.resident_record_code
        if old != new:
            self.note(connection, old, new, cause)

    def note(
        self,
        connection: Connection,
        old: ResidentRecordCode,
        new: ResidentRecordCode,
        cause: str,
    ) -> None:
        """A person has another code from now on."""
        self._tell(connection, self.changed.change(connection, old, new), cause)

    def _tell(self, connection: Connection, changed: ChangedCode, cause: str) -> None:
        if changed.first == changed.now:  # as at first again
            return
        content = {"old": changed.first.digits, "new": changed.now.digits}
        self.outbox.put(connection, CHANGE_CODE, cause=cause, content=content)


def national_routes(
    network: TakesResidentRecordCodes, changed: ChangedCodes, sealer: Sealer
) -> Mapping[str, Route]:
    """The two kinds of task; one that is refused is recorded and dropped (F1.11)."""

    async def report(task: Task) -> Effect:
        content = task.content
        finding = (
            ResidentRecordCode(content["resident_record_code"])
            if "resident_record_code" in content
            else Failure[content["failure"]]
        )
        if "first" in content and isinstance(finding, ResidentRecordCode):
            before = sealer.derived_request_id(CHANGE_CODE, task.request_id)
            first = ResidentRecordCode(content["first"])
            await network.change_resident_record_code(before, first, finding)
        await network.report_resident_record_code(
            task.request_id,
            ProcessingSerial(content["serial"]),
            Institution(content["asking"]),
            finding,
        )
        return no_effect

    async def change_code(task: Task) -> Effect:
        new = ResidentRecordCode(task.content["new"])
        old = ResidentRecordCode(task.content["old"])
        await network.change_resident_record_code(task.request_id, old, new)
        return lambda connection: changed.acknowledged(connection, new)

    return {REPORT: Route(report), CHANGE_CODE: Route(change_code)}
