"""An acquisition bears a blind note of its state, and is not found by its person."""

from alembic.operations import Operations
from sqlalchemy import Column, Integer, LargeBinary, MetaData, String, Table, select, update

from renkei_server.store.migrations.history import Changes, Sealer

_ACQUISITIONS = Table(
    "acquisitions",
    MetaData(),
    Column("number", Integer, primary_key=True),
    Column("state", String),
    Column("noted", LargeBinary),
)


def acquisitions(op: Operations, sealer: Sealer) -> None:
    """Every row is covered anew, as this process alone can."""
    op.drop_index("ix_acquisitions_person", "acquisitions")
    op.add_column("acquisitions", Column("noted", LargeBinary))
    number, state, noted = _ACQUISITIONS.c
    for row, told in op.get_bind().execute(select(number, state)).all():
        value = sealer.blind(noted, told.encode())
        op.get_bind().execute(update(_ACQUISITIONS).where(number == row).values(noted=value))
    with op.batch_alter_table("acquisitions") as batch:
        batch.alter_column("noted", existing_type=LargeBinary(), nullable=False)


CHANGES: Changes = {"acquisitions": acquisitions}
