"""Every certificate whose key lies in a world's folder, or in a seat's token."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from renkei_pki.identity import Identity
from renkei_pki.profiles import CLIENT_ALONE, SERVER_ALONE, SERVER_AND_CLIENT, Usages
from renkei_simulators.world.definition import SeatPlan, World
from renkei_simulators.world.layout import Layout


@dataclass(frozen=True, slots=True)
class OwnCertificate:
    """A certificate: of which seat or caller it is, for whom it speaks, and where it lies."""

    name: str
    identity: Identity
    folder: Path
    usages: Usages = SERVER_AND_CLIENT
    seat: SeatPlan | None = None
    """The seat whose token keeps its key; nothing where the folder holds it as it is."""

    @property
    def in_token(self) -> bool:
        """Whether its key never leaves a token: that of a seat which calls."""
        return self.usages == CLIENT_ALONE


def own_certificates(world: World, layout: Layout) -> list[OwnCertificate]:
    """Those of the world's own seats, then those of its callers."""
    seats = [one for seat in world.seats if not seat.external for one in of_seat(layout, seat)]
    callers = [
        OwnCertificate(layout.caller(one).name, one, layout.caller(one)) for one in world.callers
    ]
    return seats + callers


def of_seat(layout: Layout, seat: SeatPlan) -> Iterator[OwnCertificate]:
    """A seat's: one in each network, or with a token one to listen with, and one to call with."""
    for identity in seat.identities:
        folder = layout.certificate(seat.name, identity)
        if seat.token is None:
            yield OwnCertificate(seat.name, identity, folder)
            continue
        if identity.domain in seat.listen:
            yield OwnCertificate(seat.name, identity, folder, SERVER_ALONE, seat)
        calling = layout.calling_certificate(seat.name, identity)
        yield OwnCertificate(seat.name, identity, calling, CLIENT_ALONE, seat)


def to_ask_with(world: World, layout: Layout, server: Identity) -> Path | None:
    """The certificate to ask a server with: its own, or else another of its network.

    Nobody here has the key of a server of yours, or one that a token keeps. None where there is no
    other.
    """
    there = [
        one
        for one in own_certificates(world, layout)
        if one.identity.domain == server.domain and one.seat is None
    ]
    there.sort(key=lambda one: one.identity != server)
    return there[0].folder if there else None
