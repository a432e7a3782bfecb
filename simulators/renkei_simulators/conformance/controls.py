"""The controls (管理策): what a municipality has promised of its systems, each with its source.

They are read from `data/controls.csv`: the short quotations of a published assessment of
specific personal information protection (特定個人情報保護評価書), and what of each can be
observed from outside. Fidelity: each control bears its own.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Self

FILE = "controls.csv"


class Fidelity(IntEnum):
    """How well founded a statement is; the larger, the better."""

    INVENTED = 1
    INFERRED = 2
    DOCUMENTED = 3

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raise KeyError unless the text is one of the marks, in lower case."""
        return cls[text.upper() if text.islower() else ""]

    def __str__(self) -> str:
        return self.name.lower()


class Level(IntEnum):
    """Whether somebody must keep it or should."""

    SHOULD = 1
    MUST = 2

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Control:
    """One control: who is obliged to what, how it shows, and where it is written."""

    id: str
    system: str
    kind: str
    level: Level
    fidelity: Fidelity
    obligation: str
    observable: str
    quote_ja: str
    source_section: str


@cache
def controls() -> Mapping[str, Control]:
    """Every control by its id, such as `NET-06`."""
    text = resources.files("renkei_simulators").joinpath("data", FILE).read_text("utf-8")
    found = [
        Control(
            id=row["id"],
            system=row["system"],
            kind=row["kind"],
            level=Level[row["level"]],
            fidelity=Fidelity.parse(row["fidelity"]),
            obligation=row["obligation"],
            observable=row["observable"],
            quote_ja=row["quote_ja"],
            source_section=row["source_section"],
        )
        for row in csv.DictReader(text.splitlines())
    ]
    return MappingProxyType({one.id: one for one in found})
