"""6: whoever waits for a code is found by an index of its own, however many have ended."""

from functools import partial
from typing import Final

from alembic.operations import Operations
from sqlalchemy import text

from renkei_server.store.migrations.history import Changes, Sealer

_WHICH: Final = text("serial IS NOT NULL")


def _indexed(name: str, table: str, column: str, op: Operations, _sealer: Sealer) -> None:
    op.create_index(name, table, [column], sqlite_where=_WHICH, postgresql_where=_WHICH)


CHANGES: Final[Changes] = {
    "code_acquisitions": partial(_indexed, "waiting_acquisitions", "code_acquisitions", "number"),
    "accounts": partial(_indexed, "waiting_accounts", "accounts", "account"),
}
