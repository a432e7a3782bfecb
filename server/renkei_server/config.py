"""What a server process is told: a JSON file with the seats it runs.

It holds paths and addresses, never a key; a database's address may hold a password.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from renkei_pki import files
from renkei_pki.tokens.session import TokenPlace
from renkei_server.dispatch.pace import USUAL, Pace
from renkei_server.door import room as rooms
from renkei_server.door.room import Room
from renkei_server.store.engine.places import Place, Schema


@dataclass(frozen=True, slots=True)
class Network:
    """A trust domain in which a seat has a certificate; without an address it only calls there."""

    credentials: Path
    """Folder of the certificate chain, its key and the domain's root."""
    authority: Path
    """Folder of the domain's issuing certificate and revocation list."""
    address: str = ""
    """HOST:PORT to listen on; port 0 takes a free one."""
    calling: Path | None = None
    """Such a folder of what it shows where it calls, where that is another certificate: of a seat
    with a token, whose key for calling lives there."""


@dataclass(frozen=True, slots=True)
class SeatConfig:
    """One seat: who it is, what it keeps and whom it can reach."""

    role: str
    institution: str
    folder: Path
    """Holds the database and its key."""
    logs: Path
    """Holds the log lines of every seat, a file each."""
    clock: Path
    """The file of the world's clock, the same for every seat."""
    networks: Mapping[str, Network]
    """By trust domain."""
    peers: Mapping[str, str]
    """Addresses by "role.institution", or by that and a trust domain: see `address_of`."""
    world_id: str
    """Names this world and no other: permits are good in one world alone."""
    permit_key: Path
    """The public half of the provision network's permit key."""
    operator_key: Path | None = None
    """The public half of the institution's operator key, where operators act."""
    four_eyes: bool = False
    """Whether another operator decides what one enters (INP-07)."""
    test: bool = False
    """Whether the world is a test world: no other may be controlled."""
    crash_points: bool = False
    """Whether the seat dies where its file of crash points says so; test worlds alone set it."""
    connection_age_seconds: float = 600.0
    """How long a connection lasts before its caller has to make another, and prove itself anew."""
    room: Room = rooms.USUAL
    """How many calls of one caller each listener takes: of a seat in several processes, each."""
    pace: Pace = USUAL
    """How soon the seat does again what it does again and again."""
    store_url: str = field(default="", repr=False)
    """The PostgreSQL database in which the seat has a schema of its own; without one, a file."""
    workers: int = 1
    """How many processes serve the seat; the first keeps its house and makes its calls."""
    token: TokenPlace | None = None
    """Where the device is that keeps its keys, where it has one."""

    @property
    def name(self) -> str:
        """The seat's name: "role.institution"."""
        return f"{self.role}.{self.institution}"

    @property
    def owner(self) -> str:
        """Whose the database is, as it says itself."""
        return f"{self.name} in the world {self.world_id}"

    @property
    def database(self) -> Path:
        """The seat's database file, where it keeps one."""
        return self.folder / "store.db"

    @property
    def place(self) -> Place:
        """Where the seat's store is."""
        if not self.store_url:
            return self.database
        name = self.name.replace("-", "_").replace(".", "_")
        return Schema(self.store_url, name, self.erasable_keys)

    @property
    def erasable_keys(self) -> Path:
        """The keys of what can be erased, where the store is no file."""
        return self.folder / "erasable.keys"

    @property
    def key(self) -> Path:
        """The key under which the database's values are sealed."""
        return self.folder / "store.key"

    @property
    def root_key(self) -> Path:
        """The root key of its key store, where the seat keeps an organisation's keys."""
        return self.folder / "root.key"

    @property
    def code_key(self) -> Path:
        """The core's code key, in its key store, at the provision network."""
        return self.folder / "code.key"

    @property
    def record_key(self) -> Path:
        """The key that signs the heads of the seat's log of records; its public half beside it."""
        return self.folder / "record-log" / "key.pem"

    @property
    def network_record_key(self) -> Path:
        """The public half of the provision network's log key; published beside its permit key."""
        return self.permit_key.with_name("record-key.pem")

    @property
    def answer_keys(self) -> Path:
        """The folder of the keys to which an organisation's answers are sealed."""
        return self.folder / "answer-keys"

    @property
    def permit_signing_key(self) -> Path:
        """The key that signs permits, at the provision network; its public half beside it."""
        return self.folder / "permits" / "key.pem"

    @property
    def operator_signing_key(self) -> Path:
        """The key that signs operator sessions, where the seat itself opens them."""
        return self.folder / "operators" / "key.pem"

    @property
    def snapshots(self) -> Path:
        """Where a test world's snapshots of the database lie."""
        return self.folder / "snapshots"

    @property
    def crashes(self) -> Path:
        """Where a test names the points at which this seat dies, one a line, each once."""
        return self.folder / "crash-points"

    @property
    def log(self) -> Path:
        """The seat's log lines, one JSON object each."""
        return self.logs / f"{self.name}.jsonl"


def address_of(peers: Mapping[str, str], seat: str, domain: str) -> str:
    """Where a seat is reached in a trust domain: one of several listeners, or its only one."""
    return peers.get(f"{seat} {domain}") or peers[seat]


@dataclass(frozen=True, slots=True)
class ProcessConfig:
    """The seats of one server process."""

    seats: tuple[SeatConfig, ...]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a file that `save` wrote."""
        return cls.parse(json.loads(path.read_text()))

    def save(self, path: Path) -> None:
        """Write the file that `python -m renkei_server FILE` takes."""
        text = json.dumps(self.told, default=str, ensure_ascii=False, indent=1)
        files.replace(path, f"{text}\n".encode())

    @classmethod
    def parse(cls, told: Mapping[str, Any]) -> Self:
        """Read what `told` gave, once it was written as JSON."""
        return cls(tuple(map(_seat, told["seats"])))

    @property
    def told(self) -> Mapping[str, Any]:
        """It as JSON has it, but for paths."""
        return asdict(self)


def _seat(told: dict[str, Any]) -> SeatConfig:
    networks = {
        domain: Network(
            Path(one["credentials"]),
            Path(one["authority"]),
            one["address"],
            Path(one["calling"]) if one["calling"] else None,
        )
        for domain, one in told["networks"].items()
    }
    return SeatConfig(
        role=told["role"],
        institution=told["institution"],
        folder=Path(told["folder"]),
        logs=Path(told["logs"]),
        clock=Path(told["clock"]),
        networks=networks,
        peers=told["peers"],
        world_id=told["world_id"],
        permit_key=Path(told["permit_key"]),
        operator_key=Path(told["operator_key"]) if told["operator_key"] else None,
        four_eyes=told["four_eyes"],
        test=told["test"],
        crash_points=told["crash_points"],
        connection_age_seconds=told["connection_age_seconds"],
        room=Room(**told["room"]),
        pace=Pace(**told["pace"]),
        store_url=told["store_url"],
        workers=told["workers"],
        token=_token(told["token"]) if told["token"] else None,
    )


def _token(told: dict[str, Any]) -> TokenPlace:
    return TokenPlace(Path(told["module"]), told["label"], Path(told["pin_file"]))
