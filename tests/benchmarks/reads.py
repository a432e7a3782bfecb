"""One guarded read, beside the floor and beside what a user would write without any guard."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from renkei.codes import LocalAddressNumber
from renkei.networks import ward
from renkei_clients.ward import NumberingClient
from renkei_pki.identity import Identity
from tests.network.asking import final
from tests.network.people.strangers import outsider
from tests.network.small_world import WARD

from .acquiring import FIRST_NUMBER, Asking
from .echo import MESSAGE, echoing
from .effort import Setting
from .measuring import Case
from .peer_read import reading
from .worlds import residents, small_world

_SERVER = Identity(ward(WARD), WARD, "linkage-platform")
_CALLER = Identity(ward(WARD), WARD, "address-system")


@asynccontextmanager
async def reads(setting: Setting) -> AsyncIterator[list[Case]]:
    """How an acquisition stands, asked of a linkage platform by its address system."""
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(small_world(setting))
        caller, server = outsider(running, _CALLER), outsider(running, _SERVER)
        store = running.seats[f"linkage-platform.{WARD}"].store
        client = NumberingClient(running.callers.channel(caller, _SERVER))
        await Asking(client, residents(running.world)).one()
        known = LocalAddressNumber(f"{FIRST_NUMBER}")
        await final(lambda: client.get_numbering_outcome(known))
        echo = await stack.enter_async_context(echoing(server, _SERVER, caller))
        peer = await stack.enter_async_context(
            reading(setting.folder, server, _SERVER, caller, persons=setting.effort.residents)
        )

        async def read() -> None:
            store.forced = None
            await client.get_numbering_outcome(known)

        async def read_forced() -> None:
            store.forced = True
            await client.get_numbering_outcome(known)

        yield [
            case
            for in_flight in (1, 8)
            for case in (
                Case(f"echo_{in_flight}", lambda: echo(MESSAGE), in_flight),
                Case(f"guarded_{in_flight}", read, in_flight),
                Case(f"guarded_fsync_{in_flight}", read_forced, in_flight),
                Case(f"orm_read_{in_flight}", peer, in_flight),
            )
        ]
