"""An inquiry at its provider, and from one end to the other, as fast as they come."""

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from renkei.codes import Institution, IntegratedAddressNumber, LinkageCode
from renkei.exchanges import ExchangeId
from renkei.networks import LINKAGE
from renkei.permits import Permit, SignedPermit
from renkei.sealed_answers import PublishedKeys
from renkei.wire.permits import sign_permit
from renkei_clients.exchanges import KeyDirectoryClient, ProvisionClient
from renkei_pki.identity import Identity
from renkei_pki.signing import SigningKey
from renkei_server.dispatch.pace import USUAL
from renkei_server.domain.linkage_codes import CodeCipher
from renkei_server.domain.permits import COMMITMENT_KEY_BYTES, Core, issue_pair
from renkei_server.process.machine import MachineIds, WorldClock
from renkei_server.process.serving import RunningSeat
from renkei_server.seats.middle.organisation_keys import Rewrapping
from renkei_server.store.codes.codes import Codes
from renkei_server.store.codes.links import Links
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.key_file import KeyFile
from renkei_server.store.engine.store import Store
from renkei_server.store.sub_copies.organisation_keys import OrganisationKeys
from renkei_server.store.sub_copies.sub_copies import SubCopies
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.in_process import RunningWorld
from tests.network.asking import new_id
from tests.network.asking.inquiries import HOUSEHOLD_OF_CARE
from tests.network.people.neighbours import Neighbours
from tests.network.people.strangers import outsider
from tests.network.people.sub_copies import sub_copy
from tests.network.small_world import NEIGHBOUR, WARD

HOPS = 5
"""F2.2, 3, 5 and 8 twice, from the linkage platform on; polls are not counted."""

_PERSONS = 20
_NETWORK = Identity(LINKAGE, "ipn", "provision-network")


def inquiries_recorded(connection: Connection) -> int:
    """How many exchanges a party has recorded: each as it ends."""
    driver = connection.connection.dbapi_connection
    assert driver is not None
    cursor = driver.cursor()
    cursor.execute("SELECT size FROM record_log_frontier")
    return (cursor.fetchone() or (0,))[0]


class Asked:
    """Persons of whom two organisations have codes and one a sub-copy, and who asks about them."""

    def __init__(self, world: RunningWorld) -> None:
        self._world = world
        self._neighbours = Neighbours(world)
        self._network = world.seats["provision-network.ipn"]
        self._key = SigningKey.load(self._network.config.permit_signing_key)
        self._codes: list[LinkageCode] = []
        self._numbers: list[IntegratedAddressNumber] = []
        self._turn: Iterator[int] = itertools.cycle(range(_PERSONS))
        self._made: list[tuple[Permit, SignedPermit]] = []
        self._keys: PublishedKeys
        self._provider: ProvisionClient

    async def prepare(self, persons: list[Resident]) -> None:
        """Acquire the codes and register the sub-copies."""
        register = self._world.callers.register_of(WARD)
        for person in persons[:_PERSONS]:
            await self._neighbours.known_at_ward(person)
            self._numbers.append(await self._neighbours.known_here(person))
            await register.register_sub_copy(new_id(), person.local_address_number, sub_copy())
        store = self._world.seats[f"middle-server.{NEIGHBOUR}"].store
        codes = Codes(store.sealer)
        for number in self._numbers:
            code = store.read_now(lambda connection, of=number: codes.code_of(connection, of))  # type: ignore[misc]
            assert code is not None
            self._codes.append(code)
        middle = Identity(LINKAGE, WARD, "middle-server")
        at_network = self._world.callers.channel(outsider(self._world, middle), _NETWORK)
        directory = KeyDirectoryClient(at_network)
        self._keys = await directory.get_sealing_keys(Institution(NEIGHBOUR))
        at_provider = self._world.callers.channel(outsider(self._world, _NETWORK), middle)
        self._provider = ProvisionClient(at_provider)

    def make_permits(self, count: int) -> None:
        """Sign permits beforehand: that is the network's work, not the provider's."""
        store = self._network.store
        links = Links(store.sealer, MachineIds())
        core = Core(CodeCipher(store.read_now(links.code_key)), b"k" * COMMITMENT_KEY_BYTES)
        now = WorldClock(self._world.layout.clock).now() - timedelta(seconds=1)
        for _ in range(count):
            permit = issue_pair(
                core,
                ExchangeId(new_id()),
                terms=HOUSEHOLD_OF_CARE,
                code=self._codes[next(self._turn)],
                table="2024",
                item="132",
                world=self._network.config.world_id,
                now=now,
            ).providers
            self._made.append((permit, sign_permit(permit, self._key)))

    async def at_provider(self) -> None:
        """One announcement, answered: the answer is sealed, recorded and owed."""
        if not self._made:
            self.make_permits(500)
        permit, signed = self._made.pop()
        await self._provider.announce_exchange(
            new_id(), permit.exchange_id, permit.code, permit.terms, signed, self._keys
        )

    async def start(self) -> None:
        """One inquiry, from its linkage platform on."""
        number = self._numbers[next(self._turn)]
        await self._neighbours.client.start_inquiry(new_id(), number, HOUSEHOLD_OF_CARE)


class Counted:
    """Tells when one more of something is in a store, which is asked at each commit."""

    def __init__(self, store: Store, count: Callable[[Connection], int]) -> None:
        self._store = store
        self._count_of = count
        self._count = store.read_now(count)
        self._more: asyncio.Queue[None] = asyncio.Queue()
        store.on_commit(self._look)

    async def one_more(self) -> None:
        """Return once there is one that nobody else was told of."""
        await self._more.get()

    def _look(self) -> None:
        count = self._store.read_now(self._count_of)
        for _ in range(count - self._count):
            self._more.put_nowait(None)
        self._count = count


class Rewrapped:
    """A provider whose sub-copies are wrapped anew meanwhile, step by step, as its seat does it."""

    RECORDS = 20_000
    _CHUNK = 500

    def __init__(self, seat: RunningSeat) -> None:
        config, self._store = seat.config, seat.store
        self._keys = OrganisationKeys(KeyFile(config.root_key), MachineIds(), config.institution)
        self._held = SubCopies(self._store.sealer, self._keys, config.institution)
        self._rewrapping = Rewrapping(store=self._store, keys=self._keys, sub_copies=self._held)
        self._next = 0.0
        self.steps = 0

    async def prepare(self) -> None:
        """Fill the store with records of persons about whom nobody asks."""
        for start in range(0, self.RECORDS, self._CHUNK):
            entries = [
                (IntegratedAddressNumber(f"{number:015}"), sub_copy())
                for number in range(start, start + self._CHUNK)
            ]
            await self._store.write(lambda connection, of=entries: self._held.load(connection, of))  # type: ignore[misc]

    async def step(self) -> None:
        """Take the next step when its time has come; begin a rotation where none is under way."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + USUAL.housekeeping_seconds
        if self._store.read_now(self._keys.retiring) is None:
            await self._store.write(
                lambda connection: self._keys.rotate(connection, datetime.now(UTC))
            )
        self.steps += bool(await self._rewrapping.run_once())
