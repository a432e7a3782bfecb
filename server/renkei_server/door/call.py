"""One RPC on its way through the door, as a handler sees it."""

from dataclasses import dataclass

from renkei.refusals import Reason, Refusal
from renkei_pki.identity import Identity
from renkei_server.store.operations import Operation
from renkei_server.store.receipts import Receipt


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
            raise Refusal(Reason.INTERNAL, "a request without a request id asks for a receipt")
        return self.request_receipt
