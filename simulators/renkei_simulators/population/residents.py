"""A stream of synthetic residents, the same for the same seed, in bounded memory.

Every household draws from a generator of its own, so that the first thousand
residents of a city are the same persons whether or not the rest is ever made. What
tests must be able to count on (hard names, two persons who share name and birth
date, persons without an Individual Number) comes round at a fixed step, not by
chance. All persons are invented; so are the shares.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import Enum
from itertools import count
from random import Random

from renkei.codes import (
    IndividualNumber,
    LocalAddressNumber,
    LocalGovernmentCode,
    ResidentRecordCode,
)
from renkei_simulators.population.households import Role, alone, composition
from renkei_simulators.population.names import (
    Name,
    Nation,
    Weighted,
    given_names,
    hard_surname,
    nation,
    surname,
)
from renkei_simulators.population.numbers import Numbers, local_address_number, national_index
from renkei_simulators.population.places import Place, municipality_of

TWINS_EVERY = 500
"""In every so many households one head bears the name and birth date of the head before."""
HARD_NAME_EVERY = 20
"""In every so many households the family name is one that breaks naive systems."""
WITHOUT_NUMBER_EVERY = 500
"""Of every so many persons one has no Individual Number yet."""

_FIRST_HARD_NAME, _FIRST_WITHOUT_NUMBER = 7, 137
_FOREIGN, _FOREIGN_SPOUSE, _ALIAS, _FORMER_SURNAME = 0.06, 0.04, 0.3, 0.1
_MOVED_OUT, _DIED, _DIED_OLD, _PROTECTED = 0.024, 0.001, 0.05, 0.004
_DAYS_REMOVED, _DAYS_A_YEAR = 1_800, 365.2425


class Sex(Enum):
    """Sex as the register holds it."""

    MALE = "male"
    FEMALE = "female"


class Removal(Enum):
    """Why a record was removed (消除)."""

    MOVED_OUT = "転出"
    DEATH = "死亡"


@dataclass(frozen=True, slots=True)
class Removed:
    """A removed record (除票): why and since when."""

    why: Removal
    since: date = field(repr=False)


@dataclass(frozen=True, slots=True)
class Resident:
    """One synthetic person; nothing personal is shown."""

    index: int
    local_address_number: LocalAddressNumber = field(repr=False)
    resident_record_code: ResidentRecordCode = field(repr=False)
    individual_number: IndividualNumber | None = field(repr=False)
    name: str = field(repr=False)
    """Family name and given name with U+3000 between; a foreigner's in upper-case ASCII."""
    furigana: str = field(repr=False)
    alias: str = field(repr=False)
    """通称 of a foreign resident; empty where there is none."""
    former_surname: str = field(repr=False)
    """旧氏; empty where there is none."""
    birth_date: date = field(repr=False)
    sex: Sex = field(repr=False)
    postal_code: str = field(repr=False)
    """Seven digits; empty where the municipality's towns are not listed."""
    address: str = field(repr=False)
    household_number: int = field(repr=False)
    relation: str = field(repr=False)
    """続柄; the head's is 世帯主."""
    protective_measure: bool = field(repr=False)
    """支援措置: the address must not be told."""
    removed: Removed | None = field(repr=False)

    @property
    def head(self) -> bool:
        """Whether this is the head of the household."""
        return self.relation == "世帯主"


def residents(seed: int, municipality: str, *, on: date) -> Iterator[Resident]:
    """Everybody of a municipality, household by household, as many as are taken.

    `on` is the day for which ages hold. Raises Refusal unless `municipality` is a
    local government code, and ValueError where its numbers are used up.
    """
    return _stream(seed, LocalGovernmentCode.parse(municipality).digits, on)


def _stream(seed: int, code: str, on: date) -> Iterator[Resident]:
    numbers, index = Numbers(seed), 0
    for household in count():
        for person in _household(seed, code, household, on):
            yield person.resident(numbers, code, index, household)
            index += 1


@dataclass(frozen=True, slots=True)
class _Person:
    """A resident before they are numbered."""

    role: Role = field(repr=False)
    name: Name = field(repr=False)
    alias: str = field(repr=False)
    former_surname: str = field(repr=False)
    birth_date: date = field(repr=False)
    place: Place = field(repr=False)
    protective_measure: bool = field(repr=False)
    removed: Removed | None = field(repr=False)

    def resident(self, numbers: Numbers, code: str, index: int, household: int) -> Resident:
        national = national_index(code, index)
        without = index % WITHOUT_NUMBER_EVERY == _FIRST_WITHOUT_NUMBER
        return Resident(
            index=index,
            local_address_number=local_address_number(code, index),
            resident_record_code=numbers.resident_record_code(national),
            individual_number=None if without else numbers.individual_number(national),
            name=self.name.text,
            furigana=self.name.reading,
            alias=self.alias,
            former_surname=self.former_surname,
            birth_date=self.birth_date,
            sex=Sex(self.role.sex),
            postal_code=self.place.postal_code,
            address=self.place.address,
            household_number=household,
            relation=self.role.relation,
            protective_measure=self.protective_measure,
            removed=self.removed,
        )


@dataclass(frozen=True, slots=True)
class _Home:
    """What the members of a household have in common."""

    place: Place = field(repr=False)
    surname: Name = field(repr=False)
    nation: Nation | None = field(repr=False)
    """Of foreign residents; None where the household is Japanese."""
    protective_measure: bool = field(repr=False)


def _household(seed: int, code: str, household: int, on: date) -> list[_Person]:
    rng = Random(f"{seed} {code} {household}")  # noqa: S311 - synthetic persons, not secrets
    home = _home(rng, code, household)
    if household and household % TWINS_EVERY == 0:
        other = _household(seed, code, household - 1, on)[0]
        twin = _member(rng, home, alone(other.role.sex, other.role.age)[0], on, set())
        members = [replace(twin, name=other.name, alias=other.alias, birth_date=other.birth_date)]
    else:
        taken: set[str] = set()
        members = [_member(rng, home, role, on, taken) for role in composition(rng)]
    return _some_removed(rng, members, on)


def _home(rng: Random, code: str, household: int) -> _Home:
    place, protected = municipality_of(code).place(rng), rng.random() < _PROTECTED
    turn, step = divmod(household, HARD_NAME_EVERY)
    if step == _FIRST_HARD_NAME:
        return _Home(place, hard_surname(turn), None, protected)
    if rng.random() < _FOREIGN:
        home_nation = nation(rng)
        return _Home(place, home_nation.family.draw(rng), home_nation, protected)
    return _Home(place, surname(rng), None, protected)


def _member(rng: Random, home: _Home, role: Role, on: date, taken: set[str]) -> _Person:
    """Draw one member; `taken` are the given names that the household has."""
    birth_date = on - timedelta(days=int(role.age * _DAYS_A_YEAR))
    married = role.relation in {"妻", "夫"}
    own_nation, japanese = home.nation, given_names(role.sex, birth_date.year)
    if own_nation is None and married and rng.random() < _FOREIGN_SPOUSE:
        own_nation = nation(rng)
    alias, former_surname = "", ""
    if own_nation:
        shares = role.shares_surname and not married
        family = home.surname if shares else own_nation.family.draw(rng)
        given = own_nation.given[role.sex]
        if rng.random() < _ALIAS:
            alias = surname(rng).with_given(japanese.draw(rng)).text
    else:
        family = home.surname if role.shares_surname else surname(rng)
        given = japanese
        if married and rng.random() < _FORMER_SURNAME:
            former_surname = surname(rng).text
    name = family.with_given(_given(rng, given, taken))
    return _Person(
        role, name, alias, former_surname, birth_date, home.place, home.protective_measure, None
    )


def _given(rng: Random, names: Weighted, taken: set[str]) -> Name:
    """Draw a given name that nobody in the household has."""
    name = names.draw(rng)
    while name.text in taken:
        name = names.draw(rng)
    taken.add(name.text)
    return name


def _some_removed(rng: Random, members: list[_Person], on: date) -> list[_Person]:
    """Remove a household that moved out, or members who died; a head dies only alone.

    Nobody is removed before everybody of the household was born.
    """
    days = min(_DAYS_REMOVED, min((on - one.birth_date).days for one in members))
    if rng.random() < _MOVED_OUT:
        moved_out = Removed(Removal.MOVED_OUT, on - timedelta(days=rng.randint(0, days)))
        return [replace(one, removed=moved_out) for one in members]
    died = Removed(Removal.DEATH, on - timedelta(days=rng.randint(0, days)))
    return [
        replace(one, removed=died)
        if (one.role.relation != "世帯主" or len(members) == 1)
        and rng.random() < (_DIED_OLD if one.role.age > 65 else _DIED)
        else one
        for one in members
    ]
