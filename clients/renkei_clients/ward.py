"""Clients of the services on a municipality's own network (庁内ネットワーク)."""

from google.protobuf.descriptor import ServiceDescriptor

from renkei import wire
from renkei.acquisitions import Acquisition
from renkei.codes import IndividualNumber, LocalAddressNumber
from renkei.persons import FourAttributes
from renkei.type.v1 import operator_session_pb2
from renkei.ward.v1 import linkage_code_generation_pb2 as generation_pb2
from renkei.ward.v1 import linkage_code_relay_pb2 as relay_pb2
from renkei.ward.v1 import numbering_pb2, resident_record_pb2
from renkei_clients.channel import Channel
from renkei_clients.generation import GenerationClient, Hop

_RESIDENT_RECORD: ServiceDescriptor = resident_record_pb2.DESCRIPTOR.services_by_name[
    "ResidentRecordService"
]
_NUMBERING: ServiceDescriptor = numbering_pb2.DESCRIPTOR.services_by_name["NumberingService"]


class ResidentRecordClient:
    """A ward terminal's client of the resident record system."""

    def __init__(
        self,
        channel: Channel,
        sender: str,
        session: operator_session_pb2.OperatorSession | None,
    ) -> None:
        self._channel = channel
        self._sender = sender
        self._session = session

    async def request_code_acquisition(self, request_id: str, local: LocalAddressNumber) -> None:
        """Ask that a code be acquired for a person of the register (F1.1)."""
        request = resident_record_pb2.RequestCodeAcquisitionRequest(
            sender=self._sender,
            request_id=request_id,
            operator_session=self._session,
            local_address_number=wire.write_local_address_number(local),
        )
        await self._channel.call(
            _RESIDENT_RECORD.methods_by_name["RequestCodeAcquisition"],
            request,
            resident_record_pb2.RequestCodeAcquisitionResponse,
        )

    async def get_code_acquisition(self, local: LocalAddressNumber) -> Acquisition:
        """How the newest acquisition for the person stands (F1.15)."""
        request = resident_record_pb2.GetCodeAcquisitionRequest(
            sender=self._sender,
            operator_session=self._session,
            local_address_number=wire.write_local_address_number(local),
        )
        return await self._channel.ask(
            _RESIDENT_RECORD.methods_by_name["GetCodeAcquisition"],
            request,
            resident_record_pb2.GetCodeAcquisitionResponse,
            wire.read_acquisition,
        )


class NumberingClient:
    """A client of the linkage platform's ward face."""

    def __init__(self, channel: Channel, sender: str) -> None:
        self._channel = channel
        self._sender = sender

    async def number_person(
        self,
        request_id: str,
        local: LocalAddressNumber,
        number: IndividualNumber | None,
        attributes: FourAttributes,
    ) -> None:
        """Number a person and start the acquisition of their code (F1.1)."""
        request = numbering_pb2.NumberPersonRequest(
            sender=self._sender,
            request_id=request_id,
            local_address_number=wire.write_local_address_number(local),
            individual_number=wire.write_individual_number(number) if number else None,
            attributes=wire.write_four_attributes(attributes),
        )
        await self._channel.call(
            _NUMBERING.methods_by_name["NumberPerson"], request, numbering_pb2.NumberPersonResponse
        )

    async def change_individual_number(
        self, request_id: str, old: IndividualNumber, new: IndividualNumber
    ) -> None:
        """Tell that a person's Individual Number was changed."""
        request = numbering_pb2.ChangeIndividualNumberRequest(
            sender=self._sender,
            request_id=request_id,
            old_individual_number=wire.write_individual_number(old),
            new_individual_number=wire.write_individual_number(new),
        )
        await self._channel.call(
            _NUMBERING.methods_by_name["ChangeIndividualNumber"],
            request,
            numbering_pb2.ChangeIndividualNumberResponse,
        )

    async def get_numbering_outcome(self, local: LocalAddressNumber) -> Acquisition:
        """How the newest acquisition for the person stands (F1.15)."""
        request = numbering_pb2.GetNumberingOutcomeRequest(
            sender=self._sender, local_address_number=wire.write_local_address_number(local)
        )
        return await self._channel.ask(
            _NUMBERING.methods_by_name["GetNumberingOutcome"],
            request,
            numbering_pb2.GetNumberingOutcomeResponse,
            wire.read_acquisition,
        )


_RELAY_HOP = Hop(
    relay_pb2.DESCRIPTOR.services_by_name["LinkageCodeRelayService"].methods_by_name[
        "RelayLinkageCodeGeneration"
    ],
    relay_pb2.RelayLinkageCodeGenerationRequest,
    relay_pb2.RelayLinkageCodeGenerationResponse,
)

_GENERATION_HOP = Hop(
    generation_pb2.DESCRIPTOR.services_by_name["LinkageCodeGenerationService"].methods_by_name[
        "GenerateLinkageCode"
    ],
    generation_pb2.GenerateLinkageCodeRequest,
    generation_pb2.GenerateLinkageCodeResponse,
)


def linkage_code_relay_client(channel: Channel, sender: str) -> GenerationClient:
    """The linkage platform's client of the resident record system (F1.7a)."""
    return GenerationClient(channel, sender, _RELAY_HOP)


def linkage_code_generation_client(channel: Channel, sender: str) -> GenerationClient:
    """The resident record system's client of the municipal CS (F1.7b)."""
    return GenerationClient(channel, sender, _GENERATION_HOP)
