"""The client of sub-copies: the same at the linkage platform's ward face and at the middle server.

Each network has messages of its own for it and its own number of a person; what
they say is the same.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message import Message

from renkei import reasons, wire
from renkei.codes import IntegratedAddressNumber, LocalAddressNumber
from renkei.limits import CHUNK_LIMIT
from renkei.linkage.v1 import sub_copy_pb2 as linkage_pb2
from renkei.refusals import Refusal
from renkei.sub_copies import HeldSubCopy, RecordName, SubCopy
from renkei.type.v1.refused_request_pb2 import RefusedRequest
from renkei.ward.v1 import sub_copy_pb2 as ward_pb2
from renkei_clients.channel import Channel
from renkei_clients.loading import answered, chunks

Person = TypeVar("Person")


_LONGEST_STREAM_SECONDS = 3_600.0


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of one chunk; `refused` by the place of an entry in the whole load, from 0."""

    first: int
    registered: int
    refused: Mapping[int, RefusedRequest]


@dataclass(frozen=True, slots=True)
class _Face(Generic[Person]):
    """One network's messages, and how they name a person."""

    messages: Any
    person_field: str
    write_person: Callable[[Person], Message]

    @property
    def service(self) -> ServiceDescriptor:
        service: ServiceDescriptor = self.messages.DESCRIPTOR.services_by_name["SubCopyService"]
        return service


class SubCopyClient(Generic[Person]):
    """Registers, deletes and lists sub-copies."""

    def __init__(self, channel: Channel, sender: str, face: _Face[Person]) -> None:
        self._channel = channel
        self._sender = sender
        self._face = face

    async def register_sub_copy(self, request_id: str, person: Person, sub_copy: SubCopy) -> int:
        """Register a sub-copy, or a new version of it; returns which version it is."""
        request = self._face.messages.RegisterSubCopyRequest(
            sender=self._sender,
            request_id=request_id,
            sub_copy=wire.write_sub_copy(sub_copy),
            **self._named(person),
        )
        answer = await self._call(
            "RegisterSubCopy", request, self._face.messages.RegisterSubCopyResponse
        )
        version: int = answer.version
        return version

    async def load_sub_copies(
        self, load_id: str, entries: Iterable[tuple[Person, SubCopy]]
    ) -> AsyncIterator[Loaded]:
        """Register many by stream, and tell of each chunk as it is on disk.

        `load_id`: a UUID, made once for these entries in this order. To begin again with the
        same one, and the same entries, does nothing twice.
        """
        messages = self._face.messages
        requests = (
            messages.LoadSubCopiesRequest(
                sender=self._sender,
                request_id=request_id,
                entries=[
                    messages.LoadedSubCopy(
                        sub_copy=wire.write_sub_copy(sub_copy), **self._named(person)
                    )
                    for person, sub_copy in chunk
                ],
            )
            for request_id, chunk in chunks(load_id, entries, CHUNK_LIMIT)
        )
        first = 0
        async for answer in answered(requests, self._stream):
            yield Loaded(
                first,
                answer.registered,
                {first + one.index: one.refusal for one in answer.refused},
            )
            first += answer.registered + len(answer.refused)

    async def load_chunk(self, chunk: Any) -> Any:
        """Register one chunk that is written already but for who sends it."""
        chunk.sender = self._sender

        async def alone() -> AsyncIterator[Message]:
            yield chunk

        answers = [answer async for answer in self._stream(alone())]
        if len(answers) != 1:
            raise Refusal(reasons.PEER_NOT_UNDERSTOOD, f"{len(answers)} answers to one chunk")
        return answers[0]

    def _stream(self, requests: AsyncIterator[Message]) -> AsyncIterator[Any]:
        return self._channel.stream(
            self._face.service.methods_by_name["LoadSubCopies"],
            requests,
            self._face.messages.LoadSubCopiesResponse,
            seconds=_LONGEST_STREAM_SECONDS,
        )

    async def delete_sub_copy(self, request_id: str, person: Person, name: RecordName) -> None:
        """Delete every version of a record."""
        request = self._face.messages.DeleteSubCopyRequest(
            sender=self._sender,
            request_id=request_id,
            information_code=name.information_code,
            record_key=name.record_key,
            **self._named(person),
        )
        await self._call("DeleteSubCopy", request, self._face.messages.DeleteSubCopyResponse)

    async def list_sub_copies(self, person: Person) -> Sequence[HeldSubCopy]:
        """What is held of the person, the latest version of each record."""
        request = self._face.messages.ListSubCopiesRequest(
            sender=self._sender, **self._named(person)
        )
        return await self._channel.ask(
            self._face.service.methods_by_name["ListSubCopies"],
            request,
            self._face.messages.ListSubCopiesResponse,
            lambda answer: [wire.read_held_sub_copy(one) for one in answer.sub_copies],
        )

    async def _call(self, method: str, request: Message, response: Any) -> Any:
        return await self._channel.call(
            self._face.service.methods_by_name[method], request, response
        )

    def _named(self, person: Person) -> dict[str, Any]:
        return {self._face.person_field: self._face.write_person(person)}


def ward_sub_copy_client(channel: Channel, sender: str) -> SubCopyClient[LocalAddressNumber]:
    """A ward system's client of its own linkage platform."""
    face = _Face(ward_pb2, "local_address_number", wire.write_local_address_number)
    return SubCopyClient(channel, sender, face)


def linkage_sub_copy_client(
    channel: Channel, sender: str
) -> SubCopyClient[IntegratedAddressNumber]:
    """A linkage platform's client of its own organisation at the middle server."""
    face = _Face(linkage_pb2, "integrated_address_number", wire.write_integrated_address_number)
    return SubCopyClient(channel, sender, face)
