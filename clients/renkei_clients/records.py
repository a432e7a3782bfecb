"""Mynaportal's client of the information provision network, for a person's records (F2.11)."""

from renkei import wire
from renkei.codes import LinkageCode
from renkei.linkage.v1 import record_pb2 as pb2
from renkei.personal_records import PersonalRecords
from renkei.wire.personal_records import read_personal_records
from renkei_clients.channel import Channel


class RecordClient:
    """Asks for what is shown to a person."""

    def __init__(self, channel: Channel) -> None:
        self._ask = channel.ask

    async def list_personal_records(
        self, code: LinkageCode, from_number: int = 0
    ) -> PersonalRecords:
        """The person's shown records from a number on, and what proves them; none is judged yet."""
        return await self._ask(
            pb2.ListPersonalRecordsRequest(
                code=wire.write_linkage_code(code), from_number=from_number
            ),
            pb2.ListPersonalRecordsResponse,
            lambda told: read_personal_records(told, from_number),
        )
