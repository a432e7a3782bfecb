"""A provider whose sub-copies are wrapped anew meanwhile, step by step, as its seat does it."""

import time
from datetime import UTC, datetime

from renkei.codes import IntegratedAddressNumber
from renkei_server.dispatch.pace import USUAL
from renkei_server.process.machine import MachineIds
from renkei_server.process.serving import RunningSeat
from renkei_server.seats.middle.organisation_keys import Rewrapping
from renkei_server.store.engine.key_file import KeyFile
from renkei_server.store.sub_copies.organisation_keys import OrganisationKeys
from renkei_server.store.sub_copies.sub_copies import SubCopies
from tests.network.people.sub_copies import sub_copy

_CHUNK = 500


class Rewrapped:
    """Turns the keys of a provider's sub-copies over and over."""

    def __init__(self, seat: RunningSeat) -> None:
        config, self._store = seat.config, seat.store
        self._keys = OrganisationKeys(KeyFile(config.root_key), MachineIds(), config.institution)
        self._held = SubCopies(self._store.sealer, self._keys, config.institution)
        self._rewrapping = Rewrapping(store=self._store, keys=self._keys, sub_copies=self._held)
        self._next = 0.0

    async def prepare(self, records: int) -> None:
        """Fill the store with records of persons about whom nobody asks."""
        for start in range(0, records, _CHUNK):
            entries = [
                (IntegratedAddressNumber(f"{number:015}"), sub_copy())
                for number in range(start, start + _CHUNK)
            ]
            await self._store.write(lambda connection, of=entries: self._held.load(connection, of))  # type: ignore[misc]

    async def step(self) -> None:
        """Take the next step when its time has come; begin a rotation where none is under way."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + USUAL.housekeeping_seconds
        if self._store.read_now(self._keys.retiring) is None:
            await self._store.write(
                lambda connection: self._keys.rotate(connection, datetime.now(UTC))
            )
        await self._rewrapping.run_once()
