"""21: a municipal CS counts the updates that it applies, in a table that is new (USE-16)."""

from typing import Final

from renkei_server.store.migrations.history import Changes

CHANGES: Final[Changes] = {}
