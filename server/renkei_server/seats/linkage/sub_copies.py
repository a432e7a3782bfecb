"""The linkage platform's service for sub-copies (MS-4): it translates, and keeps nothing of them.

What a ward system registers by local address number goes on at once by integrated
address number, under a request id that follows from the caller's own: the middle
server's answer is the answer, and a repeat here is a repeat there.
"""

from renkei import reasons, wire
from renkei.codes import LocalAddressNumber
from renkei.linkage.v1 import sub_copy_pb2 as linkage_pb2
from renkei.refusals import Refusal
from renkei.ward.v1 import sub_copy_pb2 as pb2
from renkei.wire.refusals import write_refused_request
from renkei_server.door.call import Call
from renkei_server.door.chunks import judge_chunk
from renkei_server.peers.codes import KeepsSubCopies
from renkei_server.seats.linkage.handing_on import HandingOn
from renkei_server.store.engine.store import Store
from renkei_server.store.persons.numbering import Numbering


class SubCopyService:
    """Hands sub-copies on to the middle server."""

    contract = pb2.DESCRIPTOR.services_by_name["SubCopyService"]

    def __init__(
        self, *, store: Store, numbering: Numbering, middle_server: KeepsSubCopies
    ) -> None:
        self._store = store
        self._numbering = numbering
        self._on = HandingOn(store, numbering, "sub-copy")
        self._middle_server = middle_server

    async def register_sub_copy(
        self, request: pb2.RegisterSubCopyRequest, call: Call
    ) -> pb2.RegisterSubCopyResponse:
        """Register at the middle server."""
        local = self._person(request, call)
        sub_copy = wire.read_sub_copy(request)
        version = await self._middle_server.register_sub_copy(
            self._on.request_id(call), await self._on.person(local), sub_copy
        )
        return pb2.RegisterSubCopyResponse(version=version)

    async def delete_sub_copy(
        self, request: pb2.DeleteSubCopyRequest, call: Call
    ) -> pb2.DeleteSubCopyResponse:
        """Delete at the middle server."""
        local = self._person(request, call)
        name = wire.read_record_name(request)
        await self._middle_server.delete_sub_copy(
            self._on.request_id(call), await self._on.person(local), name
        )
        return pb2.DeleteSubCopyResponse()

    async def list_sub_copies(
        self, request: pb2.ListSubCopiesRequest, call: Call
    ) -> pb2.ListSubCopiesResponse:
        """Ask the middle server what it holds."""
        local = self._person(request, call)
        held = await self._middle_server.list_sub_copies(await self._on.person(local))
        return pb2.ListSubCopiesResponse(sub_copies=[wire.write_held_sub_copy(one) for one in held])

    async def load_sub_copies(
        self, request: pb2.LoadSubCopiesRequest, call: Call
    ) -> pb2.LoadSubCopiesResponse:
        """One chunk: the numbers translated, all else handed on as it came."""
        judge_chunk(request.entries)
        locals_, refused = _read_numbers(request)
        persons = await self._store.read(
            lambda connection: self._numbering.by_locals(connection, list(locals_.values()))
        )
        chunk, places = _read_as_handed_on(request), []
        for place, person in zip(locals_, persons, strict=True):
            if person is None:
                refused[place] = Refusal(reasons.PERSON_NOT_HELD, "", "local_address_number")
            else:
                chunk.entries[place].integrated_address_number.digits = person.digits
                places.append(place)
        for place in sorted(refused, reverse=True):
            del chunk.entries[place]
        told = {place: write_refused_request(refusal) for place, refusal in refused.items()}
        registered = 0
        if places:
            chunk.request_id = self._on.request_id(call)
            answer = await self._middle_server.load_chunk(chunk)
            registered = answer.registered
            told |= {places[one.index]: one.refusal for one in answer.refused}
        return pb2.LoadSubCopiesResponse(
            chunk_id=request.request_id,
            registered=registered,
            refused=[
                pb2.RefusedEntry(index=place, refusal=refusal)
                for place, refusal in sorted(told.items())
            ],
        )

    def _person(
        self,
        request: pb2.RegisterSubCopyRequest | pb2.DeleteSubCopyRequest | pb2.ListSubCopiesRequest,
        call: Call,
    ) -> LocalAddressNumber:
        local = wire.read_local_address_number(request)
        call.operation.person = local.digits
        return local


def _read_as_handed_on(request: pb2.LoadSubCopiesRequest) -> linkage_pb2.LoadSubCopiesRequest:
    """The same chunk in the middle server's words: both differ in the name of the person alone."""
    chunk = linkage_pb2.LoadSubCopiesRequest.FromString(request.SerializeToString())
    chunk.DiscardUnknownFields()
    return chunk


def _read_numbers(
    request: pb2.LoadSubCopiesRequest,
) -> tuple[dict[int, LocalAddressNumber], dict[int, Refusal]]:
    """The number of each entry by its place, and why others have none."""
    numbers: dict[int, LocalAddressNumber] = {}
    refused: dict[int, Refusal] = {}
    for place, entry in enumerate(request.entries):
        try:
            numbers[place] = wire.read_local_address_number(entry)
        except Refusal as refusal:
            refused[place] = refusal
    return numbers, refused
