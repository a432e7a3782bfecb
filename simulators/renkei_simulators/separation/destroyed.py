"""Keys of an organisation that were destroyed, and what still holds them: snapshots and backups.

A key is destroyed in the seat's store alone. A snapshot exists to bring everything back, and so
does a backup: who has one, with the seat's root key, opens what is still closed in the store. So
each is named. Fidelity: invented.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from renkei_server.config import SeatConfig
from renkei_server.process.machine import MachineIds
from renkei_server.store.engine.inspection import Inspection
from renkei_server.store.engine.key_file import KeyFile
from renkei_server.store.sub_copies.organisation_keys import TABLES, KeyState, OrganisationKeys
from renkei_server.store.sub_copies.sub_copies import SubCopies
from renkei_simulators.separation import at_rest
from renkei_simulators.world.layout import Layout

_NAME = TABLES[0].name


def closed(config: SeatConfig, look: Inspection) -> frozenset[int]:
    """The destroyed keys under which a store still has records, which nobody is to open."""
    if _NAME not in look.metadata.tables:
        return frozenset()
    keys = OrganisationKeys(KeyFile(config.root_key), MachineIds(), config.institution)
    under = look.read(SubCopies(look.sealer, keys, config.institution).under_each_key)
    return frozenset(
        one.number
        for one in look.read(keys.facts)
        if one.state is KeyState.DESTROYED and one.number in under
    )


def held(look: Inspection) -> frozenset[int]:
    """The keys that a store or a copy of one still holds."""
    if _NAME not in look.metadata.tables:
        return frozenset()
    return frozenset(row["number"] for row in look.told(_NAME) if row["wrapped_key"] is not None)


def snapshots_with_destroyed(config: SeatConfig) -> Iterator[str]:
    """The names of the seat's snapshots that hold a key under which its store has closed records."""
    gone: frozenset[int] = frozenset()
    for name, look in at_rest.looks(config):
        if name == at_rest.STORE:
            gone = closed(config, look)
        elif gone & held(look):
            yield at_rest.snapshot_of(name)
    if gone and not isinstance(config.place, Path):  # they cannot be looked into
        yield from sorted(one.stem for one in config.snapshots.glob("*.db"))


def backups_made(layout: Layout, seat: str) -> Iterator[str]:
    """When backups of a seat were made, as the world's logs note it; where they are nobody knows."""
    noted = layout.logs / "backups.jsonl"
    for line in noted.read_text(encoding="utf-8").splitlines() if noted.exists() else ():
        told = json.loads(line)
        if (told["event"], told["seat"]) == ("backup_made", seat):
            yield str(told["at"])
