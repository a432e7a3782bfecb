"""Mynaportal's client of the information provision network, for a person's records (F2.11)."""

from google.protobuf.descriptor import ServiceDescriptor

from renkei import wire
from renkei.codes import LinkageCode
from renkei.linkage.v1 import record_pb2 as pb2
from renkei.personal_records import PersonalRecords
from renkei.wire.personal_records import read_personal_records
from renkei_clients.channel import Channel

_RECORDS: ServiceDescriptor = pb2.DESCRIPTOR.services_by_name["RecordService"]


class RecordClient:
    """Asks for what is shown to a person."""

    def __init__(self, channel: Channel, sender: str) -> None:
        self._channel = channel
        self._sender = sender

    async def list_personal_records(
        self, code: LinkageCode, from_number: int = 0
    ) -> PersonalRecords:
        """The person's shown records from a number on, and what proves them; none is judged yet."""
        request = pb2.ListPersonalRecordsRequest(
            sender=self._sender, code=wire.write_linkage_code(code), from_number=from_number
        )
        return await self._channel.ask(
            _RECORDS.methods_by_name["ListPersonalRecords"],
            request,
            pb2.ListPersonalRecordsResponse,
            lambda answer: read_personal_records(answer, from_number),
        )
