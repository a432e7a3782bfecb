"""The directory of the keys to which answers are sealed: kept and handed out, never trusted (F2.8).

Whoever seals judges the record again. That the network judges it too keeps rubbish out, and an
older record from taking the place of a newer one.
"""

from dataclasses import dataclass

from renkei import reasons, wire
from renkei.linkage.v1 import sealing_key_pb2 as pb2
from renkei.refusals import Refusal
from renkei.wire.sealed_answers import read_published_keys, write_published_keys
from renkei_pki.published_keys import KeyJudge
from renkei_server.domain.world import Clock
from renkei_server.door.call import Call, nothing
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.store import Store
from renkei_server.store.exchanges.published_keys import KeyDirectory


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDirectoryService:
    """Takes each organisation's own record and hands out everybody's."""

    contract = pb2.DESCRIPTOR.services_by_name["KeyDirectoryService"]

    store: Store
    directory: KeyDirectory
    judge: KeyJudge
    clock: Clock

    async def publish_sealing_keys(
        self, request: pb2.PublishSealingKeysRequest, call: Call
    ) -> pb2.PublishSealingKeysResponse:
        """Judge the record, then put it in the place of the one before."""
        organisation = wire.read_institution(request.sender, "sender")
        published = read_published_keys(request)
        now = self.clock.real()

        def put(connection: Connection) -> str:
            least = self.directory.number(connection, organisation)
            record = self.judge.judge(published, organisation, now=now, least=least)
            self.directory.put(connection, organisation, record.number, published)
            return str(record.number)

        await call.once(self.store, put, nothing)
        return pb2.PublishSealingKeysResponse()

    async def get_sealing_keys(
        self, request: pb2.GetSealingKeysRequest, _call: Call
    ) -> pb2.GetSealingKeysResponse:
        """Hand out what an organisation has published."""
        organisation = wire.read_institution(request.organisation, "organisation")
        published = await self.store.look(
            lambda connection: self.directory.find(connection, organisation)
        )
        if published is None:
            raise Refusal(reasons.SEALING_KEYS_NOT_PUBLISHED, "", "organisation")
        return pb2.GetSealingKeysResponse(keys=write_published_keys(published))
