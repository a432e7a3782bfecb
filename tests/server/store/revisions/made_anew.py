"""A table that another refers to is made anew on SQLite."""

from alembic.operations import Operations

from renkei_server.store.migrations.history import Changes, Sealer


def batch_runs(op: Operations, _sealer: Sealer) -> None:
    """As SQLite alters a table to which another refers."""
    if op.get_context().dialect.name == "sqlite":
        with op.batch_alter_table("batch_runs", recreate="always"):
            pass


CHANGES: Changes = {"batch_runs": batch_runs}
