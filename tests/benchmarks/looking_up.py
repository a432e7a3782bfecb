"""Looking somebody up by resident record code at the municipal CS, with every guard (CS-4)."""

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager

from renkei.identity_search import Criteria, FoundIdentity, Purpose
from renkei.networks import ward
from renkei_clients.identity_search import IdentitySearchClient
from renkei_pki.identity import Identity
from renkei_server.domain.identity_search import told_of
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.people import held_of
from tests.network.people.entries import TODAY
from tests.network.people.strangers import outsider
from tests.network.small_world import WARD

from .echo import MESSAGE, echoing
from .effort import Setting
from .measuring import Case
from .worlds import residents, small_world

RPCS = 2
"""The terminal asks the CS, which asks the operator service how the session stands."""
PURPOSE = Purpose("resident-register", "2026-001523")

_SERVER = Identity(ward(WARD), WARD, "municipal-cs")
_CALLER = Identity(ward(WARD), WARD, "cs-terminal")


@asynccontextmanager
async def lookups(setting: Setting) -> AsyncIterator[list[Case]]:
    """One person after another, asked for at the integrated terminal."""
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(small_world(setting))
        caller, server = outsider(running, _CALLER), outsider(running, _SERVER)
        echo = await stack.enter_async_context(echoing(server, _SERVER, caller))
        known = map(told, itertools.cycle(residents(running.world)))
        look_up = looking_up(running.callers.search_terminal(WARD), known)
        yield [
            Case("echo_8", lambda: echo(MESSAGE), 8),
            Case("lookup_8", look_up, 8, worth=RPCS),
        ]


def told(person: Resident) -> FoundIdentity:
    """What a terminal is told of a person of the ward."""
    return told_of(held_of(person, WARD), TODAY, number=True)


def looking_up(
    terminal: IdentitySearchClient, known: Iterator[FoundIdentity]
) -> Callable[[], Awaitable[None]]:
    """Ask for the next by their code; raises AssertionError unless just they are told."""

    async def look_up() -> None:
        one = next(known)
        found = await terminal.search_identities(Criteria(one.resident_record_code), PURPOSE)
        assert list(found) == [one], "somebody else was told"

    return look_up
