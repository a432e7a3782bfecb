"""Names of synthetic residents, with their readings (the lists are facts, the draws invented)."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from itertools import accumulate
from random import Random


@dataclass(frozen=True, slots=True)
class Name:
    """A name, or a part of one, and its reading in full-width katakana."""

    text: str = field(repr=False)
    reading: str = field(repr=False)

    def with_given(self, given: "Name") -> "Name":
        """Put a given name after this family name; a name in Latin letters takes an ASCII space."""
        space = " " if self.text.isascii() else "　"
        return Name(f"{self.text}{space}{given.text}", f"{self.reading}　{given.reading}")


@dataclass(frozen=True, slots=True)
class Weighted:
    """Names, the more frequent drawn more often."""

    names: tuple[Name, ...] = field(repr=False)
    cum_weights: tuple[int, ...] = field(repr=False)

    def draw(self, rng: Random) -> Name:
        """Draw a name."""
        return rng.choices(self.names, cum_weights=self.cum_weights)[0]


@dataclass(frozen=True, slots=True)
class Nation:
    """The names of one nation's citizens: family names, and given names by sex."""

    family: Weighted
    given: dict[str, Weighted]


@dataclass(frozen=True, slots=True)
class _Lists:
    surnames: Weighted
    hard_surnames: tuple[Name, ...]
    given: tuple[tuple[int, dict[str, Weighted]], ...]
    nations: tuple[Nation, ...]
    nation_weights: tuple[int, ...]


def surname(rng: Random) -> Name:
    """Draw a family name, the common ones more often."""
    return _lists().surnames.draw(rng)


def hard_surname(turn: int) -> Name:
    """The family name of a turn, from those that break naive systems."""
    names = _lists().hard_surnames
    return names[turn % len(names)]


def given_names(sex: str, birth_year: int) -> Weighted:
    """The given names of those born in a year; sex is "male" or "female"."""
    return next(lists for before, lists in _lists().given if birth_year < before)[sex]


def nation(rng: Random) -> Nation:
    """Draw the nation of foreign residents."""
    lists = _lists()
    return rng.choices(lists.nations, cum_weights=lists.nation_weights)[0]


@cache
def _lists() -> _Lists:
    told = tomllib.loads(
        resources.files("renkei_simulators.population").joinpath("names.toml").read_text("utf-8")
    )
    surnames = [item.split(":") for item in told["surnames"].split()]
    return _Lists(
        surnames=_weighted(
            [Name(text, reading) for text, reading, _ in surnames],
            [int(weight) for *_, weight in surnames],
        ),
        hard_surnames=tuple(_names(told["hard_surnames"])),
        given=tuple((years["before"], _by_sex(years)) for years in told["given"]),
        nations=tuple(
            Nation(_ranked(_names(one["family"])), _by_sex(one)) for one in told["foreign"]
        ),
        nation_weights=tuple(accumulate(one["weight"] for one in told["foreign"])),
    )


def _by_sex(lists: dict[str, str]) -> dict[str, Weighted]:
    return {sex: _ranked(_names(lists[sex])) for sex in ("male", "female")}


def _names(listed: str) -> list[Name]:
    parts = (item.split(":") for item in listed.split())
    return [Name(text.replace("_", " "), reading.replace("_", "　")) for text, reading in parts]


def _ranked(names: Sequence[Name]) -> Weighted:
    """The first of a list is the most frequent, the last the least."""
    return _weighted(names, range(len(names), 0, -1))


def _weighted(names: Sequence[Name], weights: Sequence[int]) -> Weighted:
    return Weighted(tuple(names), tuple(accumulate(weights)))
