"""The staff of one organisation: who may act, with what, and which sessions are open (MS-9, MID-01).

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
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.domain.operators import Access
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.sealing import Sealed, Sealer

MOST_FAILURES = 5
SALT_BYTES = 16

_METADATA = MetaData()

_OPERATORS = Table(
    "operators",
    _METADATA,
    Column("operator_id", String, primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("verifier", Sealed, nullable=False),
    Column("roster_end", String),
    Column("failures", Integer, nullable=False),
    Column("revoked", Boolean, nullable=False),
)

_PERMISSIONS = Table(
    "operator_permissions",
    _METADATA,
    Column("operator_id", String, primary_key=True),
    Column("function", String, primary_key=True),
    Column("access", Integer, nullable=False),
)

_SESSIONS = Table(
    "operator_sessions",
    _METADATA,
    Column("session_id", String, primary_key=True),
    Column("operator_id", String, nullable=False),
    Column("claims", Sealed, nullable=False),
    Column("closed", Boolean, nullable=False),
)

TABLES = (_OPERATORS, _PERMISSIONS, _SESSIONS)

_FIND = Prepared(
    select(
        _OPERATORS.c.salt,
        _OPERATORS.c.verifier,
        _OPERATORS.c.roster_end,
        _OPERATORS.c.failures,
        _OPERATORS.c.revoked,
    ).where(_OPERATORS.c.operator_id == bindparam("of"))
)
_STANDING = Prepared(
    select(_SESSIONS.c.closed, _OPERATORS.c.revoked, _OPERATORS.c.roster_end, _PERMISSIONS.c.access)
    .select_from(
        _SESSIONS.join(_OPERATORS, _OPERATORS.c.operator_id == _SESSIONS.c.operator_id).outerjoin(
            _PERMISSIONS,
            (_PERMISSIONS.c.operator_id == _SESSIONS.c.operator_id)
            & (_PERMISSIONS.c.function == bindparam("function")),
        )
    )
    .where(_SESSIONS.c.session_id == bindparam("of"))
)


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator as the roster has them."""

    operator_id: str
    roster_end: date | None
    failures: int
    revoked: bool
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
        return cls(Operator("", None, 0, revoked=True), salt, b"")

    def is_password(self, password: str) -> bool:
        """Whether this is the operator's password; it takes some fifty milliseconds, by design."""
        return hmac.compare_digest(self.verifier, verifier_of(password, self.salt))


@dataclass(frozen=True, slots=True)
class Standing:
    """How a session stands now; `access` is what its operator may do with the function asked for."""

    closed: bool
    on_roster: bool
    access: Access | None


def verifier_of(password: str, salt: bytes) -> bytes:
    """What is kept of a password."""
    return Scrypt(salt=salt, length=32, n=2**14, r=8, p=1).derive(password.encode())


class Operators:
    """The roster and the sessions of one organisation."""

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
        connection.execute(
            insert(_OPERATORS).values(
                operator_id=operator_id,
                salt=salt,
                verifier=self._sealer.seal(_OPERATORS.c.verifier, verifier),
                roster_end=roster_end.isoformat() if roster_end else None,
                failures=0,
                revoked=False,
            )
        )
        return operator_id

    def find(self, connection: Connection, operator_id: str) -> Known | None:
        """An operator, without permissions, and what judges their password."""
        row = _FIND.run(connection, {"of": operator_id}).fetchone()
        if row is None:
            return None
        salt, sealed, roster_end, failures, revoked = row
        end = date.fromisoformat(roster_end) if roster_end else None
        operator = Operator(operator_id, end, failures, bool(revoked))
        return Known(operator, salt, self._sealer.open(_OPERATORS.c.verifier, sealed))

    def require(self, connection: Connection, operator_id: str) -> None:
        """Raise OPERATOR_UNKNOWN unless they are, or were, on the roster."""
        if self.find(connection, operator_id) is None:
            raise Refusal(reasons.OPERATOR_UNKNOWN, "", "operator_id")

    def set_failures(self, connection: Connection, operator_id: str, failures: int) -> None:
        """Note how many wrong passwords there were in a row."""
        self._change(connection, operator_id, failures=failures)

    def revoke(self, connection: Connection, operator_id: str) -> None:
        """Let an operator act no more."""
        self._change(connection, operator_id, revoked=True)

    def set_permissions(
        self, connection: Connection, operator_id: str, permissions: Iterable[tuple[str, Access]]
    ) -> None:
        """Say all that an operator may do."""
        connection.execute(delete(_PERMISSIONS).where(_PERMISSIONS.c.operator_id == operator_id))
        for function, access in permissions:
            connection.execute(
                insert(_PERMISSIONS).values(
                    operator_id=operator_id, function=function, access=access.value
                )
            )

    def permissions(self, connection: Connection, operator_id: str) -> list[tuple[str, Access]]:
        """All that an operator may do, by function."""
        columns = _PERMISSIONS.c
        found = connection.execute(
            select(columns.function, columns.access)
            .where(columns.operator_id == operator_id)
            .order_by(columns.function)
        )
        return [(row.function, Access(row.access)) for row in found]

    def all(self, connection: Connection) -> list[Operator]:
        """Every operator that there ever was, by name."""
        columns = _OPERATORS.c
        found = connection.execute(select(_OPERATORS).order_by(columns.operator_id)).fetchall()
        return [
            Operator(
                row.operator_id,
                date.fromisoformat(row.roster_end) if row.roster_end else None,
                row.failures,
                row.revoked,
                tuple(self.permissions(connection, row.operator_id)),
            )
            for row in found
        ]

    def open_session(
        self, connection: Connection, session_id: str, operator_id: str, claims: bytes
    ) -> str:
        """Keep a session that was opened; return its id."""
        connection.execute(
            insert(_SESSIONS).values(
                session_id=session_id,
                operator_id=operator_id,
                claims=self._sealer.seal(_SESSIONS.c.claims, claims),
                closed=False,
            )
        )
        return session_id

    def claims(self, connection: Connection, session_id: str) -> bytes:
        """What a session says, word by word as it was opened."""
        found = connection.execute(
            select(_SESSIONS.c.claims).where(_SESSIONS.c.session_id == session_id)
        ).scalar_one()
        return self._sealer.open(_SESSIONS.c.claims, found)

    def close_session(self, connection: Connection, session_id: str) -> None:
        """Let a session be good for nothing."""
        connection.execute(
            update(_SESSIONS).where(_SESSIONS.c.session_id == session_id).values(closed=True)
        )

    def standing(
        self, connection: Connection, session_id: str, function: str, today: date
    ) -> Standing | None:
        """How a session stands, or None where this seat opened no such one."""
        row = _STANDING.run(connection, {"of": session_id, "function": function}).fetchone()
        if row is None:
            return None
        closed, revoked, roster_end, access = row
        end = date.fromisoformat(roster_end) if roster_end else None
        operator = Operator("", end, 0, bool(revoked))
        return Standing(
            bool(closed), operator.on_roster(today), None if access is None else Access(access)
        )

    def _change(self, connection: Connection, operator_id: str, **values: object) -> None:
        connection.execute(
            update(_OPERATORS).where(_OPERATORS.c.operator_id == operator_id).values(**values)
        )
