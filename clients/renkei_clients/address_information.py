"""A middle server's client of its own organisation's linkage platform (LP-1)."""

from renkei import wire
from renkei.codes import IntegratedAddressNumber
from renkei.linkage.v1 import address_information_pb2 as pb2
from renkei.persons import FourAttributes
from renkei.type.v1 import operator_session_pb2
from renkei_clients.channel import Channel

_SERVICE = pb2.DESCRIPTOR.services_by_name["AddressInformationService"]


class AddressInformationClient:
    """Asks whose a number is, for the operator of a session."""

    def __init__(self, channel: Channel, sender: str) -> None:
        self._channel = channel
        self._sender = sender

    async def get_address_information(
        self,
        person: IntegratedAddressNumber,
        session: operator_session_pb2.OperatorSession | None,
    ) -> FourAttributes:
        """The person's four attributes."""
        request = pb2.GetAddressInformationRequest(
            sender=self._sender,
            operator_session=session,
            integrated_address_number=wire.write_integrated_address_number(person),
        )
        return await self._channel.ask(
            _SERVICE.methods_by_name["GetAddressInformation"],
            request,
            pb2.GetAddressInformationResponse,
            lambda told: wire.read_four_attributes(told),
        )
