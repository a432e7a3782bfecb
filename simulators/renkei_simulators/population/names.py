"""Names of synthetic residents."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import accumulate
from random import Random


@dataclass(frozen=True, slots=True)
class Name:
    """A name, or a part of one, and its reading in katakana."""

    text: str
    reading: str

    def __add__(self, given: "Name") -> "Name":
        return Name(f"{self.text}　{given.text}", f"{self.reading}　{given.reading}")


@dataclass(frozen=True, slots=True)
class _Lists:
    surnames: tuple[Name, ...]
    weights: tuple[int, ...]
    given: dict[str, tuple[Name, ...]]
    foreign: tuple[Name, ...]


def surname(rng: Random) -> Name:
    """Draw a family name, the common ones more often."""
    lists = _lists()
    return rng.choices(lists.surnames, cum_weights=lists.weights)[0]


def given(rng: Random, sex: str) -> Name:
    """Draw a given name; sex is "male" or "female"."""
    return rng.choice(_lists().given[sex])


def foreign(rng: Random) -> Name:
    """Draw the whole name of a foreign resident, in upper-case Latin letters."""
    return rng.choice(_lists().foreign)


@cache
def _lists() -> _Lists:
    told = tomllib.loads(
        resources.files("renkei_simulators.population").joinpath("names.toml").read_text("utf-8")
    )
    surnames = told["surnames"]
    return _Lists(
        tuple(Name(text, reading) for text, reading, _ in surnames),
        tuple(accumulate(weight for *_, weight in surnames)),
        {sex: tuple(Name(*one) for one in told[sex]) for sex in ("male", "female")},
        tuple(Name(*one) for one in told["foreign"]),
    )
