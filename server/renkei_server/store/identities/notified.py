"""How a register's notifications stand: of each person the newest, and what stops them (F3.4)."""

from dataclasses import dataclass, field, replace
from enum import Enum

from sqlalchemy import bindparam, insert, select, update

from renkei import reasons
from renkei.codes import LocalAddressNumber, ResidentRecordCode
from renkei_server.store.engine.codecs import document
from renkei_server.store.engine.columns import blind, sealed, table
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.sealing import Sealer


class NotificationState(Enum):
    """How a notification stands; its number is its number on the wire."""

    UNDER_WAY = 1
    APPLIED = 2
    REFUSED = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """How one person's notifications stand."""

    latest: int = 0
    """The sequence that was given last."""
    told: int = 0
    """The sequence of which the rest speaks: the latest, or the one that stops it."""
    state: NotificationState = NotificationState.UNDER_WAY
    seat: str = ""
    refused: str = ""
    fields: tuple[str, ...] = field(default=())

    @property
    def stopped_at(self) -> int:
        """The sequence that stops the person's others; 0 where none does."""
        return self.told if self.state is NotificationState.REFUSED else 0

    def next(self) -> "Standing":
        """With one more under way, which supersedes whatever stopped the others."""
        return Standing(self.latest + 1, self.latest + 1)

    def ended(self, sequence: int, seat: str, refused: str, fields: tuple[str, ...]) -> "Standing":
        """As one of them ended: a refusal counts whichever it was, all else of the latest alone."""
        if refused == reasons.NOTIFICATION_SUPERSEDED.name or self.stopped_at:
            return self
        if refused:
            return Standing(self.latest, sequence, NotificationState.REFUSED, seat, refused, fields)
        if sequence == self.latest:
            return replace(self, state=NotificationState.APPLIED, seat=seat)
        return self


_NOTIFIED = table(
    "notified_persons",
    blind("person", primary_key=True),
    blind("resident_record_code", unique=True),
    sealed("standing", document(Standing), kept=True),
)

TABLES = (_NOTIFIED,)

_THE_PERSON = _NOTIFIED.c.person == bindparam("of")
_THE_CODE = _NOTIFIED.c.resident_record_code == bindparam("of")
_OF_PERSON = Guarded(select(_NOTIFIED.c.standing).where(_THE_PERSON))
_OF_CODE = Guarded(select(_NOTIFIED.c.standing).where(_THE_CODE))
_ADD = Guarded(insert(_NOTIFIED))
_NEXT = Guarded(update(_NOTIFIED).where(_THE_PERSON), ("resident_record_code", "standing"))
_END = Guarded(update(_NOTIFIED).where(_THE_CODE), ("standing",))


class Notified:
    """The notifications of one register."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def of(self, connection: Connection, person: LocalAddressNumber) -> Standing | None:
        """How a person's stand; None where there never was one."""
        found: Standing | None = _OF_PERSON.value(connection, self._sealer, {"of": person.digits})
        return found

    def next(
        self, connection: Connection, person: LocalAddressNumber, code: ResidentRecordCode
    ) -> tuple[int, int]:
        """The sequence of one more, and the one that it supersedes, or 0.

        The person is known to the network by this code from now on.
        """
        before = self.of(connection, person)
        now = (before or Standing()).next()
        values = {"resident_record_code": code.digits, "standing": now}
        if before is None:
            _ADD.run(connection, self._sealer, {"person": person.digits, **values})
        else:
            _NEXT.run(connection, self._sealer, {"of": person.digits, **values})
        return now.latest, before.stopped_at if before else 0

    def ended(
        self,
        connection: Connection,
        code: ResidentRecordCode,
        sequence: int,
        seat: str,
        refused: str = "",
        fields: tuple[str, ...] = (),
    ) -> None:
        """Note how one ended. Nobody is known any more by a code that was changed since."""
        found: Standing | None = _OF_CODE.value(connection, self._sealer, {"of": code.digits})
        if found is not None:
            standing = found.ended(sequence, seat, refused, fields)
            _END.run(connection, self._sealer, {"of": code.digits, "standing": standing})
