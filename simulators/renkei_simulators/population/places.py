"""Where synthetic residents live: real towns (facts), invented houses."""

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
    """An address, its digits in full width, and its postal code."""

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
        block, house = rng.randint(1, 60), rng.randint(1, 30)
        where = f"{block}番{house}号" if chome else f"{block}番地{house}"
        if chome:
            where = f"{rng.randint(1, chome)}丁目{where}"
        if rng.random() < _SHARE_IN_BUILDINGS:
            floor, room = rng.randint(1, 12), rng.randint(1, 8)
            where += f"　{rng.choice(_BUILDINGS)}{town.rpartition('区')[2]}{floor}{room:02d}"
        return Place(postal_code, f"{self.name}{town}{where}".translate(_FULL_WIDTH))


@cache
def municipality_of(code: str) -> Municipality:
    """The towns of a municipality; neutral ones without a postal code where none are listed."""
    listed = tomllib.loads(
        resources.files("renkei_simulators.population").joinpath("places.toml").read_text("utf-8")
    )
    if code not in listed:
        return Municipality(f"見本県見本市（{code}）", (("見本町", "", 9),))
    told = listed[code]
    return Municipality(
        told["name"], tuple((name, post, chome) for name, post, chome in told["towns"])
    )
