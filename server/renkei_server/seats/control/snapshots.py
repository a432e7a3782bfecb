"""Snapshots of one seat's database: whole files, sealed as the database is, under a name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.store.engine.store import Store

INITIAL = "initial"
"""What a seat kept when it first started."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One snapshot: its name, when it was saved (machine's time), and its size in bytes."""

    name: str
    saved_at: datetime
    size: int


class Snapshots:
    """The snapshots of one seat."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder

    def save(self, name: str) -> None:
        """Save what the store keeps now; one of that name is replaced."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        written = self._folder / f"{name}.new"
        written.unlink(missing_ok=True)
        self._store.save(written)
        written.replace(self._path(name))

    def clear(self, *, upgraded: bool) -> None:
        """Delete what a save that was broken off left; after an upgrade every snapshot, for each
        holds what the upgrade took away.
        """
        for path in self._folder.glob("*.new"):
            path.unlink()
        for path in self._folder.glob("*.db") if upgraded else ():
            path.unlink()

    def save_initial(self) -> None:
        """Save what the store keeps as the initial snapshot, unless there is one."""
        if not self._path(INITIAL).exists():
            self.save(INITIAL)

    def restore(self, name: str) -> None:
        """Let the store keep what it kept then. Raises SNAPSHOT_UNKNOWN."""
        self._store.restore(self._known(name))

    def delete(self, name: str) -> None:
        """Delete one. Raises SNAPSHOT_UNKNOWN."""
        self._known(name).unlink()

    def all(self) -> Sequence[Snapshot]:
        """Every snapshot, by name."""
        return [
            Snapshot(
                path.stem,
                datetime.fromtimestamp(path.stat().st_mtime, UTC),
                path.stat().st_size,
            )
            for path in sorted(self._folder.glob("*.db"))
        ]

    def _known(self, name: str) -> Path:
        path = self._path(name)
        if not path.exists():
            raise Refusal(reasons.SNAPSHOT_UNKNOWN, "", "name")
        return path

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.db"
