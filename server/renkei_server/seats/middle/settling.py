"""How an organisation's exchanges end where no answer came, or none that counted (F2.13).

Rules:
- An inquiry that was permitted ends by itself two days after its permit; from then on the network
  owes the record of how the exchange ended, and is asked for it.
- One whose answer was refused for good by the network asks it too, as the provider.
- A record is told word by word, and recorded once. The inquirer has one; a provider may have one of
  its answer before it.
- Where the network knows nothing of the exchange, the organisation records alone that it came to
  nothing.

Each function is a part of one transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from renkei import reasons
from renkei.answers import Outcome
from renkei.codes import LinkageCode
from renkei.exchange_records import ExchangeRecord
from renkei.exchanges import ExchangeId
from renkei.permits import Permit, SignedPermit
from renkei.refusals import Refusal
from renkei.wire.exchange_records import content_of, record_of
from renkei.wire.permits import judged
from renkei_server.dispatch.routes import Effect, Route
from renkei_server.domain.exchanges import ended
from renkei_server.domain.world import Clock
from renkei_server.door.call import Call
from renkei_server.peers.exchanges import DecidesExchanges
from renkei_server.seats.middle.permitted import Permits
from renkei_server.store.codes.codes import Codes
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox, Task
from renkei_server.store.engine.record_log import RecordLog
from renkei_server.store.engine.store import Store
from renkei_server.store.exchanges.inquiries import HeldInquiry, Inquiries
from renkei_server.store.exchanges.recorded import newest

SETTLE = "settle"

_AT_ONCE: Final = 200


class Settling:
    """The ends of one organisation's exchanges, inquired and provided."""

    def __init__(
        self,
        *,
        inquiries: Inquiries,
        codes: Codes,
        permits: Permits,
        records: RecordLog,
        outbox: Outbox,
        clock: Clock,
        network: DecidesExchanges,
    ) -> None:
        self._inquiries = inquiries
        self._codes = codes
        self._permits = permits
        self._records = records
        self._outbox = outbox
        self._clock = clock
        self._network = network
        self.routes: Mapping[str, Route] = {SETTLE: Route(self._ask, self._unknown)}

    def owe(
        self,
        connection: Connection,
        exchange_id: ExchangeId,
        code: LinkageCode,
        *,
        cause: str,
        permit: SignedPermit | None = None,
        why: str = "",
    ) -> None:
        """Ask the network how an exchange ended; `why` its answer was refused, at the provider."""
        content = {"exchange": exchange_id.text, "code": code.value.hex(), "why": why}
        if permit is not None:
            content |= {"claims": permit.claims.hex(), "signature": permit.signature.hex()}
        self._outbox.put(connection, SETTLE, cause=cause, content=content)

    def told(
        self, connection: Connection, code: LinkageCode, record: ExchangeRecord, call: Call
    ) -> None:
        """The network tells how an exchange ended.

        Raises EXCHANGE_UNKNOWN for one in which this organisation has no part, EXCHANGE_ENDED
        where it has the inquirer's record of it.
        """
        held = self._inquiries.find(connection, record.exchange_id)
        if held is not None:
            call.operation.person = held.asked.person.digits
            self._require_own(connection, held, code, record)
            known = newest(self._records, connection, code.value, record.exchange_id, record_of)
            if known is not None and known != record:
                raise Refusal(reasons.EXCHANGE_ENDED, "", "exchange_id")
        elif record.terms.provider == self._permits.holder:
            persons = self._codes.persons_of(connection, code)
            call.operation.concern([one.digits for one in persons])
        else:
            raise Refusal(reasons.EXCHANGE_UNKNOWN, "", "exchange_id")
        self._settle(connection, code, record)

    def any_overdue(self, connection: Connection) -> bool:
        """Whether an inquiry has waited too long."""
        return self._inquiries.any_overdue(connection, self._clock.now())

    def expire(self, connection: Connection) -> int:
        """End inquiries that have waited too long, and ask for their records; return how many."""
        overdue = self._inquiries.overdue(connection, self._clock.now(), _AT_ONCE)
        for signed in overdue:
            permit = judged(signed, self._permits.key)
            self._end(connection, permit.exchange_id, Outcome.EXPIRED, "")
            self.owe(connection, permit.exchange_id, permit.code, cause="", permit=signed)
        return len(overdue)

    async def _ask(self, task: Task) -> Effect:
        # F2.13 how did it end?
        exchange_id, code = _of(task)
        why = task.content["why"]
        record = await self._network.settle_exchange(task.request_id, exchange_id, code, why)
        if record.exchange_id != exchange_id:
            raise Refusal(reasons.MALFORMED_ANSWER, "of another exchange")
        return lambda connection: self._settle(connection, code, record)

    def _unknown(self, task: Task, refusal: Refusal) -> Effect:
        """The network tells nothing: it came to nothing, by what is known here."""
        exchange_id, code = _of(task)

        def effect(connection: Connection) -> None:
            known = newest(self._records, connection, code.value, exchange_id, record_of)
            if known is None and "claims" in task.content:
                known = ended(self._permit(task), Outcome.EXPIRED)
            if known is not None:
                name = refusal.reason.name
                undelivered = replace(
                    known, outcome=Outcome.UNDELIVERABLE, answered_at=None, refusal=name
                )
                self._settle(connection, code, undelivered)

        return effect

    def _settle(self, connection: Connection, code: LinkageCode, record: ExchangeRecord) -> None:
        """Record it unless it is recorded, and end the inquiry, if it is one, accordingly.

        Where the answer was given and taken once, and is lost here, the inquiry stays as it is.
        """
        exchange_id = record.exchange_id
        if newest(self._records, connection, code.value, exchange_id, record_of) == record:
            return
        if self._inquiries.find(connection, exchange_id) and not record.outcome.of_provider:
            self._end(connection, exchange_id, record.outcome, record.refusal)
        self._records.append(
            connection,
            content_of(record),
            person=code.value,
            shown=not record.non_disclosure,
            at=self._clock.now(),
        )

    def _end(
        self, connection: Connection, exchange_id: ExchangeId, outcome: Outcome, refusal: str
    ) -> None:
        now = self._clock.now()
        self._inquiries.end(connection, exchange_id, outcome, at=now, refusal=refusal)

    def _require_own(
        self, connection: Connection, held: HeldInquiry, code: LinkageCode, record: ExchangeRecord
    ) -> None:
        """Raise EXCHANGE_UNKNOWN unless it is the inquiry's own record, about its person."""
        own = self._codes.code_of(connection, held.asked.person)
        if own != code or record.terms != held.asked.terms:
            raise Refusal(reasons.EXCHANGE_UNKNOWN, "", "record")

    def _permit(self, task: Task) -> Permit:
        claims, signature = (bytes.fromhex(task.content[part]) for part in ("claims", "signature"))
        return judged(SignedPermit(claims, signature), self._permits.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """Ends the inquiries that have waited too long by the world's clock."""

    store: Store
    settling: Settling

    async def run_once(self) -> int:
        """Return how many ended."""
        if not await self.store.look(self.settling.any_overdue):
            return 0
        return await self.store.write(self.settling.expire, what="expire inquiries")


def _of(task: Task) -> tuple[ExchangeId, LinkageCode]:
    return ExchangeId(task.content["exchange"]), LinkageCode(bytes.fromhex(task.content["code"]))
