"""Inquiries of one organisation: what was asked, and what came of it (MS-2; F2.2 to F2.9).

Rules:
- What is asked, and the permit until the end, are sealed; nothing of them names a person.
- An answer stays as the provider sealed it, and is opened only for whoever fetches it.
- It is erased once it was fetched, or when its time is over; that it was there stays.
- One that was permitted is due to end at a moment of the world, whatever comes of it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from sqlalchemy import Index, bindparam, func, insert, select, update

from renkei import reasons
from renkei.answers import Outcome
from renkei.codes import IntegratedAddressNumber
from renkei.exchanges import ExchangeId, InquiryTerms
from renkei.permits import SignedPermit
from renkei.refusals import Refusal
from renkei_server.store.engine.codecs import document
from renkei_server.store.engine.columns import erasable, number, sealed, table, text
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.passing import Passing, passing
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.sealing import Sealer


class InquiryState(Enum):
    """How far an inquiry has come."""

    ASKED = "asked"
    PERMITTED = "permitted"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked; department and user are this organisation's own affair."""

    own_id: str
    """From which the exchange's id follows."""
    person: IntegratedAddressNumber = field(repr=False)
    terms: InquiryTerms
    department: str
    user_id: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class HeldInquiry:
    """One inquiry as it is kept; `answer` is a SealedAnswer as it came."""

    asked: Asked
    asked_at: datetime
    """By real time."""
    state: InquiryState
    permit: SignedPermit | None
    outcome: Outcome | None
    refusal: str
    answer: bytes | None = field(repr=False)


_INQUIRIES = table(
    "inquiries",
    text("exchange_id", primary_key=True),
    sealed("asked", document(Asked), kept=True),
    text("asked_at"),
    text("state"),
    sealed("permit", document(SignedPermit), optional=True),
    number("outcome", optional=True),
    text("refusal"),
    erasable("answer", optional=True),
    text("ended_at", optional=True, index=True),
    text("due", optional=True),
    **passing(
        Passing(owed="unfetched answer", where="answer", left={"answer": None}),
        Passing(
            owed="inquiry not yet decided",
            where="state",
            among=(InquiryState.ASKED.value,),
            left={
                "state": InquiryState.ENDED.value,
                "outcome": Outcome.FAILED_AT_NETWORK.value,
                "refusal": reasons.LEFT_OUT_OF_BACKUP.name,
            },
        ),
    ),
)

_IS_DUE = _INQUIRIES.c.due.is_not(None)
Index("inquiries_by_due", _INQUIRIES.c.due, sqlite_where=_IS_DUE, postgresql_where=_IS_DUE)

TABLES = (_INQUIRIES,)

_THE_INQUIRY = _INQUIRIES.c.exchange_id == bindparam("of")
_ADD = Guarded(insert(_INQUIRIES), ("exchange_id", "asked", "asked_at", "state", "refusal"))
_FIND = Guarded(
    select(
        _INQUIRIES.c.asked,
        _INQUIRIES.c.asked_at,
        _INQUIRIES.c.state,
        _INQUIRIES.c.permit,
        _INQUIRIES.c.outcome,
        _INQUIRIES.c.refusal,
        _INQUIRIES.c.answer,
    ).where(_THE_INQUIRY)
)
_PERMIT = Guarded(
    update(_INQUIRIES)
    .where(_THE_INQUIRY)
    .values(state=InquiryState.PERMITTED.value, permit=bindparam("signed"), due=bindparam("until"))
)
_END = Prepared(
    update(_INQUIRIES)
    .where(_THE_INQUIRY)
    .values(
        state=InquiryState.ENDED.value,
        permit=None,
        outcome=bindparam("how"),
        refusal=bindparam("why"),
        answer=bindparam("sealed"),
        ended_at=bindparam("at"),
        due=None,
    )
)
_OVERDUE = Guarded(
    select(_INQUIRIES.c.permit)
    .where(_IS_DUE, _INQUIRIES.c.due <= bindparam("now"))
    .order_by(_INQUIRIES.c.due)
    .limit(bindparam("most"))
)
_ERASE = Prepared(update(_INQUIRIES).where(_THE_INQUIRY).values(answer=None))
_ERASE_OLDER = Prepared(
    update(_INQUIRIES)
    .where(_INQUIRIES.c.ended_at < bindparam("before"), _INQUIRIES.c.answer.is_not(None))
    .values(answer=None)
    .returning(_INQUIRIES.c.exchange_id)
)
_ANY_OLDER = Prepared(
    select(_INQUIRIES.c.exchange_id)
    .where(_INQUIRIES.c.ended_at < bindparam("before"), _INQUIRIES.c.answer.is_not(None))
    .limit(1)
)


_OUTCOMES = Prepared(select(_INQUIRIES.c.outcome, func.count()).group_by(_INQUIRIES.c.outcome))


class Inquiries:
    """Every inquiry of one organisation."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def add(
        self, connection: Connection, exchange_id: ExchangeId, asked: Asked, now: datetime
    ) -> None:
        """Keep a new inquiry; `now` is real time."""
        values = {
            "exchange_id": exchange_id.text,
            "asked": asked,
            "asked_at": now.isoformat(),
            "state": InquiryState.ASKED.value,
            "refusal": "",
        }
        _ADD.run(connection, self._sealer, values)

    def find(self, connection: Connection, exchange_id: ExchangeId) -> HeldInquiry | None:
        """One inquiry, or None."""
        row = _FIND.row(connection, self._sealer, {"of": exchange_id.text})
        if row is None:
            return None
        asked, asked_at, state, permit, outcome, refusal, answer = row
        return HeldInquiry(
            asked,
            datetime.fromisoformat(asked_at),
            InquiryState(state),
            permit,
            None if outcome is None else Outcome(outcome),
            refusal,
            answer,
        )

    def get(self, connection: Connection, exchange_id: ExchangeId) -> HeldInquiry:
        """One inquiry; raises INQUIRY_UNKNOWN."""
        held = self.find(connection, exchange_id)
        if held is None:
            raise Refusal(reasons.INQUIRY_UNKNOWN, "", "inquiry_id")
        return held

    def permit(
        self, connection: Connection, exchange_id: ExchangeId, permit: SignedPermit, due: datetime
    ) -> None:
        """Note that it was permitted, with this organisation's copy; it ends when it is due."""
        values = {"of": exchange_id.text, "signed": permit, "until": due.isoformat()}
        _PERMIT.run(connection, self._sealer, values)

    def any_overdue(self, connection: Connection, now: datetime) -> bool:
        """Whether one is due that has not ended."""
        return bool(self.overdue(connection, now, 1))

    def overdue(self, connection: Connection, now: datetime, most: int) -> list[SignedPermit]:
        """The permits of those that are due and have not ended, at most so many."""
        values = {"now": now.isoformat(), "most": most}
        found = _OVERDUE.run(connection, self._sealer, values)
        return [permit for (permit,) in found.fetchall()]

    def end(
        self,
        connection: Connection,
        exchange_id: ExchangeId,
        outcome: Outcome,
        *,
        at: datetime,
        refusal: str = "",
        answer: bytes | None = None,
    ) -> None:
        """Note how it ended; the permit is forgotten."""
        values = {
            "of": exchange_id.text,
            "how": outcome.value,
            "why": refusal,
            "sealed": answer,
            "at": at.isoformat(),
        }
        _END.run(connection, values)

    def erase_answer(self, connection: Connection, exchange_id: ExchangeId) -> None:
        """Erase an answer that was fetched."""
        _ERASE.run(connection, {"of": exchange_id.text})

    def any_answer_before(self, connection: Connection, moment: datetime) -> bool:
        """Whether an answer is held to an inquiry that ended before a moment."""
        return _ANY_OLDER.value(connection, {"before": moment.isoformat()}) is not None

    def erase_answers_before(self, connection: Connection, moment: datetime) -> int:
        """Erase the answers to inquiries that ended before a moment; return how many."""
        erased = _ERASE_OLDER.run(connection, {"before": moment.isoformat()})
        return len(list(erased.fetchall()))

    def outcomes(self, connection: Connection) -> dict[Outcome | None, int]:
        """How many inquiries ended how; None for those that have not."""
        found = _OUTCOMES.run(connection, {}).fetchall()
        return {None if outcome is None else Outcome(outcome): count for outcome, count in found}
