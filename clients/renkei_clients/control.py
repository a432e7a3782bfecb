"""The client by which a test world is controlled, one seat at a time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from google.protobuf.duration_pb2 import Duration

from renkei import wire
from renkei.control.v1 import clock_pb2, state_pb2
from renkei_clients.channel import Channel

Times = tuple[datetime, datetime]
"""The world's time and the machine's."""


class ControlClient:
    """A controller's client of one seat."""

    def __init__(self, channel: Channel) -> None:
        self._call, self._ask = channel.call, channel.ask

    async def get_clock(self) -> Times:
        """The world's time and the machine's."""
        return await self._ask(clock_pb2.GetClockRequest(), clock_pb2.GetClockResponse, _read_times)

    async def set_clock(self, request_id: str, world_time: datetime) -> Times:
        """Set the world's time."""
        request = clock_pb2.SetClockRequest(
            request_id=request_id, world_time=wire.write_time(world_time)
        )
        return await self._ask(request, clock_pb2.SetClockResponse, _read_times)

    async def advance_clock(self, request_id: str, by: timedelta) -> Times:
        """Let time pass in the world."""
        duration = Duration()
        duration.FromTimedelta(by)
        request = clock_pb2.AdvanceClockRequest(request_id=request_id, by=duration)
        return await self._ask(request, clock_pb2.AdvanceClockResponse, _read_times)

    async def pause_work(self, request_id: str | None = None) -> None:
        """Let the seat begin no call of its own; returns once none is under way."""
        await self._call(state_pb2.PauseWorkRequest(request_id=request_id or _new_id()))

    async def resume_work(self, request_id: str | None = None) -> None:
        """Let the seat go on."""
        await self._call(state_pb2.ResumeWorkRequest(request_id=request_id or _new_id()))

    async def save_snapshot(self, name: str, request_id: str | None = None) -> None:
        """Save what the seat keeps under a name."""
        request = state_pb2.SaveSnapshotRequest(request_id=request_id or _new_id(), name=name)
        await self._call(request)

    async def restore_snapshot(self, name: str, request_id: str | None = None) -> None:
        """Let the seat keep what it kept then."""
        request = state_pb2.RestoreSnapshotRequest(request_id=request_id or _new_id(), name=name)
        await self._call(request)

    async def delete_snapshot(self, name: str, request_id: str | None = None) -> None:
        """Delete a snapshot."""
        request = state_pb2.DeleteSnapshotRequest(request_id=request_id or _new_id(), name=name)
        await self._call(request)

    async def list_snapshots(self) -> Sequence[state_pb2.Snapshot]:
        """Every snapshot of the seat, by name."""
        request = state_pb2.ListSnapshotsRequest()
        return await self._ask(
            request, state_pb2.ListSnapshotsResponse, lambda told: told.snapshots
        )


def _new_id() -> str:
    return str(uuid4())


def _read_times(
    answer: clock_pb2.GetClockResponse
    | clock_pb2.SetClockResponse
    | clock_pb2.AdvanceClockResponse,
) -> Times:
    return (
        wire.read_time(answer.times, "world_time"),
        wire.read_time(answer.times, "machine_time"),
    )
