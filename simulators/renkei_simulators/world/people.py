"""Who lives in a world, and who holds what of them before any server runs.

The registers of a test world are seeded through the stores: no RPC does this,
and the lawful ways in are services of their own.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from enum import Enum
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Final

from renkei.change_reasons import ChangeReason
from renkei.characters import unregistered_in
from renkei.codes import Institution
from renkei.identities import IdentityItems
from renkei.municipal_items import MunicipalItems
from renkei.persons import FourAttributes, Sex
from renkei.recorded_days import RecordedDay
from renkei_server.domain.identity_changes import HeldIdentity
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.files import SealedFile
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.identities import identity_file
from renkei_server.store.persons.insured import INSURED, InsuredPerson
from renkei_server.store.persons.residents import REGISTER, ResidentRecord
from renkei_simulators.population.residents import Removal, Resident, residents
from renkei_simulators.world.definition import Municipality, World

_FEW: Final = 5_000


def people_of(world: World, municipality: Municipality) -> Iterator[Resident]:
    """Everybody whom the municipality's register holds, removed persons too."""
    drawn = (world.seed, municipality.code, world.today, municipality.residents)
    return iter(_few(*drawn)) if municipality.residents <= _FEW else _drawn(*drawn)


def _drawn(seed: int, code: str, today: date, count: int) -> Iterator[Resident]:
    return islice(residents(seed, code, on=today), count)


@lru_cache(maxsize=8)
def _few(seed: int, code: str, today: date, count: int) -> tuple[Resident, ...]:
    """So few that they are drawn once, however many seats know them."""
    return tuple(_drawn(seed, code, today, count))


def write_people(world: World, path: Path) -> None:
    """Write everybody whom a register holds as a table: what a caller needs to ask for a code."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(
            (
                "municipality",
                "local_address_number",
                "individual_number",
                "resident_record_code",
                "kind",
            )
        )
        for municipality in world.municipalities:
            unknown = unknown_to_the_nation(world, municipality)
            for person in people_of(world, municipality):
                number = person.individual_number
                rows.writerow(
                    (
                        municipality.code,
                        person.local_address_number.digits,
                        number.digits if number else "",
                        person.resident_record_code.digits,
                        kind_of(person, unknown).value,
                    )
                )


class Kind(Enum):
    """What is special about a person, as far as the acquisition of a code goes."""

    RESIDENT = "resident"
    REMOVED = "removed"
    WITHOUT = "without"
    """Without an Individual Number."""
    UNKNOWN = "unknown"
    """With one that the national server does not hold."""


def kind_of(person: Resident, unknown: Resident) -> Kind:
    """The kind of a person of a register whose `unknown_to_the_nation` is told."""
    if person.index == unknown.index:
        return Kind.UNKNOWN
    if person.individual_number is None:
        return Kind.WITHOUT
    return Kind.REMOVED if person.removed else Kind.RESIDENT


def record_of(person: Resident) -> ResidentRecord:
    """A person as the resident record system holds them."""
    known = person.individual_number is not None
    return ResidentRecord(
        person.local_address_number,
        person.resident_record_code,
        person.individual_number,
        attributes_of(person),
        removed_on=person.removed.since if person.removed else None,
        items=items_of(person) if known else None,
        municipal=municipal_items_of(person) if known else None,
    )


def attributes_of(person: Resident) -> FourAttributes:
    """A person's four attributes."""
    return FourAttributes(
        name=person.name,
        furigana=person.furigana,
        birth_date=person.birth_date,
        sex=Sex[person.sex.name],
        postal_code=person.postal_code,
        address=person.address,
    )


_REMOVED_FOR: Final = {
    Removal.MOVED_OUT: ChangeReason.MOVED_OUT,
    Removal.DEATH: ChangeReason.DEATH,
}


def items_of(person: Resident) -> IdentityItems:
    """The items of a person who has an Individual Number, as the network was told them at first.

    They were born there, or were removed. Raises ValueError for somebody without a number.
    """
    if person.individual_number is None:
        msg = "the resident-register network holds nobody without an Individual Number"
        raise ValueError(msg)
    born, removed = RecordedDay.of(person.birth_date), person.removed
    return IdentityItems(
        resident_record_code=person.resident_record_code,
        name=person.name,
        furigana=person.furigana,
        birth=born,
        sex=Sex[person.sex.name],
        address=person.address,
        individual_number=person.individual_number,
        reason=_REMOVED_FOR[removed.why] if removed else ChangeReason.BIRTH,
        changed_on=RecordedDay.of(removed.since) if removed else born,
    )


def held_of(person: Resident, municipality: str, *, own_items: bool = False) -> HeldIdentity:
    """A person who has an Individual Number as an identity file holds them from the first.

    They live there since their birth, or did until they were removed; a municipality's own file
    holds `own_items` too. Raises as `items_of` does.
    """
    items = items_of(person)
    return HeldIdentity(
        items=items,
        municipality=Institution(municipality),
        entered_on=items.birth,
        leaves_on=items.changed_on if person.removed else None,
        municipal=municipal_items_of(person) if own_items else None,
    )


def municipal_items_of(person: Resident) -> MunicipalItems:
    """What a municipality's own file holds of a person beside."""
    born = RecordedDay.of(person.birth_date)
    return MunicipalItems(
        name_unregistered_characters=unregistered_in(person.name),
        address_unregistered_characters=unregistered_in(person.address),
        town_code="",
        postal_code=person.postal_code,
        became_resident_on=born,
        address_fixed_on=born,
        notified_on=person.birth_date,
        operator_id="initial",
        terminal_id="initial",
    )


def unknown_to_the_nation(world: World, municipality: Municipality) -> Resident:
    """The one person of a register whose Individual Number the national server does not hold.

    Such a thing is a fault of the register; the model keeps one, so that the
    failure can be seen. It is the last of the register who has a number.
    """
    last = None
    for person in people_of(world, municipality):
        if person.individual_number is not None:
            last = person
    if last is None:
        msg = f"nobody in {municipality.code} has an Individual Number"
        raise ValueError(msg)
    return last


def _seed_register(connection: Connection, sealer: Sealer, world: World, own: str) -> None:
    """Fill a resident record system."""
    register = SealedFile(REGISTER, sealer)
    for municipality in world.municipalities:
        if municipality.code == own:
            register.add_each(connection, map(record_of, people_of(world, municipality)))


def _seed_municipality(connection: Connection, sealer: Sealer, world: World, own: str) -> None:
    """Fill a municipal CS with everybody of its register who has an Individual Number."""
    _seed_file(connection, sealer, world, lambda code: code == own, own_items=True)


def _seed_prefecture(connection: Connection, sealer: Sealer, world: World, own: str) -> None:
    """Fill a prefecture server with those of its municipalities."""
    _seed_file(connection, sealer, world, lambda code: Institution(code).prefecture == own)


def _seed_nation(connection: Connection, sealer: Sealer, world: World, _own: str) -> None:
    """Fill the national server with everybody who has an Individual Number, but for a few."""
    _seed_file(connection, sealer, world, lambda _: True, but_unknown=True)


def _seed_file(
    connection: Connection,
    sealer: Sealer,
    world: World,
    covers: Callable[[str], bool],
    *,
    own_items: bool = False,
    but_unknown: bool = False,
) -> None:
    """Fill an identity file with those of the municipalities that it covers."""
    file = SealedFile(identity_file.FORM, sealer)
    for municipality in world.municipalities:
        if covers(municipality.code):
            unknown = unknown_to_the_nation(world, municipality).index if but_unknown else None
            held = (
                held_of(person, municipality.code, own_items=own_items)
                for person in people_of(world, municipality)
                if person.individual_number and person.index != unknown
            )
            file.add_each(connection, held)


def recipients_of(world: World, prefecture: str) -> Iterator[Resident]:
    """Whom a prefecture's own register holds: of each of its municipalities the first who have a number."""
    each = sum(one.recipients for one in world.prefectures if one.code == prefecture)
    for municipality in world.municipalities:
        if Institution(municipality.code).prefecture == prefecture:
            everybody = people_of(world, municipality)
            yield from islice((one for one in everybody if one.individual_number), each)


def _seed_linkage_platform(connection: Connection, sealer: Sealer, world: World, own: str) -> None:
    """Fill the own register of a prefecture; a municipality's platform begins empty."""
    _enter_own(connection, sealer, recipients_of(world, own))


def _seed_agency(connection: Connection, sealer: Sealer, world: World, own: str) -> None:
    """Fill a national body's own register."""
    insured_of = {code for one in world.agencies if one.name == own for code in one.insured_of}
    for municipality in world.municipalities:
        if municipality.code in insured_of:
            _enter_own(connection, sealer, people_of(world, municipality))


def _enter_own(connection: Connection, sealer: Sealer, persons: Iterable[Resident]) -> None:
    """Enter those who have a number in an institution's own register."""
    own = (
        InsuredPerson(number, attributes_of(person))
        for person in persons
        if (number := person.individual_number)
    )
    SealedFile(INSURED, sealer).add_each(connection, own)


SEEDS: Final[Mapping[str, Callable[[Connection, Sealer, World, str], None]]] = {
    "resident-record": _seed_register,
    "municipal-cs": _seed_municipality,
    "prefecture-server": _seed_prefecture,
    "national-server": _seed_nation,
    "linkage-platform": _seed_linkage_platform,
    "agency-linkage": _seed_agency,
}
"""By role: how a seat of an institution is filled before any server runs."""
