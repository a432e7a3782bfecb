"""Every certificate whose key lies in a world's folder."""

from dataclasses import dataclass
from pathlib import Path

from renkei_pki.identity import Identity
from renkei_simulators.world.definition import World
from renkei_simulators.world.layout import Layout


@dataclass(frozen=True, slots=True)
class OwnCertificate:
    """A certificate: of which seat or caller it is, for whom it speaks, and where it lies."""

    name: str
    identity: Identity
    folder: Path


def own_certificates(world: World, layout: Layout) -> list[OwnCertificate]:
    """Those of the world's own seats, then those of its callers."""
    seats = [
        OwnCertificate(seat.name, identity, layout.certificate(seat.name, identity))
        for seat in world.seats
        if not seat.external
        for identity in seat.identities
    ]
    callers = [
        OwnCertificate(layout.caller(one).name, one, layout.caller(one)) for one in world.callers
    ]
    return seats + callers
