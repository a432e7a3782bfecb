"""A person's accounts and records (F2.11): the portal asks by its own code and judges what it is told.

The Individual Number of a person passes through and is never written: it goes to the national server
in the very call that brought it, and a call that broke is repeated by the device. What becomes of
the acquisition comes by the other network, as for every national body (F1.4 to F1.13).
Fidelity: that the portal has a code of its own and shows the records is documented; the device's
side, the accounts and the proofs are invented.
"""

from dataclasses import dataclass
from typing import Protocol

from renkei import reasons, wire
from renkei.codes import IndividualNumber, LinkageCode, ProcessingSerial
from renkei.linkage.v1 import mynaportal_pb2 as pb2
from renkei.personal_records import PersonalRecords
from renkei.refusals import Refusal
from renkei.wire.personal_records import write_shown_record
from renkei_pki.person_check import check_person
from renkei_pki.signing import VerifyingKey
from renkei_server.domain.world import Ids
from renkei_server.door.call import Call
from renkei_server.peers.codes import GeneratesLinkageCodes, IssuesSerials
from renkei_server.store.codes.accounts import Accounts
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.receipts import find
from renkei_server.store.engine.store import Store


class TellsPersonalRecords(Protocol):
    """The information provision network, as Mynaportal sees it in a person's view."""

    async def list_personal_records(
        self, code: LinkageCode, from_number: int = 0
    ) -> PersonalRecords:
        """F2.11: what is shown to the person, from a number on, with what proves it.

        Raises the network's Refusal, or PEER_UNREACHABLE and its kin where none came.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class MynaportalService:
    """Opens accounts, and shows each its person's records."""

    contract = pb2.DESCRIPTOR.services_by_name["MynaportalService"]

    store: Store
    accounts: Accounts
    serials: IssuesSerials
    national_server: GeneratesLinkageCodes
    network: TellsPersonalRecords
    network_key: VerifyingKey
    """Judges the heads of the network's log."""
    ids: Ids

    async def open_account(
        self, request: pb2.OpenAccountRequest, call: Call
    ) -> pb2.OpenAccountResponse:
        """Open an account, and ask for the code under a serial that is this account's own."""
        number = wire.read_individual_number(request)
        account = await self._opened_before(call) or await self._open(call)
        call.operation.person = account
        serial = await self.store.look(lambda connection: self.accounts.serial(connection, account))
        if serial is not None:
            await self._generate(call, number, serial)
        return pb2.OpenAccountResponse(account_id=account)

    async def get_account(
        self, request: pb2.GetAccountRequest, call: Call
    ) -> pb2.GetAccountResponse:
        """How the acquisition stands."""
        account = call.operation.person = request.account_id
        stands = await self.store.look(
            lambda connection: self.accounts.acquisition(connection, account)
        )
        return pb2.GetAccountResponse(acquisition=wire.write_acquisition(stands))

    async def list_records(
        self, request: pb2.ListRecordsRequest, call: Call
    ) -> pb2.ListRecordsResponse:
        """F2.11: what the network shows to the person, once it proves itself."""
        account = call.operation.person = request.account_id
        code: LinkageCode = await self.store.look(
            lambda connection: self.accounts.code(connection, account)
        )
        told = await self.network.list_personal_records(code, request.from_number)
        self._require_proven(told)
        return pb2.ListRecordsResponse(
            head=told.head,
            shown=told.shown,
            records=[write_shown_record(one) for one in told.records],
        )

    async def _opened_before(self, call: Call) -> str | None:
        return await self.store.look(lambda connection: find(connection, call.receipt))

    async def _open(self, call: Call) -> str:
        # F1.4 a processing serial, please; F1.5 serial and expiry
        issued = await self.serials.issue_processing_serial(self._derived_id(call, "serial"))

        def open_it(connection: Connection) -> str:
            if issued is None:
                raise Refusal(reasons.SERIAL_EXPIRED)
            serial, _ = issued
            return self.accounts.open(connection, self.ids.request_id(), serial)

        return await call.once(self.store, open_it, lambda _, account: account)

    async def _generate(
        self, call: Call, number: IndividualNumber, serial: ProcessingSerial
    ) -> None:
        # F1.7 and F1.8 are one call, to the national server
        request_id = self._derived_id(call, "generation")
        await self.national_server.generate_linkage_code(request_id, number, serial)

    def _derived_id(self, call: Call, purpose: str) -> str:
        """The request id of a call of our own: a repeat of the cause repeats it."""
        cause = f"{call.receipt.caller} {call.receipt.request_id}"
        return self.store.sealer.derived_request_id(f"portal {purpose}", cause)

    def _require_proven(self, told: PersonalRecords) -> None:
        """Raise RECORDS_NOT_PROVEN unless the records are whole from the first that is told.

        Those before it may have been erased, their years being over: the person judges that.
        """
        first = told.records[0].number if told.records else told.shown + 1
        faults = check_person(told, self.network_key, first=max(first, told.first)).faults
        if faults:
            kinds = ", ".join(sorted({fault.kind.name for fault in faults}))
            raise Refusal(reasons.RECORDS_NOT_PROVEN, kinds)
