"""What is owed is opened and sealed anew, as where a sealed value is to hold something else."""

from alembic.operations import Operations
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, select, update

from renkei_server.store.migrations.history import Changes, Sealer

_OUTBOX = Table(
    "outbox",
    MetaData(),
    Column("number", Integer, primary_key=True),
    Column("content", LargeBinary),
)


def outbox(op: Operations, sealer: Sealer) -> None:
    """Every row is covered anew, in a column that is altered."""
    with op.batch_alter_table("outbox") as batch:
        batch.alter_column("content", existing_type=LargeBinary(), type_=LargeBinary())
    number, content = _OUTBOX.c
    for row, held in op.get_bind().execute(select(number, content)).all():
        anew = sealer.seal(content, sealer.open(content, held))
        op.get_bind().execute(update(_OUTBOX).where(number == row).values(content=anew))


CHANGES: Changes = {"outbox": outbox}
