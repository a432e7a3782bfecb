"""What a seat has at rest: its store, copies of that, and the keys in its folder.

A backup is no file of the seat's own; who has one and its key sees in it what the seat's keys open.

The core's code key is left out: that it leads from a resident record code to a link id is the
core's task, and the one exception to what may be guessed. Limits: a snapshot from PostgreSQL is
searched as it lies there, and what is sealed in it is not opened. Fidelity: invented.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from renkei.refusals import Refusal
from renkei_server.config import SeatConfig
from renkei_server.roles.bills import metadata_of
from renkei_server.roles.own_keys import OwnKeys
from renkei_server.store.engine.boxes import KEY_BYTES
from renkei_server.store.engine.inspection import Inspection
from renkei_server.store.engine.places import Place
from renkei_simulators.separation.guessing import Key
from renkei_simulators.world.definition import WorldError

STORE: Final = ""
"""What the store itself is called among its copies."""


_SNAPSHOT: Final = "snapshot {}: "


def snapshot_of(name: str) -> str:
    """The snapshot that a copy is."""
    before, _, after = _SNAPSHOT.partition("{}")
    return name.removeprefix(before).removesuffix(after)


def looks(config: SeatConfig) -> Iterator[tuple[str, Inspection]]:
    """The store and each snapshot that can be opened, with what it is called.

    Raises WorldError for a snapshot that this version cannot read.
    """
    with _look(config, config.place) as look:
        yield STORE, look
    if not isinstance(config.place, Path):
        return
    for path in sorted(config.snapshots.glob("*.db")):
        try:
            with _look(config, path) as look:
                yield _SNAPSHOT.format(path.stem), look
        except Refusal as refusal:
            msg = (
                f"the snapshot {path.stem} of {config.name} cannot be searched ({refusal.reason}): "
                f"delete it with `renkei state delete {path.stem}`"
            )
            raise WorldError(
                msg,
                f"{config.name}のスナップショット{path.stem}は検索できません。"
                f"`renkei state delete {path.stem}`で削除してください。",
            ) from refusal


def keys(config: SeatConfig) -> Iterator[Key]:
    """The keys that lie in the seat's folder, that of its store first."""
    others = sorted(set(config.folder.glob("*.key")) - {config.key, config.code_key})
    with OwnKeys.opened(config) as kept:
        for path in (config.key, *others):
            content = kept.custody.open(path.read_bytes(), path.name)
            if len(content) == KEY_BYTES:
                yield Key.of(path.name, content)


def files(config: SeatConfig) -> tuple[Path, ...]:
    """The files in which the seat keeps something: its store, and whatever copies lie beside it."""
    place = config.place
    copies = (one for one in config.snapshots.glob("*") if one.is_file())
    return (place if isinstance(place, Path) else place.keys, *sorted(copies))


@contextmanager
def _look(config: SeatConfig, place: Place) -> Iterator[Inspection]:
    with OwnKeys.opened(config) as kept:
        sealer, metadata = kept.sealer(), metadata_of(config.role)
    with Inspection(place, sealer, metadata, config.owner) as look:
        yield look
