"""Households as a Tokyo ward has them: most of one person, many of them young (invented shares)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random

_OLDEST = 104.0


@dataclass(frozen=True, slots=True)
class Role:
    """One member before they have a name: relation to the head (続柄), sex, age in years."""

    relation: str = field(repr=False)
    sex: str = field(repr=False)
    age: float = field(repr=False)
    shares_surname: bool = field(default=True, repr=False)


def composition(rng: Random) -> list[Role]:
    """Draw who lives in one household, one to six persons; the head comes first."""
    return rng.choices(_KINDS, cum_weights=_KIND_WEIGHTS)[0](rng)


def alone(sex: str, age: float) -> list[Role]:
    """A household of one."""
    return [Role("世帯主", sex, age)]


def _single(rng: Random) -> list[Role]:
    youngest, oldest = rng.choices(((18, 22), (22, 40), (40, 65), (65, 95)), (7, 46, 23, 24))[0]
    return alone(_sex(rng, 0.52), rng.uniform(youngest, oldest))


def _couple(rng: Random) -> list[Role]:
    head = _head(rng, 25, 55) if rng.random() < 0.5 else _head(rng, 60, 88)
    return [head, _spouse(rng, head)]


def _family(rng: Random) -> list[Role]:
    head = _head(rng, 27, 55)
    spouse = _spouse(rng, head)
    return [head, spouse, *_children(rng, min(head.age, spouse.age))]


def _one_parent(rng: Random) -> list[Role]:
    head = Role("世帯主", _sex(rng, 0.15), rng.uniform(24, 55))
    return [head, *_children(rng, head.age)]


def _three_generations(rng: Random) -> list[Role]:
    family = _family(rng)
    older = min(_OLDEST, family[0].age + rng.uniform(22, 38))
    return [
        *family,
        Role("母", "female", older) if rng.random() < 0.8 else Role("父", "male", older),
    ]


def _unmarried(rng: Random) -> list[Role]:
    head = _head(rng, 22, 60)
    spouse = _spouse(rng, head)
    return [head, Role(f"{spouse.relation}（未届）", spouse.sex, spouse.age, shares_surname=False)]


def _siblings(rng: Random) -> list[Role]:
    head = _head(rng, 22, 40)
    sex = _sex(rng, 0.5)
    return [head, Role("弟" if sex == "male" else "妹", sex, head.age - rng.uniform(1, 6))]


def _shared(rng: Random) -> list[Role]:
    head = Role("世帯主", _sex(rng, 0.5), rng.uniform(20, 35))
    return [head, Role("同居人", _sex(rng, 0.5), rng.uniform(20, 40), shares_surname=False)]


_Kind = Callable[[Random], list[Role]]
_SHARES: tuple[tuple[_Kind, int], ...] = (
    (_single, 62),
    (_couple, 14),
    (_family, 11),
    (_one_parent, 4),
    (_three_generations, 3),
    (_unmarried, 2),
    (_siblings, 1),
    (_shared, 3),
)
_KINDS = tuple(kind for kind, _ in _SHARES)
_KIND_WEIGHTS = tuple(accumulate(share for _, share in _SHARES))


def _head(rng: Random, youngest: int, oldest: int) -> Role:
    return Role("世帯主", _sex(rng, 0.85), rng.uniform(youngest, oldest))


def _spouse(rng: Random, head: Role) -> Role:
    age = max(18.0, head.age + rng.uniform(-6, 6))
    return Role("妻", "female", age) if head.sex == "male" else Role("夫", "male", age)


def _children(rng: Random, younger_parent: float) -> list[Role]:
    """One to three, the oldest first, at least a year apart."""
    age = rng.uniform(0, min(24.0, younger_parent - 19))
    children = [Role("子", _sex(rng, 0.51), age)]
    for chance in (0.5, 0.25):
        age -= rng.uniform(1.1, 5)
        if age < 0 or rng.random() > chance:
            break
        children.append(Role("子", _sex(rng, 0.51), age))
    return children


def _sex(rng: Random, male: float) -> str:
    return "male" if rng.random() < male else "female"
