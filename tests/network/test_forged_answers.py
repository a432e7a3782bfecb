"""What the network hands over counts only as its provider signed it (F2.8; PRV-05, PRV-09)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from renkei import reasons
from renkei.answers import Answer, Outcome
from renkei.codes import Institution, IntegratedAddressNumber
from renkei.deliveries import Delivery
from renkei.exchanges import ExchangeId
from renkei.networks import LINKAGE
from renkei.reasons import Reason
from renkei.sealed_answers import SealedAnswer
from renkei.type.v1 import sealed_answer_pb2
from renkei.wire.answers import write_answer
from renkei.wire.permits import hash_of, sign_permit
from renkei_pki.authority import Authority
from renkei_pki.certificates import Leaf
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.provision import inspect

from .asking import new_id, reason_of, refusal_of, until
from .asking.inquiries import HOUSEHOLD_OF_CARE
from .people.neighbours import Neighbours
from .people.rogue import IPN, Rogue, asked, at, here, provider, rogue
from .people.strangers import outsider
from .people.sub_copies import sub_copy
from .small_world import NEIGHBOUR, WARD

__all__ = ["asked", "here", "rogue"]

AN_HOUR = timedelta(hours=1)


def now() -> datetime:
    return datetime.now(UTC)


def revoke(world: RunningWorld, credentials: Credentials) -> None:
    authority = Authority.load(world.layout.authority(LINKAGE))
    authority.revoke(Leaf.parse(credentials.chain_pem).serial, now=now())


# At the network


async def test_an_answer_is_taken_from_its_provider_once_and_from_nobody_else(
    world: RunningWorld, rogue: Rogue, neighbours: Neighbours, asked: ExchangeId
) -> None:
    answer = rogue.answer(asked)

    by_another = await reason_of(provider(world, NEIGHBOUR).deliver_answer(new_id(), answer))
    await provider(world, WARD).deliver_answer(new_id(), answer)
    twice = await reason_of(provider(world, WARD).deliver_answer(new_id(), answer))
    after_all = await neighbours.ended(asked)

    assert (by_another, twice) == (reasons.EXCHANGE_UNKNOWN, reasons.EXCHANGE_ENDED)
    assert after_all.outcome is Outcome.WITHHELD


async def test_an_answer_to_an_exchange_that_nobody_asked_for_is_refused(
    world: RunningWorld, rogue: Rogue
) -> None:
    answer = rogue.answer(ExchangeId(new_id()))

    refused = await reason_of(provider(world, WARD).deliver_answer(new_id(), answer))

    assert refused is reasons.EXCHANGE_UNKNOWN


async def test_an_answer_that_belongs_to_another_exchange_is_refused(
    world: RunningWorld, rogue: Rogue, asked: ExchangeId
) -> None:
    answer = rogue.answer(ExchangeId(new_id()))

    mixed = replace(answer, exchange_id=asked)

    refused = await reason_of(provider(world, WARD).deliver_answer(new_id(), mixed))
    assert refused is reasons.ANSWER_OF_ANOTHER_EXCHANGE


async def test_an_outcome_that_is_not_the_providers_to_say_is_refused(
    world: RunningWorld, rogue: Rogue, asked: ExchangeId
) -> None:
    for outcome in (one for one in Outcome if not one.of_provider):
        answer = replace(rogue.answer(asked), outcome=outcome)

        refused = await reason_of(provider(world, WARD).deliver_answer(new_id(), answer))

        assert refused is reasons.MALFORMED_ANSWER


# At the inquirer


Forge = Callable[[Rogue, ExchangeId], Delivery]

FORGED: dict[str, tuple[Forge, Reason]] = {
    "without a signature": (
        lambda rogue, exchange: rogue.sealed_anew(
            rogue.answer(exchange),
            write_answer(Answer(exchange, Outcome.WITHHELD)).SerializeToString(),
        ),
        reasons.ANSWER_UNSIGNED,
    ),
    "signed by the network itself": (
        lambda rogue, exchange: rogue.answer(exchange, by=outsider(rogue.world, IPN)),
        reasons.ANSWER_SIGNED_BY_ANOTHER,
    ),
    "signed by another organisation": (
        lambda rogue, exchange: rogue.answer(exchange, by=outsider(rogue.world, at("141003"))),
        reasons.ANSWER_SIGNED_BY_ANOTHER,
    ),
    "signed by a role that does not exchange": (
        lambda rogue, exchange: rogue.answer(
            exchange, by=outsider(rogue.world, Identity(LINKAGE, WARD, "linkage-platform"))
        ),
        reasons.ANSWER_SIGNED_BY_ANOTHER,
    ),
    "of another exchange": (
        lambda rogue, exchange: rogue.answer(
            exchange, answer=Answer(ExchangeId(new_id()), Outcome.WITHHELD)
        ),
        reasons.ANSWER_OF_ANOTHER_EXCHANGE,
    ),
    "of another world": (
        lambda rogue, exchange: rogue.answer(exchange, world=new_id()),
        reasons.ANSWER_OF_ANOTHER_WORLD,
    ),
    "under another permit": (
        lambda rogue, exchange: rogue.answer(
            exchange, permit=hash_of(sign_permit(rogue.permit(exchange), rogue.key))
        ),
        reasons.ANSWER_UNDER_ANOTHER_PERMIT,
    ),
    "for another inquirer": (
        lambda rogue, exchange: rogue.answer(exchange, inquirer=Institution("141003")),
        reasons.ANSWER_SEALED_TO_ANOTHER,
    ),
    "for another key": (
        lambda rogue, exchange: rogue.answer(exchange, key_id="0" * 32),
        reasons.ANSWER_SEALED_TO_ANOTHER,
    ),
    "with another outcome": (
        lambda rogue, exchange: replace(rogue.answer(exchange), outcome=Outcome.NO_SUB_COPY),
        reasons.ANSWER_ALTERED,
    ),
    "with another time": (
        lambda rogue, exchange: replace(rogue.answer(exchange), answered_at=now() - AN_HOUR),
        reasons.ANSWER_ALTERED,
    ),
    "hidden from its person": (
        lambda rogue, exchange: replace(rogue.answer(exchange), provider_hides=True),
        reasons.ANSWER_ALTERED,
    ),
    "signed in the future": (
        lambda rogue, exchange: rogue.answer(exchange, signed_at=now() + AN_HOUR),
        reasons.ANSWER_SIGNED_IN_FUTURE,
    ),
}


@pytest.mark.parametrize(("forge", "reason"), FORGED.values(), ids=FORGED)
async def test_an_answer_that_its_provider_did_not_sign_as_it_is_told_is_refused(
    rogue: Rogue, neighbours: Neighbours, asked: ExchangeId, forge: Forge, reason: Reason
) -> None:
    inquirer = rogue.client(NEIGHBOUR)

    refused = await refusal_of(inquirer.hand_over_answer(new_id(), forge(rogue, asked)))
    meanwhile = await neighbours.client.get_inquiry(asked)
    await inquirer.hand_over_answer(new_id(), rogue.answer(asked))

    assert refused.reason is reason
    assert not refused.reason.passing
    assert meanwhile.outcome is None
    assert (await neighbours.ended(asked)).outcome is Outcome.WITHHELD


async def test_an_answer_that_was_signed_before_it_was_asked_for_is_refused(
    world: RunningWorld, rogue: Rogue, asked: ExchangeId
) -> None:
    statement = "UPDATE inquiries SET asked_at = ? WHERE exchange_id = ?"
    later = (now() + AN_HOUR).isoformat()
    await world.seats[f"middle-server.{NEIGHBOUR}"].store.write(
        lambda tx: tx.alchemy.exec_driver_sql(statement, (later, asked.text))
    )

    refused = await reason_of(
        rogue.client(NEIGHBOUR).hand_over_answer(new_id(), rogue.answer(asked))
    )

    assert refused is reasons.ANSWER_SIGNED_BEFORE_ASKED


async def test_an_answer_whose_signer_was_revoked_is_refused(
    world: RunningWorld, rogue: Rogue, asked: ExchangeId
) -> None:
    signer = outsider(world, at(WARD))
    answer = rogue.answer(asked, by=signer)

    revoke(world, signer)

    refused = await reason_of(rogue.client(NEIGHBOUR).hand_over_answer(new_id(), answer))
    assert refused is reasons.ANSWER_SIGNER_REVOKED


async def test_an_answer_that_does_not_open_or_was_asked_by_nobody_is_refused(
    rogue: Rogue, asked: ExchangeId, neighbours: Neighbours
) -> None:
    answer = rogue.answer(asked)
    inquirer = rogue.client(NEIGHBOUR)
    assert answer.answer is not None
    cut = SealedAnswer(asked, answer.answer.key_id, answer.answer.ciphertext[:-1])
    other_key = SealedAnswer(asked, "0" * 32, answer.answer.ciphertext)

    told: list[tuple[Delivery, Reason]] = [
        (replace(answer, answer=cut), reasons.ANSWER_NOT_OPENED),
        (replace(answer, answer=other_key), reasons.ANSWER_KEY_UNKNOWN),
        (replace(answer, answer=None), reasons.FIELD_MISSING),
        (rogue.sealed_anew(answer, b"\xff"), reasons.MALFORMED_ANSWER),
        (rogue.answer(ExchangeId(new_id())), reasons.EXCHANGE_UNKNOWN),
    ]
    for delivery, reason in told:
        assert await reason_of(inquirer.hand_over_answer(new_id(), delivery)) is reason
    assert (await neighbours.client.get_inquiry(asked)).outcome is None


async def test_an_answer_for_one_organisation_reaches_no_other(
    rogue: Rogue, asked: ExchangeId
) -> None:
    answer = rogue.answer(asked)

    refused = await reason_of(rogue.client(WARD).hand_over_answer(new_id(), answer))

    assert refused is reasons.EXCHANGE_UNKNOWN


async def test_a_forged_answer_holds_up_no_other(
    world: RunningWorld, rogue: Rogue, neighbours: Neighbours, here: IntegratedAddressNumber
) -> None:
    """The network's own dispatcher is refused for good, ends the exchange, and goes on."""
    network = world.seats["provision-network.ipn"]
    provided = world.seats[f"middle-server.{WARD}"]
    await provided.dispatcher.pause()
    inquiry = await neighbours.client.start_inquiry(new_id(), here, HOUSEHOLD_OF_CARE)
    await until(lambda: is_open(world, inquiry))
    forged = rogue.answer(inquiry, by=outsider(world, at(NEIGHBOUR)))
    await provider(world, WARD).deliver_answer(new_id(), forged)
    provided.dispatcher.resume()

    after = await neighbours.ask(here)

    refused = ("hand over", reasons.ANSWER_SIGNED_BY_ANOTHER.name)
    statement = "SELECT kind, reason FROM refused_calls"
    await until(
        lambda: (
            refused
            in network.store.read_now(
                lambda tx: [(kind, why) for kind, why in tx.alchemy.exec_driver_sql(statement)]
            )
        )
    )
    assert after.outcome is not None
    told = await neighbours.ended(inquiry)
    assert (told.outcome, told.refusal) == (Outcome.UNDELIVERABLE, refused[1])


def is_open(world: RunningWorld, exchange: ExchangeId) -> bool:
    """Whether the network waits for the answer."""
    store = world.seats["provision-network.ipn"].store
    statement = "SELECT count(*) FROM exchanges WHERE exchange_id = ? AND open IS NOT NULL"
    return bool(
        store.read_now(
            lambda tx: tx.alchemy.exec_driver_sql(statement, (exchange.text,)).scalar_one()
        )
    )


# Afterwards


async def test_an_answer_signed_before_its_provider_renewed_its_certificate_is_taken(
    world: RunningWorld, neighbours: Neighbours, here: IntegratedAddressNumber, asked: ExchangeId
) -> None:
    seat = world.seats[f"middle-server.{WARD}"]
    outsider(world, at(WARD)).renew(seat.config.networks[LINKAGE].credentials)
    seat.dispatcher.resume()

    signed_before = await neighbours.ended(asked)
    signed_after = await neighbours.ask(here)

    assert (signed_before.outcome, signed_after.outcome) == (Outcome.NO_SUB_COPY,) * 2


async def test_whoever_fetches_an_answer_judges_nothing_again(
    world: RunningWorld, rogue: Rogue, neighbours: Neighbours, asked: ExchangeId
) -> None:
    signer = outsider(world, at(WARD))
    told = Answer.of(asked, (sub_copy(),))
    await rogue.client(NEIGHBOUR).hand_over_answer(
        new_id(), rogue.answer(asked, by=signer, answer=told)
    )

    revoke(world, signer)

    assert (await neighbours.client.get_inquiry(asked)).records == told.records


@pytest.mark.parametrize("outcome", [Outcome.PROVIDED, Outcome.WITHHELD])
async def test_nothing_of_an_answer_and_its_signature_outlives_it(
    world: RunningWorld,
    rogue: Rogue,
    neighbours: Neighbours,
    asked: ExchangeId,
    outcome: Outcome,
) -> None:
    told = Answer(asked, outcome, (sub_copy(),) if outcome.with_records else ())
    answer = rogue.answer(asked, answer=told)
    assert answer.answer is not None
    await rogue.client(NEIGHBOUR).hand_over_answer(new_id(), answer)

    if outcome.with_records:  # where there is nothing to fetch, nothing is kept in the first place
        kept = sealed_at_inquirer(world, asked)
        assert kept is not None
        assert kept.ciphertext == answer.answer.ciphertext
        await neighbours.client.acknowledge_answer(new_id(), asked)

    assert sealed_at_inquirer(world, asked) is None
    seat = world.world.seat(f"middle-server.{NEIGHBOUR}")
    with inspect(world.world, world.layout, seat) as look:
        opened = b"\n".join(value for _, value in look.opened())
    assert answer.answer.ciphertext not in opened
    assert answer.answer.ciphertext.hex().encode() not in opened


def sealed_at_inquirer(
    world: RunningWorld, exchange: ExchangeId
) -> sealed_answer_pb2.SealedAnswer | None:
    store = world.seats[f"middle-server.{NEIGHBOUR}"].store
    statement = "SELECT answer FROM inquiries WHERE exchange_id = ?"
    kept = store.read_now(
        lambda tx: tx.alchemy.exec_driver_sql(statement, (exchange.text,)).scalar_one()
    )
    return None if kept is None else sealed_answer_pb2.SealedAnswer.FromString(kept)
