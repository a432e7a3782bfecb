"""A middle server's client of its own organisation's linkage platform (LP-1)."""

from renkei import wire
from renkei.codes import IntegratedAddressNumber
from renkei.linkage.v1 import address_information_pb2 as pb2
from renkei.persons import FourAttributes
from renkei.type.v1 import operator_session_pb2
from renkei_clients.channel import Channel


class AddressInformationClient:
    """Asks whose a number is, for the operator of a session."""

    def __init__(self, channel: Channel) -> None:
        self._ask = channel.ask

    async def get_address_information(
        self, person: IntegratedAddressNumber, session: operator_session_pb2.OperatorSession | None
    ) -> FourAttributes:
        """The person's four attributes."""
        request = pb2.GetAddressInformationRequest(
            operator_session=session,
            integrated_address_number=wire.write_integrated_address_number(person),
        )
        return await self._ask(
            request, pb2.GetAddressInformationResponse, wire.read_four_attributes
        )
