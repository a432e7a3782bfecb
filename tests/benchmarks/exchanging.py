"""Inquiries (F2) from one end to the other, asked one by one and in batches."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from renkei.networks import LINKAGE
from renkei_clients.channel import Channel
from renkei_clients.inquiries import InquiryClient
from renkei_pki.identity import Identity
from tests.network.people.strangers import outsider
from tests.network.small_world import NEIGHBOUR

from .counting import Counted, provisions_recorded
from .echo import MESSAGE, echoing
from .effort import Setting
from .inquiring import Known, known_to_both, start
from .measuring import Case
from .worlds import small_world

HOPS = 5
"""F2.2, 3, 5 and 8 twice, from the linkage platform on; polls are not counted."""

_SERVER = Identity(LINKAGE, NEIGHBOUR, "middle-server")
_CALLER = Identity(LINKAGE, NEIGHBOUR, "linkage-platform")


@asynccontextmanager
async def exchanges(setting: Setting) -> AsyncIterator[list[Case]]:
    """From the linkage platform's ask to the answer at its middle server, hop by hop."""
    many = setting.effort.batch
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(small_world(setting))
        caller, server = outsider(running, _CALLER), outsider(running, _SERVER)
        middle = running.seats[f"middle-server.{NEIGHBOUR}"]
        together = Channel(caller, _SERVER, middle.addresses[LINKAGE], together=True)
        stack.push_async_callback(together.close)
        one_by_one = InquiryClient(running.callers.channel(caller, _SERVER))
        in_batches = InquiryClient(together)
        known: Known = await known_to_both(running, setting.effort.inquired)
        ended = Counted(middle.store, provisions_recorded)
        echo = await stack.enter_async_context(echoing(server, _SERVER, caller))

        async def inquire() -> None:
            await start(one_by_one, known)
            await ended.more()

        async def inquire_many() -> None:
            await asyncio.gather(*(start(in_batches, known) for _ in range(many)))
            await ended.more(many)

        yield [
            Case("echo_8", lambda: echo(MESSAGE), 8),
            Case("f2_hops_8", inquire, 8, worth=HOPS),
            Case("f2_hops_batch", inquire_many, 2, worth=HOPS * many),
        ]
