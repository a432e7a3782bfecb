"""A network that does what it likes, and what passes between it and the institutions."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from renkei.answers import Answer, Outcome
from renkei.codes import Institution, IntegratedAddressNumber, LinkageCode
from renkei.deliveries import Delivery
from renkei.exchanges import ExchangeId, InquiryTerms
from renkei.networks import LINKAGE
from renkei.permits import Permit, SignedPermit
from renkei.sealed_answers import PublishedKeys
from renkei.signed_answers import AnswerClaims
from renkei.wire.permits import hash_of, judged, sign_permit
from renkei.wire.sealed_answers import read_key_record
from renkei_clients.exchanges import ExchangeClient, KeyDirectoryClient, ProvisionClient
from renkei_pki.answer_sealing import key_for, seal
from renkei_pki.answer_signing import AnswerSigner
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_pki.signing import SigningKey, VerifyingKey
from renkei_server.domain.linkage_codes import CodeCipher
from renkei_server.domain.permits import COMMITMENT_KEY_BYTES, Core, issue_pair
from renkei_server.process.machine import WorldClock
from renkei_server.store.codes.codes import Codes
from renkei_server.store.engine.key_file import read_key
from renkei_server.store.exchanges.inquiries import Inquiries
from renkei_simulators.world.in_process import RunningWorld
from tests.network.asking import new_id, until
from tests.network.asking.inquiries import HOUSEHOLD_OF_CARE
from tests.network.people import People
from tests.network.people.neighbours import Neighbours
from tests.network.people.strangers import outsider
from tests.network.small_world import AGENCY, NEIGHBOUR, WARD

IPN = Identity(LINKAGE, "ipn", "provision-network")


def at(organisation: str) -> Identity:
    """Where an organisation provides and is answered."""
    role = "agency-linkage" if organisation == AGENCY else "middle-server"
    return Identity(LINKAGE, organisation, role)


@dataclass(frozen=True, slots=True)
class Rogue:
    """Somebody with the network's certificate and its permit key, who does what he likes."""

    world: RunningWorld
    key: SigningKey
    keys: PublishedKeys
    code: LinkageCode

    def client(self, organisation: str) -> ProvisionClient:
        channel = self.world.callers.channel(outsider(self.world, IPN), at(organisation))
        return ProvisionClient(channel)

    def permit(self, exchange: ExchangeId, terms: InquiryTerms = HOUSEHOLD_OF_CARE) -> Permit:
        """The provider's copy of a permit that is good in every respect."""
        now = WorldClock(self.world.layout.clock).now()
        code_key = read_key(self.world.seats["provision-network.ipn"].config.code_key)
        core = Core(CodeCipher(code_key), b"k" * COMMITMENT_KEY_BYTES)
        return issue_pair(
            core,
            exchange,
            terms=terms,
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

    def answer(
        self, exchange: ExchangeId, *, by: Credentials | None = None, **changes: Any
    ) -> Delivery:
        """A well-made answer of the ward's to the neighbour, but for the claims that are changed."""
        clock = WorldClock(self.world.layout.clock)
        permit = self._permitted(exchange) or self.permit(exchange)
        key = key_for(permit.exchange, read_key_record(self.keys.record), now=clock.real())
        claims = AnswerClaims.of(
            Answer(exchange, Outcome.WITHHELD),
            permit,
            permit_hash=hash_of(sign_permit(permit, self.key)),
            key_id=key.key_id,
            answered_at=clock.now(),
            provider_hides=False,
            signed_at=clock.real(),
        )
        claims = replace(claims, **changes)
        signer = AnswerSigner(lambda: by or outsider(self.world, at(WARD)))
        sealed = seal(signer.sign(claims), key, permit.exchange)
        outcome, hides = claims.answer.outcome, claims.provider_hides
        return Delivery(exchange, outcome, claims.answered_at, hides, sealed)

    def sealed_anew(self, delivery: Delivery, content: bytes) -> Delivery:
        """The same answer with something else inside its seal."""
        key = read_key_record(self.keys.record).keys[0]
        exchange = self.permit(delivery.exchange_id).exchange
        return replace(delivery, answer=seal(content, key, exchange))

    def _permitted(self, exchange: ExchangeId) -> Permit | None:
        """The neighbour's copy of the permit, if it has one."""
        seat = self.world.seats[f"middle-server.{NEIGHBOUR}"]
        inquiries = Inquiries(seat.store.sealer)
        held = seat.store.read_now(lambda connection: inquiries.find(connection, exchange))
        if held is None or held.permit is None:
            return None
        return judged(held.permit, VerifyingKey.load(seat.config.permit_key))


def provider(world: RunningWorld, organisation: str) -> ExchangeClient:
    """An organisation's middle server as it answers."""
    channel = world.callers.channel(outsider(world, at(organisation)), IPN)
    return ExchangeClient(channel)


@pytest.fixture(scope="module")
async def here(people: People, neighbours: Neighbours) -> IntegratedAddressNumber:
    """Somebody of whom both municipalities have a code, as the neighbour numbers them."""
    resident = people.somebody()
    await neighbours.known_at_ward(resident)
    return await neighbours.known_here(resident)


@pytest.fixture(scope="module")
async def rogue(world: RunningWorld, here: IntegratedAddressNumber) -> Rogue:
    """A network with everything that the real one has."""
    folder = world.seats["provision-network.ipn"].config
    channel = world.callers.channel(outsider(world, at(WARD)), IPN)
    keys = await KeyDirectoryClient(channel).get_sealing_keys(Institution(NEIGHBOUR))
    store = world.seats[f"middle-server.{NEIGHBOUR}"].store
    code = store.read_now(lambda connection: Codes(store.sealer).code_of(connection, here))
    assert code is not None
    return Rogue(world, SigningKey.load(folder.permit_signing_key), keys, code)


@pytest.fixture
async def asked(
    world: RunningWorld, neighbours: Neighbours, here: IntegratedAddressNumber
) -> AsyncIterator[ExchangeId]:
    """An inquiry that was announced, while its provider's own answer waits."""
    provider = world.seats[f"middle-server.{WARD}"]
    await provider.dispatcher.pause()
    inquiry = await neighbours.client.start_inquiry(new_id(), here, HOUSEHOLD_OF_CARE)
    statement = "SELECT count(*) FROM provisions WHERE exchange = ?"
    await until(
        lambda: (
            provider.store.read_now(
                lambda tx: tx.alchemy.exec_driver_sql(statement, (inquiry.octets,)).scalar_one()
            )
            == 1
        )
    )
    yield inquiry
    provider.dispatcher.resume()
