"""Handing a linkage-code generation request one hop further (F1.7, F1.8).

The linkage platform, the register, the municipal CS and an agency each owe the
next hop the same call; each takes it durably before it answers, and none judges
the number.
"""

from collections.abc import Mapping

from renkei.codes import IndividualNumber, ProcessingSerial
from renkei_server.dispatch.routes import Effect, Route, no_effect
from renkei_server.door.call import Call, nothing
from renkei_server.peers.codes import GeneratesLinkageCodes
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox, Task
from renkei_server.store.engine.store import Store

GENERATE = "generate"


def generation_content(number: IndividualNumber, serial: ProcessingSerial) -> Mapping[str, str]:
    """The content of a task that hands a generation request on."""
    return {"individual_number": number.digits, "serial": serial.value}


def generation_route(next_hop: GeneratesLinkageCodes) -> Route:
    """How such a task is sent; once the next hop has taken it, nothing of it stays here."""

    async def send(task: Task) -> Effect:
        await next_hop.generate_linkage_code(
            task.request_id,
            IndividualNumber(task.content["individual_number"]),
            ProcessingSerial(task.content["serial"]),
        )
        return no_effect

    return Route(send)


async def take_generation(
    store: Store, outbox: Outbox, call: Call, number: IndividualNumber, serial: ProcessingSerial
) -> None:
    """Take a generation request: from here on, this seat owes it to the next hop."""
    call.operation.person = number.digits

    def take(connection: Connection) -> str:
        outbox.put(
            connection,
            GENERATE,
            cause=call.receipt.request_id,
            content=generation_content(number, serial),
        )
        return "taken"

    await call.once(store, take, nothing)
