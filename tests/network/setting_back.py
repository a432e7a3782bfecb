"""Setting one seat of a running world back to an earlier day, the others staying as they are."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from itertools import count as count_from

from renkei.acquisitions import BOUND
from renkei.answers import Outcome
from renkei.change_reasons import ChangeReason
from renkei.consistency import Peer
from renkei_simulators.codes_audit.comparing import Comparison
from renkei_simulators.codes_command import audit_codes, mend_codes
from renkei_simulators.control_commands import controlled
from renkei_simulators.population.residents import Resident
from renkei_simulators.records_audit import Kind as RecordKind
from renkei_simulators.records_audit import audit_records
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.looking import calls_owed

from .asking import final, new_id, until, until_told
from .asking.codes import acquire, acquire_at_agency
from .people import People
from .people.entries import entry_of
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
        self._changed = entry_of(people.somebody(), ChangeReason.MINOR_CORRECTION)
        self._names = (f"名前　第{count}" for count in count_from(1))

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
        assert await self._change() == "APPLIED"

    async def mend(self) -> None:
        """Ask anew for what was lost, as `renkei mend` and the neighbour's address system do."""
        found = [one for each in self.compared().values() for one in each.findings]
        world = self.world
        bound, asked = await mend_codes(world.world, world.layout, found, world.callers)
        assert bound == asked
        latest = self._neighbours.latest, self._latest
        assert await self._neighbours.number(*latest) == BOUND
        # the terminal sends what was lost again: where a hop expected another, it stands for all
        told = [await self._change() for _ in range(2)]
        assert told[-1] == "APPLIED"
        await quiet(world)

    async def _change(self) -> str:
        """Change the name of somebody whose record changes each day; how that ended."""
        terminal, entry = self.world.callers.register_terminal(WARD), self._changed
        named = replace(entry, items=replace(entry.items, name=next(self._names)))
        await terminal.change_resident(new_id(), named)
        told = await until_told(
            lambda: terminal.get_notification(entry.person), lambda told: told.state != "UNDER_WAY"
        )
        await quiet(self.world)
        return told.state

    async def differing(self) -> set[str]:
        """Between whom that person's identity information differs, as `renkei consistency` finds."""
        callers, code = self.world.callers, self._changed.items.resident_record_code
        found: set[str] = set()
        for terminal, peers in (
            (callers.reconciling_terminal(WARD), [Peer.MUNICIPAL_CS]),
            (callers.integrated_terminal(WARD), [Peer.PREFECTURE, Peer.NATION]),
        ):
            await terminal.start(new_id(), peers)
            report = await until_told(terminal.report, lambda told: told.run.is_over)
            found |= {
                one.peer.name
                for one in report.differences
                if one.found.resident_record_code == code
            }
        return found

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
