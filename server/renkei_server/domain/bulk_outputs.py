"""Bulk outputs: who may have one, and how often (USE-13).

Rules:
1. Who asked for one does not approve it.
2. It is approved once, within seven days, and fetched within a day from then on.
3. Who asked for it fetches it, once: each page after the one before. A request that comes again is
   judged by all of that too.

That a manager approves ahead is documented; the terms, and that the requester fetches, are invented.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final, Self

from renkei import reasons
from renkei.bulk_outputs import BulkOutputState, Changed, Selection
from renkei.codes import IndividualNumber, ResidentRecordCode
from renkei.identity_search import Attributes, Criteria, Purpose
from renkei.refusals import Refusal
from renkei_server.domain.identity_changes import HeldIdentity
from renkei_server.domain.identity_search import is_asked_for

TO_APPROVE: Final = timedelta(days=7)
TO_FETCH: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class KeptCriteria:
    """Criteria as a record can hold them: one of the first three is there."""

    resident_record_code: ResidentRecordCode | None
    individual_number: IndividualNumber | None
    attributes: Attributes | None
    removed: bool = False
    dead: bool = False
    earlier: bool = False

    @classmethod
    def of(cls, criteria: Criteria) -> Self:
        """The same criteria."""
        key = criteria.key
        return cls(
            key if isinstance(key, ResidentRecordCode) else None,
            key if isinstance(key, IndividualNumber) else None,
            key if isinstance(key, Attributes) else None,
            criteria.removed,
            criteria.dead,
            criteria.earlier,
        )

    @property
    def criteria(self) -> Criteria:
        """What they are. Raises ValueError where none of the three is there."""
        key = self.resident_record_code or self.individual_number or self.attributes
        if key is None:
            msg = "nobody is looked for by this"
            raise ValueError(msg)
        return Criteria(key, self.removed, self.dead, self.earlier)


@dataclass(frozen=True, slots=True)
class BulkOutput:
    """One bulk output as it stands."""

    output_id: str
    criteria: KeptCriteria | None = field(repr=False)
    """Either these are there, or who was changed."""
    changed: Changed | None = field(repr=False)
    purpose: Purpose = field(repr=False)
    tells_number: bool
    requested_by: str
    requested_at: datetime
    approved_by: str = ""
    approved_at: datetime | None = None
    next: int = 0
    """Where the next page goes on."""
    told: int = 0
    """How many persons it has told."""
    begun: bool = False
    ended: bool = False

    def state(self, now: datetime) -> BulkOutputState:
        """How it stands at a moment."""
        if self.ended:
            return BulkOutputState.ENDED
        if self._is_over(now):
            return BulkOutputState.EXPIRED
        if self.begun:
            return BulkOutputState.UNDER_WAY
        approved = self.approved_at is not None
        return BulkOutputState.APPROVED if approved else BulkOutputState.REQUESTED

    def approve(self, operator: str, now: datetime) -> "BulkOutput":
        """Approved. Raises APPROVER_IS_REQUESTER and what else forbids it."""
        if operator == self.requested_by:
            raise Refusal(reasons.APPROVER_IS_REQUESTER)
        if self.approved_at is not None:
            raise Refusal(reasons.BULK_OUTPUT_APPROVED_ALREADY, "", "output_id")
        self._require_in_time(now)
        return replace(self, approved_by=operator, approved_at=now)

    def judge_fetch(self, operator: str, after: int, now: datetime) -> None:
        """Raise what forbids that the operator fetches the page that goes on there."""
        if operator != self.requested_by:
            raise Refusal(reasons.BULK_OUTPUT_OF_ANOTHER, "", "output_id")
        if self.ended or after != self.next:
            raise Refusal(reasons.BULK_OUTPUT_USED, "", "after")
        self._require_in_time(now)
        if self.approved_at is None:
            raise Refusal(reasons.BULK_OUTPUT_NOT_APPROVED, "", "output_id")

    def judge_told(self, operator: str, after: int, now: datetime) -> None:
        """Raise what forbids that the operator is told a page that was fetched, maybe a while ago."""
        if operator != self.requested_by:
            raise Refusal(reasons.BULK_OUTPUT_OF_ANOTHER, "", "output_id")
        if not self.begun or (not self.ended and after >= self.next):
            raise Refusal(reasons.BULK_OUTPUT_USED, "", "after")
        self._require_in_time(now)

    def fetched(self, told: int, goes_on_at: int) -> "BulkOutput":
        """With one page more fetched; 0 where it was the last."""
        return replace(
            self,
            begun=True,
            next=goes_on_at,
            told=self.told + told,
            ended=goes_on_at == 0,
        )

    def _is_over(self, now: datetime) -> bool:
        if self.approved_at is not None:
            return now >= self.approved_at + TO_FETCH
        return now >= self.requested_at + TO_APPROVE

    def _require_in_time(self, now: datetime) -> None:
        if self._is_over(now):
            raise Refusal(reasons.BULK_OUTPUT_EXPIRED, "", "output_id")


def parts_of(selection: Selection) -> tuple[KeptCriteria | None, Changed | None]:
    """A selection, as it is kept: one of the two is there."""
    if isinstance(selection, Changed):
        return None, selection
    return KeptCriteria.of(selection), None


def was_changed(changed: Changed, today: date) -> Callable[[HeldIdentity], bool]:
    """Whether somebody is one of those who were changed."""

    def fits(held: HeldIdentity) -> bool:
        items = held.items
        return (
            changed.first_day <= items.changed_on.earliest <= changed.last_day
            and (not changed.reasons or items.reason in changed.reasons)
            and is_asked_for(changed, held, today)
        )

    return fits
