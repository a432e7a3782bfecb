"""18: bulk outputs of a municipal CS are kept, in a table that is new (USE-13)."""

from typing import Final

from renkei_server.store.migrations.history import Changes

CHANGES: Final[Changes] = {}
