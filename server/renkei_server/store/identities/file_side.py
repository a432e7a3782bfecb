"""An identity file as one side of a comparison (F9)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from renkei.codes import Institution, ResidentRecordCode
from renkei.consistency import BucketDigest, ComparedPerson
from renkei_server.domain.consistency import View
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.identities.compared import BEYOND, BY_BUCKET, SUMS, compared, place_of
from renkei_server.store.identities.departed import Departed
from renkei_server.store.identities.identity_file import BY_CODE, IdentityFile
from renkei_server.store.identities.incoming import Incoming

IsOwed = Callable[[Connection, Institution, ResidentRecordCode, int], bool]
"""Whether something of a person that a municipality told, up to this sequence, is still under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSide:
    """One municipality's persons in an identity file, each as the municipality told last."""

    sealer: Sealer
    file: IdentityFile
    departed: Departed
    incoming: Incoming
    municipality: Institution
    kind: int = BEYOND
    """Which of the digests are compared."""

    def buckets(self, connection: Connection) -> Mapping[int, BucketDigest]:
        """The sums of the buckets that anybody is in, in order."""
        found = SUMS.of(connection, self.sealer, self.municipality.name)
        return {
            number: BucketDigest(one.records, one.sum_of(self.kind))
            for number, one in found.items()
        }

    def digests(self, connection: Connection, bucket: int) -> Mapping[ResidentRecordCode, bytes]:
        """Everybody in a bucket, with their digest."""
        place = place_of(self.municipality, bucket)
        held = (
            *self.file.find_all(connection, BY_BUCKET, place),
            *self.departed.of_bucket(connection, place),
        )
        persons = (self._as_compared(compared(one)) for one in held)
        return {one.code: one.digest for one in persons}

    def find(self, connection: Connection, code: ResidentRecordCode) -> ComparedPerson | None:
        """One of them."""
        held = self.file.find(connection, BY_CODE, code)
        if held is None or held.municipality != self.municipality:
            held = self.departed.find(connection, self.municipality, code)
        return None if held is None else self._as_compared(compared(held))

    def _as_compared(self, person: ComparedPerson) -> ComparedPerson:
        return person.beyond if self.kind == BEYOND else person


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingFile:
    """The same of a seat that compares: it knows what it owes of whom."""

    side: FileSide
    is_owed: IsOwed

    def buckets(self, connection: Connection) -> Mapping[int, BucketDigest]:
        """As the side."""
        return self.side.buckets(connection)

    def digests(self, connection: Connection, bucket: int) -> Mapping[ResidentRecordCode, bytes]:
        """As the side."""
        return self.side.digests(connection, bucket)

    def view(self, connection: Connection, code: ResidentRecordCode) -> View:
        """How a person stands here. Who had the code once is under way as long as who they are now."""
        person = self.side.find(connection, code)
        if person is not None:
            return self._view(connection, code, person)
        now = self.side.file.find_former(connection, BY_CODE, code)
        return View(
            None,
            in_flight=any(
                self._view(connection, one.items.resident_record_code, None).in_flight
                for _, one in now
            ),
        )

    def _view(
        self, connection: Connection, code: ResidentRecordCode, person: ComparedPerson | None
    ) -> View:
        side = self.side
        sequence = side.incoming.last(connection, side.municipality, code)
        owed = self.is_owed(connection, side.municipality, code, sequence)
        return View(person, known=True, sequence=sequence, in_flight=owed)
