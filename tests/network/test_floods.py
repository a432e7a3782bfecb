"""One organisation's flood is hardly felt by another at the same server."""

import pytest

from tests.worlds import Worlds

from .flooding import Network
from .small_world import NEIGHBOUR, SMALL_WORLD, WARD

CALLS = 40
MOST = 15.0
"""So many times as long as without a flood: on a quiet machine it is threefold, and without the
guard a hundredfold on any."""
_START_SECONDS = 60.0

pytestmark = pytest.mark.world


async def test_a_flood_of_one_organisation_holds_up_another_s_calls_by_little(
    worlds: Worlds,
) -> None:
    with worlds.supervised(SMALL_WORLD) as made:
        made.supervisor.reports(seconds=_START_SECONDS)
        network = Network(made.world, made.layout)
        alone = await network.ask(NEIGHBOUR, CALLS)
        async with network.flooded(WARD):
            flooded = await network.ask(NEIGHBOUR, CALLS)

    assert flooded.median < MOST * alone.median
