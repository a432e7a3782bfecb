"""Why a database cannot be used, as far as it says so; neither its text nor a path is told.

What a driver raises bears a code: SQLite's has a name, PostgreSQL's is an SQLSTATE.
"""

from typing import Final

from renkei import reasons
from renkei.facts import STORE_STATE, StoreState
from renkei.refusals import Refusal
from renkei_server.store.engine.connection import cause_of

_SAYS: Final = {
    "SQLITE_BUSY": StoreState.LOCKED,
    "SQLITE_FULL": StoreState.FULL,
    "SQLITE_READONLY": StoreState.READ_ONLY,
    "SQLITE_IOERR": StoreState.DAMAGED,
    "SQLITE_CORRUPT": StoreState.DAMAGED,
    "55P03": StoreState.LOCKED,
    "53100": StoreState.FULL,
    "25006": StoreState.READ_ONLY,
}
"""By the primary name of an error of SQLite, or by SQLSTATE."""


def unavailable(error: BaseException | None) -> Refusal:
    """STORE_UNAVAILABLE for an error of a driver, with what it says of the database."""
    refusal = Refusal(reasons.STORE_UNAVAILABLE)
    if error is not None:
        state = _state(cause_of(error))
        if state is not None:
            refusal = Refusal(
                reasons.STORE_UNAVAILABLE, state.english, facts=(STORE_STATE.of(state),)
            )
        refusal.__cause__ = error
    return refusal


def _state(cause: BaseException) -> StoreState | None:
    name = str(getattr(cause, "sqlite_errorname", ""))
    primary = "_".join(name.split("_")[:2])  # such as SQLITE_BUSY of SQLITE_BUSY_SNAPSHOT
    return _SAYS.get(primary) or _SAYS.get(str(getattr(cause, "sqlstate", "")))
