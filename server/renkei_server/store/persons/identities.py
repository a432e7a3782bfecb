"""The national identity file (機構保存本人確認情報), as far as the code exchange needs it (NS-1, NS-6).

Removed persons stay in it (150 years), so their codes can be made too.
"""

import json
from dataclasses import dataclass

from sqlalchemy import Column, Connection, LargeBinary, MetaData, Table, bindparam, insert, select

from renkei.codes import IndividualNumber, ResidentRecordCode
from renkei.persons import FourAttributes
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.sealing import Sealed, Sealer
from renkei_server.store.persons.attributes import attributes_as_text, attributes_from_text

_IDENTITIES = Table(
    "identities",
    MetaData(),
    Column("individual_number", LargeBinary, primary_key=True),
    Column("record", Sealed, nullable=False),
)

TABLES = (_IDENTITIES,)

_FIND = Prepared(
    select(_IDENTITIES.c.record).where(_IDENTITIES.c.individual_number == bindparam("of"))
)


@dataclass(frozen=True, slots=True)
class Identity:
    """One person of the national identity file."""

    individual_number: IndividualNumber
    resident_record_code: ResidentRecordCode
    attributes: FourAttributes


class Identities:
    """The persons of the nation."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def add(self, connection: Connection, identity: Identity) -> None:
        """Write a person whom the file does not hold yet."""
        content = {
            "individual_number": identity.individual_number.digits,
            "resident_record_code": identity.resident_record_code.digits,
            "attributes": attributes_as_text(identity.attributes),
        }
        connection.execute(
            insert(_IDENTITIES).values(
                individual_number=self._index(identity.individual_number),
                record=self._sealer.seal(_IDENTITIES.c.record, json.dumps(content).encode()),
            )
        )

    def find(self, connection: Connection, number: IndividualNumber) -> Identity | None:
        """The person with this Individual Number, if the file holds one (F1.9)."""
        columns = _IDENTITIES.c
        sealed = _FIND.value(connection, {"of": self._index(number)})
        if sealed is None:
            return None
        content = json.loads(self._sealer.open(columns.record, sealed))
        return Identity(
            number,
            ResidentRecordCode(content["resident_record_code"]),
            attributes_from_text(content["attributes"]),
        )

    def _index(self, number: IndividualNumber) -> bytes:
        return self._sealer.blind(_IDENTITIES.c.individual_number, number.digits.encode())
