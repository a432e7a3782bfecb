"""The audit of a whole world: who its parties are, and what is known to have gone through it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from renkei_server.domain.linkage_codes import LinkIds
from renkei_server.store.engine.key_file import read_key
from renkei_server.store.engine.places import Place, Schema
from renkei_server.store.persons.numbering import PERSONS
from renkei_simulators.population.residents import Resident
from renkei_simulators.separation import postgresql
from renkei_simulators.separation.audit import Audit, Known, Party, audit
from renkei_simulators.separation.knowledge import Kind
from renkei_simulators.separation.postgresql import SeatKeys
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import World, WorldError
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.looking import opened
from renkei_simulators.world.provision import inspect


def audit_world(
    world: World,
    layout: Layout,
    persons: Iterable[Resident],
    serials: Iterable[str] = (),
    households: Iterable[str] = (),
    postgresql_data: Path | None = None,
) -> Audit:
    """Search every seat's files, and what its own key opens, for what it must not hold.

    The servers must be quiet. `persons` are those who took part, at most about a
    thousand; `serials` are processing serials that were seen under way, and `households`
    planted values of household information. The files of the PostgreSQL server that holds the
    world are searched where its data folder is told. Raises WorldError where it is another's.
    """
    told = {seat.name: opened(world, layout, seat) for seat in world.seats if not seat.external}
    persons = list(persons)
    known = [
        *personal(persons),
        *(Known(Kind.PROCESSING_SERIAL, one) for one in serials),
        *(Known(Kind.HOUSEHOLD, one) for one in households),
        *_made(world, told),
        *_link_ids(world, layout, persons),
    ]
    parties = _parties(world, layout, told)
    if postgresql_data is not None:
        parties = _with_server(world, layout, parties, postgresql_data)
    return audit(parties, known)


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


def _link_ids(world: World, layout: Layout, persons: Iterable[Resident]) -> Iterator[Known]:
    """Those that follow from the persons' codes under the core's key; nobody else has that."""
    for seat in world.seats:
        if seat.role == "provision-network" and not seat.external:
            link_ids = LinkIds(read_key(seat_config(world, layout, seat).code_key))
            for person in persons:
                yield Known(Kind.LINK_ID, link_ids.of(person.resident_record_code))


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
                stores=(_own_file(config.place), *sorted(config.snapshots.glob("*.db"))),
                logs=tuple(log for log in (config.log, errors) if log.exists()),
                opened=tuple((place, b"\0".join(some)) for place, some in told[seat.name].items()),
            )
        )
    return parties


def _own_file(place: Place) -> Path:
    """The file that is a seat's own: its database, or the keys of one that lies elsewhere."""
    return place if isinstance(place, Path) else place.keys


def _with_server(
    world: World, layout: Layout, parties: Sequence[Party], data: Path
) -> Sequence[Party]:
    """The parties, each with what it can open in the server's files; and the server as one more."""
    keys: dict[str, SeatKeys] = {}
    for seat in world.seats:
        if not seat.external:
            config = seat_config(world, layout, seat)
            if not isinstance(config.place, Schema):
                msg = "the world keeps files of its own: no PostgreSQL server holds it"
                raise WorldError(msg)
            with inspect(world, layout, seat) as look:
                look.read(lambda connection: postgresql.require_own(connection, data))
            keys[seat.name] = SeatKeys.load(config.place.keys, config.key)
    found = postgresql.opened(data, keys)
    place = "in the files of PostgreSQL"
    return [
        *(
            replace(party, opened=(*party.opened, (place, b"\0".join(found[str(party)]))))
            for party in parties
        ),
        Party(postgresql.SERVER, "server", stores=postgresql.files(data)),
    ]
