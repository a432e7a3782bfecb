"""Whose Individual Number was changed, and which numbers they had before (F13.1).

A linkage platform finds a person by the number alone. So it is told of the change, and told again
before each numbering: one that was set back to an earlier day would find nobody by the new number.
"""

from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from renkei.codes import IndividualNumber, LocalAddressNumber
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.files import FileForm, Key, SealedFile
from renkei_server.store.engine.sealing import Sealer


@dataclass(frozen=True, slots=True)
class ChangedNumber:
    """Somebody whose number was changed, once or several times."""

    person: LocalAddressNumber
    earlier: tuple[IndividualNumber, ...] = field(repr=False)
    """Each that they had before, oldest first."""


_BY_PERSON = Key[ChangedNumber, LocalAddressNumber]("person", lambda one: one.person)

FORM: Final = FileForm("changed_numbers", ChangedNumber, _BY_PERSON)
TABLES: Final = FORM.tables

_File: TypeAlias = SealedFile[ChangedNumber]


class ChangedNumbers:
    """The changed numbers of one register."""

    def __init__(self, sealer: Sealer) -> None:
        self._file: _File = SealedFile(FORM, sealer)

    def of(
        self, connection: Connection, person: LocalAddressNumber
    ) -> tuple[IndividualNumber, ...]:
        """The numbers that a person had before; none where theirs was never changed."""
        found = self._file.find(connection, _BY_PERSON, person)
        return () if found is None else found.earlier

    def forget(self, connection: Connection, person: LocalAddressNumber) -> None:
        """Know nothing any more of a person's numbers."""
        if (found := self._file.find(connection, _BY_PERSON, person)) is not None:
            self._file.forget(connection, found)

    def add(
        self, connection: Connection, person: LocalAddressNumber, old: IndividualNumber
    ) -> None:
        """The person had this one until now."""
        before = self._file.find(connection, _BY_PERSON, person)
        if before is None:
            self._file.add(connection, ChangedNumber(person, (old,)))
        else:
            now = replace(before, earlier=(*before.earlier, old))
            self._file.replace(connection, before, now)
