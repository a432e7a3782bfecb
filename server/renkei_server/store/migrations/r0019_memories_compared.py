"""19: a store knows its incarnations, and what its neighbours told of theirs.

Both tables are new. A store that was made before begins its first incarnation as it is opened.
"""

from typing import Final

from renkei_server.store.migrations.history import Changes

CHANGES: Final[Changes] = {}
