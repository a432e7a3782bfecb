"""10: what identity information was provided to whom is recorded, in tables that are new (PRV-11)."""

from typing import Final

from renkei_server.store.migrations.history import Changes

CHANGES: Final[Changes] = {}
