"""The control service for the world's clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from renkei import reasons, wire
from renkei.control.v1 import clock_pb2 as pb2
from renkei.refusals import Refusal
from renkei_server.domain.world_times import judge_world_time
from renkei_server.door.call import Call
from renkei_server.seats.control.moves import Moves


class SettableClock(Protocol):
    """The world's clock where it may be set."""

    def now(self) -> datetime:
        """The world's time."""
        ...

    def real(self) -> datetime:
        """The machine's time."""
        ...

    def moved_by(self) -> str:
        """The request that last set the world's time."""
        ...

    def run_ahead(self, offset: timedelta, request_id: str) -> None:
        """Let the world's time run at this distance from the machine's, for every process."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockService:
    """Tells, sets and advances the clock that all servers of the world share."""

    contract = pb2.DESCRIPTOR.services_by_name["ClockService"]

    clock: SettableClock
    moves: Moves

    async def get_clock(self, _request: pb2.GetClockRequest, _call: Call) -> pb2.GetClockResponse:
        """Tell both times."""
        return pb2.GetClockResponse(times=self._times())

    async def set_clock(self, request: pb2.SetClockRequest, call: Call) -> pb2.SetClockResponse:
        """Let it be that time in the world."""
        wanted = wire.read_time(request, "world_time")
        self._move(call, f"set {wanted.isoformat()}", lambda: wanted - self.clock.real())
        return pb2.SetClockResponse(times=self._times())

    async def advance_clock(
        self, request: pb2.AdvanceClockRequest, call: Call
    ) -> pb2.AdvanceClockResponse:
        """Let that much time pass in the world."""
        if not request.HasField("by"):
            raise Refusal(reasons.FIELD_MISSING, "", "by")
        try:
            by = request.by.ToTimedelta()
        except (ValueError, OverflowError):
            raise Refusal(reasons.WORLD_TIME_OUT_OF_RANGE, "no such duration", "by") from None
        self._move(
            call,
            f"advance {by.total_seconds()}",
            lambda: self.clock.now() - self.clock.real() + by,
        )
        return pb2.AdvanceClockResponse(times=self._times())

    def _move(self, call: Call, what: str, offset: Callable[[], timedelta]) -> None:
        request_id = call.receipt.request_id

        def move() -> None:
            if self.clock.moved_by() != request_id:  # it moved, and died before it remembered
                self.clock.run_ahead(self._judged(offset), request_id)

        self.moves.once(request_id, what, move)

    def _judged(self, offset: Callable[[], timedelta]) -> timedelta:
        """An offset by which the world's time can be told, and every term counted from it."""
        try:
            wanted = offset()
            judge_world_time(self.clock.real() + wanted)
        except OverflowError:
            raise Refusal(reasons.WORLD_TIME_OUT_OF_RANGE, "no calendar has it") from None
        return wanted

    def _times(self) -> pb2.Times:
        return pb2.Times(
            world_time=wire.write_time(self.clock.now()),
            machine_time=wire.write_time(self.clock.real()),
        )
