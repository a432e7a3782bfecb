"""Differences between identity files, as nobody could make them by the network."""

from dataclasses import replace
from typing import Any

from renkei.codes import ResidentRecordCode
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.files import SealedFile
from renkei_server.store.engine.histories import Change
from renkei_server.store.identities.identity_file import BY_CODE, FORM
from renkei_simulators.world.in_process import RunningWorld
from tests.server.world import NOON

_PLANTED = Change(NOON, "planted")


async def plant(world: RunningWorld, seat: str, code: ResidentRecordCode, **items: Any) -> None:
    """Let a seat's file say something else of a person."""
    store = world.seats[seat].store
    file = SealedFile(FORM, store.sealer)

    def change(connection: Connection) -> None:
        was = file.find(connection, BY_CODE, code)
        assert was is not None
        now = replace(was, items=replace(was.items, **items))
        file.replace(connection, was, now, _PLANTED)

    await store.write(change)


async def lose(world: RunningWorld, seat: str, code: ResidentRecordCode) -> None:
    """Let a seat's file hold a person no more."""
    store = world.seats[seat].store
    file = SealedFile(FORM, store.sealer)

    def forget(connection: Connection) -> None:
        was = file.find(connection, BY_CODE, code)
        assert was is not None
        file.forget(connection, was, _PLANTED)

    await store.write(forget)
