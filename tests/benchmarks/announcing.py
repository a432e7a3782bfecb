"""Announcements of an exchange to its provider, signed beforehand: that is the network's work."""

import itertools
from collections.abc import Iterator
from datetime import timedelta

from renkei import wire
from renkei.codes import Institution
from renkei.exchanges import ExchangeId
from renkei.linkage.v1.provision_pb2 import AnnounceExchangeRequest
from renkei.networks import LINKAGE
from renkei.permits import Permit, SignedPermit
from renkei.sealed_answers import PublishedKeys
from renkei.wire.exchanges import write_inquiry_terms
from renkei.wire.permits import sign_permit, write_permit
from renkei.wire.sealed_answers import write_published_keys
from renkei_clients.exchanges import KeyDirectoryClient, ProvisionClient
from renkei_pki.identity import Identity
from renkei_pki.signing import SigningKey
from renkei_server.domain.linkage_codes import CodeCipher
from renkei_server.domain.permits import COMMITMENT_KEY_BYTES, Core, issue_pair
from renkei_server.process.machine import WorldClock
from renkei_server.store.engine.key_file import read_key
from renkei_simulators.world.in_process import RunningWorld
from tests.network.asking import new_id
from tests.network.asking.inquiries import HOUSEHOLD_OF_CARE
from tests.network.people.strangers import outsider
from tests.network.small_world import NEIGHBOUR, WARD

from .inquiring import Known

NETWORK = Identity(LINKAGE, "ipn", "provision-network")
PROVIDER = Identity(LINKAGE, WARD, "middle-server")

_AT_A_TIME = 500


class Announcing:
    """Makes announcements, each under a permit of its own."""

    def __init__(self, world: RunningWorld, known: Known, inquirer_keys: PublishedKeys) -> None:
        self._world = world
        self._codes = known.codes
        self._keys = inquirer_keys
        network = world.seats["provision-network.ipn"]
        self._signing = SigningKey.load(network.config.permit_signing_key)
        self._world_id = network.config.world_id
        code_key = read_key(network.config.code_key)
        self._core = Core(CodeCipher(code_key), b"k" * COMMITMENT_KEY_BYTES)
        self._made: list[tuple[Permit, SignedPermit]] = []
        channel = world.callers.channel(outsider(world, NETWORK), PROVIDER)
        self._provider = ProvisionClient(channel)

    @classmethod
    async def about(cls, world: RunningWorld, known: Known) -> "Announcing":
        """Ask the directory for the inquirer's keys first."""
        channel = world.callers.channel(outsider(world, PROVIDER), NETWORK)
        keys = await KeyDirectoryClient(channel).get_sealing_keys(Institution(NEIGHBOUR))
        return cls(world, known, keys)

    def make(self, count: int) -> None:
        """Sign so many permits."""
        now = WorldClock(self._world.layout.clock).now() - timedelta(seconds=1)
        for code in itertools.islice(self._codes, count):
            permit = issue_pair(
                self._core,
                ExchangeId(new_id()),
                terms=HOUSEHOLD_OF_CARE,
                code=code,
                table="2024",
                item="132",
                world=self._world_id,
                now=now,
            ).providers
            self._made.append((permit, sign_permit(permit, self._signing)))

    async def announce(self) -> None:
        """One announcement, answered: the answer is sealed, recorded and owed."""
        if not self._made:
            self.make(_AT_A_TIME)
        permit, signed = self._made.pop()
        await self._provider.announce_exchange(
            new_id(), permit.exchange_id, permit.code, permit.terms, signed, self._keys
        )

    def written(self) -> Iterator[AnnounceExchangeRequest]:
        """Announcements as a client writes them, under a few permits over and over."""
        self.make(_AT_A_TIME - len(self._made))
        for permit, signed in itertools.cycle(self._made[:_AT_A_TIME]):
            yield AnnounceExchangeRequest(
                sender=NETWORK.institution,
                request_id=new_id(),
                exchange_id=permit.exchange_id.text,
                code=wire.write_linkage_code(permit.code),
                terms=write_inquiry_terms(permit.terms),
                permit=write_permit(signed),
                inquirer_keys=write_published_keys(self._keys),
            )
