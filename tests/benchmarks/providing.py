"""One inquiry at its provider: beside the floor, a peer and the least that it could take.

All of them are one hop, from the network's announcement to the provider's reply, called from the
same loop: so they are alike. What the provider owes from then on is the next hop's, and held.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from tests.network.people.strangers import outsider
from tests.network.small_world import WARD

from .announcing import NETWORK, PROVIDER, Announcing
from .cryptography import Cryptography
from .echo import MESSAGE, echoing
from .effort import Setting
from .inquiring import known_to_both
from .lean_inquiry import least
from .measuring import Case
from .peer_inquiry import inquiring
from .rewrapping import Rewrapped
from .worlds import small_world

_PERMITS = 6_000


@asynccontextmanager
async def provision(setting: Setting) -> AsyncIterator[list[Case]]:
    """An announcement, answered: the answer is sealed, recorded and owed before the reply."""
    effort, folder = setting.effort, setting.folder
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(small_world(setting))
        caller, server = outsider(running, NETWORK), outsider(running, PROVIDER)
        provider = running.seats[f"middle-server.{WARD}"]
        known = await known_to_both(running, effort.inquired)
        announcing = await Announcing.about(running, known)
        written = announcing.written()
        keys = Cryptography(running.layout.permit_key)
        echo = await stack.enter_async_context(echoing(server, PROVIDER, caller))
        peer = await stack.enter_async_context(
            inquiring(
                folder,
                server,
                PROVIDER,
                caller,
                keys=keys,
                requests=written,
                persons=effort.inquired,
            )
        )
        floor = await stack.enter_async_context(
            least(folder, server, PROVIDER, caller, keys=keys, requests=written)
        )
        provider.dispatcher.hold()
        announcing.make(effort.inquired if effort.short else _PERMITS)
        rewrapped = Rewrapped(provider)
        if "inquiry_rewrapping_8" in setting.wanted:
            await rewrapped.prepare(effort.rewrapped)

        async def provide() -> None:
            provider.store.forced = False
            await announcing.announce()

        async def provide_forced() -> None:
            provider.store.forced = True
            await announcing.announce()

        async def provide_rewrapping() -> None:
            provider.store.forced = False
            await rewrapped.step()
            await announcing.announce()

        yield [
            Case("echo_1", lambda: echo(MESSAGE), 1),
            Case("inquiry_1", provide, 1),
            Case("echo_8", lambda: echo(MESSAGE), 8),
            Case("inquiry_8", provide, 8),
            Case("inquiry_fsync_8", provide_forced, 8),
            Case("inquiry_rewrapping_8", provide_rewrapping, 8),
            Case("orm_inquiry_8", peer, 8),
            Case("least_inquiry_8", floor, 8),
        ]
