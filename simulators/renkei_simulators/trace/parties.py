"""How seats and networks are called in a trace, who runs them, and where they stand in a drawing.

Source: the roles and trust domains of the modelled networks (documented names;
the trust domains are decided). The order from left to right is the drawing's
own: the resident-register network, then the ward, then the linkage network.
"""

from dataclasses import dataclass
from typing import Final, Self

from renkei.networks import JUKINET, LINKAGE
from renkei.roles import ROLES, Name, role_of
from renkei_pki.identity import Identity


@dataclass(frozen=True, slots=True, order=True)
class Seat:
    """A role at an institution, written `<role>.<institution>`."""

    role: str
    institution: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raise ValueError unless text is a role, a dot and an institution."""
        role, dot, institution = text.partition(".")
        if not (role and dot and institution):
            raise ValueError(f"no seat: {text!r}")
        return cls(role, institution)

    @classmethod
    def of(cls, identity: Identity) -> Self:
        """The seat that a certificate speaks for, on whichever network."""
        return cls(identity.role, identity.institution)

    def __str__(self) -> str:
        return f"{self.role}.{self.institution}"


_PLACES: Final = tuple(ROLES)


def place_of(seat: Seat) -> tuple[int, str, str]:
    """The sort key that puts seats from left to right."""
    name = role_of(seat.role).name
    place = _PLACES.index(name) if name in _PLACES else len(_PLACES)
    return place, seat.role, seat.institution


@dataclass(frozen=True, slots=True)
class Network:
    """A trust domain as a drawing shows it. `key` names its colour."""

    key: str
    name: Name


_NETWORKS: Final = {
    JUKINET: Network("jukinet", Name("Resident-register network", "住基ネット")),
    LINKAGE: Network("linkage", Name("Linkage network", "LGWAN・情報連携")),
}
WARD: Final = Network("ward", Name("Ward's own network", "庁内ネットワーク"))


def network_of(domain: str) -> Network:
    """The network of a trust domain."""
    if domain.startswith("ward-"):
        return WARD
    return _NETWORKS.get(domain) or Network("other", Name(domain, ""))
