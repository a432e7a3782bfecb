"""The bulk outputs of one municipal CS: what was asked for, who approved it, what was told (USE-13)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import bindparam, delete, insert, select, update

from renkei import reasons
from renkei.bulk_outputs import PAGE
from renkei.refusals import Refusal
from renkei_server.domain.bulk_outputs import BulkOutput, was_changed
from renkei_server.domain.identity_changes import HeldIdentity
from renkei_server.store.engine.codecs import document
from renkei_server.store.engine.columns import drawn_number, sealed, table, text
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.identities.identity_file import IdentityFile
from renkei_server.store.identities.searching import search

LISTED: Final = 100

_OUTPUTS = table(
    "bulk_outputs",
    drawn_number(),
    text("output_id", unique=True),
    text("requested_at", index=True),
    sealed("output", document(BulkOutput)),
)

TABLES = (_OUTPUTS,)

_THE_OUTPUT = _OUTPUTS.c.output_id == bindparam("of")
_ADD = Guarded(insert(_OUTPUTS))
_FIND = Guarded(select(_OUTPUTS.c.output).where(_THE_OUTPUT))
_CHANGE = Guarded(update(_OUTPUTS).where(_THE_OUTPUT), ("output",))
_NEWEST = Guarded(select(_OUTPUTS.c.output).order_by(_OUTPUTS.c.number.desc()).limit(LISTED))
_IS_OLDER = _OUTPUTS.c.requested_at < bindparam("before")
_ANY_OLDER = Prepared(select(_OUTPUTS.c.number).where(_IS_OLDER).limit(1))
_ERASE_OLDER = Prepared(delete(_OUTPUTS).where(_IS_OLDER).returning(_OUTPUTS.c.number))


class BulkOutputs:
    """Those of one seat."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def add(self, connection: Connection, output: BulkOutput) -> str:
        """Keep one; return its id."""
        values = {
            "number": connection.draw(),
            "output_id": output.output_id,
            "requested_at": output.requested_at.isoformat(),
            "output": output,
        }
        _ADD.run(connection, self._sealer, values)
        return output.output_id

    def one(self, connection: Connection, output_id: str) -> BulkOutput:
        """One by its id. Raises BULK_OUTPUT_UNKNOWN."""
        found: BulkOutput | None = _FIND.value(connection, self._sealer, {"of": output_id})
        if found is None:
            raise Refusal(reasons.BULK_OUTPUT_UNKNOWN, "", "output_id")
        return found

    def change(self, connection: Connection, output: BulkOutput) -> str:
        """Keep what one is from now on; return its id."""
        _CHANGE.run(connection, self._sealer, {"of": output.output_id, "output": output})
        return output.output_id

    def newest(self, connection: Connection) -> Sequence[BulkOutput]:
        """The newest ones, the last first."""
        return [one for (one,) in _NEWEST.run(connection, self._sealer, {}).fetchall()]

    def any_before(self, connection: Connection, moment: datetime) -> bool:
        """Whether one was asked for before a moment."""
        return _ANY_OLDER.value(connection, {"before": moment.isoformat()}) is not None

    def erase_before(self, connection: Connection, moment: datetime) -> int:
        """Erase those that were asked for before a moment; return how many."""
        return len(list(_ERASE_OLDER.run(connection, {"before": moment.isoformat()}).fetchall()))


def page_of(
    connection: Connection, file: IdentityFile, output: BulkOutput, after: int, today: date
) -> tuple[Sequence[HeldIdentity], int]:
    """The persons of one page, and where the next goes on; 0 where it is the last."""
    if (changed := output.changed) is not None:
        rows = file.onward(connection, after, PAGE)
        fits = was_changed(changed, today)
        goes_on_at = rows[-1][0] if len(rows) == PAGE else 0
        return [held for _, held in rows if fits(held)], goes_on_at
    assert output.criteria is not None  # noqa: S101 - one of the two is there
    found = search(connection, file, output.criteria.criteria, today)
    goes_on_at = after + PAGE if len(found) > after + PAGE else 0
    return found[after : after + PAGE], goes_on_at
