"""Entries of a register that wait for another operator's decision (仮登録; INP-07).

Source: INP-07 (inferred there); that an entry is provisional until it is decided, and nothing of it
leaves meanwhile, is documented.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select

from renkei import reasons
from renkei.codes import LocalAddressNumber
from renkei.refusals import Refusal
from renkei.residents import ResidentEntry
from renkei_server.store.engine.codecs import document
from renkei_server.store.engine.columns import blind, drawn_number, sealed, table, text
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.sealing import Sealer


@dataclass(frozen=True, slots=True)
class Provisional:
    """One entry that waits."""

    entry_id: str
    entry: ResidentEntry = field(repr=False)
    operator_id: str
    at: datetime
    versions: int
    """How many earlier versions the register held of the person when it was entered."""

    def judge_decision(self, operator_id: str, versions: int) -> None:
        """Raise what forbids that this operator lets it take effect now.

        Raises APPROVER_IS_ENTERER, and ENTRY_OVERTAKEN where the record has changed since.
        """
        if operator_id == self.operator_id:
            raise Refusal(reasons.APPROVER_IS_ENTERER, "", "operator_session")
        if versions != self.versions:
            raise Refusal(reasons.ENTRY_OVERTAKEN, "", "entry_id")


_PROVISIONAL = table(
    "provisional_entries",
    drawn_number(),
    text("entry_id", unique=True),
    blind("person", unique=True),
    sealed("entry", document(Provisional)),
)

TABLES = (_PROVISIONAL,)

_THE_ENTRY = _PROVISIONAL.c.entry_id == bindparam("of")
_ADD = Guarded(insert(_PROVISIONAL))
_FIND = Guarded(select(_PROVISIONAL.c.entry).where(_THE_ENTRY))
_OF_PERSON = Guarded(select(_PROVISIONAL.c.number).where(_PROVISIONAL.c.person == bindparam("of")))
_ALL = Guarded(select(_PROVISIONAL.c.entry).order_by(_PROVISIONAL.c.number))
_FORGET = Guarded(delete(_PROVISIONAL).where(_PROVISIONAL.c.person == bindparam("of")))
_REMOVE = Prepared(delete(_PROVISIONAL).where(_THE_ENTRY))


class ProvisionalEntries:
    """The entries of one register that wait."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def add(self, connection: Connection, told: Provisional) -> None:
        """Let one wait; raises PROVISIONAL_ENTRY_PENDING where one of the person's does already."""
        person = told.entry.person.digits
        if _OF_PERSON.value(connection, self._sealer, {"of": person}) is not None:
            raise Refusal(reasons.PROVISIONAL_ENTRY_PENDING, "", "entry.local_address_number")
        values = {
            "number": connection.draw(),
            "entry_id": told.entry_id,
            "person": person,
            "entry": told,
        }
        _ADD.run(connection, self._sealer, values)

    def find(self, connection: Connection, entry_id: str) -> Provisional | None:
        """One that waits."""
        found: Provisional | None = _FIND.value(connection, self._sealer, {"of": entry_id})
        return found

    def get(self, connection: Connection, entry_id: str) -> Provisional:
        """The same; raises ENTRY_NOT_PROVISIONAL where none does."""
        found = self.find(connection, entry_id)
        if found is None:
            raise Refusal(reasons.ENTRY_NOT_PROVISIONAL, "", "entry_id")
        return found

    def all(self, connection: Connection) -> Sequence[Provisional]:
        """All of them, oldest first."""
        return [entry for (entry,) in _ALL.run(connection, self._sealer, {}).fetchall()]

    def forget(self, connection: Connection, person: LocalAddressNumber) -> None:
        """Let nothing of a person's wait any more."""
        _FORGET.run(connection, self._sealer, {"of": person.digits})

    def remove(self, connection: Connection, entry_id: str) -> None:
        """It was decided: nothing of it waits any more."""
        _REMOVE.run(connection, {"of": entry_id})
