"""A register as the side of a comparison that compares itself with its municipal CS (F9.4)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from renkei.codes import LocalAddressNumber, ResidentRecordCode
from renkei.consistency import BucketDigest
from renkei_server.domain.consistency import View
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.persons.residents import (
    BY_BUCKET,
    BY_CODE,
    OF_REGISTER,
    SUMS,
    ResidentRecord,
    Residents,
)

IsOwed = Callable[[Connection, ResidentRecordCode], bool]
"""Whether something of a person has not arrived at the municipal CS yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterSide:
    """All whom the network knows, as the register holds them."""

    sealer: Sealer
    residents: Residents
    last_of: Callable[[Connection, LocalAddressNumber], int]
    """The sequence of the last notification of a person; 0 where there never was one."""
    is_owed: IsOwed

    def buckets(self, connection: Connection) -> Mapping[int, BucketDigest]:
        """The sums of the buckets that anybody is in, in order."""
        found = SUMS.of(connection, self.sealer, OF_REGISTER)
        return {number: BucketDigest(one.records, one.sum_of(0)) for number, one in found.items()}

    def digests(self, connection: Connection, bucket: int) -> Mapping[ResidentRecordCode, bytes]:
        """Everybody in a bucket, with their digest: none of whom nothing was told from here."""
        return {
            one.resident_record_code: one.compared.digest if one.compared is not None else b""
            for one in self.residents.find_all(connection, BY_BUCKET, bucket)
        }

    def view(self, connection: Connection, code: ResidentRecordCode) -> View:
        """How a person stands. Who had the code once is under way as long as who they are now."""
        held = [
            one
            for one in self.residents.find_all(connection, BY_CODE, code)
            if one.individual_number is not None
        ]
        if held:
            return self._view(connection, held[-1])
        now = self.residents.find_former(connection, BY_CODE, code)
        return View(
            None,
            in_flight=any(self.is_owed(connection, one.resident_record_code) for _, one in now),
        )

    def _view(self, connection: Connection, held: ResidentRecord) -> View:
        return View(
            held.compared,
            known=True,
            sequence=self.last_of(connection, held.local_address_number),
            in_flight=self.is_owed(connection, held.resident_record_code),
        )
