"""Whether a correction of identity information was permitted (INP-01, INP-08).

Rules:
- The register sends the correction; the responsible manager (本人確認情報管理責任者) permits it ahead at
  the municipal CS: one person, one reason, once.
- Who entered the correction has not permitted it.

That permission, and the record of what was corrected, is documented; which reasons are corrections,
that it is given ahead, and whose it may not be, is invented.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from renkei import reasons
from renkei.change_reasons import ChangeReason
from renkei.identities import IdentityItems
from renkei.identity_search import judge_case_reference
from renkei.municipal_items import MunicipalItems
from renkei.refusals import Refusal

NEED_PERMISSION: Final = frozenset(
    {ChangeReason.CORRECTED_EX_OFFICIO, ChangeReason.ERROR_CORRECTED}
)
"""The reasons that are corrections, and nobody's filing."""

_PLACE: Final = "notification.items.reason"


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a record was, or is."""

    items: IdentityItems = field(repr=False)
    municipal: MunicipalItems | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Use:
    """What a permission was used for."""

    at: datetime
    sequence: int
    before: Corrected
    after: Corrected


@dataclass(frozen=True, slots=True)
class Approval:
    """One permission."""

    approval_id: str
    reason: ChangeReason
    case_reference: str = field(repr=False)
    operator_id: str
    at: datetime
    use: Use | None = None


def require_correction(reason: ChangeReason) -> None:
    """Raise NOT_A_CORRECTION for a reason that needs nobody's permission."""
    if reason not in NEED_PERMISSION:
        raise Refusal(reasons.NOT_A_CORRECTION, "", "reason")


def require_case_reference(told: str) -> None:
    """Raise FIELD_MISSING or MALFORMED_CASE_REFERENCE unless papers are told (USE-10)."""
    if not told:
        raise Refusal(reasons.FIELD_MISSING, "", "case_reference")
    judge_case_reference(told)


def permission(given: Iterable[Approval], reason: ChangeReason, entered_by: str) -> Approval:
    """The permission that a correction uses, of those that were given for the person.

    Raises MANAGER_PERMISSION_MISSING, MANAGER_PERMISSION_USED where each was used before, and
    APPROVER_IS_ENTERER.
    """
    fitting = [one for one in given if one.reason is reason]
    unused = [one for one in fitting if one.use is None]
    if not fitting:
        raise Refusal(reasons.MANAGER_PERMISSION_MISSING, "", _PLACE)
    if not unused:
        raise Refusal(reasons.MANAGER_PERMISSION_USED, "", _PLACE)
    if all(one.operator_id == entered_by for one in unused):
        raise Refusal(reasons.APPROVER_IS_ENTERER, "", _PLACE)
    return next(one for one in unused if one.operator_id != entered_by)
