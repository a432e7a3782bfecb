"""Link ids (連携用IDコード) and the core's code key (IPN-1).

A link id is found by a keyed hash of the resident record code: the code itself
is never written.
"""

from sqlalchemy import (
    Column,
    Connection,
    LargeBinary,
    MetaData,
    String,
    Table,
    bindparam,
    insert,
    select,
)

from renkei.codes import ResidentRecordCode
from renkei_server.domain.linkage_codes import CODE_KEY_BYTES, LINK_ID_BYTES
from renkei_server.domain.permits import COMMITMENT_KEY_BYTES
from renkei_server.domain.world import Ids
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.sealing import Sealed, Sealer

_METADATA = MetaData()

_LINKS = Table(
    "links",
    _METADATA,
    Column("resident_record_code", LargeBinary, primary_key=True),
    Column("link_id", Sealed, nullable=False),
)

_CORE_KEYS = Table(
    "core_keys",
    _METADATA,
    Column("name", String, primary_key=True),
    Column("wrapped_key", LargeBinary, nullable=False),
)

TABLES = (_LINKS, _CORE_KEYS)

_ADD = Prepared(insert(_LINKS), ("resident_record_code", "link_id"))
_FIND = Prepared(select(_LINKS.c.link_id).where(_LINKS.c.resident_record_code == bindparam("of")))


class Links:
    """The link id of each person whose code was ever made."""

    def __init__(self, sealer: Sealer, ids: Ids) -> None:
        self._sealer = sealer
        self._ids = ids

    def link_id(self, connection: Connection, code: ResidentRecordCode) -> bytes:
        """The person's link id, 16 bytes, drawn at random the first time (F1.11)."""
        columns = _LINKS.c
        index = self._sealer.blind(columns.resident_record_code, code.digits.encode())
        sealed = _FIND.value(connection, {"of": index})
        if sealed is not None:
            return self._sealer.open(columns.link_id, sealed)
        drawn = self._ids.random_bytes(LINK_ID_BYTES)
        _ADD.run(
            connection,
            {"resident_record_code": index, "link_id": self._sealer.seal(columns.link_id, drawn)},
        )
        return drawn

    def code_key(self, connection: Connection) -> bytes:
        """The key under which all codes are made: drawn once, wrapped, never changed."""
        return self._core_key(connection, "code", CODE_KEY_BYTES)

    def commitment_key(self, connection: Connection) -> bytes:
        """The key of what joins the two copies of a permit: the same."""
        return self._core_key(connection, "commitment", COMMITMENT_KEY_BYTES)

    def _core_key(self, connection: Connection, name: str, size: int) -> bytes:
        columns = _CORE_KEYS.c
        wrapped = connection.execute(
            select(columns.wrapped_key).where(columns.name == name)
        ).scalar_one_or_none()
        if wrapped is not None:
            return self._sealer.open(columns.wrapped_key, wrapped)
        drawn = self._ids.random_bytes(size)
        sealed = self._sealer.seal(columns.wrapped_key, drawn)
        connection.execute(insert(_CORE_KEYS).values(name=name, wrapped_key=sealed))
        return drawn
