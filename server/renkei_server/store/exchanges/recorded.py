"""What a party has recorded of one exchange, found again by the person's key in its log (F2.10)."""

from collections.abc import Callable

from renkei.exchange_records import ExchangeRecord
from renkei.exchanges import ExchangeId
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.record_log import RecordLog


def newest(
    records: RecordLog,
    connection: Connection,
    person: bytes,
    exchange_id: ExchangeId,
    read: Callable[[bytes], ExchangeRecord],
) -> ExchangeRecord | None:
    """The record that counts, the last one, if it is still kept; `read` opens a content.

    It goes through all records about the person: for what is seldom asked.
    """
    kept = (read(one.content) for one in reversed(records.concerning(connection, person)))
    return next((record for record in kept if record.exchange_id == exchange_id), None)
