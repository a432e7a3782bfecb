"""Where everything of a world lies in its data folder."""

from dataclasses import dataclass
from pathlib import Path

from renkei.networks import network_of
from renkei.roles import ROLES
from renkei_pki.identity import Identity


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of one world's data folder."""

    root: Path

    @property
    def definition(self) -> Path:
        """The world file that this folder was made from."""
        return self.root / "world.toml"

    @property
    def ignored(self) -> Path:
        """What keeps this folder out of everybody's version control: it is full of keys."""
        return self.root / ".gitignore"

    @property
    def making(self) -> Path:
        """The world file that this folder is being made from, until it has been."""
        return self.root / "world.toml.making"

    @property
    def is_made(self) -> bool:
        """Whether a world was made here, and none is being made in its place."""
        return self.definition.exists() and not self.making.exists()

    @property
    def lock(self) -> Path:
        """Held by whoever makes, runs or restores the world."""
        return self.root / "lock"

    @property
    def form(self) -> Path:
        """The number of the form in which this folder is written."""
        return self.root / "form"

    @property
    def state(self) -> Path:
        """What runs now and in which process: for `renkei status`, `restart` and `down`."""
        return self.root / "running.json"

    @property
    def clock(self) -> Path:
        """The world's clock."""
        return self.root / "clock.json"

    @property
    def restoring(self) -> Path:
        """Which seats take the place of what was there; it is there while they do."""
        return self.root / "restoring.json"

    @property
    def half_restored(self) -> bool:
        """Whether somebody is restoring seats, or was ended while doing so."""
        return self.restoring.exists() or any(self.root.glob("seats/*.restored"))

    @property
    def world_id(self) -> Path:
        """What names this world and no other."""
        return self.root / "world-id"

    @property
    def permit_key(self) -> Path:
        """The public half of the provision network's permit key, for everybody who judges permits."""
        return self.root / "published" / "permit-key.pem"

    @property
    def record_key(self) -> Path:
        """The public half of the provision network's log key, for everybody who judges records."""
        return self.root / "published" / "record-key.pem"

    @property
    def logs(self) -> Path:
        """The log lines of every seat, and what each process wrote beside them."""
        return self.root / "logs"

    @property
    def callers(self) -> Path:
        """The certificates for outside callers, with a README of who each one is."""
        return self.root / "callers"

    @property
    def people(self) -> Path:
        """The synthetic persons of the world, as a table for those who call it."""
        return self.root / "people.csv"

    def authority(self, domain: str) -> Path:
        """The root and issuing CA of a trust domain."""
        return self.root / "pki" / domain

    def seat(self, name: str) -> Path:
        """What one seat keeps."""
        return self.root / "seats" / name

    def certificate(self, seat: str, identity: Identity) -> Path:
        """The certificate that a seat bears in one trust domain."""
        return self.seat(seat) / "certificates" / identity.domain

    def calling_certificate(self, seat: str, identity: Identity) -> Path:
        """The certificate with which a seat calls in one trust domain, where it has one of its own."""
        return self.seat(seat) / "calling-certificates" / identity.domain

    def caller(self, identity: Identity) -> Path:
        """The certificate of an outside caller; a role that calls on several networks has several."""
        name = f"{identity.role}.{identity.institution}"
        several = len(ROLES[identity.role].networks) > 1
        network = network_of(identity.domain, identity.institution)
        return self.callers / (f"{name}.{network}" if several else name)

    def operator_key(self, service: str) -> Path:
        """The key by which an operator service signs sessions; its public half lies beside it."""
        return self.seat(service) / "operators" / "key.pem"

    def process(self, name: str) -> Path:
        """What one server process is told."""
        return self.root / "processes" / f"{name}.json"
