"""Clients of the services on a municipality's own network (庁内ネットワーク)."""

from renkei import wire
from renkei.acquisitions import Acquisition
from renkei.codes import IndividualNumber, LocalAddressNumber
from renkei.persons import FourAttributes
from renkei.ward.v1 import numbering_pb2, resident_record_pb2
from renkei.ward.v1.linkage_code_generation_pb2 import GenerateLinkageCodeRequest
from renkei.ward.v1.linkage_code_relay_pb2 import RelayLinkageCodeGenerationRequest
from renkei_clients.channel import Channel
from renkei_clients.generation import GenerationClient


class ResidentRecordClient:
    """A ward terminal's client of the resident record system, with its operator's session."""

    def __init__(self, channel: Channel) -> None:
        self._call, self._ask = channel.call, channel.ask

    async def request_code_acquisition(self, request_id: str, local: LocalAddressNumber) -> None:
        """Ask that a code be acquired for a person of the register (F1.1)."""
        request = resident_record_pb2.RequestCodeAcquisitionRequest(
            request_id=request_id, local_address_number=wire.write_local_address_number(local)
        )
        await self._call(request)

    async def get_code_acquisition(self, local: LocalAddressNumber) -> Acquisition:
        """How the newest acquisition for the person stands (F1.15)."""
        request = resident_record_pb2.GetCodeAcquisitionRequest(
            local_address_number=wire.write_local_address_number(local)
        )
        return await self._ask(
            request, resident_record_pb2.GetCodeAcquisitionResponse, wire.read_acquisition
        )


class NumberingClient:
    """A client of the linkage platform's ward face."""

    def __init__(self, channel: Channel) -> None:
        self._call, self._ask = channel.call, channel.ask

    async def number_person(
        self,
        request_id: str,
        local: LocalAddressNumber,
        number: IndividualNumber | None,
        attributes: FourAttributes,
    ) -> None:
        """Number a person and start the acquisition of their code (F1.1)."""
        request = numbering_pb2.NumberPersonRequest(
            request_id=request_id,
            local_address_number=wire.write_local_address_number(local),
            individual_number=wire.write_individual_number(number) if number else None,
            attributes=wire.write_four_attributes(attributes),
        )
        await self._call(request)

    async def change_individual_number(
        self, request_id: str, old: IndividualNumber, new: IndividualNumber
    ) -> None:
        """Tell that a person's Individual Number was changed."""
        request = numbering_pb2.ChangeIndividualNumberRequest(
            request_id=request_id,
            old_individual_number=wire.write_individual_number(old),
            new_individual_number=wire.write_individual_number(new),
        )
        await self._call(request)

    async def get_numbering_outcome(self, local: LocalAddressNumber) -> Acquisition:
        """How the newest acquisition for the person stands (F1.15)."""
        request = numbering_pb2.GetNumberingOutcomeRequest(
            local_address_number=wire.write_local_address_number(local)
        )
        return await self._ask(
            request, numbering_pb2.GetNumberingOutcomeResponse, wire.read_acquisition
        )


def linkage_code_relay_client(channel: Channel) -> GenerationClient:
    """The linkage platform's client of the resident record system (F1.7a)."""
    return GenerationClient(channel, RelayLinkageCodeGenerationRequest)


def linkage_code_generation_client(channel: Channel) -> GenerationClient:
    """The resident record system's client of the municipal CS (F1.7b)."""
    return GenerationClient(channel, GenerateLinkageCodeRequest)
