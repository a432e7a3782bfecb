"""The resident record system's register, as far as the code exchange needs it (RR-4, RR-7)."""

import json
from dataclasses import dataclass

from sqlalchemy import Column, Connection, LargeBinary, MetaData, Table, bindparam, insert, select

from renkei.codes import IndividualNumber, LocalAddressNumber, ResidentRecordCode
from renkei.persons import FourAttributes
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.sealing import Sealed, Sealer
from renkei_server.store.persons.attributes import attributes_as_text, attributes_from_text

_RESIDENTS = Table(
    "residents",
    MetaData(),
    Column("local_address_number", LargeBinary, primary_key=True),
    Column("record", Sealed, nullable=False),
)

TABLES = (_RESIDENTS,)

_FIND = Prepared(
    select(_RESIDENTS.c.record).where(_RESIDENTS.c.local_address_number == bindparam("of"))
)


@dataclass(frozen=True, slots=True)
class ResidentRecord:
    """One record of the register (住民票), current or removed."""

    local_address_number: LocalAddressNumber
    resident_record_code: ResidentRecordCode
    individual_number: IndividualNumber | None
    attributes: FourAttributes
    removed: bool = False


class Residents:
    """The records of one municipality."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def add(self, connection: Connection, record: ResidentRecord) -> None:
        """Write a record that the register does not hold yet."""
        columns = _RESIDENTS.c
        number = record.individual_number
        content = {
            "local_address_number": record.local_address_number.digits,
            "resident_record_code": record.resident_record_code.digits,
            "individual_number": number.digits if number else None,
            "attributes": attributes_as_text(record.attributes),
            "removed": record.removed,
        }
        connection.execute(
            insert(_RESIDENTS).values(
                local_address_number=self._index(record.local_address_number),
                record=self._sealer.seal(columns.record, json.dumps(content).encode()),
            )
        )

    def find(self, connection: Connection, number: LocalAddressNumber) -> ResidentRecord | None:
        """The record with this local address number, if the register holds one."""
        columns = _RESIDENTS.c
        sealed = _FIND.value(connection, {"of": self._index(number)})
        if sealed is None:
            return None
        content = json.loads(self._sealer.open(columns.record, sealed))
        individual_number = content["individual_number"]
        return ResidentRecord(
            number,
            ResidentRecordCode(content["resident_record_code"]),
            IndividualNumber(individual_number) if individual_number else None,
            attributes_from_text(content["attributes"]),
            content["removed"],
        )

    def _index(self, number: LocalAddressNumber) -> bytes:
        return self._sealer.blind(_RESIDENTS.c.local_address_number, number.digits.encode())
