"""12: whoever waits for the outcome of a notification asks about it once it is due (F3).

Those that are awaited already cannot be asked about: only a hash of them was kept. They are waited
for a month more.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from alembic.operations import Operations
from sqlalchemy import Column, LargeBinary, MetaData, String, Table, update

from renkei_server.store.migrations.history import Changes, Sealer

_MONTH: Final = timedelta(days=30)


_AWAITED: Final = Table("awaited_outcomes", MetaData(), Column("due", String))


def _awaited(op: Operations, _sealer: Sealer) -> None:
    op.add_column("awaited_outcomes", Column("due", String))
    op.add_column("awaited_outcomes", Column("content", LargeBinary))
    op.create_index("ix_awaited_outcomes_due", "awaited_outcomes", ["due"])
    due = (datetime.now(UTC) + _MONTH).isoformat()
    op.get_bind().execute(update(_AWAITED).values(due=due))


CHANGES: Changes = {"awaited_outcomes": _awaited}
