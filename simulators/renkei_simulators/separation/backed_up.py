"""Backups as they are searched: each is restored beside, for as long as it is looked into.

A backup is no file of the seat's own, but who has one and its key sees in it what the seat's keys
open. Fidelity: invented.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from renkei_server.config import SeatConfig
from renkei_server.roles.bills import metadata_of
from renkei_server.roles.own_keys import OwnKeys
from renkei_server.store.backups.contents import Head, KeyFile, head_of, read
from renkei_server.store.backups.copying import put_rows
from renkei_server.store.backups.sealed_files import BackupKey
from renkei_server.store.engine import form
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.inspection import Inspection
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from renkei_simulators.world.definition import WorldError


@dataclass(frozen=True, slots=True)
class Backups:
    """Some backups, and the key under which they were made."""

    files: Sequence[Path]
    key: BackupKey

    def of(self, config: SeatConfig) -> Iterator[tuple[str, Inspection, bytes]]:
        """Those of a seat: what each is called, a look into it, and its rows as they lie there.

        Raises what is wrong with a backup, and WorldError for one of another version.
        """
        for path in self.files:
            with path.open("rb") as file:
                head = head_of(file, self.key)
            if (head.world, head.seat) == (config.world_id, config.name):
                with self._restored(config, path, head) as (look, content):
                    yield f"backup {path.name}: ", look, content

    @contextmanager
    def _restored(
        self, config: SeatConfig, path: Path, head: Head
    ) -> Iterator[tuple[Inspection, bytes]]:
        metadata = metadata_of(config.role)
        sealer = Sealer(self._key_of_store(config, path))

        def put(connection: Connection) -> None:
            if form.stamp_of(connection) != (head.form, head.tables):
                msg = f"{path.name} is of another version: search it with that one, or destroy it"
                raise WorldError(
                    msg,
                    f"{path.name}は別の版で作られています。その版で検索するか、廃棄してください。",
                )
            with path.open("rb") as file:
                parts = (one for one in read(file, self.key) if not isinstance(one, Head | KeyFile))
                put_rows(connection, metadata, parts)

        with TemporaryDirectory() as folder:
            place = Path(folder, config.database.name)
            operations = OperationLog(sealer)
            store = Store(place, sealer, metadata, operations=operations, owner=config.owner)
            try:
                store.write_now(put)
            finally:
                store.close()
            with Inspection(place, sealer, metadata, config.owner) as look:
                yield look, place.read_bytes()

    def _key_of_store(self, config: SeatConfig, path: Path) -> bytes:
        with path.open("rb") as file:
            for part in read(file, self.key):
                if isinstance(part, KeyFile) and part.path == config.key.name:
                    with OwnKeys.opened(config) as kept:
                        return kept.custody.open(part.content, part.path)
        msg = f"{path.name} holds no key of a store"
        raise WorldError(msg, f"{path.name}にストアの鍵がありません。")
