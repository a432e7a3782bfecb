"""A person's own device's client of Mynaportal (マイナポータル): accounts and records (F2.11)."""

from google.protobuf.descriptor import ServiceDescriptor

from renkei import wire
from renkei.acquisitions import Acquisition
from renkei.codes import IndividualNumber
from renkei.linkage.v1 import mynaportal_pb2 as pb2
from renkei.personal_records import PersonalRecords
from renkei.wire.personal_records import read_personal_records
from renkei_clients.channel import Channel

_PORTAL: ServiceDescriptor = pb2.DESCRIPTOR.services_by_name["MynaportalService"]


class MynaportalClient:
    """Opens accounts and sees their records."""

    def __init__(self, channel: Channel, sender: str) -> None:
        self._channel = channel
        self._sender = sender

    async def open_account(self, request_id: str, number: IndividualNumber) -> str:
        """Open an account; returns its id. A call that broke is to be repeated."""
        request = pb2.OpenAccountRequest(
            sender=self._sender,
            request_id=request_id,
            individual_number=wire.write_individual_number(number),
        )
        answer = await self._channel.call(
            _PORTAL.methods_by_name["OpenAccount"], request, pb2.OpenAccountResponse
        )
        return answer.account_id

    async def get_account(self, account: str) -> Acquisition:
        """How the acquisition of the account's code stands."""
        request = pb2.GetAccountRequest(sender=self._sender, account_id=account)
        return await self._channel.ask(
            _PORTAL.methods_by_name["GetAccount"],
            request,
            pb2.GetAccountResponse,
            wire.read_acquisition,
        )

    async def list_records(self, account: str, from_number: int = 0) -> PersonalRecords:
        """The person's records from a number on, at most five hundred.

        `renkei_pki.person_check` judges them, `renkei_pki.person_file` keeps them.
        """
        request = pb2.ListRecordsRequest(
            sender=self._sender, account_id=account, from_number=from_number
        )
        return await self._channel.ask(
            _PORTAL.methods_by_name["ListRecords"],
            request,
            pb2.ListRecordsResponse,
            lambda answer: read_personal_records(answer, from_number),
        )
