"""The audit of a whole world: who its parties are, and what is known to have gone through it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from google.protobuf.message import Message

from renkei_server.config import SeatConfig
from renkei_server.domain.linkage_codes import LinkIds
from renkei_server.roles.bills import metadata_of
from renkei_server.roles.own_keys import OwnKeys
from renkei_server.store.engine.inspection import Inspection
from renkei_server.store.engine.key_file import read_key
from renkei_server.store.engine.places import Schema
from renkei_server.store.persons.numbering import PERSONS
from renkei_simulators.population.residents import Resident
from renkei_simulators.separation import at_rest, destroyed, postgresql
from renkei_simulators.separation.audit import Audit, Known, Party, audit
from renkei_simulators.separation.backed_up import Backups
from renkei_simulators.separation.destroyed import held
from renkei_simulators.separation.guessing import Guesser
from renkei_simulators.separation.knowledge import Kind
from renkei_simulators.separation.postgresql import SeatKeys
from renkei_simulators.separation.receipts import Guessed, Profile, guessed
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import SeatPlan, World, WorldError
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.looking import opened
from renkei_simulators.world.provision import inspect


def audit_world(
    world: World,
    layout: Layout,
    persons: Iterable[Resident],
    serials: Iterable[str] = (),
    households: Iterable[str] = (),
    bodies: Sequence[Message] = (),
    backups: Backups | None = None,
    postgresql_data: Path | None = None,
) -> Audit:
    """Search every seat's files, and what its own key opens, for what it must not hold.

    The servers must be quiet. `persons` are those who took part, at most about a
    thousand; `serials` are processing serials that were seen under way, and `households`
    planted values of household information, and `bodies` whole requests that
    went through, to be guessed at; `backups` are searched too. The files of the PostgreSQL server that holds the
    world are searched where its data folder is told. Raises WorldError where it is another's.
    """
    told = {seat.name: opened(world, layout, seat) for seat in world.seats if not seat.external}
    persons = list(persons)
    profiles = _profiles(world, told, persons)
    known = [
        *personal(persons),
        *(Known(Kind.PROCESSING_SERIAL, one) for one in serials),
        *(Known(Kind.HOUSEHOLD, one) for one in households),
        *_made(world, told),
        *_link_ids(world, layout, persons),
    ]
    parties: Sequence[Party] = [
        _party(world, layout, seat, Tried(profiles, bodies, backups))
        for seat in world.seats
        if not seat.external
    ]
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


def _profiles(
    world: World, told: Mapping[str, Mapping[str, set[bytes]]], persons: Iterable[Resident]
) -> Sequence[Profile]:
    """All that is known of each person, whoever knows it."""
    numbered: defaultdict[str, set[str]] = defaultdict(set)
    for seat in world.seats:
        for one in map(PERSONS.content.read, told.get(seat.name, {}).get("persons.record", ())):
            numbered[one.individual_number.digits].add(one.integrated_address_number.digits)
    return [
        {
            Kind.RESIDENT_RECORD_CODE: frozenset({person.resident_record_code.digits}),
            Kind.LOCAL_ADDRESS_NUMBER: frozenset({person.local_address_number.digits}),
            Kind.INDIVIDUAL_NUMBER: frozenset({number.digits}),
            Kind.INTEGRATED_ADDRESS_NUMBER: frozenset(numbered[number.digits]),
        }
        for person in persons
        if (number := person.individual_number) is not None
    ]


@dataclass(frozen=True, slots=True)
class Tried:
    """What is tried at each party beside the values: persons, whole requests, and backups."""

    persons: Sequence[Profile]
    bodies: Sequence[Message]
    backups: Backups | None


def _party(world: World, layout: Layout, seat: SeatPlan, tried: Tried) -> Party:
    config = seat_config(world, layout, seat)
    guesser = Guesser.of(at_rest.keys(config), metadata_of(seat.role))
    errors = layout.logs / f"{seat.process}.stderr"
    opened: defaultdict[str, set[bytes]] = defaultdict(set)
    guesses: list[tuple[str, Guessed]] = []
    gone: frozenset[int] = frozenset()
    for copy, look in _looks(config, tried.backups, opened):
        if copy == at_rest.STORE:
            gone = destroyed.closed(config, look)
        for place, value in look.opened():
            opened[copy + place].add(value)
        keys = (Guessed(f"destroyed key {one}", Kind.HOUSEHOLD) for one in gone & held(look))
        guesses.extend((f"{copy}organisation_keys", one) for one in keys)
        found = guessed(look, seat.role, guesser, tried.persons, tried.bodies)
        guesses.extend((f"{copy}receipts", one) for one in found)
    return Party(
        seat.role,
        seat.institution,
        stores=at_rest.files(config),
        logs=tuple(log for log in (config.log, errors) if log.exists()),
        opened=tuple((place, b"\0".join(some)) for place, some in opened.items()),
        guesser=guesser,
        guessed=tuple(guesses),
    )


def _looks(
    config: SeatConfig, backups: Backups | None, opened: dict[str, set[bytes]]
) -> Iterator[tuple[str, Inspection]]:
    """The store and its copies; of a backup, which is no file, note what lies in it."""
    yield from at_rest.looks(config)
    for name, look, content in backups.of(config) if backups is not None else ():
        opened[f"{name}rows"] = {content}
        yield name, look


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
                raise WorldError(
                    msg,
                    "この世界は自分のファイルに保存しています。PostgreSQLサーバーには保存していません。",
                )
            with inspect(world, layout, seat) as look:
                look.read(lambda connection: postgresql.require_own(connection, data))
            with OwnKeys.opened(config) as kept:
                key = kept.store_key()
            keys[seat.name] = SeatKeys.load(config.place.keys, key)
    found = postgresql.opened(data, keys)
    place = "in the files of PostgreSQL"
    return [
        *(
            replace(party, opened=(*party.opened, (place, b"\0".join(found[str(party)]))))
            for party in parties
        ),
        Party(postgresql.SERVER, "server", stores=postgresql.files(data)),
    ]
