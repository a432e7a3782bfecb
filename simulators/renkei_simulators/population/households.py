"""Households as a Tokyo ward has them: most of one person, many of them young (invented shares)."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

_SHARES = (
    ("single", 60),
    ("couple", 14),
    ("family", 14),
    ("one parent", 5),
    ("with grandmother", 3),
    ("shared", 4),
)
_DAYS_A_YEAR = 365.2425


@dataclass(frozen=True, slots=True)
class Role:
    """One member before they have a name: relation to the head, sex, age in years."""

    relation: str
    sex: str
    age: float
    takes_family_name: bool = True


def composition(rng: Random) -> list[Role]:
    """Draw who lives in one household; the head comes first."""
    kind = rng.choices([name for name, _ in _SHARES], [share for _, share in _SHARES])[0]
    if kind == "single":
        return [_head(rng, rng.choices((20, 40, 65), (60, 22, 18))[0], 24)]
    if kind == "shared":
        first = _head(rng, 20, 15)
        return [first, Role("同居人", _sex(rng), rng.uniform(20, 40), takes_family_name=False)]
    if kind == "couple":
        return _couple(_head(rng, rng.choices((25, 60), (60, 40))[0], 28), rng)
    head = _head(rng, 30, 22)
    children = [
        Role("子", _sex(rng), rng.uniform(0, min(24, head.age - 20)))
        for _ in range(rng.choices((1, 2, 3), (50, 38, 12))[0])
    ]
    if kind == "one parent":
        return [head, *children]
    family = [*_couple(head, rng), *children]
    if kind == "with grandmother":
        family.append(Role("母", "female", min(102, head.age + rng.uniform(21, 36))))
    return family


def born(rng: Random, role: Role, on: date) -> date:
    """A day of birth that gives the age."""
    return on - timedelta(days=int(role.age * _DAYS_A_YEAR) + rng.randint(0, 27))


def _head(rng: Random, youngest: int, years: int) -> Role:
    return Role("世帯主", _sex(rng), rng.uniform(youngest, youngest + years))


def _couple(head: Role, rng: Random) -> list[Role]:
    male = head.sex == "male"
    age = max(18.0, head.age + rng.uniform(-6, 6))
    return [head, Role("妻" if male else "夫", "female" if male else "male", age)]


def _sex(rng: Random) -> str:
    return rng.choice(("male", "female"))
