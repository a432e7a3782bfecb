"""Which exchanges may have been announced: from then on none can be cancelled (F2.5, F2.12).

What was owed before the seat started may have been announced by whoever ran before it. From then on
announcements begin in the order of their numbers, and one number tells how far they have come: to
every worker of the seat, though the first alone announces.
"""

from typing import Final

from renkei.exchanges import ExchangeId
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox, Task
from renkei_server.store.engine.shared import ANNOUNCED
from renkei_server.store.engine.store import Store

ANNOUNCE: Final = "announce"

_LOOKED_THROUGH: Final = 1_000
"""So many that wait are looked through for one; what waits behind them counts as announced."""


class Announcing:
    """How far the announcements of one seat have come."""

    def __init__(self, store: Store, outbox: Outbox) -> None:
        self._words = store.shared.words
        self._outbox = outbox
        if store.shared.is_first:
            self._words[ANNOUNCED] = store.last_number

    def begins(self, task: Task) -> None:
        """From here on it counts as announced. To be called where nobody cancels meanwhile."""
        self._words[ANNOUNCED] = max(self._words[ANNOUNCED], task.number)

    def waits(self, connection: Connection, exchange_id: ExchangeId) -> bool:
        """Whether an exchange was surely not announced yet."""
        waiting = self._outbox.after(connection, ANNOUNCE, self._words[ANNOUNCED], _LOOKED_THROUGH)
        return any(task.content["exchange"] == exchange_id.text for task in waiting)
