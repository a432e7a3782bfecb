"""A search by attributes beside a lookup by code, at a municipal CS that holds many persons.

Told is of each how long 99 in 100 took at most, with eight callers: a search finds many who were
born on one day, or live at one address, and takes of them those who fit.
"""

import itertools
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from renkei.identity_search import Attributes, Criteria, FoundIdentity
from renkei_clients.identity_search import IdentitySearchClient
from renkei_server.store.engine.files import SealedFile
from renkei_server.store.identities.identity_file import FORM
from renkei_simulators.population.residents import Resident
from renkei_simulators.population.residents import residents as drawn
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.people import held_of
from tests.network.small_world import WARD

from .effort import Setting
from .looking_up import PURPOSE, looking_up, told
from .measuring import Call, Case, one_round
from .worlds import small_world

_IN_FLIGHT = 8
_OTHERS = 200
"""Whom every seat of the world holds, beside those whom the CS alone does."""
_AT_ONCE = 5_000
_ASKED_FOR = 2_000
_PERCENT = 99


async def searching(setting: Setting) -> tuple[float, float] | None:
    """Milliseconds of a search and of a lookup; None where fewer than half the rounds counted."""
    effort, took = setting.effort, Took()
    few = replace(effort, residents=_OTHERS)
    async with small_world(replace(setting, effort=few)) as world:
        known = [told(one) for one in await _filled(world, setting)]
        terminal = world.callers.search_terminal(WARD)
        cases = [
            Case("search", took.timed("search", _search(terminal, known)), _IN_FLIGHT),
            Case("lookup", took.timed("lookup", _look_up(terminal, known)), _IN_FLIGHT),
        ]
        for case in cases:
            await one_round(case, effort.warm_seconds)
        counted = 0
        for number in range(effort.rounds):
            shares = []
            took.begin()
            for case in cases:
                setting.tell(f"round {number + 1} of {effort.rounds}: {case.name}")
                shares.append((await one_round(case, effort.round_seconds))[1])
            if min(shares) >= effort.least_share:
                counted += 1
                took.keep()
    if 2 * counted < effort.rounds:
        return None
    return took.most("search"), took.most("lookup")


class Took:
    """How long calls took, of the rounds that counted."""

    def __init__(self) -> None:
        self._round: dict[str, list[float]] = {}
        self._kept: dict[str, list[float]] = {}

    def timed(self, name: str, call: Call) -> Call:
        """The call, whose time is noted."""

        async def run() -> None:
            began = time.perf_counter()
            await call()
            self._round.setdefault(name, []).append(time.perf_counter() - began)

        return run

    def begin(self) -> None:
        """Forget what was noted since the last round that counted."""
        self._round.clear()

    def keep(self) -> None:
        """The round counts."""
        for name, each in self._round.items():
            self._kept.setdefault(name, []).extend(each)

    def most(self, name: str) -> float:
        """Milliseconds that 99 in 100 took at most."""
        each = sorted(self._kept[name])
        return 1_000 * each[(len(each) * _PERCENT - 1) // 100]


async def _filled(world: RunningWorld, setting: Setting) -> Sequence[Resident]:
    """Let the CS hold so many; return some of them, from everywhere in its file."""
    store = world.seats[f"municipal-cs.{WARD}"].store
    file = SealedFile(FORM, store.sealer)
    persons = setting.effort.searched
    first = world.world.municipalities[0].residents
    stream = drawn(world.world.seed, WARD, on=world.world.today)
    others = (one for one in islice(stream, first, None) if one.individual_number)
    chosen: list[Resident] = []
    every = max(persons // _ASKED_FOR, 1)
    for done in range(0, persons, _AT_ONCE):
        some = list(islice(others, min(_AT_ONCE, persons - done)))
        setting.tell(f"filling: {done:,} of {persons:,}")
        await store.write(
            lambda connection, of=some: file.add_each(  # type: ignore[misc]
                connection, (held_of(one, WARD, own_items=True) for one in of)
            )
        )
        chosen += (one for one in some[::every] if not one.removed)
    return chosen


def _look_up(terminal: IdentitySearchClient, known: Sequence[FoundIdentity]) -> Call:
    return looking_up(terminal, _shuffled(known))


def _search(terminal: IdentitySearchClient, known: Sequence[FoundIdentity]) -> Call:
    """By name and birth date, and by name and address, in turn."""
    persons, ways = _shuffled(known), itertools.cycle((True, False))

    async def search() -> None:
        one = next(persons)
        by_birth = next(ways)
        sought = (
            Attributes(one.name, one.birth)
            if by_birth
            else Attributes(one.name, address=one.address)
        )
        found = await terminal.search_identities(Criteria(sought), PURPOSE)
        assert one in found, "who was looked for was not found"

    return search


def _shuffled(known: Sequence[FoundIdentity]) -> Iterator[FoundIdentity]:
    return itertools.cycle(random.Random(5).sample(known, len(known)))
