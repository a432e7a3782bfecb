"""The client by which a test world is controlled, one seat at a time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message

from renkei import wire
from renkei.control.v1 import clock_pb2, state_pb2
from renkei_clients.channel import Channel

_CLOCK: ServiceDescriptor = clock_pb2.DESCRIPTOR.services_by_name["ClockService"]
_STATE: ServiceDescriptor = state_pb2.DESCRIPTOR.services_by_name["StateService"]

Times = tuple[datetime, datetime]
"""The world's time and the machine's."""


class ControlClient:
    """A controller's client of one seat."""

    def __init__(self, channel: Channel, sender: str) -> None:
        self._channel = channel
        self._sender = sender

    async def get_clock(self) -> Times:
        """The world's time and the machine's."""
        request = clock_pb2.GetClockRequest(sender=self._sender)
        return await self._times("GetClock", request, clock_pb2.GetClockResponse)

    async def set_clock(self, request_id: str, world_time: datetime) -> Times:
        """Set the world's time."""
        request = clock_pb2.SetClockRequest(
            sender=self._sender, request_id=request_id, world_time=wire.write_time(world_time)
        )
        return await self._times("SetClock", request, clock_pb2.SetClockResponse)

    async def advance_clock(self, request_id: str, by: timedelta) -> Times:
        """Let time pass in the world."""
        duration = Duration()
        duration.FromTimedelta(by)
        request = clock_pb2.AdvanceClockRequest(
            sender=self._sender, request_id=request_id, by=duration
        )
        return await self._times("AdvanceClock", request, clock_pb2.AdvanceClockResponse)

    async def pause_work(self, request_id: str | None = None) -> None:
        """Let the seat begin no call of its own; returns once none is under way."""
        await self._change("PauseWork", state_pb2.PauseWorkRequest, request_id)

    async def resume_work(self, request_id: str | None = None) -> None:
        """Let the seat go on."""
        await self._change("ResumeWork", state_pb2.ResumeWorkRequest, request_id)

    async def save_snapshot(self, name: str, request_id: str | None = None) -> None:
        """Save what the seat keeps under a name."""
        await self._change("SaveSnapshot", state_pb2.SaveSnapshotRequest, request_id, name=name)

    async def restore_snapshot(self, name: str, request_id: str | None = None) -> None:
        """Let the seat keep what it kept then."""
        await self._change(
            "RestoreSnapshot", state_pb2.RestoreSnapshotRequest, request_id, name=name
        )

    async def delete_snapshot(self, name: str, request_id: str | None = None) -> None:
        """Delete a snapshot."""
        await self._change("DeleteSnapshot", state_pb2.DeleteSnapshotRequest, request_id, name=name)

    async def list_snapshots(self) -> Sequence[state_pb2.Snapshot]:
        """Every snapshot of the seat, by name."""
        answer = await self._channel.call(
            _STATE.methods_by_name["ListSnapshots"],
            state_pb2.ListSnapshotsRequest(sender=self._sender),
            state_pb2.ListSnapshotsResponse,
        )
        return answer.snapshots

    async def _change(
        self, method: str, request: Any, request_id: str | None, **named: str
    ) -> None:
        asked = request(sender=self._sender, request_id=request_id or str(uuid4()), **named)
        await self._channel.call(_STATE.methods_by_name[method], asked, Message, seconds=30.0)

    async def _times(self, method: str, request: Any, response: Any) -> Times:
        def read(answer: Any) -> Times:
            times = answer.times
            return wire.read_time(times, "world_time"), wire.read_time(times, "machine_time")

        times: Times = await self._channel.ask(
            _CLOCK.methods_by_name[method], request, response, read
        )
        return times
