"""Integrated address numbers (団体内統合宛名番号) and what they are bound to (LP-2, LP-3).

Rules:
- The same Individual Number is the same integrated address number; nothing else
  is compared (PLT-03, PLT-05).
- A local address number points to one integrated address number at a time.
- After a change of the Individual Number the person is found by the new one and
  no longer by the old one.
"""

from collections.abc import Sequence

from sqlalchemy import (
    Column,
    Connection,
    LargeBinary,
    MetaData,
    Table,
    bindparam,
    insert,
    select,
    update,
)

from renkei import reasons
from renkei.codes import IndividualNumber, IntegratedAddressNumber, LocalAddressNumber
from renkei.persons import FourAttributes
from renkei.refusals import Refusal
from renkei_server.domain.world import Ids
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.sealing import Sealed, Sealer
from renkei_server.store.persons.attributes import attributes_as_text, attributes_from_text

_DIGITS = 15

_METADATA = MetaData()

_PERSONS = Table(
    "persons",
    _METADATA,
    Column("individual_number", LargeBinary, primary_key=True),
    Column("integrated_index", LargeBinary, nullable=False, unique=True),
    Column("integrated_address_number", Sealed, nullable=False),
    Column("individual_number_sealed", Sealed, nullable=False),
    Column("attributes", Sealed, nullable=False),
)

_LOCAL = Table(
    "local_address_numbers",
    _METADATA,
    Column("local_address_number", LargeBinary, primary_key=True),
    Column("integrated_address_number", Sealed, nullable=False),
)

TABLES = (_PERSONS, _LOCAL)

_HAS_NUMBER = _PERSONS.c.individual_number == bindparam("of")
_FIND = Prepared(select(_PERSONS.c.integrated_address_number).where(_HAS_NUMBER))
_FIND_NUMBER = Prepared(
    select(_PERSONS.c.individual_number_sealed).where(
        _PERSONS.c.integrated_index == bindparam("of")
    )
)
_FIND_ATTRIBUTES = Prepared(
    select(_PERSONS.c.attributes).where(_PERSONS.c.integrated_index == bindparam("of"))
)
_TELL = Prepared(update(_PERSONS).where(_HAS_NUMBER).values(attributes=bindparam("told")))
_ADD = Prepared(insert(_PERSONS), _PERSONS.c.keys())
_FIND_LOCAL = Prepared(
    select(_LOCAL.c.integrated_address_number).where(
        _LOCAL.c.local_address_number == bindparam("of")
    )
)
_ADD_LOCAL = Prepared(insert(_LOCAL), _LOCAL.c.keys())
_MOVE_LOCAL = Prepared(
    update(_LOCAL)
    .where(_LOCAL.c.local_address_number == bindparam("of"))
    .values(integrated_address_number=bindparam("to"))
)


class Numbering:
    """The persons of one organisation, by its own numbers."""

    def __init__(self, sealer: Sealer, ids: Ids) -> None:
        self._sealer = sealer
        self._ids = ids

    def number(
        self, connection: Connection, number: IndividualNumber, attributes: FourAttributes
    ) -> IntegratedAddressNumber:
        """The person's integrated address number, a new one if they had none (F1.2).

        The attributes last told are kept.
        """
        sealed = self._sealer.seal(_PERSONS.c.attributes, attributes_as_text(attributes).encode())
        known = self.find(connection, number)
        if known is not None:
            _TELL.run(connection, {"of": self._index(number), "told": sealed})
            return known
        new = self._draw(connection)
        _ADD.run(
            connection,
            {
                "individual_number": self._index(number),
                "integrated_index": self._integrated_index(new),
                "integrated_address_number": self._sealer.seal(
                    _PERSONS.c.integrated_address_number, new.digits.encode()
                ),
                "individual_number_sealed": self._sealed_number(number),
                "attributes": sealed,
            },
        )
        return new

    def find(
        self, connection: Connection, number: IndividualNumber
    ) -> IntegratedAddressNumber | None:
        """The integrated address number of the person with this Individual Number, if any."""
        column = _PERSONS.c.integrated_address_number
        sealed = _FIND.value(connection, {"of": self._index(number)})
        if sealed is None:
            return None
        return IntegratedAddressNumber(self._sealer.open(column, sealed).decode())

    def individual_number(
        self, connection: Connection, integrated: IntegratedAddressNumber
    ) -> IndividualNumber | None:
        """The Individual Number that the person has now, if the number is known."""
        columns = _PERSONS.c
        sealed = _FIND_NUMBER.value(connection, {"of": self._integrated_index(integrated)})
        if sealed is None:
            return None
        opened = self._sealer.open(columns.individual_number_sealed, sealed)
        return IndividualNumber(opened.decode())

    def attributes(
        self, connection: Connection, integrated: IntegratedAddressNumber
    ) -> FourAttributes | None:
        """The person's address information (宛名情報), if the number is known."""
        sealed = _FIND_ATTRIBUTES.value(connection, {"of": self._integrated_index(integrated)})
        if sealed is None:
            return None
        return attributes_from_text(self._sealer.open(_PERSONS.c.attributes, sealed).decode())

    def change_individual_number(
        self, connection: Connection, old: IndividualNumber, new: IndividualNumber
    ) -> None:
        """Find the person by the new number from now on, and by the old one no more.

        Raises PERSON_NOT_HELD where nobody has the old number, and
        INDIVIDUAL_NUMBER_HELD_BY_ANOTHER where somebody has the new one.
        """
        if self.find(connection, old) is None:
            raise Refusal(reasons.PERSON_NOT_HELD, "", "old_individual_number")
        if new != old and self.find(connection, new) is not None:
            raise Refusal(reasons.INDIVIDUAL_NUMBER_HELD_BY_ANOTHER, "", "new_individual_number")
        connection.execute(
            update(_PERSONS)
            .where(_PERSONS.c.individual_number == self._index(old))
            .values(
                individual_number=self._index(new),
                individual_number_sealed=self._sealed_number(new),
            )
        )

    def bind_local(
        self,
        connection: Connection,
        local: LocalAddressNumber,
        integrated: IntegratedAddressNumber,
    ) -> None:
        """Let the local address number point to this person from now on."""
        index = self._local_index(local)
        sealed = self._sealer.seal(_LOCAL.c.integrated_address_number, integrated.digits.encode())
        known = self.by_local(connection, local)
        if known is None:
            _ADD_LOCAL.run(
                connection, {"local_address_number": index, "integrated_address_number": sealed}
            )
        elif known != integrated:
            _MOVE_LOCAL.run(connection, {"of": index, "to": sealed})

    def by_local(
        self, connection: Connection, local: LocalAddressNumber
    ) -> IntegratedAddressNumber | None:
        """The person to whom the local address number points, if any."""
        column = _LOCAL.c.integrated_address_number
        sealed = _FIND_LOCAL.value(connection, {"of": self._local_index(local)})
        if sealed is None:
            return None
        return IntegratedAddressNumber(self._sealer.open(column, sealed).decode())

    def by_locals(
        self, connection: Connection, locals_: Sequence[LocalAddressNumber]
    ) -> list[IntegratedAddressNumber | None]:
        """For each local address number what `by_local` finds."""
        blind, index = self._sealer.blind, _LOCAL.c.local_address_number
        found = _FIND_LOCAL.values(
            connection, ({"of": blind(index, one.digits.encode())} for one in locals_)
        )
        opened, column = self._sealer.open, _LOCAL.c.integrated_address_number
        return [
            None if sealed is None else IntegratedAddressNumber(opened(column, sealed).decode())
            for sealed in found
        ]

    def _draw(self, connection: Connection) -> IntegratedAddressNumber:
        while True:
            drawn = IntegratedAddressNumber(self._ids.number(_DIGITS))
            if self.individual_number(connection, drawn) is None:
                return drawn

    def _index(self, number: IndividualNumber) -> bytes:
        return self._sealer.blind(_PERSONS.c.individual_number, number.digits.encode())

    def _integrated_index(self, number: IntegratedAddressNumber) -> bytes:
        return self._sealer.blind(_PERSONS.c.integrated_index, number.digits.encode())

    def _local_index(self, number: LocalAddressNumber) -> bytes:
        return self._sealer.blind(_LOCAL.c.local_address_number, number.digits.encode())

    def _sealed_number(self, number: IndividualNumber) -> bytes:
        return self._sealer.seal(_PERSONS.c.individual_number_sealed, number.digits.encode())
