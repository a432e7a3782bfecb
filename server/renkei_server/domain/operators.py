"""Operators: who may act at a terminal (USE-01 to USE-06, USE-21, USE-26; F1.1).

Rules:
- A session is good at the terminal and the institution for which it was opened, and only
  between its two times, by real time.
- It was opened with every factor that its terminal needs.
- What is to be done needs a permission: its function, and at least that access. What another one
  proposes is approved by somebody with an approver's right alone.
- Where an operator service can be asked, it opened the session, which is not closed; the
  operator is on the roster; and permission and right are those that they have now.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from renkei import reasons
from renkei.refusals import Refusal

_PLACE = "operator_session"


class Access(IntEnum):
    """What a permission allows; to update includes to read."""

    READ = 1
    UPDATE = 2


class Factor(IntEnum):
    """How an operator proved who they are; biometrics are asserted by the terminal."""

    PASSWORD = 1
    BIOMETRIC = 2
    PIN = 3


@dataclass(frozen=True, slots=True)
class Deed:
    """What an operator is about to do."""

    function: str
    access: Access
    approves: bool = False
    """Whether they approve what another one proposes."""


@dataclass(frozen=True, slots=True)
class Session:
    """What an operator service vouches for, its signature already judged."""

    operator_id: str
    session_id: str
    institution: str
    terminal: str
    factors: frozenset[Factor]
    permissions: frozenset[tuple[str, Access]]
    approver: bool
    not_before: datetime
    not_after: datetime


def judge_session(session: Session, *, terminal: str, institution: str, now: datetime) -> None:
    """Raise the refusal that forbids the session here and now, if any.

    Raises OPERATOR_SESSION_OF_ANOTHER_TERMINAL or OPERATOR_SESSION_OUT_OF_DATE.
    """
    if session.terminal != terminal or session.institution != institution:
        raise Refusal(reasons.OPERATOR_SESSION_OF_ANOTHER_TERMINAL, "", _PLACE)
    if not session.not_before <= now < session.not_after:
        raise Refusal(reasons.OPERATOR_SESSION_OUT_OF_DATE, "", _PLACE)


def judge_factors(used: Collection[Factor], needed: Iterable[Factor], place: str = _PLACE) -> None:
    """Raise OPERATOR_FACTOR_MISSING unless every factor needed was used (USE-01, USE-02)."""
    if missing := [one.name.lower() for one in needed if one not in used]:
        raise Refusal(reasons.OPERATOR_FACTOR_MISSING, ", ".join(missing), place)


def judge_deed(held: Iterable[tuple[str, Access]], deed: Deed, *, approver: bool) -> None:
    """Raise PERMISSION_MISSING unless one of the permissions held lets them do this.

    Raises APPROVER_RIGHT_MISSING where they may do it, but not approve it.
    """
    if not any(name == deed.function and allowed >= deed.access for name, allowed in held):
        needed = f"{deed.function}, {deed.access.name.lower()}"
        raise Refusal(reasons.PERMISSION_MISSING, needed, _PLACE)
    if deed.approves and not approver:
        raise Refusal(reasons.APPROVER_RIGHT_MISSING, "", _PLACE)
