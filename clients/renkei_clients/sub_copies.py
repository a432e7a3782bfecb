"""Clients of sub-copies (副本): of the linkage platform's ward face, and of the middle server.

Each network has messages of its own for it and its own number of a person.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from renkei import reasons, wire
from renkei.codes import IntegratedAddressNumber, LocalAddressNumber
from renkei.limits import CHUNK_LIMIT
from renkei.linkage.v1 import sub_copy_pb2 as pb2
from renkei.refusals import Refusal
from renkei.sub_copies import HeldSubCopy, RecordName, SubCopy
from renkei.type.v1.refused_request_pb2 import RefusedRequest
from renkei.ward.v1 import sub_copy_pb2 as ward_pb2
from renkei_clients.channel import Channel
from renkei_clients.loading import answered, chunks


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of one chunk; `refused` by the place of an entry in the whole load, from 0."""

    first: int
    registered: int
    refused: Mapping[int, RefusedRequest]


class WardSubCopyClient:
    """A ward system's client of its own linkage platform."""

    def __init__(self, channel: Channel) -> None:
        self._call, self._ask, self._stream = channel.call, channel.ask, channel.stream

    async def register_sub_copy(
        self, request_id: str, person: LocalAddressNumber, sub_copy: SubCopy
    ) -> int:
        """Register a sub-copy, or a new version of it; returns which version it is."""
        request = ward_pb2.RegisterSubCopyRequest(
            request_id=request_id,
            local_address_number=wire.write_local_address_number(person),
            sub_copy=wire.write_sub_copy(sub_copy),
        )
        return await self._ask(request, ward_pb2.RegisterSubCopyResponse, lambda told: told.version)

    async def load_sub_copies(
        self, load_id: str, entries: Iterable[tuple[LocalAddressNumber, SubCopy]]
    ) -> AsyncIterator[Loaded]:
        """Register many by stream, and tell of each chunk as it is on disk.

        `load_id`: a UUID, made once for these entries in this order. To begin again with the
        same one, and the same entries, does nothing twice.
        """
        requests = (
            ward_pb2.LoadSubCopiesRequest(
                request_id=request_id,
                entries=[
                    ward_pb2.LoadedSubCopy(
                        local_address_number=wire.write_local_address_number(person),
                        sub_copy=wire.write_sub_copy(sub_copy),
                    )
                    for person, sub_copy in chunk
                ],
            )
            for request_id, chunk in chunks(load_id, entries, CHUNK_LIMIT)
        )
        stream = partial(
            self._stream, ward_pb2.LoadSubCopiesRequest, ward_pb2.LoadSubCopiesResponse
        )
        first = 0
        async for answer in answered(requests, stream):
            refused = {first + one.index: one.refusal for one in answer.refused}
            yield Loaded(first, answer.registered, refused)
            first += answer.registered + len(refused)

    async def delete_sub_copy(
        self, request_id: str, person: LocalAddressNumber, name: RecordName
    ) -> None:
        """Delete every version of a record."""
        request = ward_pb2.DeleteSubCopyRequest(
            request_id=request_id,
            local_address_number=wire.write_local_address_number(person),
            information_code=name.information_code,
            record_key=name.record_key,
        )
        await self._call(request)

    async def list_sub_copies(self, person: LocalAddressNumber) -> Sequence[HeldSubCopy]:
        """What is held of the person, the latest version of each record."""
        return await self._ask(
            ward_pb2.ListSubCopiesRequest(
                local_address_number=wire.write_local_address_number(person)
            ),
            ward_pb2.ListSubCopiesResponse,
            lambda told: [wire.read_held_sub_copy(one) for one in told.sub_copies],
        )


class SubCopyClient:
    """A linkage platform's client of its own organisation at the middle server."""

    def __init__(self, channel: Channel) -> None:
        self._call, self._ask, self._stream = channel.call, channel.ask, channel.stream

    async def register_sub_copy(
        self, request_id: str, person: IntegratedAddressNumber, sub_copy: SubCopy
    ) -> int:
        """Register a sub-copy, or a new version of it; returns which version it is."""
        request = pb2.RegisterSubCopyRequest(
            request_id=request_id,
            integrated_address_number=wire.write_integrated_address_number(person),
            sub_copy=wire.write_sub_copy(sub_copy),
        )
        return await self._ask(request, pb2.RegisterSubCopyResponse, lambda told: told.version)

    async def load_chunk(self, chunk: pb2.LoadSubCopiesRequest) -> pb2.LoadSubCopiesResponse:
        """Register one chunk that is written already but for who sends it."""

        async def alone() -> AsyncIterator[pb2.LoadSubCopiesRequest]:
            yield chunk

        stream = self._stream(pb2.LoadSubCopiesRequest, pb2.LoadSubCopiesResponse, alone())
        answers = [answer async for answer in stream]
        if len(answers) != 1:
            raise Refusal(reasons.PEER_NOT_UNDERSTOOD, f"{len(answers)} answers to one chunk")
        return answers[0]

    async def delete_sub_copy(
        self, request_id: str, person: IntegratedAddressNumber, name: RecordName
    ) -> None:
        """Delete every version of a record."""
        request = pb2.DeleteSubCopyRequest(
            request_id=request_id,
            integrated_address_number=wire.write_integrated_address_number(person),
            information_code=name.information_code,
            record_key=name.record_key,
        )
        await self._call(request)

    async def list_sub_copies(self, person: IntegratedAddressNumber) -> Sequence[HeldSubCopy]:
        """What is held of the person, the latest version of each record."""
        return await self._ask(
            pb2.ListSubCopiesRequest(
                integrated_address_number=wire.write_integrated_address_number(person)
            ),
            pb2.ListSubCopiesResponse,
            lambda told: [wire.read_held_sub_copy(one) for one in told.sub_copies],
        )
