"""What one caller does at a server, or somebody who is none, is hardly felt by others."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.worlds import Worlds

from .flooding import Network
from .small_world import NEIGHBOUR, SMALL_WORLD, WARD

CALLS = 120
MOST = 15.0
"""So many times as long as without a flood: on a quiet machine it is threefold, and without the
guard a hundredfold on any."""
IDLE = 300
_START_SECONDS, _CLOSED_SECONDS = 60.0, 30.0

pytestmark = pytest.mark.world


@pytest.fixture(scope="module")
def network(worlds: Worlds) -> Iterator[Network]:
    """The provision network of a world whose seats share a process."""
    with worlds.supervised(SMALL_WORLD) as made:
        made.supervisor.reports(seconds=_START_SECONDS)
        yield Network(made.world, made.layout)


async def test_a_flood_of_one_organisation_holds_up_another_s_calls_by_little(
    network: Network,
) -> None:
    alone = await network.ask(NEIGHBOUR, CALLS)
    async with network.flooded(WARD):
        flooded = await network.ask(NEIGHBOUR, CALLS)

    assert flooded.median < MOST * alone.median


async def test_connections_that_show_no_certificate_are_closed_and_hold_up_nobody(
    network: Network,
) -> None:
    host, _, port = network.address.rpartition(":")
    with ExitStack() as stack:
        idle = [
            stack.enter_context(socket.create_connection((host, int(port)))) for _ in range(IDLE)
        ]
        await network.ask(NEIGHBOUR, CALLS)
        for one in idle:
            one.setblocking(False)  # noqa: FBT003 - its one argument
        left = await asyncio.gather(*(_until_closed(one) for one in idle))

    assert left == [b""] * IDLE


async def _until_closed(connection: socket.socket) -> bytes:
    """What comes last on a connection on which nothing is sent; at most the server's first frame."""
    async with asyncio.timeout(_CLOSED_SECONDS):
        while told := await asyncio.get_running_loop().sock_recv(connection, 4_096):
            pass
    return told
