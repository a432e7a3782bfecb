"""What the information provision network owes institutions: codes, failures and expiries.

A code is computed when it is sent and never written (spec: who may know what).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from renkei.acquisitions import Failure
from renkei.codes import Institution, LinkageCode, ProcessingSerial
from renkei_server.dispatch.routes import Effect, Route, no_effect
from renkei_server.domain.linkage_codes import CodeCipher
from renkei_server.domain.world import Clock
from renkei_server.peers.codes import ReceivesCodes
from renkei_server.store.codes.serials import Serials
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox, Task
from renkei_server.store.engine.store import Store

DELIVER = "deliver"

_SWEEP_AT_ONCE = 500

Outcome = bytes | Failure | datetime
"""A link id, why there is none, or when the serial expired."""


def delivery_content(
    serial: ProcessingSerial, owner: Institution, outcome: Outcome
) -> Mapping[str, str]:
    """The content of a task that delivers what became of a serial to its owner."""
    content = {"serial": serial.value, "owner": owner.name}
    if isinstance(outcome, bytes):
        return content | {"link_id": outcome.hex()}
    if isinstance(outcome, Failure):
        return content | {"failure": outcome.name}
    return content | {"expired_at": outcome.isoformat()}


def provision_routes(
    cipher: CodeCipher, institution: Callable[[Institution], ReceivesCodes]
) -> Mapping[str, Route]:
    """The one kind of task."""

    async def deliver(task: Task) -> Effect:
        # F1.12 serial + code, or reason
        content = task.content
        owner = Institution(content["owner"])
        outcome: LinkageCode | Failure | datetime
        if "link_id" in content:
            outcome = cipher.code_of(bytes.fromhex(content["link_id"]), owner)
        elif "failure" in content:
            outcome = Failure[content["failure"]]
        else:
            outcome = datetime.fromisoformat(content["expired_at"])
        serial = ProcessingSerial(content["serial"])
        await institution(owner).deliver_code(task.request_id, serial, outcome)
        return no_effect

    return {DELIVER: Route(deliver)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpirySweep:
    """Marks serials whose time has come, and owes their owners the news (F1: expiry)."""

    store: Store
    serials: Serials
    outbox: Outbox
    clock: Clock

    async def run_once(self) -> int:
        """Sweep what has expired by the world's clock; return how many serials that were."""
        now = self.clock.now()
        if not await self.store.look(lambda connection: self.serials.any_expired(connection, now)):
            return 0

        def sweep(connection: Connection) -> int:
            expired = self.serials.expire(connection, now, _SWEEP_AT_ONCE)
            for serial, known in expired:
                content = delivery_content(serial, known.owner, known.expires_at)
                self.outbox.put(connection, DELIVER, cause="", content=content)
            return len(expired)

        return await self.store.write(sweep)
