"""How long `renkei up` takes until everything serves, and what memory it then holds.

The default world on ports of its own, made beforehand. It is ready when the command has said so
and every listener, asked once more, serves.
"""

import asyncio
import re
import statistics
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

import psutil

from renkei_simulators.world.definition import World
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.provision import provision
from tests.ports import on_free_ports
from tests.worlds import seat

from .effort import Setting
from .worlds import until_serving

_SECONDS = 60.0
_RENKEI = Path(sys.executable).with_name("renkei")

_SMALLEST = f"""
name = "smallest"
test = true
seed = 5
today = 2026-11-23
municipality = [{{ code = "131148", name = "中野区", residents = 5 }}]
{seat("resident-record", "131148", "ward")}
"""


async def ready(setting: Setting) -> dict[str, float]:
    """Seconds and megabytes, the median over some starts."""
    text = _SMALLEST if setting.effort.short else World.load().text
    text = on_free_ports(re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:0", text))
    file, data = setting.folder / "world.toml", setting.folder / "data"
    file.write_text(text, encoding="utf-8")
    world = World.parse(text)
    setting.tell("making the world")
    layout = provision(world, data)
    taken = []
    for number in range(setting.effort.starts):
        setting.tell(f"renkei up: {number + 1} of {setting.effort.starts}")
        taken.append(await _up(world, layout, file))
    seconds, megabytes = zip(*taken, strict=True)
    return {
        "world_ready_seconds": statistics.median(seconds),
        "world_memory_mb": statistics.median(megabytes),
    }


async def _up(world: World, layout: Layout, file: Path) -> tuple[float, float]:
    """Seconds to the first word of the command, and megabytes of it and all its processes."""
    began = time.perf_counter()
    command = await asyncio.create_subprocess_exec(
        _RENKEI, "up", "--data", layout.root, "--world", file, stdin=DEVNULL, stdout=PIPE
    )
    assert command.stdout is not None
    try:
        async with asyncio.timeout(_SECONDS):
            if not await command.stdout.readline():
                raise AssertionError("renkei up ended before its world served")
        took = time.perf_counter() - began
        await until_serving(world, layout)
        own = psutil.Process(command.pid)
        held = sum(one.memory_info().rss for one in (own, *own.children(recursive=True)))
        return took, held / 2**20
    finally:
        if command.returncode is None:
            command.terminate()
        await command.communicate()
