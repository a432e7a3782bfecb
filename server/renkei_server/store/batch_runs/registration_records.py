"""Records of a run of registration until the middle server has them (副本登録の一括処理).

Rules:
- A record identification number occurs once in a run (`documented`), and so does a person's
  sub-copy under one information and key (`invented`: which of two came first would be lost).
- What a record holds is sealed, and erased once the middle server registered or refused it; of a
  refused one, number and reason stay.
- Whether a version of an information was ever provided (初回提供区分) is noted with the first
  record that was registered.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import (
    Index,
    UniqueConstraint,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from renkei import reasons
from renkei.codes import LocalAddressNumber
from renkei.reasons import Reason
from renkei.sub_copies import SubCopy
from renkei_server.domain.batch_files.runs import Provision
from renkei_server.store.engine.codecs import digits, document
from renkei_server.store.engine.columns import (
    blind,
    drawn_number,
    number,
    sealed,
    table,
    text,
)
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.passing import Passing, passing
from renkei_server.store.engine.prepared import Prepared, one
from renkei_server.store.engine.sealing import Sealer

_RECORDS = table(
    "registration_records",
    drawn_number("key"),
    text("run_id"),
    text("file"),
    number("number"),
    blind("named", optional=True),
    sealed("person", digits(LocalAddressNumber), optional=True),
    sealed("sub_copy", document(SubCopy), optional=True),
    text("reason", optional=True),
    UniqueConstraint("run_id", "number"),
    UniqueConstraint("run_id", "named"),
    Index("registration_records_in_order", "run_id", "key"),
    **passing(Passing(owed="record of registration")),
)

_PROVIDED = table(
    "provided_information",
    text("information_code", primary_key=True),
    number("layout_version", primary_key=True),
)

TABLES = (_RECORDS, _PROVIDED)

_OF_RUN = _RECORDS.c.run_id == bindparam("run")
_THE_RECORD = _RECORDS.c.key == bindparam("record")
_ADD = Guarded(insert(_RECORDS), ("key", "run_id", "file", "number", "named", "person", "sub_copy"))
_BY_NUMBER = Prepared(
    select(_RECORDS.c.key).where(_OF_RUN, _RECORDS.c.number == bindparam("numbered"))
)
_BY_NAME = Guarded(select(_RECORDS.c.key).where(_OF_RUN, _RECORDS.c.named == bindparam("of")))
_AFTER = Prepared(
    select(_RECORDS.c.key)
    .where(_OF_RUN, _RECORDS.c.key > bindparam("last"))
    .order_by(_RECORDS.c.key)
    .limit(bindparam("most"))
)
_FIND = Guarded(
    select(_RECORDS.c.run_id, _RECORDS.c.file, _RECORDS.c.person, _RECORDS.c.sub_copy).where(
        _THE_RECORD
    )
)
_DELETE = Prepared(delete(_RECORDS).where(_THE_RECORD))
_REFUSE = Prepared(
    update(_RECORDS)
    .where(_THE_RECORD)
    .values(named=None, person=None, sub_copy=None, reason=bindparam("why"))
)
_REFUSED = Prepared(
    select(_RECORDS.c.number, _RECORDS.c.reason)
    .where(_OF_RUN, _RECORDS.c.reason.is_not(None), _RECORDS.c.number > bindparam("last"))
    .order_by(_RECORDS.c.number)
    .limit(bindparam("most"))
)
_DELETE_RUN = Prepared(delete(_RECORDS).where(_OF_RUN))
_IS_PROVIDED = Prepared(
    select(_PROVIDED.c.layout_version).where(
        _PROVIDED.c.information_code == bindparam("information"),
        _PROVIDED.c.layout_version == bindparam("version"),
    )
)
_PROVIDE = Prepared(insert(_PROVIDED))


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a file: whose sub-copy it is, and what it holds."""

    number: int
    person: LocalAddressNumber
    sub_copy: SubCopy = field(repr=False)


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """One record that is still owed to the middle server."""

    run_id: str
    file: str
    person: LocalAddressNumber
    sub_copy: SubCopy = field(repr=False)


class RegistrationRecords:
    """The records of every run of one seat."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def add(
        self, connection: Connection, run_id: str, file: str, records: Iterable[Record]
    ) -> list[tuple[int, Reason]]:
        """Keep the records of a file; returns the place and reason of each that the run has.

        Where there is one, the transaction is to be given up. Places count from 1.
        """
        repeated = []
        for place, record in enumerate(records, start=1):
            named = _named(record)
            if _BY_NUMBER.value(connection, {"run": run_id, "numbered": record.number}):
                repeated.append((place, reasons.BATCH_RECORD_REPEATED))
            elif _BY_NAME.value(connection, self._sealer, {"run": run_id, "of": named}):
                repeated.append((place, reasons.BATCH_SUB_COPY_REPEATED))
            else:
                values = {
                    "key": connection.draw(),
                    "run_id": run_id,
                    "file": file,
                    "number": record.number,
                    "named": named,
                    "person": record.person,
                    "sub_copy": record.sub_copy,
                }
                _ADD.run(connection, self._sealer, values)
        return repeated

    def after(self, connection: Connection, run_id: str, key: int, limit: int) -> list[int]:
        """At most `limit` keys of the run's records behind this one, in the files' order."""
        found = _AFTER.run(connection, {"run": run_id, "last": key, "most": limit})
        return [row[0] for row in found.fetchall()]

    def get(self, connection: Connection, key: int) -> HeldRecord:
        """One record that is still owed; raises LookupError."""
        return HeldRecord(*one(_FIND.run(connection, self._sealer, {"record": key})))

    def registered(self, connection: Connection, key: int, information: str, version: int) -> None:
        """The middle server has it: erase it, and note that the version was provided."""
        _DELETE.run(connection, {"record": key})
        if self.provision(connection, information, version) is Provision.NOT_YET:
            _PROVIDE.run(connection, {"information_code": information, "layout_version": version})

    def refused(self, connection: Connection, key: int, reason: Reason) -> None:
        """It was refused for good: erase what it holds."""
        _REFUSE.run(connection, {"record": key, "why": reason.name})

    def refusals(
        self, connection: Connection, run_id: str, number: int, limit: int
    ) -> Sequence[tuple[int, Reason]]:
        """At most `limit` refused records with higher numbers, and why."""
        found = _REFUSED.run(connection, {"run": run_id, "last": number, "most": limit})
        return [(row[0], reasons.named(row[1])) for row in found.fetchall()]

    def provision(self, connection: Connection, information: str, version: int) -> Provision:
        """Whether a version of an information was ever provided."""
        found = _IS_PROVIDED.value(connection, {"information": information, "version": version})
        return Provision.NOT_YET if found is None else Provision.DONE

    def delete(self, connection: Connection, run_id: str) -> None:
        """Erase what is left of a run."""
        _DELETE_RUN.run(connection, {"run": run_id})


def _named(record: Record) -> str:
    """Whose sub-copy it is, under which information and key."""
    name = record.sub_copy.name
    return "|".join((record.person.digits, name.information_code, name.record_key))
