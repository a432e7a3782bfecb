"""Link ids (連携用IDコード) and the core's code key (IPN-1).

A link id is found by a keyed hash of the resident record code: the code itself
is never written.
"""

from sqlalchemy import bindparam, insert, select

from renkei.codes import ResidentRecordCode
from renkei_server.domain.linkage_codes import CODE_KEY_BYTES, LINK_ID_BYTES
from renkei_server.domain.permits import COMMITMENT_KEY_BYTES
from renkei_server.domain.world import Ids
from renkei_server.store.engine.columns import blind, sealed, table, text
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.sealing import Sealer

_LINKS = table(
    "links", blind("resident_record_code", primary_key=True), sealed("link_id", kept=True)
)

_CORE_KEYS = table("core_keys", text("name", primary_key=True), sealed("wrapped_key", kept=True))

TABLES = (_LINKS, _CORE_KEYS)

_ADD = Guarded(insert(_LINKS))
_FIND = Guarded(select(_LINKS.c.link_id).where(_LINKS.c.resident_record_code == bindparam("of")))
_ADD_KEY = Guarded(insert(_CORE_KEYS))
_FIND_KEY = Guarded(select(_CORE_KEYS.c.wrapped_key).where(_CORE_KEYS.c.name == bindparam("of")))


class Links:
    """The link id of each person whose code was ever made."""

    def __init__(self, sealer: Sealer, ids: Ids) -> None:
        self._sealer = sealer
        self._ids = ids

    def link_id(self, connection: Connection, code: ResidentRecordCode) -> bytes:
        """The person's link id, 16 bytes, drawn at random the first time (F1.11)."""
        known: bytes | None = _FIND.value(connection, self._sealer, {"of": code.digits})
        if known is not None:
            return known
        drawn = self._ids.random_bytes(LINK_ID_BYTES)
        values = {"resident_record_code": code.digits, "link_id": drawn}
        _ADD.run(connection, self._sealer, values)
        return drawn

    def code_key(self, connection: Connection) -> bytes:
        """The key under which all codes are made: drawn once, wrapped, never changed."""
        return self._core_key(connection, "code", CODE_KEY_BYTES)

    def commitment_key(self, connection: Connection) -> bytes:
        """The key of what joins the two copies of a permit: the same."""
        return self._core_key(connection, "commitment", COMMITMENT_KEY_BYTES)

    def _core_key(self, connection: Connection, name: str, size: int) -> bytes:
        known: bytes | None = _FIND_KEY.value(connection, self._sealer, {"of": name})
        if known is not None:
            return known
        drawn = self._ids.random_bytes(size)
        _ADD_KEY.run(connection, self._sealer, {"name": name, "wrapped_key": drawn})
        return drawn
