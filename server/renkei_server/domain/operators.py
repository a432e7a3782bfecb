"""Operators: who may act at a terminal (USE-01, USE-04; F1.1).

Rules:
- A session is good at the terminal and the institution for which it was opened, and only
  between its two times, by real time.
- What is to be done needs a permission: its function, and at least that access.
- Where the seat itself is operator service, it opened the session, which is not closed; the
  operator is on the roster; and the permission is one that they have now.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from renkei import reasons
from renkei.refusals import Refusal


class Access(IntEnum):
    """What a permission allows; to update includes to read."""

    READ = 1
    UPDATE = 2


@dataclass(frozen=True, slots=True)
class Session:
    """What an operator service vouches for, its signature already judged."""

    operator_id: str
    session_id: str
    institution: str
    terminal: str
    permissions: frozenset[tuple[str, Access]]
    not_before: datetime
    not_after: datetime


def judge_session(session: Session, *, terminal: str, institution: str, now: datetime) -> None:
    """Raise the refusal that forbids the session here and now, if any.

    Raises OPERATOR_SESSION_OF_ANOTHER_TERMINAL or OPERATOR_SESSION_OUT_OF_DATE.
    """
    if session.terminal != terminal or session.institution != institution:
        raise Refusal(reasons.OPERATOR_SESSION_OF_ANOTHER_TERMINAL, "", "operator_session")
    if not session.not_before <= now < session.not_after:
        raise Refusal(reasons.OPERATOR_SESSION_OUT_OF_DATE, "", "operator_session")


def judge_permission(held: Iterable[tuple[str, Access]], function: str, access: Access) -> None:
    """Raise PERMISSION_MISSING unless one of the permissions held lets them do this."""
    if not any(name == function and allowed >= access for name, allowed in held):
        needed = f"{function}, {access.name.lower()}"
        raise Refusal(reasons.PERMISSION_MISSING, needed, "operator_session")
