"""What parties hold of each other's codes, compared: what one has lost, or holds against another.

- A code that was told to be bound is bound, to the number by which the platform knows the person.
- A number that one of platform and middle server knows, both know; but one that was drawn while the
  middle server knew the person by another, and that the platform has given up, is known to nobody.
- Whoever waits, waits for something that is under way.
- A code is the one that national server and network make for the person, and has one number.
"""

from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from enum import Enum

from renkei.acquisitions import BOUND, Acquisition, Failure
from renkei.codes import IndividualNumber, Institution, IntegratedAddressNumber, LocalAddressNumber
from renkei_simulators.codes_audit.holdings import Holdings, Keeper, Network, Resident

_MEND = "`renkei mend` asks for the code anew"
_NUMBER_ANEW = "whoever numbers the person does so anew, and they have it again; for residents `renkei mend` does"
_LOOK = "nothing mends it by itself: find out whose the code is, by the register and the platform"


class Kind(Enum):
    """What was lost, or contradicts: a sentence, and what mends it."""

    NOT_KNOWN_AT_PLATFORM = (
        "the register knows of a bound code, and the linkage platform does not know the person",
        _MEND,
    )
    NOT_BOUND = ("it was told that the code is bound, and the middle server binds none", _MEND)
    NOT_KNOWN_AT_MIDDLE = (
        "the linkage platform holds the number, and the middle server never heard of it",
        _MEND,
    )
    FORGOTTEN_AT_REGISTER = ("the code is bound, and the register does not know so", _MEND)
    NOBODY_ASKS = ("it waits for an outcome, and no call asks for that any more", _MEND)
    NOBODY_DELIVERS = (
        "it waits under a serial of which the provision network knows nothing, or no more",
        "it ends by itself, soon after the seat runs; then `renkei mend` asks anew",
    )
    NUMBER_LOST_AT_PLATFORM = (
        "the middle server knows the number, and the linkage platform does not hold it",
        _NUMBER_ANEW,
    )
    SUB_COPIES_ASTRAY = (
        "sub-copies stand under a number that the linkage platform has given up: they go nowhere",
        "the register hands its newest sub-copies over again",
    )
    CONTRADICTED = (
        "a code was refused because it contradicts what is bound, and the number is still in use",
        _LOOK,
    )
    CODE_OF_ANOTHER = ("the code is not the one that the network makes for this person", _LOOK)
    TWO_NUMBERS = ("the code is bound to two numbers, as an older version allowed", _LOOK)

    @property
    def sentence(self) -> str:
        """What is so."""
        return self.value[0]

    @property
    def mended_by(self) -> str:
        """What mends it."""
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Finding:
    """One loss or contradiction: at whose seats, of what kind, and of whom."""

    institution: str
    kind: Kind
    number: IntegratedAddressNumber | None = field(default=None, repr=False)
    local: LocalAddressNumber | None = field(default=None, repr=False)
    individual_number: IndividualNumber | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was found of one institution."""

    institution: str
    bound: int
    pending: int
    ended: int
    """Acquisitions of numbers whose newest ended without a code."""
    findings: tuple[Finding, ...]
    unaccounted: int
    """How many more acquisitions the network ended than the keeper knows of; below zero, fewer."""


def compare(held: Holdings) -> Comparison:
    """Everything that does not agree within one institution's codes."""
    keeper, name = held.keeper, held.institution.name
    findings = [*_of_residents(held)]
    unaccounted = 0
    newest: list[Acquisition] = []
    if keeper is not None:
        newest = list(keeper.newest.values())
        findings += _of_numbers(held, keeper)
        if held.network is not None:
            findings += _of_network(held, keeper, held.network)
            unaccounted = held.network.used.get(name, 0) - keeper.told
    pending = sum(not one.state.final for one in newest) or len(keeper.waiting if keeper else ())
    bound = len(keeper.bound) if keeper else 0
    ended = sum(one.state.final and one != BOUND for one in newest)
    return Comparison(name, bound, pending, ended, tuple(findings), unaccounted)


def _of_residents(held: Holdings) -> Iterator[Finding]:
    bound = frozenset(held.keeper.bound) if held.keeper is not None else None
    for one in held.residents:
        if (kind := _of_resident(one, bound)) is not None:
            yield Finding(held.institution.name, kind, one.number, one.local)


def _of_resident(
    one: Resident, bound: Container[IntegratedAddressNumber | None] | None
) -> Kind | None:
    if _waits(one.register) or _waits(one.platform):
        return Kind.NOBODY_ASKS
    if one.register == BOUND and one.number is None:
        return Kind.NOT_KNOWN_AT_PLATFORM
    if bound is not None and one.number not in bound and BOUND in (one.register, one.platform):
        return Kind.NOT_BOUND
    if one.platform == BOUND != one.register:
        return Kind.FORGOTTEN_AT_REGISTER
    return None


def _waits(one: Acquisition | None) -> bool:
    return one is not None and not one.state.final


def _of_numbers(held: Holdings, keeper: Keeper) -> Iterator[Finding]:
    name, numbered = held.institution.name, held.numbered
    if numbered is None:
        return
    locals_ = {one.number: one.local for one in held.residents if one.number is not None}
    for number, individual in numbered.items():
        who = (number, locals_.get(number), individual)
        newest = keeper.newest.get(number)
        if newest is None:
            yield Finding(name, Kind.NOT_KNOWN_AT_MIDDLE, *who)
        elif newest.failure is not None and newest.failure.contradicts:
            yield Finding(name, Kind.CONTRADICTED, *who)
    for number in keeper.newest.keys() - numbered.keys():
        if keeper.astray(number) and number not in keeper.bound:
            yield Finding(name, Kind.SUB_COPIES_ASTRAY, number)
        if not _given_up(keeper.newest[number]):
            yield Finding(name, Kind.NUMBER_LOST_AT_PLATFORM, number)
    codes = Counter(keeper.bound.values())
    for number, code in keeper.bound.items():
        if codes[code] > 1:
            yield Finding(name, Kind.TWO_NUMBERS, number)


def _given_up(newest: Acquisition) -> bool:
    """Whether the platform drew the number while the person had another, and has that again."""
    return newest.failure is Failure.CODE_HAS_ANOTHER_NUMBER


def _of_network(held: Holdings, keeper: Keeper, network: Network) -> Iterator[Finding]:
    name, institution = held.institution.name, Institution(held.institution.name)
    for serial in keeper.waiting:
        if not network.is_issued(serial):
            yield Finding(name, Kind.NOBODY_DELIVERS)
    for number, code in keeper.bound.items():
        individual = (held.numbered or {}).get(number)
        if individual is not None:
            made = network.code(individual, institution)
            if made is not None and made != code:
                yield Finding(name, Kind.CODE_OF_ANOTHER, number, None, individual)
