"""Accounts of persons at Mynaportal (マイナポータル), and the code that each is bound to.

Rules:
- An account is one acquisition: what ended without a code stays so, and the person opens another.
- Of the person it holds the portal's own code alone: no Individual Number, no name.
- A serial is kept sealed until its outcome came, and then erased; a keyed hash stays, so that a
  repeat is told from a serial that was never pending here.
- A code leaves the seat for the information provision network alone, never for a device.
"""

from collections.abc import Sequence

from sqlalchemy import Index, bindparam, func, insert, select, update

from renkei import reasons
from renkei.acquisitions import BOUND, PENDING, Acquisition
from renkei.codes import LinkageCode, ProcessingSerial
from renkei.refusals import Refusal
from renkei_server.store.codes.acquisitions import (
    Remembered,
    as_columns,
    from_columns,
    pending,
    remembered_of,
)
from renkei_server.store.engine.codecs import CODE, SERIAL
from renkei_server.store.engine.columns import blind, sealed, table, text
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.passing import passing
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.sealing import Sealer

_ACCOUNTS = table(
    "accounts",
    text("account", primary_key=True),
    blind("serial_index", unique=True),
    sealed("serial", SERIAL, optional=True),
    text("state"),
    text("failure", optional=True),
    sealed("code", CODE, optional=True, kept=True),
    **passing(pending("serial")),
)

TABLES = (_ACCOUNTS,)

_IS_WAITING = _ACCOUNTS.c.serial.is_not(None)
Index(
    "waiting_accounts", _ACCOUNTS.c.account, sqlite_where=_IS_WAITING, postgresql_where=_IS_WAITING
)
_THE_ACCOUNT = _ACCOUNTS.c.account == bindparam("of")
_OPEN = Guarded(insert(_ACCOUNTS))
_FIND = Guarded(
    select(_ACCOUNTS.c.state, _ACCOUNTS.c.failure, _ACCOUNTS.c.serial, _ACCOUNTS.c.code).where(
        _THE_ACCOUNT
    )
)
_STATE_BY_SERIAL = Guarded(
    select(_ACCOUNTS.c.account, _ACCOUNTS.c.state).where(
        _ACCOUNTS.c.serial_index == bindparam("of")
    )
)
_SETTLE = Guarded(
    update(_ACCOUNTS)
    .where(_THE_ACCOUNT)
    .values(serial=None, state=bindparam("ended"), failure=bindparam("why"), code=bindparam("came"))
)
_WAITING = Guarded(
    select(_ACCOUNTS.c.serial)
    .where(_IS_WAITING)
    .order_by(_ACCOUNTS.c.account)
    .limit(bindparam("most"))
)
_STATES = Prepared(select(_ACCOUNTS.c.state, func.count()).group_by(_ACCOUNTS.c.state))


class Accounts:
    """The accounts of one portal."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def open(self, connection: Connection, account: str, serial: ProcessingSerial) -> str:
        """Open an account whose code will come under this serial (F1.5); return its id."""
        values = {
            "account": account,
            "serial_index": serial.value,
            "serial": serial,
            "code": None,
            **as_columns(PENDING),
        }
        _OPEN.run(connection, self._sealer, values)
        return account

    def acquisition(self, connection: Connection, account: str) -> Acquisition:
        """How the acquisition of the code stands. Raises ACCOUNT_UNKNOWN."""
        state, failure, _, _ = self._found(connection, account)
        return from_columns(state, failure)

    def serial(self, connection: Connection, account: str) -> ProcessingSerial | None:
        """The serial under which the code will come, until it came. Raises ACCOUNT_UNKNOWN."""
        _, _, serial, _ = self._found(connection, account)
        return serial

    def code(self, connection: Connection, account: str) -> LinkageCode:
        """The portal's code of the person. Raises ACCOUNT_UNKNOWN or ACCOUNT_WITHOUT_CODE."""
        _, _, _, code = self._found(connection, account)
        if code is None:
            raise Refusal(reasons.ACCOUNT_WITHOUT_CODE, "", "account_id")
        return code

    def settle(
        self, connection: Connection, serial: ProcessingSerial, outcome: Acquisition | LinkageCode
    ) -> str:
        """Bind the code, or record why there is none, and erase the serial (F1.13).

        Returns the account's id. Raises SERIAL_NOT_PENDING where no account waits for the serial.
        """
        row = _STATE_BY_SERIAL.row(connection, self._sealer, {"of": serial.value})
        if row is None or row[1] != PENDING.state.name:
            raise Refusal(reasons.SERIAL_NOT_PENDING, "", "processing_serial")
        code, outcome = (outcome, BOUND) if isinstance(outcome, LinkageCode) else (None, outcome)
        told = as_columns(outcome)
        ended = {"of": row[0], "ended": told["state"], "why": told["failure"], "came": code}
        _SETTLE.run(connection, self._sealer, ended)
        return str(row[0])

    def waiting(self, connection: Connection, most: int) -> Sequence[ProcessingSerial]:
        """The serials under which accounts wait for their codes, at most so many."""
        found = _WAITING.run(connection, self._sealer, {"most": most}).fetchall()
        return [serial for (serial,) in found]

    def remembered(self, connection: Connection) -> Remembered:
        """What is remembered of the network's answers."""
        return remembered_of(dict(_STATES.run(connection, {}).fetchall()))

    def _found(
        self, connection: Connection, account: str
    ) -> tuple[str, str | None, ProcessingSerial | None, LinkageCode | None]:
        row = _FIND.row(connection, self._sealer, {"of": account})
        if row is None:
            raise Refusal(reasons.ACCOUNT_UNKNOWN, "", "account_id")
        state, failure, serial, code = row
        return state, failure, serial, code
