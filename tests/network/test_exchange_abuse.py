"""Permits and answers that are not what they seem: each is refused for its own reason (PRV-05, PRV-09)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from renkei import reasons
from renkei.answers import Answer, Outcome, write_answer
from renkei.codes import Institution, IntegratedAddressNumber, LinkageCode
from renkei.deliveries import Delivery
from renkei.exchanges import Exchange, ExchangeId
from renkei.networks import LINKAGE
from renkei.permits import Permit, SignedPermit, sign_permit
from renkei.reasons import Reason
from renkei.sealed_answers import PublishedKeys, SealedAnswer
from renkei_clients.exchanges import ExchangeClient, KeyDirectoryClient, ProvisionClient
from renkei_pki.answer_sealing import seal
from renkei_pki.identity import Identity
from renkei_pki.published_keys import KeyJudge
from renkei_pki.revocation import Revocations
from renkei_pki.signing import SigningKey
from renkei_server.domain.linkage_codes import CodeCipher
from renkei_server.domain.permits import COMMITMENT_KEY_BYTES, Core, issue_pair
from renkei_server.process.machine import MachineIds, WorldClock
from renkei_server.store.codes.codes import Codes
from renkei_server.store.codes.links import Links
from renkei_simulators.world.in_process import RunningWorld

from .asking import new_id, outsider, reason_of, refusal_of, until
from .conftest import NEIGHBOUR, WARD, People
from .inquiring import HOUSEHOLD_OF_CARE, Neighbours

IPN = Identity(LINKAGE, "ipn", "provision-network")
SOME_CODE = LinkageCode(b"c" * 32)


def at(organisation: str) -> Identity:
    return Identity(LINKAGE, organisation, "middle-server")


@dataclass(frozen=True, slots=True)
class Rogue:
    """Somebody with the network's certificate and its permit key, who does what he likes."""

    world: RunningWorld
    key: SigningKey
    keys: PublishedKeys
    code: LinkageCode

    def client(self, organisation: str) -> ProvisionClient:
        channel = self.world.callers.channel(outsider(self.world, IPN), at(organisation))
        return ProvisionClient(channel, "ipn")

    def permit(self, exchange: ExchangeId) -> Permit:
        """The provider's copy of a permit that is good in every respect."""
        now = WorldClock(self.world.layout.clock).now()
        store = self.world.seats["provision-network.ipn"].store
        links = Links(store.sealer, MachineIds())
        core = Core(CodeCipher(store.read(links.code_key)), b"k" * COMMITMENT_KEY_BYTES)
        return issue_pair(
            core,
            exchange,
            terms=HOUSEHOLD_OF_CARE,
            code=self.code,
            table="2024",
            item="132",
            world=self.world.seats["provision-network.ipn"].config.world_id,
            now=now - timedelta(seconds=1),
        ).providers

    async def announce(
        self, permit: Permit, told: Permit, *, to: str = WARD, key: SigningKey | None = None
    ) -> None:
        """Announce what is told, with a permit that may say something else."""
        signed = sign_permit(permit, key or self.key)
        await self.announce_signed(signed, told, to=to)

    async def announce_signed(self, signed: SignedPermit, told: Permit, *, to: str = WARD) -> None:
        await self.client(to).announce_exchange(
            new_id(), told.exchange_id, told.code, told.terms, signed, self.keys
        )


@pytest.fixture(scope="module")
def neighbours(world: RunningWorld) -> Neighbours:
    """The neighbour who asks."""
    return Neighbours(world)


@pytest.fixture(scope="module")
async def here(people: People, neighbours: Neighbours) -> IntegratedAddressNumber:
    """Somebody of whom both municipalities have a code, as the neighbour numbers them."""
    resident = people.somebody()
    await neighbours.known_at_ward(resident)
    return await neighbours.known_here(resident)


@pytest.fixture(scope="module")
async def rogue(world: RunningWorld, here: IntegratedAddressNumber) -> Rogue:
    folder = world.seats["provision-network.ipn"].config
    channel = world.callers.channel(outsider(world, at(WARD)), IPN)
    keys = await KeyDirectoryClient(channel, WARD).get_sealing_keys(Institution(NEIGHBOUR))
    store = world.seats[f"middle-server.{NEIGHBOUR}"].store
    code = store.look(lambda connection: Codes(store.sealer).code_of(connection, here))
    assert code is not None
    return Rogue(world, SigningKey.load(folder.permit_signing_key), keys, code)


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
    others = await KeyDirectoryClient(channel, WARD).get_sealing_keys(Institution(WARD))

    by_change = await reason_of(swapped.announce(permit, permit))
    by_swap = await reason_of(replace(rogue, keys=others).announce(permit, permit))

    assert by_change is reasons.PUBLISHED_KEYS_SIGNATURE_INVALID
    assert by_swap is reasons.PUBLISHED_KEYS_OF_ANOTHER


# Answers


@pytest.fixture
async def asked(world: RunningWorld, neighbours: Neighbours, here: IntegratedAddressNumber) -> Any:
    """An inquiry that was announced, while its provider's own answer waits."""
    provider = world.seats[f"middle-server.{WARD}"]
    await provider.dispatcher.pause()
    inquiry = await neighbours.client.start_inquiry(new_id(), here, HOUSEHOLD_OF_CARE)
    statement = "SELECT count(*) FROM provisions WHERE exchange_id = ?"
    await until(
        lambda: (
            provider.store.read(
                lambda tx: tx.exec_driver_sql(statement, (inquiry.text,)).scalar_one()
            )
            == 1
        )
    )
    yield inquiry
    provider.dispatcher.resume()


def answer_to(rogue: Rogue, exchange: ExchangeId, *, about: ExchangeId | None = None) -> Delivery:
    """A well-made answer of the ward's to the neighbour."""
    world = rogue.world
    clock = WorldClock(world.layout.clock)
    authority = world.layout.authority(LINKAGE)
    judge = KeyJudge(
        outsider(world, at(WARD)).roots_pem,
        Revocations(authority / "crl.pem", authority / "issuing.pem", now=clock.real),
    )
    keys = judge.judge(rogue.keys, Institution(NEIGHBOUR), now=clock.real())
    of = Exchange(exchange, Institution(NEIGHBOUR), Institution(WARD))
    told = Answer(about or exchange, Outcome.WITHHELD)
    sealed = seal(write_answer(told), keys, of, now=clock.real())
    return Delivery(exchange, Outcome.WITHHELD, clock.now(), answer=sealed)


def provider(world: RunningWorld, organisation: str) -> ExchangeClient:
    """An organisation's middle server as it answers."""
    channel = world.callers.channel(outsider(world, at(organisation)), IPN)
    return ExchangeClient(channel, organisation)


async def test_an_answer_is_taken_from_its_provider_once_and_from_nobody_else(
    world: RunningWorld, rogue: Rogue, neighbours: Neighbours, asked: ExchangeId
) -> None:
    answer = answer_to(rogue, asked)

    by_another = await reason_of(provider(world, NEIGHBOUR).deliver_answer(new_id(), answer))
    await provider(world, WARD).deliver_answer(new_id(), answer)
    twice = await reason_of(provider(world, WARD).deliver_answer(new_id(), answer))
    after_all = await neighbours.ended(asked)

    assert (by_another, twice) == (reasons.EXCHANGE_UNKNOWN, reasons.EXCHANGE_ENDED)
    assert after_all.outcome is Outcome.WITHHELD


async def test_an_answer_to_an_exchange_that_nobody_asked_for_is_refused(
    world: RunningWorld, rogue: Rogue
) -> None:
    answer = answer_to(rogue, ExchangeId(new_id()))

    refused = await reason_of(provider(world, WARD).deliver_answer(new_id(), answer))

    assert refused is reasons.EXCHANGE_UNKNOWN


async def test_an_answer_that_belongs_to_another_exchange_is_refused(
    world: RunningWorld, rogue: Rogue, asked: ExchangeId
) -> None:
    answer = answer_to(rogue, ExchangeId(new_id()))

    mixed = replace(answer, exchange_id=asked)

    refused = await reason_of(provider(world, WARD).deliver_answer(new_id(), mixed))
    assert refused is reasons.ANSWER_OF_ANOTHER_EXCHANGE


async def test_an_outcome_that_is_not_the_providers_to_say_is_refused(
    world: RunningWorld, rogue: Rogue, asked: ExchangeId
) -> None:
    answer = replace(answer_to(rogue, asked), outcome=Outcome.NOT_PERMITTED)

    refused = await reason_of(provider(world, WARD).deliver_answer(new_id(), answer))

    assert refused is reasons.MALFORMED_ANSWER


async def test_what_the_network_hands_over_must_open_and_say_what_was_told(
    rogue: Rogue, asked: ExchangeId, neighbours: Neighbours
) -> None:
    answer = answer_to(rogue, asked)
    inquirer = rogue.client(NEIGHBOUR)
    assert answer.answer is not None
    cut = SealedAnswer(asked, answer.answer.key_id, answer.answer.ciphertext[:-1])
    other_key = SealedAnswer(asked, "0" * 32, answer.answer.ciphertext)

    told: list[tuple[Delivery, Reason]] = [
        (replace(answer, answer=cut), reasons.ANSWER_NOT_OPENED),
        (replace(answer, answer=other_key), reasons.ANSWER_KEY_UNKNOWN),
        (replace(answer, outcome=Outcome.NO_SUB_COPY), reasons.MALFORMED_ANSWER),
        (answer_to(rogue, asked, about=ExchangeId(new_id())), reasons.MALFORMED_ANSWER),
        (answer_to(rogue, ExchangeId(new_id())), reasons.EXCHANGE_UNKNOWN),
    ]
    for delivery, reason in told:
        assert await reason_of(inquirer.hand_over_answer(new_id(), delivery)) is reason
    assert (await neighbours.client.get_inquiry(asked)).outcome is None


async def test_an_answer_for_one_organisation_reaches_no_other(
    rogue: Rogue, asked: ExchangeId
) -> None:
    answer = answer_to(rogue, asked)

    refused = await reason_of(rogue.client(WARD).hand_over_answer(new_id(), answer))

    assert refused is reasons.EXCHANGE_UNKNOWN


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


async def test_nobody_can_name_and_so_cancel_what_another_asks_for(
    world: RunningWorld, neighbours: Neighbours, asked: ExchangeId
) -> None:
    await provider(world, WARD).cancel_exchange(new_id(), asked.text)

    assert (await neighbours.client.get_inquiry(asked)).outcome is None


async def test_nobody_else_may_speak_for_the_network(world: RunningWorld, rogue: Rogue) -> None:
    channel = world.callers.channel(outsider(world, at(NEIGHBOUR)), at(WARD))
    permit = rogue.permit(ExchangeId(new_id()))

    refused = await reason_of(
        ProvisionClient(channel, NEIGHBOUR).announce_exchange(
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
        KeyDirectoryClient(channel, WARD).publish_sealing_keys(new_id(), rogue.keys)
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
        early = answer_to(rogue, inquiry)
        refused = await refusal_of(rogue.client(NEIGHBOUR).hand_over_answer(new_id(), early))
    finally:
        inquirer.dispatcher.resume()

    assert refused.reason is reasons.EXCHANGE_NOT_YET_PERMITTED
    assert refused.reason.passing
    assert (await neighbours.ended(inquiry)).outcome is not None


async def test_keys_that_nobody_published_are_nobodys(world: RunningWorld) -> None:
    channel = world.callers.channel(outsider(world, at(WARD)), IPN)

    refused = await reason_of(
        KeyDirectoryClient(channel, WARD).get_sealing_keys(Institution("130001"))
    )

    assert refused is reasons.SEALING_KEYS_NOT_PUBLISHED


@pytest.mark.parametrize("told", [{"department": "x" * 21}, {"user_id": "利用者"}])
async def test_a_department_or_user_out_of_its_form_is_refused(
    neighbours: Neighbours, here: IntegratedAddressNumber, told: dict[str, str]
) -> None:
    refused = await refusal_of(
        neighbours.client.start_inquiry(new_id(), here, HOUSEHOLD_OF_CARE, **told)
    )

    assert (refused.reason, refused.fields) == (reasons.MALFORMED_INQUIRY, tuple(told))
