"""15: a register keeps the entries that wait for another operator's decision. The table is new."""

from typing import Final

from renkei_server.store.migrations.history import Changes

CHANGES: Final[Changes] = {}
