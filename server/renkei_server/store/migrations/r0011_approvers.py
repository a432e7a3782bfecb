"""11: an operator may have the right to approve; nobody had it. A prefecture server has a roster."""

from typing import Final

from alembic.operations import Operations
from sqlalchemy import Boolean, Column, false

from renkei_server.store.migrations.history import Changes, Sealer


def _operators(op: Operations, _sealer: Sealer) -> None:
    op.add_column("operators", Column("approver", Boolean, nullable=False, server_default=false()))
    with op.batch_alter_table("operators") as change:
        change.alter_column("approver", server_default=None)


CHANGES: Final[Changes] = {"operators": _operators}
