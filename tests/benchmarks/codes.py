"""The code exchange (F1), codes asked for one by one and in batches."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from renkei.networks import ward
from renkei_clients.channel import Channel
from renkei_clients.ward import NumberingClient
from renkei_pki.identity import Identity
from tests.network.people.strangers import outsider
from tests.network.small_world import WARD

from .acquiring import Asking
from .counting import Counted, codes_bound
from .echo import MESSAGE, echoing
from .effort import Setting
from .measuring import Case
from .worlds import residents, small_world

HOPS = 8
"""F1.1, 3, 4, 7a, 7b, 8, 10 and 12; polls are not counted."""

_SERVER = Identity(ward(WARD), WARD, "linkage-platform")
_CALLER = Identity(ward(WARD), WARD, "address-system")


@asynccontextmanager
async def codes(setting: Setting) -> AsyncIterator[list[Case]]:
    """From the ask to the bound code, hop by hop; no poll of the asker's runs beside it."""
    many = setting.effort.batch
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(small_world(setting))
        caller, server = outsider(running, _CALLER), outsider(running, _SERVER)
        platform = running.seats[f"linkage-platform.{WARD}"]
        singly = running.callers.channel(caller, _SERVER)
        together = Channel(caller, _SERVER, platform.addresses[ward(WARD)], together=True)
        stack.push_async_callback(together.close)
        persons = residents(running.world)
        half = len(persons) // 2
        one_by_one = Asking(NumberingClient(singly), persons[:half])
        in_batches = Asking(NumberingClient(together), persons[half:])
        bound = Counted(running.seats[f"middle-server.{WARD}"].store, codes_bound)
        echo = await stack.enter_async_context(echoing(server, _SERVER, caller))

        async def acquire() -> None:
            await one_by_one.one()
            await bound.more()

        async def acquire_many() -> None:
            await in_batches.many(many)
            await bound.more(many)

        yield [
            Case("echo_8", lambda: echo(MESSAGE), 8),
            Case("f1_hops_8", acquire, 8, worth=HOPS),
            Case("f1_hops_batch", acquire_many, 2, worth=HOPS * many),
        ]
