"""A person's own device's client of Mynaportal (マイナポータル): accounts and records (F2.11)."""

from renkei import wire
from renkei.acquisitions import Acquisition
from renkei.codes import IndividualNumber
from renkei.linkage.v1 import mynaportal_pb2 as pb2
from renkei.personal_records import PersonalRecords
from renkei.wire.personal_records import read_personal_records
from renkei_clients.channel import Channel


class MynaportalClient:
    """Opens accounts and sees their records."""

    def __init__(self, channel: Channel) -> None:
        self._ask = channel.ask

    async def open_account(self, request_id: str, number: IndividualNumber) -> str:
        """Open an account; returns its id. A call that broke is to be repeated."""
        request = pb2.OpenAccountRequest(
            request_id=request_id, individual_number=wire.write_individual_number(number)
        )
        return await self._ask(request, pb2.OpenAccountResponse, lambda told: told.account_id)

    async def get_account(self, account: str) -> Acquisition:
        """How the acquisition of the account's code stands."""
        request = pb2.GetAccountRequest(account_id=account)
        return await self._ask(request, pb2.GetAccountResponse, wire.read_acquisition)

    async def list_records(self, account: str, from_number: int = 0) -> PersonalRecords:
        """The person's records from a number on, at most five hundred.

        `renkei_pki.person_check` judges them, `renkei_pki.person_file` keeps them.
        """
        request = pb2.ListRecordsRequest(account_id=account, from_number=from_number)
        return await self._ask(
            request, pb2.ListRecordsResponse, lambda told: read_personal_records(told, from_number)
        )
