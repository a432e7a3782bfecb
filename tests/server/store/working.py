"""A worker of a seat that writes secrets without end, and tells each one that it was told is there.

It is a process of its own, there to be killed.
"""

import asyncio
import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from sqlalchemy import bindparam, delete, insert, select

from renkei_server.store.engine import operations
from renkei_server.store.engine.boxes import KEY_BYTES
from renkei_server.store.engine.columns import sealed, table, text
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.shared import Handles, Shared
from renkei_server.store.engine.store import Store, tables
from tests.forking import Forked, HandedOver

SECRETS = table("secrets", text("name", primary_key=True), sealed("told"))
METADATA = tables(operations.TABLES, (SECRETS,))

_PUT = Guarded(insert(SECRETS))
_ERASE = Prepared(delete(SECRETS).where(SECRETS.c.name == bindparam("of")))
_EVERY = Guarded(select(SECRETS.c.name, SECRETS.c.told))
_AT_ONCE: Final = 4
_LIVES_ON: Final = 3
"""Each third one is left; the others are erased, as soon as they are there."""


def put(sealer: Sealer, name: str) -> Callable[[Connection], object]:
    """A use case: keep a secret, which says its name; it fails where it was done before."""
    return lambda connection: _PUT.run(connection, sealer, {"name": name, "told": name.encode()})


def erase(name: str) -> Callable[[Connection], object]:
    """A use case: erase one."""
    return lambda connection: _ERASE.run(connection, {"of": name})


def secrets(store: Store) -> dict[str, bytes]:
    """Every secret by its name."""
    return dict(store.read_now(lambda tx: list(_EVERY.run(tx, store.sealer, {}).fetchall())))


async def write(store: Store, names: Iterator[str], tell: Callable[[str], object]) -> None:
    """Put secrets and erase most of them; `+NAME` is there, `-NAME` may be gone from here on."""

    async def one_after_the_other() -> None:
        for count, name in enumerate(names):
            await store.write(put(store.sealer, name), durable=count % 2 == 0)
            tell(f"+{name}")
            if count % _LIVES_ON:
                tell(f"-{name}")
                await store.write(erase(name))

    await asyncio.gather(*(one_after_the_other() for _ in range(_AT_ONCE)))


class Worker:
    """One that has begun."""

    def __init__(self, place: Place, shared: Shared, number: int) -> None:
        """In a process of its own, with what the first has made."""
        assert shared.handles
        read, written = os.pipe()
        self._lines = os.fdopen(read)
        handles = [HandedOver(one) for one in (*shared.handles.all, written)]
        self._process = Forked(_run, place, number, handles)
        os.close(written)

    def tells(self, lines: int) -> list[str]:
        """The next lines that it tells."""
        return [self._lines.readline().strip() for _ in range(lines)]

    def kill(self) -> list[str]:
        """End it at once (SIGKILL); what else it told in whole lines."""
        self._process.kill()
        with self._lines as lines:
            left = [one.strip() for one in lines if one.endswith("\n")]
        self._process.wait()
        return left


def _run(place: Place, number: int, handed: Sequence[HandedOver]) -> None:
    memory, guesses, *wakes, told = (one.descriptor for one in handed)
    shared = Shared.joined(Handles(memory, guesses, tuple(wakes)), number)
    asyncio.run(_write(place, shared, told))


async def _write(place: Place, shared: Shared, told: int) -> None:
    """Until killed."""
    sealer = Sealer(b"k" * KEY_BYTES)
    store = Store(place, sealer, METADATA, operations=OperationLog(sealer), shared=shared)
    asyncio.get_running_loop().add_reader(shared.wakes_by, store.awake)
    names = (f"{os.getpid()} {count}" for count in itertools.count())
    await write(store, names, lambda line: os.write(told, f"{line}\n".encode()))
