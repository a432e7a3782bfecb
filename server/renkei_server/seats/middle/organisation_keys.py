"""The middle server's service for an organisation's own keys (MS-8, STO-12, PRV-22)."""

from dataclasses import dataclass

from renkei import reasons, wire
from renkei.linkage.v1 import organisation_key_pb2 as pb2
from renkei.refusals import Refusal
from renkei_server.domain.operators import Access
from renkei_server.domain.world import Clock
from renkei_server.door.call import Call
from renkei_server.door.operator_sessions import OperatorSessions
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.store import Store
from renkei_server.store.sub_copies.organisation_keys import OrganisationKeys
from renkei_server.store.sub_copies.sub_copies import SubCopies

FUNCTION = "organisation-keys"

_WRAPPED_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationKeyService:
    """Rotates and destroys the keys of one organisation, for its own staff alone."""

    contract = pb2.DESCRIPTOR.services_by_name["OrganisationKeyService"]

    store: Store
    keys: OrganisationKeys
    sub_copies: SubCopies
    sessions: OperatorSessions
    clock: Clock

    async def rotate_organisation_key(
        self, request: pb2.RotateOrganisationKeyRequest, call: Call
    ) -> pb2.RotateOrganisationKeyResponse:
        """Make a new key; what is under the one before is wrapped anew from now on."""
        await self.sessions.admit(call, request.operator_session, FUNCTION, Access.UPDATE)

        def rotate(connection: Connection) -> str:
            return str(self.keys.rotate(connection, self.clock.now()))

        number = await call.once(self.store, rotate, lambda _, made: int(made))
        return pb2.RotateOrganisationKeyResponse(number=number)

    async def destroy_organisation_keys(
        self, request: pb2.DestroyOrganisationKeysRequest, call: Call
    ) -> pb2.DestroyOrganisationKeysResponse:
        """Close every sub-copy of the organisation for ever."""
        await self.sessions.admit(call, request.operator_session, FUNCTION, Access.UPDATE)
        if request.organisation != request.sender:
            raise Refusal(reasons.FIELD_MISSING, "it must name the sender", "organisation")

        def destroy(connection: Connection) -> str:
            closed = sum(self.sub_copies.under_each_key(connection).values())
            self.keys.destroy_all(connection)
            return str(closed)

        records = await call.once(self.store, destroy, lambda _, made: int(made))
        return pb2.DestroyOrganisationKeysResponse(records=records)

    async def get_organisation_keys(
        self, request: pb2.GetOrganisationKeysRequest, call: Call
    ) -> pb2.GetOrganisationKeysResponse:
        """Tell how many records are under each key."""
        await self.sessions.admit(call, request.operator_session, FUNCTION, Access.READ)
        keys, records = await self.store.read(
            lambda connection: (
                self.keys.facts(connection),
                self.sub_copies.under_each_key(connection),
            )
        )
        return pb2.GetOrganisationKeysResponse(
            keys=[
                pb2.OrganisationKey(
                    number=key.number,
                    state=pb2.OrganisationKeyState.Name(key.state.value),
                    made_at=wire.write_time(key.made_at),
                    records=records.get(key.number, 0),
                )
                for key in keys
            ]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrapping:
    """Wraps anew, a few at a time, what is still under a key that has a successor.

    Each step is a transaction, and what is left to do is read from the records
    themselves: after a crash it goes on. The key is destroyed in the transaction
    that finds no record under it any more.
    """

    store: Store
    keys: OrganisationKeys
    sub_copies: SubCopies

    async def run_once(self) -> int:
        """Take one step; return how many records were wrapped anew."""
        old = await self.store.read(self.keys.retiring)
        if old is None:
            return 0

        def step(connection: Connection) -> int:
            wrapped = self.sub_copies.wrap_anew(connection, old, _WRAPPED_AT_ONCE)
            if not wrapped:
                self.keys.destroy(connection, old)
            return wrapped

        return await self.store.write(step, what="rewrap")
