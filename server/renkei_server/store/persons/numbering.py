"""Integrated address numbers (団体内統合宛名番号) and what they are bound to (LP-2, LP-3).

Rules:
- The same Individual Number is the same integrated address number; nothing else
  is compared (PLT-03, PLT-05).
- A local address number points to one integrated address number at a time.
- After a change of the Individual Number the person is found by the new one and
  no longer by the old one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, insert, select, update

from renkei import reasons
from renkei.codes import IndividualNumber, IntegratedAddressNumber, LocalAddressNumber
from renkei.persons import FourAttributes
from renkei.refusals import Refusal
from renkei_server.domain.world import Ids
from renkei_server.store.engine.codecs import digits
from renkei_server.store.engine.columns import blind, sealed, table
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.files import FileForm, Key, SealedFile
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.sealing import Sealer

_DIGITS = 15


@dataclass(frozen=True, slots=True)
class NumberedPerson:
    """One person of the organisation, with the address information (宛名情報) last told."""

    integrated_address_number: IntegratedAddressNumber
    individual_number: IndividualNumber
    attributes: FourAttributes


BY_INTEGRATED_ADDRESS_NUMBER = Key[NumberedPerson, IntegratedAddressNumber](
    "integrated_address_number", lambda person: person.integrated_address_number
)
BY_INDIVIDUAL_NUMBER = Key[NumberedPerson, IndividualNumber](
    "individual_number", lambda person: person.individual_number
)

PERSONS = FileForm("persons", NumberedPerson, BY_INTEGRATED_ADDRESS_NUMBER, BY_INDIVIDUAL_NUMBER)

_LOCAL = table(
    "local_address_numbers",
    blind("local_address_number", primary_key=True),
    sealed("integrated_address_number", digits(IntegratedAddressNumber), kept=True),
)

TABLES = (*PERSONS.tables, _LOCAL)

_THE_LOCAL_NUMBER = _LOCAL.c.local_address_number == bindparam("of")
_FIND_LOCAL = Guarded(select(_LOCAL.c.integrated_address_number).where(_THE_LOCAL_NUMBER))
_ADD_LOCAL = Guarded(insert(_LOCAL))
_MOVE_LOCAL = Guarded(
    update(_LOCAL).where(_THE_LOCAL_NUMBER).values(integrated_address_number=bindparam("to"))
)


class Numbering:
    """The persons of one organisation, by its own numbers."""

    def __init__(self, sealer: Sealer, ids: Ids) -> None:
        self._persons = SealedFile(PERSONS, sealer)
        self._sealer = sealer
        self._ids = ids

    def number(
        self, connection: Connection, number: IndividualNumber, attributes: FourAttributes
    ) -> IntegratedAddressNumber:
        """The person's integrated address number, a new one if they had none (F1.2).

        The attributes last told are kept.
        """
        known = self._persons.find(connection, BY_INDIVIDUAL_NUMBER, number)
        if known is None:
            new = NumberedPerson(self._draw(connection), number, attributes)
            self._persons.add(connection, new)
            return new.integrated_address_number
        if known.attributes != attributes:
            self._persons.replace(connection, known, replace(known, attributes=attributes))
        return known.integrated_address_number

    def find(
        self, connection: Connection, number: IndividualNumber
    ) -> IntegratedAddressNumber | None:
        """The integrated address number of the person with this Individual Number, if any."""
        person = self._persons.find(connection, BY_INDIVIDUAL_NUMBER, number)
        return None if person is None else person.integrated_address_number

    def person(
        self, connection: Connection, integrated: IntegratedAddressNumber
    ) -> NumberedPerson | None:
        """The person with this integrated address number, as they are known now."""
        return self._persons.find(connection, BY_INTEGRATED_ADDRESS_NUMBER, integrated)

    def every(self, connection: Connection) -> Iterator[NumberedPerson]:
        """Everybody who was numbered."""
        return self._persons.every(connection)

    def individual_number(
        self, connection: Connection, integrated: IntegratedAddressNumber
    ) -> IndividualNumber | None:
        """The Individual Number that the person has now, if the number is known."""
        person = self.person(connection, integrated)
        return None if person is None else person.individual_number

    def attributes(
        self, connection: Connection, integrated: IntegratedAddressNumber
    ) -> FourAttributes | None:
        """The person's address information (宛名情報), if the number is known."""
        person = self.person(connection, integrated)
        return None if person is None else person.attributes

    def change_individual_number(
        self, connection: Connection, old: IndividualNumber, new: IndividualNumber
    ) -> None:
        """Find the person by the new number from now on, and by the old one no more.

        Raises PERSON_NOT_HELD where nobody has the old number, and
        INDIVIDUAL_NUMBER_HELD_BY_ANOTHER where somebody has the new one.
        """
        person = self._persons.find(connection, BY_INDIVIDUAL_NUMBER, old)
        if person is None:
            raise Refusal(reasons.PERSON_NOT_HELD, "", "old_individual_number")
        if new != old and self.find(connection, new) is not None:
            raise Refusal(reasons.INDIVIDUAL_NUMBER_HELD_BY_ANOTHER, "", "new_individual_number")
        self._persons.replace(connection, person, replace(person, individual_number=new))

    def adopt(
        self,
        connection: Connection,
        drawn: IntegratedAddressNumber,
        bound: IntegratedAddressNumber,
    ) -> bool:
        """Let the person be the one whom the middle server knows by another number.

        So a platform that lost a number, and drew another since, has the first again. Returns
        whether they have: not where that number is another person's here.
        """
        person, other = self.person(connection, drawn), self.person(connection, bound)
        if person is None:
            return other is not None  # they have adopted it before
        if other is not None:
            return False
        self._persons.replace(connection, person, replace(person, integrated_address_number=bound))
        return True

    def bind_local(
        self,
        connection: Connection,
        local: LocalAddressNumber,
        integrated: IntegratedAddressNumber,
    ) -> None:
        """Let the local address number point to this person from now on."""
        known = self.by_local(connection, local)
        if known is None:
            values = {
                "local_address_number": local.digits,
                "integrated_address_number": integrated,
            }
            _ADD_LOCAL.run(connection, self._sealer, values)
        elif known != integrated:
            _MOVE_LOCAL.run(connection, self._sealer, {"of": local.digits, "to": integrated})

    def by_local(
        self, connection: Connection, local: LocalAddressNumber
    ) -> IntegratedAddressNumber | None:
        """The person to whom the local address number points, if any."""
        found: IntegratedAddressNumber | None = _FIND_LOCAL.value(
            connection, self._sealer, {"of": local.digits}
        )
        return found

    def by_locals(
        self, connection: Connection, locals_: Sequence[LocalAddressNumber]
    ) -> list[IntegratedAddressNumber | None]:
        """For each local address number what `by_local` finds."""
        sought = ({"of": local.digits} for local in locals_)
        return _FIND_LOCAL.values(connection, self._sealer, sought)

    def _draw(self, connection: Connection) -> IntegratedAddressNumber:
        while True:
            drawn = IntegratedAddressNumber(self._ids.number(_DIGITS))
            if self.person(connection, drawn) is None:
                return drawn
