"""The staff of one institution: who may act, with what, and which sessions are open (USE-04; MS-9).

Rules:
- A password is kept as its scrypt hash with a salt of its own, and nothing else of it.
- Five wrong passwords in a row lock an operator until the administrator unlocks them (invented).
- What an operator may do is what stands here now, whatever an older session says.
- A session that was closed, and one of an operator who was revoked, is good for nothing.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from sqlalchemy import (
    Boolean,
    Column,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.domain.operators import Access
from renkei_server.store.engine.columns import number, raw, sealed, table, text
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.sealing import Sealer

MOST_FAILURES = 5
SALT_BYTES = 16

_OPERATORS = table(
    "operators",
    text("operator_id", primary_key=True),
    raw("salt"),
    sealed("verifier", kept=True),
    text("roster_end", optional=True),
    number("failures"),
    Column("revoked", Boolean, nullable=False),
    Column("approver", Boolean, nullable=False),
)

_PERMISSIONS = table(
    "operator_permissions",
    text("operator_id", primary_key=True),
    text("function", primary_key=True),
    number("access"),
)

_SESSIONS = table(
    "operator_sessions",
    text("session_id", primary_key=True),
    text("operator_id"),
    sealed("claims", kept=True),
    Column("closed", Boolean, nullable=False),
)

TABLES = (_OPERATORS, _PERMISSIONS, _SESSIONS)

_THE_OPERATOR = _OPERATORS.c.operator_id == bindparam("of")
_THE_SESSION = _SESSIONS.c.session_id == bindparam("of")
_ENROL = Guarded(insert(_OPERATORS))
_FACTS = (
    _OPERATORS.c.roster_end,
    _OPERATORS.c.failures,
    _OPERATORS.c.revoked,
    _OPERATORS.c.approver,
)
_FIND = Guarded(select(_OPERATORS.c.salt, _OPERATORS.c.verifier, *_FACTS).where(_THE_OPERATOR))
_ROW = Prepared(select(*_FACTS).where(_THE_OPERATOR))
_ALL = Prepared(select(_OPERATORS.c.operator_id, *_FACTS).order_by(_OPERATORS.c.operator_id))
_SET_FAILURES = Prepared(
    update(_OPERATORS).where(_THE_OPERATOR).values(failures=bindparam("counted"))
)
_SET_ROSTER_END = Prepared(
    update(_OPERATORS).where(_THE_OPERATOR).values(roster_end=bindparam("day"))
)
_SET_APPROVER = Prepared(
    update(_OPERATORS).where(_THE_OPERATOR).values(approver=bindparam("may_approve"))
)
_REVOKE = Prepared(update(_OPERATORS).where(_THE_OPERATOR).values(revoked=True))
_PERMIT = Prepared(insert(_PERMISSIONS))
_PERMIT_NOTHING = Prepared(
    delete(_PERMISSIONS).where(_PERMISSIONS.c.operator_id == bindparam("of"))
)
_PERMITTED = Prepared(
    select(_PERMISSIONS.c.function, _PERMISSIONS.c.access)
    .where(_PERMISSIONS.c.operator_id == bindparam("of"))
    .order_by(_PERMISSIONS.c.function)
)
_OPEN_SESSION = Guarded(insert(_SESSIONS))
_CLAIMS = Guarded(
    select(_SESSIONS.c.claims).where(_THE_SESSION, _SESSIONS.c.operator_id == bindparam("by"))
)
_CLOSE_SESSION = Prepared(update(_SESSIONS).where(_THE_SESSION).values(closed=True))
_STANDING = Prepared(
    select(
        _SESSIONS.c.closed,
        _OPERATORS.c.revoked,
        _OPERATORS.c.roster_end,
        _OPERATORS.c.approver,
        _PERMISSIONS.c.access,
    )
    .select_from(
        _SESSIONS.join(_OPERATORS, _OPERATORS.c.operator_id == _SESSIONS.c.operator_id).outerjoin(
            _PERMISSIONS,
            (_PERMISSIONS.c.operator_id == _SESSIONS.c.operator_id)
            & (_PERMISSIONS.c.function == bindparam("function")),
        )
    )
    .where(_THE_SESSION)
)


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator as the roster has them."""

    operator_id: str
    roster_end: date | None
    failures: int
    revoked: bool
    approver: bool
    permissions: tuple[tuple[str, Access], ...] = ()

    @property
    def locked(self) -> bool:
        """Whether wrong passwords have locked them."""
        return self.failures >= MOST_FAILURES

    def on_roster(self, today: date) -> bool:
        """Whether they may act on this day."""
        return not self.revoked and (self.roster_end is None or today <= self.roster_end)


@dataclass(frozen=True, slots=True)
class Known:
    """An operator and what judges their password."""

    operator: Operator
    salt: bytes = field(repr=False)
    verifier: bytes = field(repr=False)

    @classmethod
    def of_nobody(cls, salt: bytes) -> "Known":
        """Stands for an operator whom the roster does not have: no password is theirs."""
        return cls(Operator("", None, 0, revoked=True, approver=False), salt, b"")

    def is_password(self, password: str) -> bool:
        """Whether this is the operator's password; it takes some fifty milliseconds, by design."""
        return hmac.compare_digest(self.verifier, verifier_of(password, self.salt))


@dataclass(frozen=True, slots=True)
class Standing:
    """How a session stands now; `access` is what its operator may do with the function asked for."""

    closed: bool
    on_roster: bool
    access: Access | None
    approver: bool


def verifier_of(password: str, salt: bytes) -> bytes:
    """What is kept of a password."""
    return Scrypt(salt=salt, length=32, n=2**14, r=8, p=1).derive(password.encode())


class Operators:
    """The roster and the sessions of one institution."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def enrol(
        self,
        connection: Connection,
        operator_id: str,
        *,
        salt: bytes,
        verifier: bytes,
        roster_end: date | None,
    ) -> str:
        """Enter an operator; raises OPERATOR_ENROLLED_ALREADY."""
        if self.find(connection, operator_id) is not None:
            raise Refusal(reasons.OPERATOR_ENROLLED_ALREADY, "", "operator_id")
        values = {
            "operator_id": operator_id,
            "salt": salt,
            "verifier": verifier,
            "roster_end": roster_end.isoformat() if roster_end else None,
            "failures": 0,
            "revoked": False,
            "approver": False,
        }
        _ENROL.run(connection, self._sealer, values)
        return operator_id

    def find(self, connection: Connection, operator_id: str) -> Known | None:
        """An operator, without permissions, and what judges their password."""
        row = _FIND.row(connection, self._sealer, {"of": operator_id})
        if row is None:
            return None
        salt, verifier, *facts = row
        return Known(_operator(operator_id, *facts), salt, verifier)

    def get(self, connection: Connection, operator_id: str) -> Operator:
        """Who is, or was, on the roster; raises OPERATOR_UNKNOWN."""
        row = _ROW.run(connection, {"of": operator_id}).fetchone()
        if row is None:
            raise Refusal(reasons.OPERATOR_UNKNOWN, "", "operator_id")
        return _operator(operator_id, *row, permissions=self.permissions(connection, operator_id))

    def set_failures(self, connection: Connection, operator_id: str, failures: int) -> None:
        """Note how many wrong passwords there were in a row."""
        _SET_FAILURES.run(connection, {"of": operator_id, "counted": failures})

    def set_roster_end(
        self, connection: Connection, operator_id: str, roster_end: date | None
    ) -> None:
        """Say a contractor's last day; the institution's own staff have none."""
        day = roster_end.isoformat() if roster_end else None
        _SET_ROSTER_END.run(connection, {"of": operator_id, "day": day})

    def set_approver(self, connection: Connection, operator_id: str, *, approver: bool) -> None:
        """Say whether an operator may approve what another one proposes."""
        _SET_APPROVER.run(connection, {"of": operator_id, "may_approve": approver})

    def revoke(self, connection: Connection, operator_id: str) -> None:
        """Let an operator act no more."""
        _REVOKE.run(connection, {"of": operator_id})

    def set_permissions(
        self, connection: Connection, operator_id: str, permissions: Iterable[tuple[str, Access]]
    ) -> None:
        """Say all that an operator may do."""
        _PERMIT_NOTHING.run(connection, {"of": operator_id})
        told = (
            {"operator_id": operator_id, "function": function, "access": access.value}
            for function, access in permissions
        )
        _PERMIT.run_each(connection, told)

    def permissions(self, connection: Connection, operator_id: str) -> list[tuple[str, Access]]:
        """All that an operator may do, by function."""
        found = _PERMITTED.run(connection, {"of": operator_id})
        return [(function, Access(access)) for function, access in found.fetchall()]

    def all(self, connection: Connection) -> list[Operator]:
        """Every operator that there ever was, by name."""
        found = _ALL.run(connection, {}).fetchall()
        return [
            _operator(one, *facts, permissions=self.permissions(connection, one))
            for one, *facts in found
        ]

    def open_session(
        self, connection: Connection, session_id: str, operator_id: str, claims: bytes
    ) -> str:
        """Keep a session that was opened; return its id."""
        values = {
            "session_id": session_id,
            "operator_id": operator_id,
            "claims": claims,
            "closed": False,
        }
        _OPEN_SESSION.run(connection, self._sealer, values)
        return session_id

    def claims(self, connection: Connection, session_id: str, operator_id: str) -> bytes:
        """What a session says, word by word as it was opened.

        Raises REQUEST_ID_REUSED where it is another operator's.
        """
        sought = {"of": session_id, "by": operator_id}
        claims: bytes | None = _CLAIMS.value(connection, self._sealer, sought)
        if claims is None:
            raise Refusal(reasons.REQUEST_ID_REUSED, "", "request_id")
        return claims

    def close_session(self, connection: Connection, session_id: str) -> None:
        """Let a session be good for nothing."""
        _CLOSE_SESSION.run(connection, {"of": session_id})

    def standing(
        self, connection: Connection, session_id: str, function: str, today: date
    ) -> Standing | None:
        """How a session stands, or None where this seat opened no such one."""
        row = _STANDING.run(connection, {"of": session_id, "function": function}).fetchone()
        if row is None:
            return None
        closed, revoked, roster_end, approver, access = row
        operator = _operator("", roster_end, 0, revoked, approver)
        return Standing(
            closed=bool(closed),
            on_roster=operator.on_roster(today),
            access=None if access is None else Access(access),
            approver=operator.approver,
        )


def _operator(
    operator_id: str,
    roster_end: str | None,
    failures: int,
    revoked: int,
    approver: int,
    *,
    permissions: Iterable[tuple[str, Access]] = (),
) -> Operator:
    end = date.fromisoformat(roster_end) if roster_end else None
    return Operator(operator_id, end, failures, bool(revoked), bool(approver), tuple(permissions))
