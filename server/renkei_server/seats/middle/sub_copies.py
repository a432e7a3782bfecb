"""The middle server's service for sub-copies of one organisation (MS-6, MS-8, PRV-10)."""

from dataclasses import dataclass
from datetime import date

from renkei import reasons, wire
from renkei.codes import IntegratedAddressNumber
from renkei.linkage.v1 import sub_copy_pb2 as pb2
from renkei.refusals import Refusal
from renkei.sub_copies import SubCopy
from renkei_server.domain.days import day_in_japan
from renkei_server.domain.layouts.layouts import Layouts
from renkei_server.domain.world import Clock
from renkei_server.door.call import Call, nothing
from renkei_server.door.chunks import as_made, from_made, judge_chunk
from renkei_server.store.codes.codes import Codes
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.store import Store
from renkei_server.store.sub_copies.sub_copies import SubCopies


@dataclass(frozen=True, slots=True, kw_only=True)
class SubCopyService:
    """Keeps what the organisation has ready to provide."""

    contract = pb2.DESCRIPTOR.services_by_name["SubCopyService"]

    store: Store
    sub_copies: SubCopies
    codes: Codes
    layouts: Layouts
    clock: Clock

    async def register_sub_copy(
        self, request: pb2.RegisterSubCopyRequest, call: Call
    ) -> pb2.RegisterSubCopyResponse:
        """Judge it by its layout, then keep it as the newest version."""
        person = wire.read_integrated_address_number(request)
        call.operation.person = person.digits
        sub_copy = wire.read_sub_copy(request)
        self._judge_layout(sub_copy, day_in_japan(self.clock.now()))

        def register(connection: Connection) -> str:
            self._require_known(connection, person)
            return self.sub_copies.register(connection, person, sub_copy)

        version = await call.once(self.store, register, self.sub_copies.version)
        return pb2.RegisterSubCopyResponse(version=version)

    async def delete_sub_copy(
        self, request: pb2.DeleteSubCopyRequest, call: Call
    ) -> pb2.DeleteSubCopyResponse:
        """Erase every version of the record."""
        person = wire.read_integrated_address_number(request)
        call.operation.person = person.digits
        name = wire.read_record_name(request)

        def delete(connection: Connection) -> str:
            return self.sub_copies.delete(connection, person, name, self.clock.now())

        await call.once(self.store, delete, nothing)
        return pb2.DeleteSubCopyResponse()

    async def list_sub_copies(
        self, request: pb2.ListSubCopiesRequest, call: Call
    ) -> pb2.ListSubCopiesResponse:
        """Tell what is held; no item is told."""
        person = wire.read_integrated_address_number(request)
        call.operation.person = person.digits
        held = await self.store.read(
            lambda connection: self.sub_copies.of_person(connection, person)
        )
        return pb2.ListSubCopiesResponse(sub_copies=[wire.write_held_sub_copy(one) for one in held])

    async def load_sub_copies(
        self, request: pb2.LoadSubCopiesRequest, call: Call
    ) -> pb2.LoadSubCopiesResponse:
        """One chunk: each entry judged by itself, all that is good written in one go."""
        judge_chunk(request.entries)
        today = day_in_japan(self.clock.now())
        good: list[tuple[int, IntegratedAddressNumber, SubCopy]] = []
        refused: dict[int, Refusal] = {}
        for place, entry in enumerate(request.entries):
            try:
                person = wire.read_integrated_address_number(entry)
                sub_copy = wire.read_sub_copy(entry)
                self._judge_layout(sub_copy, today)
                good.append((place, person, sub_copy))
            except Refusal as refusal:
                refused[place] = refusal

        def load(connection: Connection) -> str:
            known = self.codes.known(connection, [person for _, person, _ in good])
            judged = list(zip(good, known, strict=True))
            entries = [(person, sub_copy) for (_, person, sub_copy), held in judged if held]
            unknown = {
                place: Refusal(reasons.PERSON_NOT_HELD, "", "integrated_address_number")
                for (place, _, _), held in judged
                if not held
            }
            self.sub_copies.load(connection, entries)
            return as_made(len(entries), dict(sorted((refused | unknown).items())))

        done, told = await call.once(self.store, load, lambda _, made: from_made(made))
        return pb2.LoadSubCopiesResponse(
            chunk_id=request.request_id,
            registered=done,
            refused=[
                pb2.RefusedEntry(index=place, refusal=refusal) for place, refusal in told.items()
            ],
        )

    def _judge_layout(self, sub_copy: SubCopy, today: date) -> None:
        try:
            self.layouts.judge(sub_copy, today)
        except Refusal as refusal:
            raise refusal.within("sub_copy") from None

    def _require_known(self, connection: Connection, person: IntegratedAddressNumber) -> None:
        """Raise PERSON_NOT_HELD for a number for which the organisation never wanted a code."""
        if self.codes.newest(connection, person) is None:
            raise Refusal(reasons.PERSON_NOT_HELD, "", "integrated_address_number")
