"""What a caller may call at a listener, by the one table of who may call whom (invented)."""

from typing import Final

from renkei.networks import domain_of
from renkei_pki.identity import Identity
from renkei_server.door.admission import Admission
from renkei_server.door.connections import CONTROL_TABLE, EVERY_SEAT, TABLE, Row
from renkei_simulators import contract

_ROWS: Final = (*TABLE, *CONTROL_TABLE)


def methods(caller: Identity, listener: Identity) -> tuple[str, ...]:
    """What this caller may call there, as `Service/Method`, in the table's order."""
    services = tuple(dict.fromkeys(row.service for row in _rows_of(listener)))
    here = Admission(listener, services)
    return tuple(
        f"{service.rpartition('.')[2]}/{method}"
        for service in services
        if here.admits(caller, service)
        for method in contract.methods_of(service)
    )


def callers(listener: Identity) -> tuple[str, ...]:
    """The roles that may call something there, in the table's order."""
    return tuple(dict.fromkeys(row.caller for row in _rows_of(listener)))


def _rows_of(listener: Identity) -> list[Row]:
    return [
        row
        for row in _ROWS
        if row.seat in {listener.role, EVERY_SEAT}
        and domain_of(row.network, listener.institution) == listener.domain
    ]
