"""How a register's notifications stand: of each person the newest, and what stops them (F3.4)."""

from dataclasses import dataclass, field, replace
from enum import Enum

from sqlalchemy import bindparam, delete, insert, select, update

from renkei import reasons
from renkei.codes import LocalAddressNumber, ResidentRecordCode
from renkei.identities import LONGEST_LEAP
from renkei.refusals import Refusal
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

    @property
    def supersedes(self) -> int:
        """From which sequence on one more stands for what was refused; 0 where nothing was.

        It stands for all that was ever told: a hop may have been set back, or have refused several
        in a row, and who has applied them takes it as the next.
        """
        return 1 if self.stopped_at else 0

    def next(self) -> "Standing":
        """With one more under way, which supersedes whatever stopped the others."""
        return Standing(self.latest + 1, self.latest + 1)

    def ended(
        self, sequence: int, seat: str, refused: str, fields: tuple[str, ...], expected: int = 0
    ) -> "Standing":
        """As one of them ended: the first that was refused counts, all else of the latest alone.

        Where a later sequence is `expected` the next one bears that, unless it is so much later
        that nobody would take it.
        """
        if self.stopped_at and not (refused and sequence < self.stopped_at):
            return self
        if refused == reasons.NOTIFICATION_STOPPED.name and sequence != self.latest:
            return self  # whatever stopped it is told by itself, or the latest is told so too
        if refused:
            latest = max(self.latest, expected - 1)
            if latest > self.latest + LONGEST_LEAP:
                latest = self.latest
            return Standing(latest, sequence, NotificationState.REFUSED, seat, refused, fields)
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
_OF_ANOTHER = Guarded(
    select(_NOTIFIED.c.standing).where(_THE_CODE, _NOTIFIED.c.person != bindparam("not"))
)
_ADD = Guarded(insert(_NOTIFIED))
_NEXT = Guarded(update(_NOTIFIED).where(_THE_PERSON), ("resident_record_code", "standing"))
_FORGET = Guarded(delete(_NOTIFIED).where(_THE_PERSON))
_END = Guarded(update(_NOTIFIED).where(_THE_CODE), ("standing",))


class Notified:
    """The notifications of one register."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def of(self, connection: Connection, person: LocalAddressNumber) -> Standing | None:
        """How a person's stand; None where there never was one."""
        found: Standing | None = _OF_PERSON.value(connection, self._sealer, {"of": person.digits})
        return found

    def last(self, connection: Connection, person: LocalAddressNumber) -> int:
        """The sequence that was given last; 0 where none was."""
        return (self.of(connection, person) or Standing()).latest

    def next(
        self, connection: Connection, person: LocalAddressNumber, code: ResidentRecordCode
    ) -> tuple[int, int]:
        """The sequence of one more, and the one that it supersedes, or 0.

        The person is known to the network by this code from now on. Raises
        RESIDENT_RECORD_CODE_HELD where it was told of another person by it.
        """
        before = self.of(connection, person)
        if _OF_ANOTHER.value(connection, self._sealer, {"of": code.digits, "not": person.digits}):
            raise Refusal(reasons.RESIDENT_RECORD_CODE_HELD, "", "entry.items.resident_record_code")
        now = (before or Standing()).next()
        values = {"resident_record_code": code.digits, "standing": now}
        if before is None:
            _ADD.run(connection, self._sealer, {"person": person.digits, **values})
        else:
            _NEXT.run(connection, self._sealer, {"of": person.digits, **values})
        return now.latest, before.supersedes if before else 0

    def forget(self, connection: Connection, person: LocalAddressNumber) -> None:
        """Know nothing of a person any more."""
        _FORGET.run(connection, self._sealer, {"of": person.digits})

    def ended(
        self,
        connection: Connection,
        code: ResidentRecordCode,
        sequence: int,
        seat: str,
        refused: str = "",
        fields: tuple[str, ...] = (),
        expected: int = 0,
    ) -> None:
        """Note how one ended. Nobody is known any more by a code that was changed since."""
        found: Standing | None = _OF_CODE.value(connection, self._sealer, {"of": code.digits})
        if found is not None:
            standing = found.ended(sequence, seat, refused, fields, expected)
            _END.run(connection, self._sealer, {"of": code.digits, "standing": standing})
