"""Receipts: what makes a repeated request a question and not a second deed.

A receipt is written in the transaction of what the request did. It holds a
keyed digest of the request, because twelve digits are guessable, and the key of
the row that the request made, from which a repeat is answered.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import bindparam, insert, select

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.store.engine.columns import raw, table, text
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.prepared import Prepared

_RECEIPTS = table(
    "receipts",
    text("caller", primary_key=True),
    text("method", primary_key=True),
    text("request_id", primary_key=True),
    raw("digest"),
    text("made"),
)

TABLES = (_RECEIPTS,)

_KEEP = Prepared(insert(_RECEIPTS))
_FIND = Prepared(
    select(_RECEIPTS.c.digest, _RECEIPTS.c.made).where(
        _RECEIPTS.c.caller == bindparam("of_caller"),
        _RECEIPTS.c.method == bindparam("of_method"),
        _RECEIPTS.c.request_id == bindparam("of_request"),
    )
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """One request that changes something: whose it is, and a keyed digest of all it asks."""

    caller: str
    method: str
    request_id: str
    digest: bytes = field(repr=False)


def once(connection: Connection, receipt: Receipt, deed: Callable[[], str]) -> str:
    """Do the deed unless this request did it before; return the key of the row it made.

    Raises REQUEST_ID_REUSED where the same request id came with other content.
    """
    made = find(connection, receipt)
    if made is None:
        made = deed()
        _KEEP.run(
            connection,
            {
                "caller": receipt.caller,
                "method": receipt.method,
                "request_id": receipt.request_id,
                "digest": receipt.digest,
                "made": made,
            },
        )
    return made


def find(connection: Connection, receipt: Receipt) -> str | None:
    """The key of the row that this request made before, or None.

    Raises REQUEST_ID_REUSED where the same request id came with other content.
    """
    row = _FIND.run(
        connection,
        {
            "of_caller": receipt.caller,
            "of_method": receipt.method,
            "of_request": receipt.request_id,
        },
    ).fetchone()
    if row is None:
        return None
    digest, made = row
    if digest != receipt.digest:
        raise Refusal(reasons.REQUEST_ID_REUSED, "", "request_id")
    return str(made)
