"""A hop of F3 is set back to an earlier day: at the second notification all agree again."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from renkei.change_reasons import ChangeReason
from renkei_simulators.world.in_process import RunningWorld
from tests.worlds import Worlds

from .asking import new_id, until_told
from .people import People
from .people.entries import entry_of, names_told
from .setting_back import quiet, save, set_back
from .small_world import CONTROLLED_WORLD, TOKYO, WARD

FILES = (f"municipal-cs.{WARD}", f"prefecture-server.{TOKYO}", "national-server.jlis")


@pytest.fixture(scope="module")
async def world(worlds: Worlds) -> AsyncIterator[RunningWorld]:
    """A world whose seats can be set back."""
    async with worlds.running(CONTROLLED_WORLD) as running:
        yield running


@pytest.mark.parametrize("seat", [f"resident-record.{WARD}", *FILES])
async def test_whichever_hop_was_set_back_a_resend_is_applied_everywhere(
    world: RunningWorld, people: People, seat: str
) -> None:
    terminal = world.callers.register_terminal(WARD)
    entry = entry_of(people.somebody(), ChangeReason.MINOR_CORRECTION)

    async def change(name: str) -> str:
        """Change the name; return how that ended."""
        named = replace(entry, items=replace(entry.items, name=name))
        await terminal.change_resident(new_id(), named)
        told = await until_told(
            lambda: terminal.get_notification(entry.person), lambda told: told.state != "UNDER_WAY"
        )
        await quiet(world)
        return told.state

    assert await change("一番　花子") == "APPLIED"
    await save(world, seat)
    for name in ("二番　花子", "三番　花子"):
        assert await change(name) == "APPLIED"

    await set_back(world, seat)

    assert await change("四番　花子") == "REFUSED"
    assert await change("五番　花子") == "APPLIED"
    code = entry.items.resident_record_code
    told = [names_told(world.world, world.layout, one, code)[-1] for one in FILES]
    assert told == ["五番　花子"] * 3


async def test_several_refusals_in_a_row_of_which_a_register_forgot_one_are_superseded(
    world: RunningWorld, people: People
) -> None:
    """The nation never held this one."""
    terminal, register = world.callers.register_terminal(WARD), f"resident-record.{WARD}"
    moved = entry_of(people.unknown, ChangeReason.MOVED_WITHIN, address="東京都中野区江古田")
    entered = replace(moved, items=replace(moved.items, reason=ChangeReason.ENTERED_EX_OFFICIO))

    async def refusal() -> str:
        told = await until_told(
            lambda: terminal.get_notification(moved.person), lambda told: told.state != "UNDER_WAY"
        )
        await quiet(world)
        return told.refused

    await save(world, register)
    await terminal.change_resident(new_id(), moved)
    assert await refusal() == "RESIDENT_RECORD_CODE_NOT_HELD"
    await set_back(world, register)

    await terminal.change_resident(new_id(), moved)
    assert await refusal() == "SEQUENCE_NOT_EXPECTED"
    await terminal.change_resident(new_id(), moved)
    assert await refusal() == "RESIDENT_RECORD_CODE_NOT_HELD", "and so the second in a row"
    await terminal.enter_resident(new_id(), entered)

    assert await refusal() == ""
