"""One RPC on its way through the door, as a handler sees it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from renkei import reasons
from renkei.refusals import Refusal
from renkei_pki.identity import Identity
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.operations import Operation
from renkei_server.store.engine.receipts import Receipt, once
from renkei_server.store.engine.store import Store

T = TypeVar("T")


def nothing(_connection: Connection, _made: str) -> None:
    """Tell nothing but that it was done."""


@dataclass(slots=True)
class Call:
    """Who calls, and the record of it that the handler's own write carries."""

    caller: Identity
    operation: Operation
    request_receipt: Receipt | None = None

    @property
    def receipt(self) -> Receipt:
        """The receipt of a request that changes something; other requests have none."""
        if self.request_receipt is None:
            raise Refusal(reasons.INTERNAL, "a request without a request id asks for a receipt")
        return self.request_receipt

    async def once(
        self, store: Store, deed: Callable[[Connection], str], tell: Callable[[Connection, str], T]
    ) -> T:
        """Do what the request asks, once, in one transaction with its receipt and record.

        `deed` returns the key of the row that it made, and `tell` reads the answer from
        that row, for the first request and for each repeat alike. Raises what they
        raise, and REQUEST_ID_REUSED.
        """

        def use_case(connection: Connection) -> T:
            return tell(connection, once(connection, self.receipt, lambda: deed(connection)))

        return await store.write(use_case, operation=self.operation)
