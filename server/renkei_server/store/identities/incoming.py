"""In what order notifications are taken: each person's, at each origin, one after the other."""

from sqlalchemy import bindparam, delete, insert, select, update

from renkei import reasons
from renkei.codes import Institution, ResidentRecordCode
from renkei.facts import EXPECTED
from renkei.identities import LONGEST_LEAP, IdentityNotification
from renkei.refusals import Refusal
from renkei_server.store.engine.columns import blind, long_number, table
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.identities.persons import person_at

_APPLIED = table(
    "applied_sequences",
    blind("person", primary_key=True),
    long_number("sequence"),
)

TABLES = (_APPLIED,)

_THE_PERSON = _APPLIED.c.person == bindparam("of")
_LAST = Guarded(select(_APPLIED.c.sequence).where(_THE_PERSON))
_FIRST = Guarded(insert(_APPLIED))
_NEXT = Guarded(update(_APPLIED).where(_THE_PERSON).values(sequence=bindparam("now")))
_FORGET = Guarded(delete(_APPLIED).where(_THE_PERSON))


class Incoming:
    """How far the notifications of each person at each origin have been applied here."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def known_by(
        self, connection: Connection, notification: IdentityNotification
    ) -> ResidentRecordCode:
        """The code by which the person is known here until it is applied.

        It is the new one already where a change of the code is sent again that was applied here, and
        not further on.
        """
        before, now = notification.known_by, notification.items.resident_record_code
        origin = notification.origin
        if notification.supersedes and before != now and not self.last(connection, origin, before):
            return now if self.last(connection, origin, now) else before
        return before

    def judge(self, connection: Connection, notification: IdentityNotification) -> int:
        """The sequence that was applied last, 0 for none, where it is this one's turn.

        Raises SEQUENCE_NOT_EXPECTED, with the one that is, where it is not.

        One that stands for others beside its own has its turn at any of them, over so many as
        one may pass. Raises RESIDENT_RECORD_CODE_HELD for a new code by which this origin has told
        of somebody.
        """
        now, before = (
            notification.items.resident_record_code,
            self.known_by(connection, notification),
        )
        if now != before and self.last(connection, notification.origin, now):
            raise Refusal(
                reasons.RESIDENT_RECORD_CODE_HELD, "", "notification.items.resident_record_code"
            )
        last = self.last(connection, notification.origin, before)
        expected = last + 1
        first = notification.supersedes or notification.sequence
        if not first <= expected <= notification.sequence <= expected + LONGEST_LEAP:
            raise Refusal(
                reasons.SEQUENCE_NOT_EXPECTED,
                "",
                "notification.sequence",
                facts=(EXPECTED.of(expected),),
            )
        return last

    def applied(
        self, connection: Connection, notification: IdentityNotification, last: int
    ) -> None:
        """Note that it was applied after the last: the person is known by the new code from now on."""
        origin, before = notification.origin, self.known_by(connection, notification)
        now = notification.items.resident_record_code
        was_there = last > 0
        if was_there and before == now:
            values = {"of": person_at(origin, now), "now": notification.sequence}
            _NEXT.run(connection, self._sealer, values)
            return
        if was_there:
            self.forget(connection, origin, before)
        values = {"person": person_at(origin, now), "sequence": notification.sequence}
        _FIRST.run(connection, self._sealer, values)

    def forget(self, connection: Connection, origin: Institution, code: ResidentRecordCode) -> None:
        """Know nothing any more of what an origin told of a person."""
        _FORGET.run(connection, self._sealer, {"of": person_at(origin, code)})

    def last(self, connection: Connection, origin: Institution, code: ResidentRecordCode) -> int:
        """The sequence that was applied last; 0 where none was."""
        sought = {"of": person_at(origin, code)}
        return _LAST.value(connection, self._sealer, sought) or 0
