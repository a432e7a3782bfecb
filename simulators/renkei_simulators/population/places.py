"""Where synthetic residents live: real towns, invented houses."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from random import Random

_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_BUILDINGS = ("コーポ", "メゾン", "ハイツ", "グリーンハイム", "サンライズ", "レジデンス")
_SHARE_IN_BUILDINGS = 0.55


@dataclass(frozen=True, slots=True)
class Place:
    """An address and its postal code."""

    postal_code: str = field(repr=False)
    address: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Municipality:
    """The towns of a municipality: name, postal code, number of chome (0 has none)."""

    name: str
    towns: tuple[tuple[str, str, int], ...]

    def place(self, rng: Random) -> Place:
        """Draw an address."""
        town, postal_code, chome = rng.choice(self.towns)
        part = f"{rng.randint(1, chome)}丁目" if chome else ""
        address = f"{self.name}{town}{part}{rng.randint(1, 60)}番{rng.randint(1, 30)}号"
        if rng.random() < _SHARE_IN_BUILDINGS:
            floor, room = rng.randint(1, 12), rng.randint(1, 8)
            address += f"　{rng.choice(_BUILDINGS)}{town}{floor}{room:02d}"
        return Place(postal_code, address.translate(_FULL_WIDTH))


@cache
def municipality(code: str) -> Municipality:
    """The towns of a municipality; neutral ones where none are listed."""
    listed = tomllib.loads(
        resources.files("renkei_simulators.population").joinpath("places.toml").read_text("utf-8")
    )
    if code not in listed:
        return Municipality(f"見本県見本市（{code}）", (("見本町", "", 9),))
    told = listed[code]
    return Municipality(
        told["name"], tuple((name, post, chome) for name, post, chome in told["towns"])
    )
