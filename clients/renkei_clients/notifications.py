"""Clients of the seats that take identity notifications (F3)."""

from collections.abc import Sequence

from renkei.codes import Institution, ResidentRecordCode
from renkei.identities import IdentityNotification, NotificationOutcome, NotificationProgress
from renkei.jukinet.v1 import identity_notification_pb2 as jukinet_pb2
from renkei.municipal_items import MunicipalItems
from renkei.ward.v1 import identity_notification_pb2 as ward_pb2
from renkei.wire import identities, write_resident_record_code
from renkei.wire.notification_progress import read_progress
from renkei_clients.channel import Channel


class MunicipalNotificationClient:
    """A resident record system's client of its municipal CS."""

    def __init__(self, channel: Channel) -> None:
        self._call, self._ask = channel.call, channel.ask

    async def notify_identity_change(
        self, request_id: str, notification: IdentityNotification, municipal: MunicipalItems
    ) -> None:
        """Tell one change (F3.2)."""
        request = ward_pb2.NotifyIdentityChangeRequest(
            request_id=request_id,
            notification=identities.write_notification(notification),
            municipal_items=identities.write_municipal_items(municipal),
        )
        await self._call(request)

    async def list_notification_outcomes(self) -> Sequence[NotificationOutcome]:
        """What became of those that it took, at prefecture and nation (F3.4)."""
        return await self._ask(
            ward_pb2.ListNotificationOutcomesRequest(),
            ward_pb2.ListNotificationOutcomesResponse,
            identities.read_outcomes,
        )

    async def acknowledge_notification_outcomes(self, request_id: str, upto: int) -> None:
        """They were taken up (F3.4)."""
        await self._call(
            ward_pb2.AcknowledgeNotificationOutcomesRequest(request_id=request_id, upto=upto)
        )

    async def get_notification_progress(
        self, code: ResidentRecordCode, sequence: int
    ) -> NotificationProgress:
        """How far one has come of which no outcome was heard (F3.4)."""
        return await self._ask(
            ward_pb2.GetNotificationProgressRequest(
                resident_record_code=write_resident_record_code(code), sequence=sequence
            ),
            ward_pb2.GetNotificationProgressResponse,
            read_progress,
        )


class NotificationClient:
    """A municipal CS's client of its prefecture server, or that one's of the national server."""

    def __init__(self, channel: Channel) -> None:
        self._call, self._ask = channel.call, channel.ask

    async def notify_identity_change(
        self, request_id: str, notification: IdentityNotification
    ) -> None:
        """Tell one change (F3.5, F3.7)."""
        request = jukinet_pb2.NotifyIdentityChangeRequest(
            request_id=request_id, notification=identities.write_notification(notification)
        )
        await self._call(request)

    async def list_notification_outcomes(self) -> Sequence[NotificationOutcome]:
        """What became of those that it took, further on."""
        return await self._ask(
            jukinet_pb2.ListNotificationOutcomesRequest(),
            jukinet_pb2.ListNotificationOutcomesResponse,
            identities.read_outcomes,
        )

    async def acknowledge_notification_outcomes(self, request_id: str, upto: int) -> None:
        """They were taken up."""
        await self._call(
            jukinet_pb2.AcknowledgeNotificationOutcomesRequest(request_id=request_id, upto=upto)
        )

    async def get_notification_progress(
        self, origin: Institution, code: ResidentRecordCode, sequence: int
    ) -> NotificationProgress:
        """How far a municipality's has come of which no outcome was heard."""
        return await self._ask(
            jukinet_pb2.GetNotificationProgressRequest(
                origin=origin.name,
                resident_record_code=write_resident_record_code(code),
                sequence=sequence,
            ),
            jukinet_pb2.GetNotificationProgressResponse,
            read_progress,
        )
