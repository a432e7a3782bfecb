"""What changes between the sealing of an answer and its transaction counts (F2.6, F2.7)."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from renkei import reasons
from renkei.codes import IntegratedAddressNumber
from renkei.exchanges import ExchangeId
from renkei.permits import Permit
from renkei.refusals import Refusal
from renkei_server.process.machine import MachineIds
from renkei_server.process.serving import RunningSeat
from renkei_server.seats.middle.answering import DELIVER_ANSWER
from renkei_server.store.codes.codes import Codes
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.key_file import KeyFile
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.exchanges.provisions import Provisions
from renkei_server.store.sub_copies.organisation_keys import OrganisationKeys
from renkei_server.store.sub_copies.sub_copies import SubCopies
from renkei_simulators.world.in_process import RunningWorld

from .asking import new_id, reason_of, until
from .people.rogue import Rogue, here, rogue
from .people.sub_copies import HOUSEHOLD, sub_copy
from .small_world import WARD

__all__ = ["here", "rogue"]


@dataclass(frozen=True, slots=True)
class Provider:
    """The ward's middle server, from inside; nothing that it owes is sent."""

    seat: RunningSeat
    person: IntegratedAddressNumber
    sub_copies: SubCopies
    keys: OrganisationKeys
    provisions: Provisions
    outbox: Outbox

    @asynccontextmanager
    async def before(
        self, change: Callable[[Connection], object], *, asked: int = 1
    ) -> AsyncIterator[None]:
        """Let so many answers be read and sealed, and the change take its turn before them."""
        store = self.seat.store
        with closing(sqlite3.connect(self.seat.config.database)) as outside:
            outside.execute("BEGIN IMMEDIATE")
            held_up = asyncio.ensure_future(store.write(lambda _: None))
            await until(lambda: store._committing)
            changing = asyncio.ensure_future(store.write(change))
            waiting = asyncio.ensure_future(until(lambda: len(store._waiting) > asked))
            yield
            await waiting
            outside.execute("ROLLBACK")
        await asyncio.gather(held_up, changing)

    def outcome(self, exchange: ExchangeId) -> str | None:
        """As what the answer is owed to the network; None where it is not."""
        tasks = self.seat.store.read_now(lambda tx: self.outbox.after(tx, DELIVER_ANSWER, 0, 1_000))
        owed: list[Mapping[str, str]] = [one.content for one in tasks]
        return next((one["outcome"] for one in owed if one["exchange"] == exchange.text), None)


@pytest.fixture
async def provider(world: RunningWorld, rogue: Rogue) -> AsyncIterator[Provider]:
    seat = world.seats[f"middle-server.{WARD}"]
    sealer, name = seat.store.sealer, seat.config.institution
    keys = OrganisationKeys(KeyFile(seat.config.root_key), MachineIds(), name)
    code = rogue.permit(ExchangeId(new_id())).code
    (person,) = seat.store.read_now(lambda tx: Codes(sealer).persons_of(tx, code))
    await seat.dispatcher.pause()
    yield Provider(
        seat,
        person,
        SubCopies(sealer, keys, name),
        keys,
        Provisions(sealer),
        Outbox(sealer, MachineIds()),
    )
    seat.dispatcher.resume()


@pytest.fixture
def permit(rogue: Rogue) -> Permit:
    return rogue.permit(ExchangeId(new_id()))


def nothing(_connection: Connection) -> None:
    """Change nothing."""


async def announced(
    provider: Provider,
    rogue: Rogue,
    permit: Permit,
    change: Callable[[Connection], object],
) -> str | None:
    """What becomes of an announcement whose answer was sealed before the change."""
    async with provider.before(change):
        announcing = asyncio.ensure_future(rogue.announce(permit, permit))
    await announcing
    return provider.outcome(permit.exchange_id)


async def test_where_nothing_changes_the_answer_is_as_it_was_sealed(
    provider: Provider, rogue: Rogue, permit: Permit
) -> None:
    assert await announced(provider, rogue, permit, nothing) == "NO_SUB_COPY"


async def test_a_sub_copy_that_comes_meanwhile_goes_out(
    provider: Provider, rogue: Rogue, permit: Permit
) -> None:
    def register(connection: Connection) -> None:
        provider.sub_copies.register(connection, provider.person, sub_copy())

    assert await announced(provider, rogue, permit, register) == "PROVIDED"


async def test_a_sub_copy_that_is_deleted_meanwhile_does_not_go_out(
    provider: Provider, rogue: Rogue, permit: Permit
) -> None:
    def delete(connection: Connection) -> None:
        provider.sub_copies.delete(connection, provider.person, HOUSEHOLD, datetime.now(UTC))

    assert await announced(provider, rogue, permit, nothing) == "PROVIDED"
    other = rogue.permit(ExchangeId(new_id()))
    assert await announced(provider, rogue, other, delete) == "NO_SUB_COPY"


async def test_an_answer_for_which_a_review_is_set_meanwhile_is_held(
    provider: Provider, rogue: Rogue, permit: Permit
) -> None:
    def mark(connection: Connection, *, manual: bool = True) -> None:
        information = permit.terms.information_code
        provider.provisions.set_manual(connection, information, provider.person, manual=manual)

    assert await announced(provider, rogue, permit, mark) is None
    held = provider.seat.store.read_now(provider.provisions.count_held)
    assert held == 1

    await provider.seat.store.write(lambda tx: mark(tx, manual=False))


async def test_a_permit_that_is_used_meanwhile_is_good_for_one_alone(
    provider: Provider, rogue: Rogue, permit: Permit
) -> None:
    """Both were read and sealed while it was unused, and both come in one commit."""
    async with provider.before(nothing, asked=2):
        both = [asyncio.ensure_future(rogue.announce(permit, permit)) for _ in range(2)]
    told = await asyncio.gather(*both, return_exceptions=True)

    assert told.count(None) == 1
    refused = [one.reason for one in told if isinstance(one, Refusal)]
    assert refused == [reasons.PERMIT_ALREADY_USED]


async def test_what_lies_under_a_key_that_is_destroyed_meanwhile_does_not_go_out(
    provider: Provider, rogue: Rogue, permit: Permit
) -> None:
    """It is the last: what was destroyed does not come again."""
    await provider.seat.store.write(
        lambda tx: provider.sub_copies.register(tx, provider.person, sub_copy())
    )

    async with provider.before(provider.keys.destroy_all):
        refused = asyncio.ensure_future(reason_of(rogue.announce(permit, permit)))

    assert await refused is reasons.ORGANISATION_KEY_MISSING
    assert provider.outcome(permit.exchange_id) is None
