"""What a municipality's manager permitted to be corrected, and what became of it (INP-08)."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import bindparam, delete, insert, select, update

from renkei import reasons
from renkei.codes import ResidentRecordCode
from renkei.refusals import Refusal
from renkei_server.domain.corrections import Approval, Use
from renkei_server.store.engine.codecs import document
from renkei_server.store.engine.columns import blind, drawn_number, sealed, table, text
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.sealing import Sealer

_APPROVALS = table(
    "correction_approvals",
    drawn_number(),
    text("approval_id", unique=True),
    blind("resident_record_code", index=True),
    sealed("approval", document(Approval)),
)

TABLES = (_APPROVALS,)

_ONE = _APPROVALS.c.approval_id == bindparam("of")
_ADD = Guarded(insert(_APPROVALS))
_OF = Guarded(
    select(_APPROVALS.c.approval)
    .where(_APPROVALS.c.resident_record_code == bindparam("of"))
    .order_by(_APPROVALS.c.number)
)
_FIND = Guarded(select(_APPROVALS.c.approval).where(_ONE))
_USE = Guarded(update(_APPROVALS).where(_ONE), ("approval",))
_RENAME = Guarded(
    update(_APPROVALS).where(_APPROVALS.c.resident_record_code == bindparam("of")),
    ("resident_record_code",),
)
_FORGET = Guarded(delete(_APPROVALS).where(_APPROVALS.c.resident_record_code == bindparam("of")))
_WITHDRAW = Prepared(delete(_APPROVALS).where(_ONE))


class Corrections:
    """The permissions of one municipal CS."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def add(self, connection: Connection, person: ResidentRecordCode, approval: Approval) -> str:
        """Keep one; raises CORRECTION_APPROVED_ALREADY where one for this is unused. Returns its id."""
        for one in self.of(connection, person):
            if one.use is None and one.reason is approval.reason:
                raise Refusal(reasons.CORRECTION_APPROVED_ALREADY, "", "reason")
        values = {
            "number": connection.draw(),
            "approval_id": approval.approval_id,
            "resident_record_code": person.digits,
            "approval": approval,
        }
        _ADD.run(connection, self._sealer, values)
        return approval.approval_id

    def of(self, connection: Connection, person: ResidentRecordCode) -> Sequence[Approval]:
        """Those of a person, oldest first."""
        found = _OF.run(connection, self._sealer, {"of": person.digits})
        return [approval for (approval,) in found.fetchall()]

    def rename(
        self, connection: Connection, old: ResidentRecordCode, new: ResidentRecordCode
    ) -> None:
        """The person has another code: theirs are found by it, and erased with them."""
        values = {"of": old.digits, "resident_record_code": new.digits}
        _RENAME.run(connection, self._sealer, values)

    def forget(self, connection: Connection, person: ResidentRecordCode) -> None:
        """Know nothing any more of what was permitted about a person."""
        _FORGET.run(connection, self._sealer, {"of": person.digits})

    def use(self, connection: Connection, approval: Approval, use: Use) -> None:
        """Note what one was used for; nothing uses it again."""
        values = {"of": approval.approval_id, "approval": replace(approval, use=use)}
        _USE.run(connection, self._sealer, values)

    def withdraw(self, connection: Connection, approval_id: str) -> str:
        """Take one back; raises APPROVAL_UNKNOWN and MANAGER_PERMISSION_USED."""
        found: Approval | None = _FIND.value(connection, self._sealer, {"of": approval_id})
        if found is None:
            raise Refusal(reasons.APPROVAL_UNKNOWN, "", "approval_id")
        if found.use is not None:
            raise Refusal(reasons.MANAGER_PERMISSION_USED, "", "approval_id")
        _WITHDRAW.run(connection, {"of": approval_id})
        return approval_id
