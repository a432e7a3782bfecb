"""4: to which number a code is bound that came for another one. The table is new."""

from typing import Final

from renkei_server.store.migrations.history import Changes

CHANGES: Final[Changes] = {}
