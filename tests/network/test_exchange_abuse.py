"""Permits and requests that are not what they seem: each is refused for its own reason (PRV-09)."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from renkei import reasons
from renkei.codes import Institution, IntegratedAddressNumber, LinkageCode
from renkei.exchanges import ExchangeId
from renkei.permits import Permit, SignedPermit
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei.wire.permits import sign_permit
from renkei_clients.exchanges import KeyDirectoryClient, ProvisionClient
from renkei_pki.signing import SigningKey
from renkei_server.store.engine.connection import Connection
from renkei_simulators.world.in_process import RunningWorld

from .asking import new_id, reason_of, refusal_of, until
from .asking.inquiries import HOUSEHOLD_OF_CARE
from .people.neighbours import Neighbours
from .people.rogue import IPN, Rogue, asked, at, here, provider, rogue
from .people.strangers import outsider
from .small_world import NEIGHBOUR, WARD

__all__ = ["asked", "here", "rogue"]

SOME_CODE = LinkageCode(b"c" * 32)


# Permits


async def test_a_permit_is_good_once(rogue: Rogue) -> None:
    permit = rogue.permit(ExchangeId(new_id()))
    await rogue.announce(permit, permit)

    assert await reason_of(rogue.announce(permit, permit)) is reasons.PERMIT_ALREADY_USED


ALTERED: list[tuple[str, Callable[[Permit], Permit], Reason]] = [
    (
        "of another world",
        lambda permit: replace(permit, world=new_id()),
        reasons.PERMIT_OF_ANOTHER_WORLD,
    ),
    (
        "not valid yet",
        lambda permit: replace(permit, not_before=permit.not_before + timedelta(days=1)),
        reasons.PERMIT_NOT_YET_VALID,
    ),
    (
        "expired",
        lambda permit: replace(permit, not_after=permit.not_before),
        reasons.PERMIT_EXPIRED,
    ),
    (
        "for another information",
        lambda permit: replace(
            permit, terms=replace(permit.terms, information_code="TM00000000000002")
        ),
        reasons.PERMIT_ALTERED,
    ),
    (
        "about another person",
        lambda permit: replace(permit, code=SOME_CODE),
        reasons.PERMIT_ALTERED,
    ),
    (
        "of another exchange",
        lambda permit: replace(permit, exchange_id=ExchangeId(new_id())),
        reasons.PERMIT_ALTERED,
    ),
]


@pytest.mark.parametrize(
    ("alter", "reason"), [one[1:] for one in ALTERED], ids=[one[0] for one in ALTERED]
)
async def test_a_permit_that_says_something_else_is_refused(
    rogue: Rogue, alter: Callable[[Permit], Permit], reason: Reason
) -> None:
    told = rogue.permit(ExchangeId(new_id()))

    assert await reason_of(rogue.announce(alter(told), told)) is reason


async def test_a_permit_for_one_provider_is_no_permit_for_another(rogue: Rogue) -> None:
    permit = rogue.permit(ExchangeId(new_id()))

    refused = await reason_of(rogue.announce(permit, permit, to=NEIGHBOUR))

    assert refused is reasons.PERMIT_FOR_ANOTHER_PARTY


async def test_a_permit_that_another_key_signed_or_that_was_changed_is_refused(
    rogue: Rogue, tmp_path: Any
) -> None:
    permit = rogue.permit(ExchangeId(new_id()))
    stranger = SigningKey.create(tmp_path / "stranger" / "key.pem")
    signed = sign_permit(permit, rogue.key)
    changed = SignedPermit(signed.claims[:-1] + b"x", signed.signature)

    by_stranger = await reason_of(rogue.announce(permit, permit, key=stranger))
    by_change = await reason_of(rogue.announce_signed(changed, permit))

    assert {by_stranger, by_change} == {reasons.PERMIT_SIGNATURE_INVALID}


async def test_keys_that_the_inquirer_did_not_sign_are_sealed_to_by_nobody(
    rogue: Rogue, world: RunningWorld
) -> None:
    permit = rogue.permit(ExchangeId(new_id()))
    swapped = replace(rogue, keys=replace(rogue.keys, record=rogue.keys.record + b"\0"))
    channel = world.callers.channel(outsider(world, at(WARD)), IPN)
    others = await KeyDirectoryClient(channel).get_sealing_keys(Institution(WARD))

    by_change = await reason_of(swapped.announce(permit, permit))
    by_swap = await reason_of(replace(rogue, keys=others).announce(permit, permit))

    assert by_change is reasons.PUBLISHED_KEYS_SIGNATURE_INVALID
    assert by_swap is reasons.PUBLISHED_KEYS_OF_ANOTHER


# Requests


async def test_only_an_own_code_names_a_person_at_the_network(
    world: RunningWorld, rogue: Rogue
) -> None:
    inquirer = provider(world, NEIGHBOUR)
    permit = rogue.permit(ExchangeId(new_id()))  # with the code of the ward, not of the neighbour

    for code in (permit.code, SOME_CODE):
        refused = await reason_of(
            inquirer.request_exchange(new_id(), new_id(), code, HOUSEHOLD_OF_CARE)
        )
        assert refused is reasons.MALFORMED_LINKAGE_CODE


async def test_an_exchange_id_is_used_once(world: RunningWorld, rogue: Rogue) -> None:
    own_id, terms = new_id(), HOUSEHOLD_OF_CARE
    inquirer = provider(world, NEIGHBOUR)
    await inquirer.request_exchange(new_id(), own_id, rogue.code, terms)

    refused = await reason_of(inquirer.request_exchange(new_id(), own_id, rogue.code, terms))

    assert refused is reasons.EXCHANGE_ID_TAKEN


@pytest.mark.parametrize("under_the_same_id", [True, False])
async def test_who_asks_again_after_the_announcement_makes_it_no_less_announced(
    world: RunningWorld, rogue: Rogue, *, under_the_same_id: bool
) -> None:
    """The first try of a repeat does not look whether it is one, and is taken back."""
    own_id, first = new_id(), new_id()
    inquirer, core = provider(world, NEIGHBOUR), world.seats["provision-network.ipn"]
    waiting = world.seats[f"middle-server.{WARD}"].dispatcher
    await waiting.pause()  # or its answer would end the exchange
    try:
        await inquirer.request_exchange(first, own_id, rogue.code, HOUSEHOLD_OF_CARE)
        await until(lambda: is_announced(world, own_id))
        await until(lambda: not core.store.read_now(announcements_owed))
        again = inquirer.request_exchange(
            first if under_the_same_id else new_id(), own_id, rogue.code, HOUSEHOLD_OF_CARE
        )
        with suppress(Refusal):
            await again

        refused = await reason_of(inquirer.cancel_exchange(new_id(), own_id))
    finally:
        waiting.resume()

    assert refused is reasons.EXCHANGE_ALREADY_ANNOUNCED


def is_announced(world: RunningWorld, own_id: str) -> bool:
    """Whether the ward's middle server heard of an exchange of the neighbour's."""
    exchange = ExchangeId.of(Institution(NEIGHBOUR), own_id)
    statement = text("SELECT count(*) FROM provisions WHERE exchange = :of")
    store = world.seats[f"middle-server.{WARD}"].store
    asked = {"of": exchange.octets}
    return bool(store.read_now(lambda tx: tx.execute(statement, asked).scalar_one()))


def announcements_owed(connection: Connection) -> int:
    statement = text("SELECT count(*) FROM outbox WHERE kind = 'announce'")
    return int(connection.execute(statement).scalar_one())


async def test_nobody_can_name_and_so_cancel_what_another_asks_for(
    world: RunningWorld, neighbours: Neighbours, asked: ExchangeId
) -> None:
    await provider(world, WARD).cancel_exchange(new_id(), asked.text)

    assert (await neighbours.client.get_inquiry(asked)).outcome is None


async def test_nobody_else_may_speak_for_the_network(world: RunningWorld, rogue: Rogue) -> None:
    channel = world.callers.channel(outsider(world, at(NEIGHBOUR)), at(WARD))
    permit = rogue.permit(ExchangeId(new_id()))

    refused = await reason_of(
        ProvisionClient(channel).announce_exchange(
            new_id(),
            permit.exchange_id,
            permit.code,
            permit.terms,
            sign_permit(permit, rogue.key),
            rogue.keys,
        )
    )

    assert refused is reasons.CALLER_NOT_ADMITTED


async def test_an_organisation_publishes_its_own_keys_alone(
    world: RunningWorld, rogue: Rogue
) -> None:
    channel = world.callers.channel(outsider(world, at(WARD)), IPN)

    refused = await reason_of(
        KeyDirectoryClient(channel).publish_sealing_keys(new_id(), rogue.keys)
    )

    assert refused is reasons.PUBLISHED_KEYS_OF_ANOTHER


async def test_an_answer_that_comes_before_the_permit_has_to_come_again(
    world: RunningWorld,
    rogue: Rogue,
    neighbours: Neighbours,
    here: IntegratedAddressNumber,
) -> None:
    inquirer = world.seats[f"middle-server.{NEIGHBOUR}"]
    await inquirer.dispatcher.pause()
    try:
        inquiry = await neighbours.client.start_inquiry(new_id(), here, HOUSEHOLD_OF_CARE)
        early = rogue.answer(inquiry)
        refused = await refusal_of(rogue.client(NEIGHBOUR).hand_over_answer(new_id(), early))
    finally:
        inquirer.dispatcher.resume()

    assert refused.reason is reasons.EXCHANGE_NOT_YET_PERMITTED
    assert refused.reason.passing
    assert (await neighbours.ended(inquiry)).outcome is not None


async def test_keys_that_nobody_published_are_nobodys(world: RunningWorld) -> None:
    channel = world.callers.channel(outsider(world, at(WARD)), IPN)

    refused = await reason_of(KeyDirectoryClient(channel).get_sealing_keys(Institution("130001")))

    assert refused is reasons.SEALING_KEYS_NOT_PUBLISHED


@pytest.mark.parametrize("told", [{"department": "x" * 21}, {"user_id": "利用者"}])
async def test_a_department_or_user_out_of_its_form_is_refused(
    neighbours: Neighbours, here: IntegratedAddressNumber, told: dict[str, str]
) -> None:
    refused = await refusal_of(
        neighbours.client.start_inquiry(new_id(), here, HOUSEHOLD_OF_CARE, **told)
    )

    assert (refused.reason, refused.fields) == (reasons.MALFORMED_INQUIRY, tuple(told))
