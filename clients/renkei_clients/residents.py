"""A ward terminal's client of the resident record system: entries and changes (F3.1)."""

from dataclasses import dataclass

from renkei import wire
from renkei.codes import LocalAddressNumber
from renkei.residents import ResidentEntry
from renkei.ward.v1 import resident_pb2 as pb2
from renkei.wire.residents import write_entry
from renkei_clients.channel import Channel


@dataclass(frozen=True, slots=True)
class Told:
    """How the newest notification of a person stands."""

    sequence: int
    state: str
    """UNDER_WAY, APPLIED or REFUSED."""
    seat: str
    """The role of the seat that applied it last, or refused it."""
    refused: str
    """The name of the reason, where it was refused."""
    fields: tuple[str, ...]


class ResidentClient:
    """Writes in the register with the session of the terminal's operator."""

    def __init__(self, channel: Channel) -> None:
        self._ask = channel.ask

    async def enter_resident(
        self, request_id: str, entry: ResidentEntry, *, provisional: bool = False
    ) -> bool:
        """Enter somebody; return whether another operator has to decide it."""
        request = pb2.EnterResidentRequest(
            request_id=request_id, entry=write_entry(entry), provisional=provisional
        )
        return await self._ask(request, pb2.EnterResidentResponse, lambda told: told.provisional)

    async def change_resident(
        self, request_id: str, entry: ResidentEntry, *, provisional: bool = False
    ) -> bool:
        """Change or remove somebody's record; return whether another operator has to decide it."""
        request = pb2.ChangeResidentRequest(
            request_id=request_id, entry=write_entry(entry), provisional=provisional
        )
        return await self._ask(request, pb2.ChangeResidentResponse, lambda told: told.provisional)

    async def get_notification(self, person: LocalAddressNumber) -> Told:
        """How the newest notification of a person stands (F3.4)."""
        request = pb2.GetNotificationRequest(
            local_address_number=wire.write_local_address_number(person)
        )
        return await self._ask(request, pb2.GetNotificationResponse, _told)


def _told(response: pb2.GetNotificationResponse) -> Told:
    state = pb2.NotificationState.Name(response.state).removeprefix("NOTIFICATION_STATE_")
    return Told(response.sequence, state, response.seat, response.refused, tuple(response.fields))
