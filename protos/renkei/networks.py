"""The networks that are modelled; each is a trust domain of its own, a municipality's too."""

from typing import Final

JUKINET: Final = "jukinet"
"""The trust domain of the resident-register network (住基ネット)."""

LINKAGE: Final = "linkage"
"""The trust domain of LGWAN and the government's common network."""

CONTROL: Final = "control"
"""The simulator's own trust domain: it models no real network."""

WARD: Final = "ward"
"""Stands, in tables, for the trust domain of a municipality's own network (庁内ネットワーク)."""


def ward(code: str) -> str:
    """The trust domain of a municipality's own network."""
    return f"{WARD}-{code}"


def domain_of(network: str, institution: str) -> str:
    """The trust domain that a table's network is at an institution."""
    return ward(institution) if network == WARD else network


def network_of(domain: str, institution: str) -> str:
    """The network, as tables name it, that a trust domain is at an institution."""
    return WARD if domain == ward(institution) else domain
