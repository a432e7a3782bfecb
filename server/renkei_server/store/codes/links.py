"""Link ids (連携用IDコード) and the core's keys (IPN-1).

Rules:
- A link id follows from the resident record code (`domain.linkage_codes`); what follows is not
  written.
- One that does not follow lies here, and wins: those that were drawn before ids were derived, and
  those of whom another code is known since (F13.3). It is found by a hash of the code under a key
  of the key store: with the store's own key alone nobody can try codes. No code is written.
- The code key is in the key store, a file outside the database. An older database, which held it,
  gives it up at the first start, when the key is on the disk of the key store.
"""

from pathlib import Path

from sqlalchemy import bindparam, delete, insert, select, update

from renkei import reasons
from renkei.codes import ResidentRecordCode
from renkei.refusals import Refusal
from renkei_server.domain.linkage_codes import LinkIds
from renkei_server.domain.permits import COMMITMENT_KEY_BYTES
from renkei_server.domain.world import Ids
from renkei_server.store.engine.columns import raw, sealed, table, text
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.key_file import move_key_in, read_key
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.sealing import Sealer

_LINKS = table("links", raw("resident_record_code", primary_key=True), sealed("link_id", kept=True))

_CORE_KEYS = table("core_keys", text("name", primary_key=True), sealed("wrapped_key", kept=True))

TABLES = (_LINKS, _CORE_KEYS)

_COMMITMENT = "commitment"
_CODE = "code"

_CODE_COLUMN = _LINKS.c.resident_record_code
_FIND = Guarded(select(_LINKS.c.link_id).where(bindparam("of") == _CODE_COLUMN))
_KEEP = Guarded(insert(_LINKS))
_EVERY = Prepared(select(_CODE_COLUMN))
_LAY_ANEW = Prepared(
    update(_LINKS)
    .where(bindparam("before") == _CODE_COLUMN)
    .values({"resident_record_code": bindparam("now")})
)
_ADD_KEY = Guarded(insert(_CORE_KEYS))
_FIND_KEY = Guarded(select(_CORE_KEYS.c.wrapped_key).where(_CORE_KEYS.c.name == bindparam("of")))
_DROP_KEY = Prepared(delete(_CORE_KEYS).where(_CORE_KEYS.c.name == bindparam("of")))


class Links:
    """The link id of each person."""

    def __init__(self, sealer: Sealer, link_ids: LinkIds) -> None:
        self._sealer = sealer
        self._link_ids = link_ids

    def link_id(self, connection: Connection, code: ResidentRecordCode) -> bytes:
        """The person's link id, 16 bytes (F1.11): one that is kept, or else what follows."""
        kept = self._kept(connection, code)
        return self._link_ids.of(code) if kept is None else kept

    def change(
        self, connection: Connection, old: ResidentRecordCode, new: ResidentRecordCode
    ) -> None:
        """Let the new code lead to the link id of the old one (F13.3); it may do so already.

        Raises RESIDENT_RECORD_CODE_HELD where it leads to somebody else's.
        """
        theirs, kept = self.link_id(connection, old), self._kept(connection, new)
        if kept is None:
            row = {"resident_record_code": self._index(new), "link_id": theirs}
            _KEEP.run(connection, self._sealer, row)
        elif kept != theirs:
            raise Refusal(reasons.RESIDENT_RECORD_CODE_HELD, "", "new_resident_record_code")

    def _kept(self, connection: Connection, code: ResidentRecordCode) -> bytes | None:
        found: bytes | None = _FIND.value(connection, self._sealer, {"of": self._index(code)})
        return found

    def _index(self, code: ResidentRecordCode) -> bytes:
        return self._link_ids.index(_blind(self._sealer, code))


def commitment_key(connection: Connection, sealer: Sealer, ids: Ids) -> bytes:
    """The key of what joins the two copies of a permit: drawn once, never changed."""
    known = _key(connection, sealer, _COMMITMENT)
    if known is not None:
        return known
    drawn = ids.random_bytes(COMMITMENT_KEY_BYTES)
    _ADD_KEY.run(connection, sealer, {"name": _COMMITMENT, "wrapped_key": drawn})
    return drawn


def code_key(connection: Connection, sealer: Sealer, path: Path) -> bytes:
    """The key under which all codes are made, from the key store's file: it never changes.

    Raises KEY_STORE_LOCKED: no other is ever drawn, under which everybody would have other codes.
    """
    before = _key(connection, sealer, _CODE)
    if before is not None and not path.exists():
        move_key_in(path, before)  # on the disk before the transaction is
    key = read_key(path)
    if before is not None:
        if key != before:
            raise Refusal(reasons.KEY_STORE_LOCKED, f"{path.name} is not this database's")
        _give_up(connection, LinkIds(key))
    return key


def _give_up(connection: Connection, link_ids: LinkIds) -> None:
    """Find by the key store's key alone what was found by the store's, and drop the code key."""
    found = [before for (before,) in _EVERY.run(connection, {}).fetchall()]
    anew = ({"before": before, "now": link_ids.index(before)} for before in found)
    _LAY_ANEW.run_each(connection, anew)
    _DROP_KEY.run(connection, {"of": _CODE})


def _key(connection: Connection, sealer: Sealer, name: str) -> bytes | None:
    found: bytes | None = _FIND_KEY.value(connection, sealer, {"of": name})
    return found


def _blind(sealer: Sealer, code: ResidentRecordCode) -> bytes:
    """As older versions found a code: what they wrote is led on, and no code has to be known."""
    return sealer.blind(_CODE_COLUMN, code.digits.encode())
