"""Where each seat of the default world listens."""

from collections.abc import Iterator, Mapping
from typing import Final

from renkei.networks import CONTROL
from renkei.roles import role_of
from renkei_pki.identity import Identity
from renkei_simulators.documents.markdown import role, table
from renkei_simulators.world.definition import World

_HEADS: Final = ("seat · サーバー", "institution · 機関", "port", "control", "server name")


def ports(world: World | None = None) -> str:
    """A row for each listener: its port, the control's, and the name in its certificate."""
    return table(_HEADS, _rows(world or World.load()))


def _rows(world: World) -> Iterator[tuple[str, ...]]:
    titles = _titles(world)
    for seat in world.seats:
        institution = " ".join(
            filter(None, (f"`{seat.institution}`", titles.get(seat.institution)))
        )
        for domain, address in seat.listen.items():
            if domain != CONTROL:
                yield (
                    role(seat.role, role_of(seat.role).title),
                    institution,
                    _port(address),
                    _port(seat.listen.get(CONTROL, "")),
                    f"`{Identity(domain, seat.institution, seat.role).dns}`",
                )


def _titles(world: World) -> Mapping[str, str]:
    """What the world calls its institutions."""
    towns = {one.code: one.name for one in world.municipalities}
    towns |= {one.code: one.name for one in world.prefectures}
    return towns | {one.name: one.title for one in world.agencies}


def _port(address: str) -> str:
    return address.rpartition(":")[2]
