"""7: an inquiry that was permitted is due to end at a moment of the world.

Those under way are due as if the world's clock had been right when they were asked for.
"""

from datetime import datetime, timedelta
from typing import Final

from alembic.operations import Operations
from sqlalchemy import Column, MetaData, String, Table, select, text, update

from renkei_server.store.migrations.history import Changes, Sealer

_WAITS: Final = timedelta(days=32)
"""A permit's thirty days, and two more."""

_INQUIRIES: Final = Table(
    "inquiries",
    MetaData(),
    Column("exchange_id", String, primary_key=True),
    Column("asked_at", String),
    Column("state", String),
    Column("due", String),
)


def _inquiries(op: Operations, _sealer: Sealer) -> None:
    op.add_column("inquiries", Column("due", String))
    own_id, asked_at, state, due = _INQUIRIES.c
    waiting = select(own_id, asked_at).where(state == "permitted")
    for one, asked in op.get_bind().execute(waiting).all():
        moment = (datetime.fromisoformat(asked) + _WAITS).isoformat()
        op.get_bind().execute(update(_INQUIRIES).where(own_id == one).values({due: moment}))
    which = text("due IS NOT NULL")
    op.create_index(
        "inquiries_by_due", "inquiries", ["due"], sqlite_where=which, postgresql_where=which
    )


CHANGES: Changes = {"inquiries": _inquiries}
