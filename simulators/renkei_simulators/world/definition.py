"""A world as its TOML file tells it (invented; the default one is `default.toml`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Self

from renkei.networks import CONTROL, domain_of
from renkei.roles import ROLES, Role, role_of
from renkei_pki.identity import Identity
from renkei_pki.tokens.session import TokenPlace
from renkei_server.dispatch.pace import Pace


def _nationwide(name: str) -> Identity:
    """A caller whom one institution keeps for everybody."""
    role = ROLES[name]
    return Identity(role.networks[0], role.institution, name)


CONTROLLER = _nationwide("controller")
"""Who may set a test world's clock, and save and restore what its seats keep."""

PLATFORM_OPERATOR = _nationwide("platform-operator")
"""Who runs the shared platform on which the middle servers are."""


SHARED = "shared"
"""The process of every seat for which the world file names none."""


class WorldError(Exception):
    """A world cannot be made or run as told; the text says what to do, in both languages."""

    def __init__(self, english: str, japanese: str) -> None:
        super().__init__(f"{english.removesuffix('.')}. {japanese}")
        self.english = english
        self.japanese = japanese


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality and how many persons its register holds at the start."""

    code: str
    name: str
    residents: int
    four_eyes: bool = False
    """Whether another operator decides what one enters in its register (INP-07)."""


@dataclass(frozen=True, slots=True)
class Prefecture:
    """A prefecture, and how many residents of each of its municipalities its own register holds."""

    code: str
    name: str
    recipients: int


@dataclass(frozen=True, slots=True)
class Agency:
    """A national body and the municipalities whose residents its own register holds."""

    name: str
    title: str
    insured_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeatPlan:
    """One seat: where it listens in each network, and in which process it runs."""

    role: str
    institution: str
    process: str
    listen: Mapping[str, str]
    """HOST:PORT by trust domain."""
    external: Mapping[str, str] = field(default_factory=dict)
    """Where a server of the user's is reached instead, by trust domain; nothing where it is ours."""
    workers: int = 1
    """How many processes serve it. Where there are several they end together, and serve no other."""
    token: TokenPlace | None = None
    """The device that keeps its keys, where it has one; its process then serves no other seat."""

    @property
    def reached(self) -> Mapping[str, str]:
        """Where it is called, by trust domain, whoever runs it."""
        return self.external or self.listen

    @property
    def name(self) -> str:
        """The seat's name: "role.institution"."""
        return f"{self.role}.{self.institution}"

    @property
    def identities(self) -> tuple[Identity, ...]:
        """Every identity that the seat bears, in the networks where it listens or calls."""
        role, at = role_of(self.role, self.institution), self.institution
        networks = (*role.networks, CONTROL) if CONTROL in self.listen else role.networks
        borne = dict.fromkeys(networks, self.role) | dict(role.also_bears)
        return tuple(Identity(domain_of(network, at), at, name) for network, name in borne.items())


@dataclass(frozen=True, slots=True)
class World:
    """A whole world."""

    name: str
    test: bool
    crash_points: bool
    """Whether servers die where a test's file says so, each alone; only a test world may say it."""
    pace: Pace
    """How soon its seats do again what they do again and again."""
    seed: int
    today: date
    municipalities: tuple[Municipality, ...]
    prefectures: tuple[Prefecture, ...]
    agencies: tuple[Agency, ...]
    seats: tuple[SeatPlan, ...]
    store_url: str = field(repr=False)
    """The PostgreSQL database in which each seat has a schema; nothing where each has a file."""
    text: str = field(repr=False)
    """The file it was read from, by which a world on disk is known again."""

    @classmethod
    def load(cls, path: Path | None = None) -> "World":
        """Read a world file, or the default one. Raises WorldError where it is no world."""
        from renkei_simulators.world.reading import read_file

        if path is not None:
            return read_file(path)
        packaged = resources.files("renkei_simulators.world").joinpath("default.toml")
        with resources.as_file(packaged) as default:
            return read_file(default)

    @classmethod
    def parse(cls, text: str) -> "World":
        """Read a world from the text of a TOML file. Raises WorldError where it is no world."""
        from renkei_simulators.world.reading import read

        return read(text)

    def isolated(self) -> Self:
        """The same world, each seat in a process of its own, whatever the file says."""
        return replace(self, seats=tuple(replace(one, process=one.name) for one in self.seats))

    def seat(self, name: str) -> SeatPlan:
        """The seat of this name. Raises WorldError where the world has none."""
        for one in self.seats:
            if one.name == name:
                return one
        names = ", ".join(one.name for one in self.seats)
        msg = f"the world has no seat {name}; it has {names}."
        raise WorldError(msg, f"この世界に{name}というサーバーはありません。")

    @property
    def domains(self) -> tuple[str, ...]:
        """Every trust domain in which a seat bears a certificate."""
        return tuple(sorted({one.domain for seat in self.seats for one in seat.identities}))

    @property
    def peers(self) -> Mapping[str, str]:
        """Where each seat is reached, by its name, and by its name and a trust domain."""
        reached: dict[str, str] = {}
        for seat in self.seats:
            faces = {domain: where for domain, where in seat.reached.items() if domain != CONTROL}
            reached[seat.name] = next(iter(faces.values()))
            reached |= {f"{seat.name} {domain}": where for domain, where in faces.items()}
        return reached

    @property
    def callers(self) -> tuple[Identity, ...]:
        """The outside callers to whom the world gives certificates."""
        told = [
            Identity(domain_of(network, institution), institution, role.name)
            for role in ROLES.values()
            for network in role.networks
            for institution in self._beside(role, network)
        ]
        return (*told, CONTROLLER) if CONTROL in self.domains else tuple(told)

    def _beside(self, role: Role, network: str) -> tuple[str, ...]:
        """The institutions that have a seat on the network beside which such a caller stands."""
        at = dict.fromkeys(
            one.institution
            for one in self.seats
            if one.role in role.beside and network in role_of(one.role, one.institution).networks
        )
        return (role.institution,) if at and role.institution else tuple(at)
