"""The municipal CS's service for changes of identity information (F3.2 to F3.4; CS-1, INP-01, INP-02)."""

from dataclasses import dataclass

from renkei import reasons, wire
from renkei.identities import IdentityNotification
from renkei.refusals import Refusal
from renkei.ward.v1 import identity_notification_pb2 as pb2
from renkei.wire import identities
from renkei.wire.notification_progress import read_question, write_progress
from renkei_server.dispatch.taking import Taking
from renkei_server.domain.days import day_in_japan
from renkei_server.domain.identity_changes import Holders, judge_at_municipality
from renkei_server.door.call import Call


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityNotificationService:
    """Takes the register's changes, and tells what became of them at prefecture and nation."""

    contract = pb2.DESCRIPTOR.services_by_name["IdentityNotificationService"]

    taking: Taking

    async def notify_identity_change(
        self, request: pb2.NotifyIdentityChangeRequest, call: Call
    ) -> pb2.NotifyIdentityChangeResponse:
        """Check one change and apply it; the prefecture is owed it from now on."""
        sender = wire.read_institution(request.sender, "sender")
        notification = identities.read_notification(request)
        municipal = identities.read_municipal_items(request, notification.items)
        if notification.origin != sender:
            raise Refusal(reasons.ORIGIN_NOT_OF_SENDER, "", "notification.origin")

        def judge(one: IdentityNotification, holders: Holders) -> None:
            judge_at_municipality(one, municipal, holders, day_in_japan(self.taking.clock.now()))

        await self.taking.take(call, notification, judge, municipal)
        return pb2.NotifyIdentityChangeResponse()

    async def list_notification_outcomes(
        self, request: pb2.ListNotificationOutcomesRequest, _call: Call
    ) -> pb2.ListNotificationOutcomesResponse:
        """What became of the register's further on (F3.4)."""
        sender = wire.read_institution(request.sender, "sender")
        outcomes = await self.taking.tell(sender)
        return pb2.ListNotificationOutcomesResponse(
            outcomes=[identities.write_outcome(one) for one in outcomes]
        )

    async def acknowledge_notification_outcomes(
        self, request: pb2.AcknowledgeNotificationOutcomesRequest, call: Call
    ) -> pb2.AcknowledgeNotificationOutcomesResponse:
        """The register has taken them up (F3.4)."""
        sender = wire.read_institution(request.sender, "sender")
        await self.taking.forget(call, sender, request.upto)
        return pb2.AcknowledgeNotificationOutcomesResponse()

    async def get_notification_progress(
        self, request: pb2.GetNotificationProgressRequest, call: Call
    ) -> pb2.GetNotificationProgressResponse:
        """How far one of the register's has come (F3.4)."""
        sender = wire.read_institution(request.sender, "sender")
        code, sequence = read_question(request)
        call.operation.person = code.digits
        progress = await self.taking.progress(sender, code, sequence)
        return pb2.GetNotificationProgressResponse(progress=write_progress(progress))
