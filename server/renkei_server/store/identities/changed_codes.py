"""Whose resident record code was changed, and by which code the provision network knows them (F13.3).

Link ids follow from codes: so whoever was ever told there by one code is told by it until the
network has acknowledged that they have another. A row stays for good, so that a network that was set
back to an earlier day can be told again.
"""

from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from renkei.codes import ResidentRecordCode
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.files import FileForm, Key, SealedFile
from renkei_server.store.engine.sealing import Sealer


@dataclass(frozen=True, slots=True)
class ChangedCode:
    """The codes of one person whose code was changed, once or several times."""

    first: ResidentRecordCode
    """The one that they had at first: their link id follows from it."""
    now: ResidentRecordCode
    known: ResidentRecordCode
    """The newest that the network has acknowledged; the first, until it has any."""


_BY_CODE = Key[ChangedCode, ResidentRecordCode]("resident_record_code", lambda one: one.now)

FORM: Final = FileForm("changed_codes", ChangedCode, _BY_CODE)
TABLES: Final = FORM.tables

_File: TypeAlias = SealedFile[ChangedCode]


class ChangedCodes:
    """The changed codes of the nation."""

    def __init__(self, sealer: Sealer) -> None:
        self._file: _File = SealedFile(FORM, sealer)

    def of(self, connection: Connection, code: ResidentRecordCode) -> ChangedCode | None:
        """The codes of whoever has this one now; None where they never had another."""
        return self._file.find(connection, _BY_CODE, code)

    def change(
        self, connection: Connection, old: ResidentRecordCode, new: ResidentRecordCode
    ) -> ChangedCode:
        """Note that a person has a new code; return all that is to be known of theirs."""
        before = self.of(connection, old)
        if before is None:
            now = ChangedCode(old, new, old)
            self._file.add(connection, now)
        else:
            now = replace(before, now=new)
            self._file.replace(connection, before, now)
        return now

    def forget(self, connection: Connection, code: ResidentRecordCode) -> None:
        """Know nothing any more of whoever has this code now."""
        if (before := self.of(connection, code)) is not None:
            self._file.forget(connection, before)

    def acknowledged(self, connection: Connection, code: ResidentRecordCode) -> None:
        """The network knows by this code whoever has it now; nothing where nobody has it any more."""
        before = self.of(connection, code)
        if before is not None and before.known != code:
            self._file.replace(connection, before, replace(before, known=code))
