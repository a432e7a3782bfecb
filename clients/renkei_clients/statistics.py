"""An integrated terminal's client of its municipal CS for statistics (USE-16)."""

from collections.abc import Collection, Mapping
from datetime import date

from renkei.change_reasons import ChangeReason
from renkei.type.v1 import identity_pb2
from renkei.ward.v1 import statistics_pb2 as pb2
from renkei.wire.persons import read_date, write_date
from renkei_clients.channel import Channel


class StatisticsClient:
    """With the session of an operator who may count."""

    def __init__(self, channel: Channel) -> None:
        self._ask = channel.ask

    async def count_updates(
        self, first_day: date, last_day: date, reasons: Collection[ChangeReason] = ()
    ) -> Mapping[tuple[date, ChangeReason], int]:
        """How many updates were applied on each day for each reason; without reasons for all."""
        request = pb2.CountUpdatesRequest(
            first_day=write_date(first_day),
            last_day=write_date(last_day),
            reasons=[identity_pb2.ChangeReason.Name(one.value) for one in reasons],
        )
        return await self._ask(request, pb2.CountUpdatesResponse, _read)


def _read(told: pb2.CountUpdatesResponse) -> Mapping[tuple[date, ChangeReason], int]:
    return {
        (read_date(one.day, "counts.day"), ChangeReason(one.reason)): one.count
        for one in told.counts
    }
