"""Changes of identity information on their way from register to nation (F3), singly and in batches.

Told to the register by its terminal singly, which is five calls each; handed on by the register in
batches, beside a bare loop that encrypts and inserts a row for each into three databases.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from renkei.change_reasons import ChangeReason
from renkei.codes import Institution, ResidentRecordCode
from renkei.identities import IdentityItems, IdentityNotification
from renkei.networks import ward
from renkei.residents import ResidentEntry
from renkei_clients.channel import Channel
from renkei_clients.notifications import MunicipalNotificationClient
from renkei_clients.residents import ResidentClient
from renkei_pki.identity import Identity
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.files import SealedFile
from renkei_server.store.engine.store import Store
from renkei_server.store.identities.identity_file import BY_CODE, FORM
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.in_process import RunningWorld
from tests.network.asking import new_id
from tests.network.people.entries import entry_of
from tests.network.people.strangers import outsider
from tests.network.small_world import TOKYO, WARD

from .bare_rows import bare_identity_files
from .counting import Counted, provisions_recorded
from .echo import MESSAGE, echoing
from .effort import Setting
from .measuring import Case
from .worlds import residents, small_world

RPCS = 5
"""F3.1, the register's question to the operator service, F3.2, 5 and 7; to hear what became of them
is not counted, for one call hears of many."""

_REGISTER = Identity(ward(WARD), WARD, "resident-record")
_SERVER = Identity(ward(WARD), WARD, "municipal-cs")


@asynccontextmanager
async def changes(setting: Setting) -> AsyncIterator[list[Case]]:
    """Entered one by one at the ward's terminal."""
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(small_world(setting))
        caller, server = outsider(running, _REGISTER), outsider(running, _SERVER)
        moving = await stack.enter_async_context(_moving(running))
        taken = _taken(running)
        terminal = running.callers.register_terminal(WARD)
        echo = await stack.enter_async_context(echoing(server, _SERVER, caller))

        async def change() -> None:
            await moving.enter(terminal)
            await taken.more()

        yield [
            Case("echo_8", lambda: echo(MESSAGE), 8),
            Case("f3_hops_8", change, 8, worth=RPCS),
        ]


@asynccontextmanager
async def change_batches(setting: Setting) -> AsyncIterator[list[Case]]:
    """Handed on many at once by who bears the register's certificate.

    The register itself owes nobody any of them and hears of none, so nothing else is measured in
    the same world.
    """
    many = setting.effort.batch
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(small_world(setting))
        address = running.seats[f"municipal-cs.{WARD}"].addresses[ward(WARD)]
        together = Channel(outsider(running, _REGISTER), _SERVER, address, together=True)
        stack.push_async_callback(together.close)
        register = MunicipalNotificationClient(together)
        moving = await stack.enter_async_context(_moving(running))
        taken = _taken(running)
        insert = stack.enter_context(bare_identity_files(setting.folder))

        async def change_many() -> None:
            await asyncio.gather(*(moving.notify(register) for _ in range(many)))
            await taken.more(many)

        async def insert_many() -> None:
            insert(many)

        yield [
            Case("f3_batch", change_many, 2, worth=many),
            Case("raw_batch", insert_many, 1, worth=many, waits=True),
        ]


@asynccontextmanager
async def _moving(running: RunningWorld) -> AsyncIterator["Moving"]:
    """Raises AssertionError at the end unless the nation holds of everybody what was told last."""
    moving = Moving(residents(running.world))
    yield moving
    nation = running.seats["national-server.jlis"].store
    assert await moving.all_held(nation), "the nation holds other items than were told"


def _taken(running: RunningWorld) -> Counted:
    """What the nation has taken, as the prefecture has recorded."""
    return Counted(running.seats[f"prefecture-server.{TOKYO}"].store, provisions_recorded)


class Moving:
    """Moves one person after another within the ward, over and over."""

    def __init__(self, persons: Sequence[Resident]) -> None:
        self._turns = ((turn, person) for turn in itertools.count(1) for person in persons)
        self._told: dict[ResidentRecordCode, IdentityItems] = {}

    async def enter(self, terminal: ResidentClient) -> ResidentEntry:
        """Tell the register of the next move."""
        _, entry = self._next()
        await terminal.change_resident(new_id(), entry)
        return entry

    async def notify(self, register: MunicipalNotificationClient) -> None:
        """Tell the CS of the next move, as the register does."""
        turn, entry = self._next()
        notification = IdentityNotification(Institution(WARD), turn, entry.items)
        await register.notify_identity_change(new_id(), notification, entry.municipal)

    async def all_held(self, nation: Store) -> bool:
        """Whether the nation holds of everybody what was told last."""
        file = SealedFile(FORM, nation.sealer)

        def found(connection: Connection) -> list[IdentityItems | None]:
            each = file.find_each(connection, BY_CODE, self._told)
            return [held and held.items for held in each]

        return await nation.look(found) == list(self._told.values())

    def _next(self) -> tuple[int, ResidentEntry]:
        turn, person = next(self._turns)
        entry = entry_of(person, ChangeReason.MOVED_WITHIN, address=f"東京都中野区中央{turn}丁目")
        self._told[person.resident_record_code] = entry.items
        return turn, entry
