"""An organisation's own keys, wrapped under the root key of the key store (MS-8, STO-12, PRV-22).

Rules:
- One key is current at most; what is written is wrapped under it.
- A key that has a successor is destroyed as soon as nothing is under it any more.
- A destroyed key leaves its row without the key: whatever was under it is closed for ever.
- Opened keys are kept in memory by what they were opened from, and forgotten once one of them is
  destroyed, at every worker of the seat.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import bindparam, insert, select, update

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.domain.key_store import KeyStore
from renkei_server.domain.world import Ids
from renkei_server.store.engine.boxes import KEY_BYTES, Box
from renkei_server.store.engine.changes import names_of
from renkei_server.store.engine.columns import erasable, number, table, text
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.remembered import Remembered


class KeyState(Enum):
    """The state of a key; the numbers are the contract's."""

    CURRENT = 1
    RETIRING = 2
    DESTROYED = 3


_KEYS = table(
    "organisation_keys",
    number("number", primary_key=True),
    text("state"),
    text("made_at"),
    erasable("wrapped_key", optional=True),
)

TABLES = (_KEYS,)

TABLE_NAMES = names_of(TABLES)

_CURRENT = Prepared(
    select(_KEYS.c.number, _KEYS.c.wrapped_key)
    .where(_KEYS.c.state == KeyState.CURRENT.name)
    .order_by(_KEYS.c.number.desc())
)
_BY_NUMBER = Prepared(select(_KEYS.c.wrapped_key).where(_KEYS.c.number == bindparam("of")))
_MAKE = Prepared(insert(_KEYS))
_RETIRE = Prepared(
    update(_KEYS).where(_KEYS.c.state == KeyState.CURRENT.name).values(state=KeyState.RETIRING.name)
)
_RETIRING = Prepared(select(_KEYS.c.number).where(_KEYS.c.state == KeyState.RETIRING.name))
_DESTROYED = {"state": KeyState.DESTROYED.name, "wrapped_key": None}
_DESTROY = Prepared(update(_KEYS).where(_KEYS.c.number == bindparam("of")).values(**_DESTROYED))
_DESTROY_ALL = Prepared(update(_KEYS).where(_KEYS.c.wrapped_key.is_not(None)).values(**_DESTROYED))
_FACTS = Prepared(select(_KEYS.c.number, _KEYS.c.state, _KEYS.c.made_at).order_by(_KEYS.c.number))


def _wrapped(connection: Connection, number: int) -> bytes | None:
    found: bytes | None = _BY_NUMBER.value(connection, {"of": number})
    return found


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What may be told of a key."""

    number: int
    state: KeyState
    made_at: datetime


class OrganisationKeys:
    """The keys of one organisation."""

    def __init__(self, key_store: KeyStore, ids: Ids, organisation: str) -> None:
        self._key_store = key_store
        self._ids = ids
        self._organisation = organisation
        self._opened: dict[bytes, Box] = {}
        self._wrapped = Remembered(_wrapped, TABLE_NAMES)

    def ensure_first(self, connection: Connection, now: datetime) -> None:
        """Make the organisation's first key, unless it ever had one."""
        if not self.facts(connection):
            self._make(connection, 1, now)

    def current(self, connection: Connection) -> tuple[int, Box]:
        """The number and the box of the key for what is written now.

        Raises ORGANISATION_KEY_MISSING or KEY_STORE_LOCKED.
        """
        row = _CURRENT.run(connection, {}).fetchone()
        if row is None:
            raise Refusal(reasons.ORGANISATION_KEY_MISSING)
        number, wrapped = row
        return number, self._open(connection, number, wrapped)

    def opened(self, connection: Connection, number: int) -> Box:
        """The box of a key. Raises ORGANISATION_KEY_MISSING or KEY_STORE_LOCKED."""
        wrapped = self._wrapped.get(connection, number)
        if wrapped is None:
            raise Refusal(reasons.ORGANISATION_KEY_MISSING)
        return self._open(connection, number, wrapped)

    def rotate(self, connection: Connection, now: datetime) -> int:
        """Make a new current key; return its number. Raises REWRAPPING_UNDER_WAY."""
        keys = self.facts(connection)
        if self.retiring(connection) is not None:
            raise Refusal(reasons.REWRAPPING_UNDER_WAY)
        _RETIRE.run(connection, {})
        number = len(keys) + 1
        self._make(connection, number, now)
        return number

    def retiring(self, connection: Connection) -> int | None:
        """The number of the key that has a successor and may still be in use, if there is one."""
        found: int | None = _RETIRING.value(connection, {})
        return found

    def destroy(self, connection: Connection, number: int) -> None:
        """Destroy one key."""
        _DESTROY.run(connection, {"of": number})

    def destroy_all(self, connection: Connection) -> None:
        """Destroy every key that is left."""
        _DESTROY_ALL.run(connection, {})

    def facts(self, connection: Connection) -> list[KeyFacts]:
        """Every key that there ever was, oldest first."""
        return [
            KeyFacts(number, KeyState[state], datetime.fromisoformat(made_at))
            for number, state, made_at in _FACTS.run(connection, {}).fetchall()
        ]

    def _make(self, connection: Connection, number: int, now: datetime) -> None:
        key = self._ids.random_bytes(KEY_BYTES)
        values = {
            "number": number,
            "state": KeyState.CURRENT.name,
            "made_at": now.isoformat(),
            "wrapped_key": self._key_store.wrap(key, self._purpose(number)),
        }
        _MAKE.run(connection, values)

    def forget(self) -> None:
        """Let no key stay in memory. To be called as soon as these tables have changed."""
        self._wrapped.forget()
        self._opened.clear()

    def _open(self, connection: Connection, number: int, wrapped: bytes) -> Box:
        box = self._opened.get(wrapped)
        if box is None:
            box = Box(self._key_store.unwrap(wrapped, self._purpose(number)))
            self._opened[wrapped] = box
            if connection.may_be_outdated(
                TABLE_NAMES
            ):  # asked last: they may be forgotten meanwhile
                self._opened.pop(wrapped, None)
        return box

    def _purpose(self, number: int) -> bytes:
        return f"renkei organisation key {self._organisation} {number}".encode()
