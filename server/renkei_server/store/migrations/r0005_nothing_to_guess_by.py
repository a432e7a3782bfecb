"""5: what is left of an ended task lets nobody guess at it, and joins no two parties' databases.

- A batch file's digest is of one run of the seat: those under the store's key are forgotten.
- The moment at which a serial expires is a whole minute, and goes with the serial at whoever waited.
"""

from typing import Final

from alembic.operations import Operations
from sqlalchemy import Column, LargeBinary, MetaData, String, Table, func

from renkei_server.store.migrations.history import Changes, Sealer

_MINUTE_CHARACTERS: Final = 16
"""Of a moment in ISO form, such as 2026-11-24T09:30."""


def _batch_files(op: Operations, _sealer: Sealer) -> None:
    files = Table("batch_files", MetaData(), Column("digest", LargeBinary))
    op.execute(files.update().values(digest=b""))


def _code_acquisitions(op: Operations, _sealer: Sealer) -> None:
    acquisitions = Table(
        "code_acquisitions", MetaData(), Column("serial", LargeBinary), Column("expires_at", String)
    )
    ended = acquisitions.c.serial.is_(None)
    op.execute(acquisitions.update().where(ended).values(expires_at=None))


def _serials(op: Operations, _sealer: Sealer) -> None:
    serials = Table(
        "serials", MetaData(), Column("serial", LargeBinary), Column("expires_at", String)
    )
    minute = func.substr(serials.c.expires_at, 1, _MINUTE_CHARACTERS) + ":00+00:00"
    op.execute(serials.update().where(serials.c.serial.is_(None)).values(expires_at=minute))


CHANGES: Final[Changes] = {
    "batch_files": _batch_files,
    "code_acquisitions": _code_acquisitions,
    "serials": _serials,
}
