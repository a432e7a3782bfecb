"""14: a municipal CS keeps what was permitted to be corrected. The table is new."""

from typing import Final

from renkei_server.store.migrations.history import Changes

CHANGES: Final[Changes] = {}
