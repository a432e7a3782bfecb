"""Identity notifications on the resident-register network: the prefecture's service, and the nation's."""

from collections.abc import Callable
from dataclasses import dataclass

from renkei import reasons, wire
from renkei.codes import Institution
from renkei.jukinet.v1 import identity_notification_pb2 as pb2
from renkei.refusals import Refusal
from renkei.wire import identities
from renkei.wire.notification_progress import read_question, write_progress
from renkei_server.dispatch.taking import Taking
from renkei_server.domain.days import day_in_japan
from renkei_server.domain.identity_changes import judge_beyond
from renkei_server.door.call import Call


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityNotificationService:
    """Takes changes from the hop before (F3.5 to F3.8)."""

    contract = pb2.DESCRIPTOR.services_by_name["IdentityNotificationService"]

    taking: Taking
    speaks_for: Callable[[Institution, Institution], bool]
    """Whether a sender may bring what a municipality has made."""

    async def notify_identity_change(
        self, request: pb2.NotifyIdentityChangeRequest, call: Call
    ) -> pb2.NotifyIdentityChangeResponse:
        """Apply one change."""
        sender = wire.read_institution(request.sender, "sender")
        notification = identities.read_notification(request)
        if not self.speaks_for(sender, notification.origin):
            raise Refusal(reasons.ORIGIN_NOT_OF_SENDER, "", "notification.origin")
        today = day_in_japan(self.taking.clock.now())
        await self.taking.take(
            call, notification, lambda one, holders: judge_beyond(one, holders, today)
        )
        return pb2.NotifyIdentityChangeResponse()

    async def list_notification_outcomes(
        self, request: pb2.ListNotificationOutcomesRequest, _call: Call
    ) -> pb2.ListNotificationOutcomesResponse:
        """What became of the sender's further on."""
        sender = wire.read_institution(request.sender, "sender")
        outcomes = await self.taking.tell(sender)
        return pb2.ListNotificationOutcomesResponse(
            outcomes=[identities.write_outcome(one) for one in outcomes]
        )

    async def acknowledge_notification_outcomes(
        self, request: pb2.AcknowledgeNotificationOutcomesRequest, call: Call
    ) -> pb2.AcknowledgeNotificationOutcomesResponse:
        """The sender has taken them up."""
        sender = wire.read_institution(request.sender, "sender")
        await self.taking.forget(call, sender, request.upto)
        return pb2.AcknowledgeNotificationOutcomesResponse()

    async def get_notification_progress(
        self, request: pb2.GetNotificationProgressRequest, call: Call
    ) -> pb2.GetNotificationProgressResponse:
        """How far one has come that the sender handed on."""
        sender = wire.read_institution(request.sender, "sender")
        origin = wire.read_institution(request.origin, "origin")
        if not self.speaks_for(sender, origin):
            raise Refusal(reasons.ORIGIN_NOT_OF_SENDER, "", "origin")
        code, sequence = read_question(request)
        call.operation.person = code.digits
        progress = await self.taking.progress(origin, code, sequence)
        return pb2.GetNotificationProgressResponse(progress=write_progress(progress))
