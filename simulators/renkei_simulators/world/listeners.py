"""The listeners of a world, and how each of them answered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from renkei_pki.identity import Identity
from renkei_server.process.owner import Reports
from renkei_simulators.world.addresses import Address, anybody_listens
from renkei_simulators.world.definition import World

SERVING: Final = "SERVING"
_NOT_OPEN: Final = "NOT_OPEN"
_EXTERNAL: Final = "EXTERNAL"
_NOBODY: Final = "NOTHING_LISTENS"


@dataclass(frozen=True, slots=True)
class Listener:
    """One listener of a world and how it answered."""

    identity: Identity
    address: str
    external: bool
    answer: str
    """`SERVING`, what else its health service told, or why it could not be asked."""

    @property
    def seat(self) -> str:
        """The seat whose it is."""
        return f"{self.identity.role}.{self.identity.institution}"

    @property
    def missing(self) -> bool:
        """Whether it is a server of yours, and nothing listens there."""
        return self.external and self.answer == _NOBODY

    @property
    def serving(self) -> bool:
        """Whether it says that it is well."""
        return self.answer == SERVING


def listeners_of(world: World, reports: Reports) -> list[Listener]:
    """Every listener, as the processes tell how their seats were opened."""
    return [
        Listener(
            Identity(domain, seat.institution, seat.role),
            address,
            external=bool(seat.external),
            answer=_EXTERNAL if seat.external else answer_of(reports, seat.name, domain),
        )
        for seat in world.seats
        for domain, address in seat.reached.items()
    ]


def probed(listeners: Sequence[Listener]) -> list[Listener]:
    """The same, and of a server of yours whether anything listens: nobody here has a key to ask it."""
    return [
        replace(one, answer=_NOBODY)
        if one.external and not anybody_listens(Address.parse(one.address))
        else one
        for one in listeners
    ]


def answer_of(reports: Reports, seat: str, domain: str) -> str:
    """What a seat's listener answered its own process as it opened, or that it is not open."""
    return reports[seat].answers.get(domain, _NOT_OPEN) if seat in reports else _NOT_OPEN
