"""The control service for the world's clock."""

from datetime import datetime, timedelta
from typing import Protocol

from renkei import wire
from renkei.control.v1 import clock_pb2 as pb2
from renkei.refusals import Reason, Refusal
from renkei_server.control.moves import Moves
from renkei_server.door.call import Call


class SettableClock(Protocol):
    """The world's clock where it may be set."""

    def now(self) -> datetime:
        """The world's time."""
        ...

    def real(self) -> datetime:
        """The machine's time."""
        ...

    def run_ahead(self, offset: timedelta) -> None:
        """Let the world's time run at this distance from the machine's, for every process."""
        ...


class ClockService:
    """Tells, sets and advances the clock that all servers of the world share."""

    contract = pb2.DESCRIPTOR.services_by_name["ClockService"]

    def __init__(self, *, clock: SettableClock, moves: Moves) -> None:
        self._clock = clock
        self._moves = moves

    async def get_clock(self, _request: pb2.GetClockRequest, _call: Call) -> pb2.GetClockResponse:
        """Tell both times."""
        return pb2.GetClockResponse(times=self._times())

    async def set_clock(self, request: pb2.SetClockRequest, call: Call) -> pb2.SetClockResponse:
        """Let it be that time in the world."""
        wanted = wire.read_time(request, "world_time")

        def set_it() -> None:
            self._clock.run_ahead(wanted - self._clock.real())

        self._moves.once(call.receipt.request_id, f"set {wanted.isoformat()}", set_it)
        return pb2.SetClockResponse(times=self._times())

    async def advance_clock(
        self, request: pb2.AdvanceClockRequest, call: Call
    ) -> pb2.AdvanceClockResponse:
        """Let that much time pass in the world."""
        if not request.HasField("by"):
            raise Refusal(Reason.FIELD_MISSING, "", "by")
        by = request.by.ToTimedelta()

        def advance() -> None:
            self._clock.run_ahead(self._clock.now() - self._clock.real() + by)

        self._moves.once(call.receipt.request_id, f"advance {by.total_seconds()}", advance)
        return pb2.AdvanceClockResponse(times=self._times())

    def _times(self) -> pb2.Times:
        return pb2.Times(
            world_time=wire.write_time(self._clock.now()),
            machine_time=wire.write_time(self._clock.real()),
        )
