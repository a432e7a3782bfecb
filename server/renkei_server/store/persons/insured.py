"""A national body's own register of persons, such as the insured of the pension agency (invented)."""

from sqlalchemy import Column, Connection, LargeBinary, MetaData, Table, bindparam, insert, select

from renkei.codes import IndividualNumber
from renkei.persons import FourAttributes
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.sealing import Sealed, Sealer
from renkei_server.store.persons.attributes import attributes_as_text, attributes_from_text

_INSURED = Table(
    "insured",
    MetaData(),
    Column("individual_number", LargeBinary, primary_key=True),
    Column("attributes", Sealed, nullable=False),
)

TABLES = (_INSURED,)

_FIND = Prepared(
    select(_INSURED.c.attributes).where(_INSURED.c.individual_number == bindparam("of"))
)


class Insured:
    """The persons of one national body, by Individual Number."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def add(
        self, connection: Connection, number: IndividualNumber, attributes: FourAttributes
    ) -> None:
        """Write a person whom the register does not hold yet."""
        sealed = self._sealer.seal(_INSURED.c.attributes, attributes_as_text(attributes).encode())
        connection.execute(
            insert(_INSURED).values(individual_number=self._index(number), attributes=sealed)
        )

    def find(self, connection: Connection, number: IndividualNumber) -> FourAttributes | None:
        """The attributes of the person with this Individual Number, if the register holds one."""
        columns = _INSURED.c
        sealed = _FIND.value(connection, {"of": self._index(number)})
        if sealed is None:
            return None
        return attributes_from_text(self._sealer.open(columns.attributes, sealed).decode())

    def _index(self, number: IndividualNumber) -> bytes:
        return self._sealer.blind(_INSURED.c.individual_number, number.digits.encode())
