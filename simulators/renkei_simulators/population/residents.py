"""A stream of synthetic residents, the same for the same seed, in bounded memory.

Every household draws from a generator of its own, so that the first thousand
residents of a city are the same persons whether or not the rest is ever made.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from itertools import count
from random import Random

from renkei.codes import IndividualNumber, LocalAddressNumber, ResidentRecordCode
from renkei_simulators.population.households import Role, born, composition
from renkei_simulators.population.names import Name, foreign, given, surname
from renkei_simulators.population.numbers import Numbers, national_index
from renkei_simulators.population.places import Place, municipality

TWINS_EVERY = 500
"""In every so many households one head bears the name and birth date of the head before."""

_FOREIGN, _ALIAS, _FORMER_SURNAME = 0.06, 0.3, 0.06
_REMOVED, _DIED, _PROTECTED, _WITHOUT_NUMBER = 0.03, 0.3, 0.004, 0.002


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
    since: date


@dataclass(frozen=True, slots=True)
class Resident:
    """One synthetic person; nothing personal is shown."""

    index: int
    local_address_number: LocalAddressNumber = field(repr=False)
    resident_record_code: ResidentRecordCode = field(repr=False)
    individual_number: IndividualNumber | None = field(repr=False)
    name: str = field(repr=False)
    furigana: str = field(repr=False)
    alias: str = field(repr=False)
    """通称 of a foreign resident; empty where there is none."""
    former_surname: str = field(repr=False)
    """旧氏; empty where there is none."""
    birth_date: date = field(repr=False)
    sex: Sex = field(repr=False)
    postal_code: str = field(repr=False)
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


def residents(seed: int, code: str, *, on: date) -> Iterator[Resident]:
    """Everybody of a municipality, household by household, as many as are taken.

    `on` is the day for which ages hold. Raises ValueError where the
    municipality's numbers are used up.
    """
    numbers, index = Numbers(seed), 0
    for household in count():
        for person in _household(seed, code, household, on):
            yield person.resident(numbers, code, index, household)
            index += 1


@dataclass(frozen=True, slots=True)
class _Person:
    """A resident before they are numbered."""

    role: Role
    name: Name
    alias: str
    former_surname: str
    birth_date: date
    place: Place
    protective_measure: bool
    removed: Removed | None
    has_number: bool

    def resident(self, numbers: Numbers, code: str, index: int, household: int) -> Resident:
        national = national_index(code, index)
        return Resident(
            index=index,
            local_address_number=numbers.local_address_number(code, index),
            resident_record_code=numbers.resident_record_code(national),
            individual_number=numbers.individual_number(national) if self.has_number else None,
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


def _household(seed: int, code: str, household: int, on: date) -> list[_Person]:
    rng = Random(f"{seed} {code} {household}")  # noqa: S311 - synthetic persons, not secrets
    roles, place = composition(rng), municipality(code).place(rng)
    family, is_foreign = surname(rng), rng.random() < _FOREIGN
    protected = rng.random() < _PROTECTED
    moved_out = _moved_out(rng, on) if rng.random() < _REMOVED * (1 - _DIED) else None
    members = [
        _member(rng, role, family, place, on, is_foreign, protected, moved_out) for role in roles
    ]
    if household and household % TWINS_EVERY == 0:
        members[0] = _twin(members[0], _household(seed, code, household - 1, on)[0])
    return members


def _member(
    rng: Random,
    role: Role,
    family: Name,
    place: Place,
    on: date,
    is_foreign: bool,  # noqa: FBT001 - one call, beside its definition
    protected: bool,  # noqa: FBT001 - one call, beside its definition
    moved_out: Removed | None,
) -> _Person:
    own = family if role.takes_family_name else surname(rng)
    birth_date = born(rng, role, on)
    married = role.relation in {"妻", "夫"}
    died = rng.random() < _REMOVED * _DIED
    return _Person(
        role=role,
        name=foreign(rng) if is_foreign else own + given(rng, role.sex),
        alias=(own + given(rng, role.sex)).text if is_foreign and rng.random() < _ALIAS else "",
        former_surname=surname(rng).text if married and rng.random() < _FORMER_SURNAME else "",
        birth_date=birth_date,
        place=place,
        protective_measure=protected,
        removed=_died(rng, birth_date, on) if died else moved_out,
        has_number=rng.random() >= _WITHOUT_NUMBER,
    )


def _twin(person: _Person, other: _Person) -> _Person:
    """Another person with the same name and birth date, as chance makes them in life."""
    role = Role(person.role.relation, other.role.sex, other.role.age)
    return _Person(
        role=role,
        name=other.name,
        alias=other.alias,
        former_surname=person.former_surname,
        birth_date=other.birth_date,
        place=person.place,
        protective_measure=person.protective_measure,
        removed=person.removed,
        has_number=person.has_number,
    )


def _moved_out(rng: Random, on: date) -> Removed:
    return Removed(Removal.MOVED_OUT, on - timedelta(days=rng.randint(1, 1_800)))


def _died(rng: Random, birth_date: date, on: date) -> Removed:
    days = min((on - birth_date).days, 1_800)
    return Removed(Removal.DEATH, on - timedelta(days=rng.randint(0, max(0, days))))
