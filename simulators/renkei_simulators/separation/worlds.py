"""The audit of a whole world: who its parties are, and what is known to have gone through it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from renkei_server.store.persons.numbering import PERSONS
from renkei_simulators.population.residents import Resident
from renkei_simulators.separation.audit import Audit, Known, Party, audit
from renkei_simulators.separation.knowledge import Kind
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import World
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.looking import opened


def audit_world(
    world: World,
    layout: Layout,
    persons: Iterable[Resident],
    serials: Iterable[str] = (),
    households: Iterable[str] = (),
) -> Audit:
    """Search every seat's files, and what its own key opens, for what it must not hold.

    The servers must be quiet. `persons` are those who took part, at most about a
    thousand; `serials` are processing serials that were seen under way, and `households`
    planted values of household information.
    """
    told = {seat.name: opened(world, layout, seat) for seat in world.seats if not seat.external}
    known = [
        *personal(persons),
        *(Known(Kind.PROCESSING_SERIAL, one) for one in serials),
        *(Known(Kind.HOUSEHOLD, one) for one in households),
        *_made(world, told),
    ]
    return audit(_parties(world, layout, told), known)


def personal(persons: Iterable[Resident]) -> Iterator[Known]:
    """What every register says of the persons."""
    for person in persons:
        yield Known(Kind.RESIDENT_RECORD_CODE, person.resident_record_code.digits)
        yield Known(Kind.LOCAL_ADDRESS_NUMBER, person.local_address_number.digits)
        yield Known(Kind.NAME_AND_ADDRESS, person.address)
        if person.individual_number is not None:
            yield Known(Kind.INDIVIDUAL_NUMBER, person.individual_number.digits)


def _made(world: World, told: Mapping[str, Mapping[str, set[bytes]]]) -> Iterator[Known]:
    """What the networks made themselves: integrated address numbers, link ids, codes."""
    for seat in world.seats:
        values = told.get(seat.name, {})
        for person in map(PERSONS.content.read, values.get("persons.record", ())):
            yield Known(Kind.INTEGRATED_ADDRESS_NUMBER, person.integrated_address_number.digits)
        for link_id in values.get("links.link_id", ()):
            yield Known(Kind.LINK_ID, link_id)
        for place in ("codes.code", "accounts.code"):
            for code in values.get(place, ()):
                yield Known(Kind.LINKAGE_CODE, code, seat.institution)


def _parties(
    world: World, layout: Layout, told: Mapping[str, Mapping[str, set[bytes]]]
) -> Sequence[Party]:
    parties = []
    for seat in world.seats:
        if seat.external:
            continue
        config = seat_config(world, layout, seat)
        errors = layout.logs / f"{seat.process}.stderr"
        parties.append(
            Party(
                seat.role,
                seat.institution,
                stores=(config.database, *sorted(config.snapshots.glob("*.db"))),
                logs=tuple(log for log in (config.log, errors) if log.exists()),
                opened=tuple((place, b"\0".join(some)) for place, some in told[seat.name].items()),
            )
        )
    return parties
