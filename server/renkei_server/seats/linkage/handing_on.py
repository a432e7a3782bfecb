"""What the linkage platform does with all that it hands on: another number, and an id that follows.

A repeat at the platform's ward face is a repeat at the middle server, whose answer is the answer.
"""

from renkei import reasons
from renkei.codes import IntegratedAddressNumber, LocalAddressNumber
from renkei.refusals import Refusal
from renkei_server.door.call import Call
from renkei_server.store.engine.store import Store
from renkei_server.store.persons.numbering import Numbering


class HandingOn:
    """Translates for one kind of request."""

    def __init__(self, store: Store, numbering: Numbering, kind: str) -> None:
        self._store = store
        self._numbering = numbering
        self._kind = kind

    async def person(self, local: LocalAddressNumber) -> IntegratedAddressNumber:
        """The person behind a local address number; raises PERSON_NOT_HELD."""
        person = await self._store.look(
            lambda connection: self._numbering.by_local(connection, local)
        )
        if person is None:
            raise Refusal(reasons.PERSON_NOT_HELD, "", "local_address_number")
        return person

    def request_id(self, call: Call) -> str:
        """The one id under which this request goes on."""
        receipt = call.receipt
        return self._store.sealer.derived_request_id(
            self._kind, f"{receipt.caller} {receipt.method} {receipt.request_id}"
        )
