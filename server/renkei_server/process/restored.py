"""A seat that was set back to a backup enters that in its own operation log as it opens (USE-14).

Whoever restores it leaves a note in its folder; it goes once the record is committed. Fidelity:
invented.
"""

import json
import os
from pathlib import Path
from typing import Final

from structlog.typing import FilteringBoundLogger

from renkei_server.domain.world import Clock
from renkei_server.store.engine.operations import Operation, OperationLog
from renkei_server.store.engine.store import Store

NOTE: Final = "restored.json"
"""In the seat's folder."""


def leave_note(folder: Path, made_at: str) -> None:
    """Note to which moment a seat is set back; a file that is there may be linked elsewhere."""
    note = folder / NOTE
    note.unlink(missing_ok=True)
    descriptor = os.open(note, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({"made_at": made_at}, file)


def was_restored(folder: Path) -> bool:
    """Whether there is such a note."""
    return (folder / NOTE).exists()


def record_restored(folder: Path, store: Store, clock: Clock, log: FilteringBoundLogger) -> None:
    """Enter what a note says, where there is one."""
    note = folder / NOTE
    if not note.exists():
        return
    made_at = json.loads(note.read_text(encoding="utf-8"))["made_at"]
    operation = Operation(clock.real(), "renkei restore", f"set back to {made_at}")
    operations = OperationLog(store.sealer)
    store.write_now(lambda connection: operations.record(connection, [operation]))
    log.warning("store_restored", made_at=made_at)
    note.unlink()
