"""A world as its TOML file tells it (invented; the default one is `default.toml`)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any, Self

from renkei.codes import Institution
from renkei.networks import CONTROL, domain_of
from renkei.refusals import Refusal
from renkei.roles import ROLES, Role
from renkei_pki.identity import Identity
from renkei_server.dispatch.pace import Pace
from renkei_server.roles.served import SERVED


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
    """A world cannot be made or run as told; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality and how many persons its register holds at the start."""

    code: str
    name: str
    residents: int


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
    external: str = ""

    @property
    def name(self) -> str:
        """The seat's name: "role.institution"."""
        return f"{self.role}.{self.institution}"

    @property
    def identities(self) -> tuple[Identity, ...]:
        """Every identity that the seat bears, in the networks where it listens or calls."""
        role, at = ROLES[self.role], self.institution
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
    agencies: tuple[Agency, ...]
    seats: tuple[SeatPlan, ...]
    store_url: str = field(repr=False)
    """The PostgreSQL database in which each seat has a schema; nothing where each has a file."""
    text: str = field(repr=False)
    """The file it was read from, by which a world on disk is known again."""

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Read a world file, or the default one. Raises WorldError where it is no world."""
        source = path or resources.files("renkei_simulators.world").joinpath("default.toml")
        try:
            return cls.parse(source.read_text(encoding="utf-8"))
        except (OSError, tomllib.TOMLDecodeError) as error:
            msg = f"{path} cannot be read as a world: {error}"
            raise WorldError(msg) from error

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a world from the text of a TOML file. Raises WorldError where it is no world."""
        told = tomllib.loads(text)
        try:
            _refuse_control_of_no_test_world(told)
            world = cls(
                name=told["name"],
                test=told["test"],
                crash_points=_crash_points(told),
                pace=Pace(**told.get("pace", {})),
                seed=told["seed"],
                today=told["today"],
                municipalities=tuple(Municipality(**one) for one in told["municipality"]),
                agencies=tuple(_agency(one) for one in told.get("agency", [])),
                seats=_seats(told["seat"]),
                store_url=_store_url(told.get("store", {})),
                text=text,
            )
            return world.isolated() if world.crash_points else world
        except ValueError as error:
            raise WorldError(str(error)) from error
        except (KeyError, TypeError) as error:
            msg = f"the world file lacks or misspells {error}"
            raise WorldError(msg) from error

    def isolated(self) -> Self:
        """The same world, each seat in a process of its own, whatever the file says."""
        return replace(self, seats=tuple(replace(one, process=one.name) for one in self.seats))

    def seat(self, name: str) -> SeatPlan:
        """The seat of this name. Raises WorldError where the world has none."""
        for one in self.seats:
            if one.name == name:
                return one
        names = ", ".join(one.name for one in self.seats)
        msg = (
            f"the world has no seat {name}; it has {names}. "
            f"この世界に{name}というサーバーはありません。"
        )
        raise WorldError(msg)

    @property
    def domains(self) -> tuple[str, ...]:
        """Every trust domain in which a seat bears a certificate."""
        return tuple(sorted({one.domain for seat in self.seats for one in seat.identities}))

    @property
    def peers(self) -> Mapping[str, str]:
        """Where each seat is reached, by its name, and by its name and a trust domain.

        A seat of yours is reached at one place, whatever the domain.
        """
        reached: dict[str, str] = {}
        for seat in self.seats:
            faces = {domain: where for domain, where in seat.listen.items() if domain != CONTROL}
            reached[seat.name] = seat.external or next(iter(faces.values()))
            if not seat.external:
                reached |= {f"{seat.name} {domain}": where for domain, where in faces.items()}
        return reached

    @property
    def callers(self) -> tuple[Identity, ...]:
        """The outside callers to whom the world gives certificates."""
        told = [
            Identity(domain_of(network, institution), institution, role.name)
            for role in ROLES.values()
            for institution in self._beside(role)
            for network in role.networks
        ]
        return (*told, CONTROLLER) if CONTROL in self.domains else tuple(told)

    def _beside(self, role: Role) -> tuple[str, ...]:
        """The institutions that have a seat beside which a caller of this role stands."""
        at = dict.fromkeys(one.institution for one in self.seats if one.role in role.beside)
        return (role.institution,) if at and role.institution else tuple(at)


def _store_url(told: dict[str, Any]) -> str:
    if strange := told.keys() - {"url"}:
        msg = f"[store] has one key, url; it knows no {', '.join(sorted(strange))}"
        raise ValueError(msg)
    return str(told.get("url", ""))


def _crash_points(told: dict[str, Any]) -> bool:
    wanted = bool(told.get("crash_points", False))
    if wanted and not told["test"]:
        msg = "crash_points needs test = true: no other world may let its servers die"
        raise WorldError(msg)
    return wanted


def _refuse_control_of_no_test_world(told: dict[str, Any]) -> None:
    if not told["test"] and any(CONTROL in seat["listen"] for seat in told["seat"]):
        msg = "a listener for control needs test = true: no other world may be controlled"
        raise WorldError(msg)


def _agency(told: dict[str, Any]) -> Agency:
    return Agency(told["name"], told["title"], tuple(told["insured_of"]))


def _seats(told: list[dict[str, Any]]) -> tuple[SeatPlan, ...]:
    seats = tuple(_seat(one) for one in told)
    names = [seat.name for seat in seats]
    if twice := {name for name in names if names.count(name) > 1}:
        msg = f"the world names {', '.join(sorted(twice))} more than once"
        raise WorldError(msg)
    return seats


def _seat(told: dict[str, Any]) -> SeatPlan:
    role, institution = told["role"], told["institution"]
    if role not in SERVED:
        msg = f"no server plays the role {role}; the roles are {', '.join(SERVED)}"
        raise WorldError(msg)
    joined = (*ROLES[role].networks, CONTROL)
    if strange := set(told["listen"]) - set(joined):
        msg = (
            f"{role}.{institution} listens on {', '.join(sorted(strange))}, where a {role} bears no "
            f"certificate: its networks are {', '.join(joined)}"
        )
        raise WorldError(msg)
    try:
        Institution.parse(institution)
    except Refusal as refusal:
        msg = f"the institution of {role} is none: {refusal}"
        raise WorldError(msg) from refusal
    return SeatPlan(
        role=role,
        institution=institution,
        process=told.get("process", SHARED),
        listen={domain_of(one, institution): where for one, where in told["listen"].items()},
        external=told.get("external", ""),
    )
