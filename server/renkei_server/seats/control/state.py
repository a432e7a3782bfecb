"""The control service for the state of one seat."""

import re
from dataclasses import dataclass

from renkei import reasons, wire
from renkei.control.v1 import state_pb2 as pb2
from renkei.refusals import Refusal
from renkei_server.dispatch.dispatcher import Dispatcher
from renkei_server.door.call import Call
from renkei_server.seats.control.moves import Moves
from renkei_server.seats.control.snapshots import Snapshots

_NAME = re.compile("[a-z0-9-]{1,40}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class StateService:
    """Saves and restores what one seat keeps."""

    contract = pb2.DESCRIPTOR.services_by_name["StateService"]

    snapshots: Snapshots
    work: Dispatcher
    moves: Moves

    async def pause_work(self, request: pb2.PauseWorkRequest, call: Call) -> pb2.PauseWorkResponse:
        """Pause, and wait for what is under way."""
        del request
        self.moves.once(call.receipt.request_id, "pause", self.work.hold)
        if self.work.paused:  # a late repeat, after the seat was let go on, holds up nothing
            await self.work.pause()
        return pb2.PauseWorkResponse()

    async def resume_work(
        self, request: pb2.ResumeWorkRequest, call: Call
    ) -> pb2.ResumeWorkResponse:
        """Go on."""
        del request
        self.moves.once(call.receipt.request_id, "resume", self.work.resume)
        return pb2.ResumeWorkResponse()

    async def save_snapshot(
        self, request: pb2.SaveSnapshotRequest, call: Call
    ) -> pb2.SaveSnapshotResponse:
        """Save under a name."""
        name = _read_name(request.name)
        self.moves.once(call.receipt.request_id, f"save {name}", lambda: self.snapshots.save(name))
        return pb2.SaveSnapshotResponse()

    async def restore_snapshot(
        self, request: pb2.RestoreSnapshotRequest, call: Call
    ) -> pb2.RestoreSnapshotResponse:
        """Restore; nothing of what is in memory outlives it."""
        name = _read_name(request.name)

        def restore() -> None:
            if not self.work.paused:
                raise Refusal(reasons.WORK_NOT_PAUSED)
            self.snapshots.restore(name)
            self.work.forget()

        self.moves.once(call.receipt.request_id, f"restore {name}", restore)
        return pb2.RestoreSnapshotResponse()

    async def delete_snapshot(
        self, request: pb2.DeleteSnapshotRequest, call: Call
    ) -> pb2.DeleteSnapshotResponse:
        """Delete."""
        name = _read_name(request.name)
        self.moves.once(
            call.receipt.request_id, f"delete {name}", lambda: self.snapshots.delete(name)
        )
        return pb2.DeleteSnapshotResponse()

    async def list_snapshots(
        self, _request: pb2.ListSnapshotsRequest, _call: Call
    ) -> pb2.ListSnapshotsResponse:
        """Tell what there is."""
        return pb2.ListSnapshotsResponse(
            snapshots=[
                pb2.Snapshot(name=one.name, saved_at=wire.write_time(one.saved_at), bytes=one.size)
                for one in self.snapshots.all()
            ]
        )


def _read_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise Refusal(reasons.MALFORMED_SNAPSHOT_NAME, "", "name")
    return name
