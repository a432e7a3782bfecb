"""What a comparison of a municipality's file with the prefecture's costs (F9), by what differs.

The seats run here, and the calls between them are made. Told is the time of the processor at both ends: of
no difference, ten and a thousand, and of a comparison of everybody. A full one grows with the
persons and the sums do not, so of 350,000 persons ten differences are a tenth of what is told here.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from renkei.codes import Institution
from renkei.consistency import BUCKETS
from renkei.networks import JUKINET
from renkei_clients.consistency import ConsistencyClient
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_server.dispatch.comparing import Comparing
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.files import SealedFile
from renkei_server.store.engine.histories import Change
from renkei_server.store.identities.departed import Departed
from renkei_server.store.identities.file_side import FileSide, TellingFile
from renkei_server.store.identities.identity_file import BY_CODE, FORM
from renkei_server.store.identities.incoming import Incoming
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.in_process import RunningWorld
from tests.network.small_world import TOKYO, WARD
from tests.server.world import NOON

from .effort import Setting
from .worlds import residents, small_world

_CS, _PREFECTURE = f"municipal-cs.{WARD}", f"prefecture-server.{TOKYO}"
_MANY = 1_000


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one comparison."""

    seconds: float
    persons: int
    found: int


async def comparing(setting: Setting) -> dict[str, Cost]:
    """What comparisons cost, by how many persons differ; "full" compares everybody.

    Raises AssertionError where one found others than differ.
    """
    effort = replace(setting.effort, residents=setting.effort.compared)
    async with small_world(replace(setting, effort=effort)) as world:
        people = residents(world.world)
        told = {"0": await _compared(world, 0)}
        await _rename(world, people[:10])
        told["10"] = await _compared(world, 10)
        told["full"] = await _compared(world, 10, everybody=True)
        await _rename(world, people[10:_MANY])
        told["1000"] = await _compared(world, len(people[:_MANY]))
    return told


async def _compared(world: RunningWorld, differing: int, *, everybody: bool = False) -> Cost:
    one = _comparing(world)
    began = time.process_time()
    left: Sequence[int] = range(BUCKETS) if everybody else (await one.sums()).differing
    persons = found = 0
    while left:
        step = await one.step(left)
        left = left[step.answered :]
        persons += step.compared
        found += len(step.found)
    assert found == differing, f"{found} differences were found of {differing}"
    return Cost(time.process_time() - began, persons, found)


def _comparing(world: RunningWorld) -> Comparing:
    """The municipal CS's end, with a channel of its own."""
    store, here = world.seats[_CS].store, Institution(WARD)
    own = Credentials.load(world.layout.certificate(_CS, Identity(JUKINET, WARD, "municipal-cs")))
    server = Identity(JUKINET, TOKYO, "prefecture-server")
    side = FileSide(
        sealer=store.sealer,
        file=SealedFile(FORM, store.sealer),
        departed=Departed(store.sealer),
        incoming=Incoming(store.sealer),
        municipality=here,
    )
    telling = TellingFile(side=side, is_owed=lambda *_: False)
    client = ConsistencyClient(world.callers.channel(own, server))
    return Comparing(store, telling, client.of(here))


async def _rename(world: RunningWorld, people: Sequence[Resident]) -> None:
    """Let the prefecture have another name of each."""
    store = world.seats[_PREFECTURE].store
    file = SealedFile(FORM, store.sealer)

    def rename(connection: Connection) -> None:
        for one in people:
            was = file.find(connection, BY_CODE, one.resident_record_code)
            assert was is not None
            now = replace(was, items=replace(was.items, name="別の　名前"))
            file.replace(connection, was, now, Change(NOON, "planted"))

    await store.write(rename)
