"""Accounts of persons at Mynaportal (マイナポータル), and the code that each is bound to.

Rules:
- An account is one acquisition: what ended without a code stays so, and the person opens another.
- Of the person it holds the portal's own code alone: no Individual Number, no name.
- A serial is kept sealed until its outcome came, and then erased; a keyed hash stays, so that a
  repeat is told from a serial that was never pending here.
- A code leaves the seat for the information provision network alone, never for a device.
"""

from sqlalchemy import (
    Column,
    Connection,
    LargeBinary,
    MetaData,
    String,
    Table,
    bindparam,
    insert,
    select,
    update,
)

from renkei import reasons
from renkei.acquisitions import BOUND, PENDING, Acquisition
from renkei.codes import LinkageCode, ProcessingSerial
from renkei.refusals import Refusal
from renkei_server.store.codes.acquisitions import as_columns, from_columns
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.sealing import Sealed, Sealer

_ACCOUNTS = Table(
    "accounts",
    MetaData(),
    Column("account", String, primary_key=True),
    Column("serial_index", LargeBinary, nullable=False, unique=True),
    Column("serial", Sealed),
    Column("state", String, nullable=False),
    Column("failure", String),
    Column("code", Sealed),
)

TABLES = (_ACCOUNTS,)

_OPEN = Prepared(
    insert(_ACCOUNTS), ("account", "serial_index", "serial", "state", "failure", "code")
)
_FIND = Prepared(
    select(_ACCOUNTS.c.state, _ACCOUNTS.c.failure, _ACCOUNTS.c.serial, _ACCOUNTS.c.code).where(
        _ACCOUNTS.c.account == bindparam("of")
    )
)
_STATE_BY_SERIAL = Prepared(
    select(_ACCOUNTS.c.account, _ACCOUNTS.c.state).where(
        _ACCOUNTS.c.serial_index == bindparam("of")
    )
)
_SETTLE = Prepared(
    update(_ACCOUNTS)
    .where(_ACCOUNTS.c.account == bindparam("of"))
    .values(
        serial=None, state=bindparam("ended"), failure=bindparam("why"), code=bindparam("sealed")
    )
)


class Accounts:
    """The accounts of one portal."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def open(self, connection: Connection, account: str, serial: ProcessingSerial) -> str:
        """Open an account whose code will come under this serial (F1.5); return its id."""
        values = {
            "account": account,
            "serial_index": self._index(serial),
            "serial": self._sealer.seal(_ACCOUNTS.c.serial, serial.value.encode()),
            "code": None,
            **as_columns(PENDING),
        }
        _OPEN.run(connection, values)
        return account

    def acquisition(self, connection: Connection, account: str) -> Acquisition:
        """How the acquisition of the code stands. Raises ACCOUNT_UNKNOWN."""
        state, failure, _, _ = self._found(connection, account)
        return from_columns(state, failure)

    def serial(self, connection: Connection, account: str) -> ProcessingSerial | None:
        """The serial under which the code will come, until it came. Raises ACCOUNT_UNKNOWN."""
        _, _, sealed, _ = self._found(connection, account)
        if sealed is None:
            return None
        return ProcessingSerial(self._sealer.open(_ACCOUNTS.c.serial, sealed).decode())

    def code(self, connection: Connection, account: str) -> LinkageCode:
        """The portal's code of the person. Raises ACCOUNT_UNKNOWN or ACCOUNT_WITHOUT_CODE."""
        _, _, _, sealed = self._found(connection, account)
        if sealed is None:
            raise Refusal(reasons.ACCOUNT_WITHOUT_CODE, "", "account_id")
        return LinkageCode(self._sealer.open(_ACCOUNTS.c.code, sealed))

    def settle(
        self, connection: Connection, serial: ProcessingSerial, outcome: Acquisition | LinkageCode
    ) -> str:
        """Bind the code, or record why there is none, and erase the serial (F1.13).

        Returns the account's id. Raises SERIAL_NOT_PENDING where no account waits for the serial.
        """
        row = _STATE_BY_SERIAL.run(connection, {"of": self._index(serial)}).fetchone()
        if row is None or row[1] != PENDING.state.name:
            raise Refusal(reasons.SERIAL_NOT_PENDING, "", "processing_serial")
        sealed = None
        if isinstance(outcome, LinkageCode):
            sealed = self._sealer.seal(_ACCOUNTS.c.code, outcome.value)
            outcome = BOUND
        told = as_columns(outcome)
        ended = {"of": row[0], "ended": told["state"], "why": told["failure"], "sealed": sealed}
        _SETTLE.run(connection, ended)
        return str(row[0])

    def _found(
        self, connection: Connection, account: str
    ) -> tuple[str, str | None, bytes | None, bytes | None]:
        row = _FIND.run(connection, {"of": account}).fetchone()
        if row is None:
            raise Refusal(reasons.ACCOUNT_UNKNOWN, "", "account_id")
        state, failure, serial, code = row
        return state, failure, serial, code

    def _index(self, serial: ProcessingSerial) -> bytes:
        return self._sealer.blind(_ACCOUNTS.c.serial_index, serial.value.encode())
