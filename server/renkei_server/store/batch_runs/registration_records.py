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
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from renkei import reasons, wire
from renkei.codes import LocalAddressNumber
from renkei.reasons import Reason
from renkei.sub_copies import SubCopy
from renkei.type.v1 import sub_copy_pb2
from renkei_server.domain.batch_files.runs import Provision
from renkei_server.store.engine.prepared import Prepared, one
from renkei_server.store.engine.sealing import Sealed, Sealer

_METADATA = MetaData()

_RECORDS = Table(
    "registration_records",
    _METADATA,
    Column("key", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("run_id", String, nullable=False),
    Column("file", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("named", LargeBinary),
    Column("person", Sealed),
    Column("sub_copy", Sealed),
    Column("reason", String),
    UniqueConstraint("run_id", "number"),
    UniqueConstraint("run_id", "named"),
    Index("registration_records_in_order", "run_id", "key"),
    sqlite_autoincrement=True,
)

_PROVIDED = Table(
    "provided_information",
    _METADATA,
    Column("information_code", String, primary_key=True),
    Column("layout_version", Integer, primary_key=True),
)

TABLES = (_RECORDS, _PROVIDED)

_OF_RUN = _RECORDS.c.run_id == bindparam("run")
_THE_RECORD = _RECORDS.c.key == bindparam("record")
_ADD = Prepared(insert(_RECORDS), ("run_id", "file", "number", "named", "person", "sub_copy"))
_BY_NUMBER = Prepared(
    select(_RECORDS.c.key).where(_OF_RUN, _RECORDS.c.number == bindparam("numbered"))
)
_BY_NAME = Prepared(select(_RECORDS.c.key).where(_OF_RUN, _RECORDS.c.named == bindparam("of")))
_AFTER = Prepared(
    select(_RECORDS.c.key)
    .where(_OF_RUN, _RECORDS.c.key > bindparam("last"))
    .order_by(_RECORDS.c.key)
    .limit(bindparam("most"))
)
_FIND = Prepared(
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
_PROVIDE = Prepared(insert(_PROVIDED), _PROVIDED.c.keys())


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
            named = self._named(record)
            if _BY_NUMBER.value(connection, {"run": run_id, "numbered": record.number}):
                repeated.append((place, reasons.BATCH_RECORD_REPEATED))
            elif _BY_NAME.value(connection, {"run": run_id, "of": named}):
                repeated.append((place, reasons.BATCH_SUB_COPY_REPEATED))
            else:
                self._add(connection, run_id, file, record, named)
        return repeated

    def after(self, connection: Connection, run_id: str, key: int, limit: int) -> list[int]:
        """At most `limit` keys of the run's records behind this one, in the files' order."""
        found = _AFTER.run(connection, {"run": run_id, "last": key, "most": limit})
        return [row[0] for row in found.fetchall()]

    def get(self, connection: Connection, key: int) -> HeldRecord:
        """One record that is still owed; raises LookupError."""
        run_id, file, person, sub_copy = one(_FIND.run(connection, {"record": key}))
        digits = self._sealer.open(_RECORDS.c.person, person).decode()
        told = sub_copy_pb2.SubCopy.FromString(self._sealer.open(_RECORDS.c.sub_copy, sub_copy))
        return HeldRecord(run_id, file, LocalAddressNumber(digits), wire.sub_copy_of(told))

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

    def _add(
        self, connection: Connection, run_id: str, file: str, record: Record, named: bytes
    ) -> None:
        sub_copy = wire.write_sub_copy(record.sub_copy).SerializeToString()
        _ADD.run(
            connection,
            {
                "run_id": run_id,
                "file": file,
                "number": record.number,
                "named": named,
                "person": self._sealer.seal(_RECORDS.c.person, record.person.digits.encode()),
                "sub_copy": self._sealer.seal(_RECORDS.c.sub_copy, sub_copy),
            },
        )

    def _named(self, record: Record) -> bytes:
        """A blind index of whose sub-copy it is, under which information and key."""
        name = record.sub_copy.name
        parts = (record.person.digits, name.information_code, name.record_key)
        return self._sealer.blind(_RECORDS.c.named, "|".join(parts).encode())
