"""Setting one seat of a running world back to an earlier day, the others staying as they are."""

from collections.abc import Mapping
from functools import partial

from renkei.acquisitions import BOUND
from renkei.answers import Outcome
from renkei_simulators.codes_audit.comparing import Comparison
from renkei_simulators.codes_command import audit_codes, mend_codes
from renkei_simulators.control_commands import controlled
from renkei_simulators.population.residents import Resident
from renkei_simulators.records_audit import Kind as RecordKind
from renkei_simulators.records_audit import audit_records
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.looking import calls_owed

from .asking import final, new_id, until
from .asking.codes import acquire, acquire_at_agency
from .people import People
from .people.neighbours import Neighbours
from .people.sub_copies import ITEMS, sub_copy
from .small_world import PORTAL, WARD

EARLIER = "earlier"


async def quiet(world: RunningWorld) -> None:
    """Wait until nobody owes anybody a call."""
    await until(lambda: calls_owed(world.world, world.layout) == 0)


async def save(world: RunningWorld, seat: str) -> None:
    """Save what one seat keeps now."""
    await quiet(world)
    await controlled(world.world, world.callers)[seat].save_snapshot(EARLIER)


async def set_back(world: RunningWorld, seat: str) -> None:
    """Let one seat keep what it kept when it was saved, nothing being under way."""
    await quiet(world)
    await put_back(world, seat)
    await quiet(world)


async def put_back(world: RunningWorld, seat: str) -> None:
    """The same, whatever is under way."""
    control = controlled(world.world, world.callers)[seat]
    await control.pause_work()
    await control.restore_snapshot(EARLIER)
    await control.resume_work()
    await control.delete_snapshot(EARLIER)


class Days:
    """Days of a ward, a neighbour, a national body and a portal: codes and information move."""

    def __init__(self, world: RunningWorld, people: People, neighbours: Neighbours) -> None:
        self.world = world
        self._people = people
        self._neighbours = neighbours
        self._latest: Resident

    async def live(self) -> None:
        """Somebody new gets codes everywhere, has a sub-copy, and is asked about."""
        callers, person = self.world.callers, self._people.somebody()
        assert person.individual_number
        assert await acquire(callers, person) == BOUND
        assert await acquire_at_agency(callers, person) == BOUND
        device = callers.device(PORTAL)
        account = await device.open_account(new_id(), person.individual_number)
        assert await final(partial(device.get_account, account)) == BOUND
        register = callers.register_of(WARD)
        await register.register_sub_copy(new_id(), person.local_address_number, sub_copy(ITEMS))
        there = await self._neighbours.known_here(person)
        self._latest = person
        assert (await self._neighbours.ask(there)).outcome is Outcome.PROVIDED

    async def mend(self) -> None:
        """Ask anew for what was lost, as `renkei mend` and the neighbour's address system do."""
        found = [one for each in self.compared().values() for one in each.findings]
        world = self.world
        bound, asked = await mend_codes(world.world, world.layout, found, world.callers)
        assert bound == asked
        latest = self._neighbours.latest, self._latest
        assert await self._neighbours.number(*latest) == BOUND
        await quiet(world)

    def compared(self) -> Mapping[str, Comparison]:
        """What `renkei audit codes` finds, by institution."""
        found = audit_codes(self.world.world, self.world.layout)
        return {one.institution: one for one in found}

    def kinds(self) -> set[str]:
        """Every kind of loss that is named."""
        return {finding.kind.name for each in self.compared().values() for finding in each.findings}

    def unaccounted(self) -> Mapping[str, int]:
        """How many more acquisitions the network ended than each institution knows of."""
        return {name: one.unaccounted for name, one in self.compared().items()}

    def unrecorded(self) -> set[tuple[str, RecordKind, str]]:
        """At which seats `renkei audit records` finds what, of which exchange."""
        found = audit_records(self.world.world, self.world.layout)
        assert not any(log.faults for log in found.logs)
        return {(one.seat, one.kind, one.exchange) for one in found.disagreements}
