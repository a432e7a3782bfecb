"""What has been kept long enough is erased, by the world's clock (STO-11, STO-13, STO-14; MS-10).

- Records of exchanges are kept seven years (cabinet order, known from memory: inferred), records of
  provisions of identity information five (PRV-11: documented), and bulk outputs as long (inferred).
- Identity information is kept 150 years: what it was before, and of whom it is that were removed, the
  dead among them; the current record until the next change (STO-01, STO-02, STO-07, STO-15:
  documented). A term counts from the day after, in Japan.
- The operation log is kept three years (USE-09: documented for the register; elsewhere inferred).
- An answer that nobody fetched is kept thirty days (invented).
- That a permit was used is kept until it has expired.

Each erasure leaves an entry in a history that names nobody.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from renkei_pki.log_check import YEARS, YEARS_OF_PROVISIONS, years_before
from renkei_server.domain.days import JAPAN, start_of
from renkei_server.domain.world import Clock
from renkei_server.store.engine import erasures
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.files import SealedFile
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.record_log import RecordLog
from renkei_server.store.engine.store import Store
from renkei_server.store.exchanges.inquiries import Inquiries
from renkei_server.store.exchanges.provisions import Provisions
from renkei_server.store.identities.bulk_outputs import BulkOutputs
from renkei_server.store.identities.provided import IdentityProvisions

ANSWERS_KEPT = timedelta(days=30)
YEARS_OF_OPERATIONS = 3
YEARS_OF_IDENTITIES = 150

R = TypeVar("R")
Forget = Callable[[Connection, R], None]
"""Erases what else a seat keeps of a person whose record is erased."""


@dataclass(frozen=True, slots=True)
class Term:
    """One kind of data: whether something of it is due at a moment, and its erasure."""

    what: str
    is_due: Callable[[Connection, datetime], bool]
    erase: Callable[[Connection, datetime], int]


def of_records(records: RecordLog) -> Term:
    """Records of exchanges."""
    return _of_years("exchange records", YEARS, records.any_older, records.erase_older)


def of_provisions(provisions: IdentityProvisions) -> Term:
    """Records of provisions of identity information."""
    log = provisions.log
    return _of_years("provision records", YEARS_OF_PROVISIONS, log.any_older, log.erase_older)


def of_bulk_outputs(outputs: BulkOutputs) -> Term:
    """Bulk outputs: who asked for them, and who approved them."""
    return _of_years("bulk outputs", YEARS_OF_PROVISIONS, outputs.any_before, outputs.erase_before)


def of_operations(log: OperationLog) -> Term:
    """What was done at the seat."""
    return _of_years("operations", YEARS_OF_OPERATIONS, log.any_older, log.erase_older)


def _of_years(
    what: str,
    years: int,
    any_older: Callable[[Connection, datetime], bool],
    erase_older: Callable[[Connection, datetime], int],
) -> Term:
    """What is kept for so many years from its own moment on."""
    return Term(
        what,
        lambda connection, now: any_older(connection, years_before(now, years)),
        lambda connection, now: erase_older(connection, years_before(now, years)),
    )


def of_file(what: str, file: SealedFile[R], forget: Forget[R]) -> Sequence[Term]:
    """A file's earlier versions, and the records of those who were removed."""
    return (
        Term(
            f"earlier versions of {what}",
            lambda connection, now: file.any_earlier(connection, start_of(_first_day_kept(now))),
            lambda connection, now: file.erase_earlier(connection, start_of(_first_day_kept(now))),
        ),
        Term(
            what,
            lambda connection, now: file.any_ended(connection, _first_day_kept(now)),
            lambda connection, now: file.erase_ended(connection, _first_day_kept(now), forget),
        ),
    )


def _first_day_kept(now: datetime) -> date:
    """The earliest day whose 150 years are not over."""
    return years_before(now.astimezone(JAPAN), YEARS_OF_IDENTITIES).date()


def of_answers(inquiries: Inquiries) -> Term:
    """Answers that nobody fetched."""
    return Term(
        "unfetched answers",
        lambda connection, now: inquiries.any_answer_before(connection, now - ANSWERS_KEPT),
        lambda connection, now: inquiries.erase_answers_before(connection, now - ANSWERS_KEPT),
    )


def of_permits(provisions: Provisions) -> Term:
    """That permits were used."""
    return Term("used permits", provisions.any_forgettable, provisions.forget)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Erases what is due at one seat."""

    store: Store
    terms: Sequence[Term]
    clock: Clock

    async def run_once(self) -> int:
        """Erase what is due, some in each transaction; return how much that was."""
        erased, now = 0, self.clock.now()
        while count := await self._erase_some(now):
            erased += count
        return erased

    async def _erase_some(self, now: datetime) -> int:
        due = [
            term
            for term in self.terms
            if await self.store.look(lambda connection, term=term: term.is_due(connection, now))  # type: ignore[misc]
        ]
        if not due:
            return 0

        def erase(connection: Connection) -> int:
            erased = 0
            for term in due:
                count = term.erase(connection, now)
                erasures.note(connection, term.what, count, now)
                erased += count
            return erased

        return await self.store.write(erase, what="erase what is due")
