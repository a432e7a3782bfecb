"""What the provision network has in its hands while an answer passes through it (PRV-05, IPN-4)."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from rich.table import Table

from renkei.inquiries import Inquiry
from renkei.sub_copies import Items
from renkei_simulators.demo.cast import WARD
from renkei_simulators.separation.forms import forms
from renkei_simulators.world.callers import Callers
from renkei_simulators.world.definition import World
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.looking import opened

_NETWORK, _PROVIDER = "provision-network.ipn", f"middle-server.{WARD}"
_POLL_SECONDS = 0.1
_LONGEST_SECONDS = 30.0
_SHOWN_BYTES = 24


@dataclass(frozen=True, slots=True)
class Underway:
    """One answer in the network's hands, and what its inquirer found in it afterwards."""

    outcome: str
    key_id: str
    ciphertext: bytes = field(repr=False)
    everything: bytes = field(repr=False)
    """All that the network holds of it, opened with the network's own keys."""
    items: Items = field(repr=False)

    @property
    def closed(self) -> bool:
        """Whether no value of the answer is in what the network holds, in whatever form."""
        values = [one for one in self.items.values() if isinstance(one, str) and len(one) > 1]
        needles = [needle for value in values for _, needle in forms(value)]
        return bool(needles) and not any(needle in self.everything for needle in needles)

    @property
    def table(self) -> Table:
        """What it looks like, for people."""
        table = Table(
            title="What the provision network holds of an answer under way",
            title_justify="left",
            show_header=False,
            box=None,
        )
        table.add_row("outcome", self.outcome)
        table.add_row("sealed to the agency's key", self.key_id)
        begin = self.ciphertext[:_SHOWN_BYTES].hex(" ", 4)
        table.add_row(f"answer, {len(self.ciphertext):,} bytes", f"{begin} …")
        return table


async def underway(
    world: World,
    layout: Layout,
    callers: Callers,
    start: Callable[[], Awaitable[Callable[[], Awaitable[Inquiry]]]],
) -> Underway:
    """Let one answer wait at the network, look at it there, and let it go on."""
    provider, network = (callers.controller(world.seat(name)) for name in (_PROVIDER, _NETWORK))
    await provider.pause_work()
    outcome = await start()
    await _until(lambda: _owed(world, layout, _PROVIDER, "ciphertext"))
    await network.pause_work()
    await provider.resume_work()
    told = await _until(lambda: _owed(world, layout, _NETWORK, "inquirer"))
    await network.resume_work()
    answered = await outcome()
    delivery = json.loads(told)
    return Underway(
        outcome=delivery["outcome"],
        key_id=delivery["key"],
        ciphertext=bytes.fromhex(delivery["ciphertext"]),
        everything=told + bytes.fromhex(delivery["ciphertext"]),
        items=answered.records[0].items,
    )


def _owed(world: World, layout: Layout, seat: str, with_key: str) -> bytes | None:
    """The content of a task that a seat owes and that has this key."""
    contents = opened(world, layout, world.seat(seat)).get("outbox.content", set())
    return next((one for one in contents if with_key in json.loads(one)), None)


async def _until(look: Callable[[], bytes | None]) -> bytes:
    async with asyncio.timeout(_LONGEST_SECONDS):
        while True:
            if (found := look()) is not None:
                return found
            await asyncio.sleep(_POLL_SECONDS)
