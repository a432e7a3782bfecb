"""The control service for the state of one seat."""

import re

from renkei import reasons, wire
from renkei.control.v1 import state_pb2 as pb2
from renkei.refusals import Refusal
from renkei_server.dispatch.dispatcher import Dispatcher
from renkei_server.door.call import Call
from renkei_server.seats.control.moves import Moves
from renkei_server.seats.control.snapshots import Snapshots

_NAME = re.compile("[a-z0-9-]{1,40}", re.ASCII)


class StateService:
    """Saves and restores what one seat keeps."""

    contract = pb2.DESCRIPTOR.services_by_name["StateService"]

    def __init__(self, *, snapshots: Snapshots, work: Dispatcher, moves: Moves) -> None:
        self._snapshots = snapshots
        self._work = work
        self._moves = moves

    async def pause_work(self, request: pb2.PauseWorkRequest, call: Call) -> pb2.PauseWorkResponse:
        """Pause, and wait for what is under way."""
        del request
        self._moves.once(call.receipt.request_id, "pause", self._work.hold)
        if self._work.paused:  # a late repeat, after the seat was let go on, holds up nothing
            await self._work.pause()
        return pb2.PauseWorkResponse()

    async def resume_work(
        self, request: pb2.ResumeWorkRequest, call: Call
    ) -> pb2.ResumeWorkResponse:
        """Go on."""
        del request
        self._moves.once(call.receipt.request_id, "resume", self._work.resume)
        return pb2.ResumeWorkResponse()

    async def save_snapshot(
        self, request: pb2.SaveSnapshotRequest, call: Call
    ) -> pb2.SaveSnapshotResponse:
        """Save under a name."""
        name = _read_name(request.name)
        self._moves.once(
            call.receipt.request_id, f"save {name}", lambda: self._snapshots.save(name)
        )
        return pb2.SaveSnapshotResponse()

    async def restore_snapshot(
        self, request: pb2.RestoreSnapshotRequest, call: Call
    ) -> pb2.RestoreSnapshotResponse:
        """Restore; nothing of what is in memory outlives it."""
        name = _read_name(request.name)

        def restore() -> None:
            if not self._work.paused:
                raise Refusal(reasons.WORK_NOT_PAUSED)
            self._snapshots.restore(name)
            self._work.forget()

        self._moves.once(call.receipt.request_id, f"restore {name}", restore)
        return pb2.RestoreSnapshotResponse()

    async def delete_snapshot(
        self, request: pb2.DeleteSnapshotRequest, call: Call
    ) -> pb2.DeleteSnapshotResponse:
        """Delete."""
        name = _read_name(request.name)
        self._moves.once(
            call.receipt.request_id, f"delete {name}", lambda: self._snapshots.delete(name)
        )
        return pb2.DeleteSnapshotResponse()

    async def list_snapshots(
        self, _request: pb2.ListSnapshotsRequest, _call: Call
    ) -> pb2.ListSnapshotsResponse:
        """Tell what there is."""
        return pb2.ListSnapshotsResponse(
            snapshots=[
                pb2.Snapshot(name=one.name, saved_at=wire.write_time(one.saved_at), bytes=one.size)
                for one in self._snapshots.all()
            ]
        )


def _read_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise Refusal(reasons.MALFORMED_SNAPSHOT_NAME, "", "name")
    return name
