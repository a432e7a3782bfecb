"""Who is admitted at a listener: whom the table of connections names there, and nobody else."""

from collections.abc import Iterable
from typing import Final

from renkei.codes import Institution
from renkei.networks import domain_of
from renkei.roles import in_table
from renkei_pki.identity import Identity
from renkei_server.door.connections import CONTROL_TABLE, EVERY_SEAT, TABLE, Row, Scope

_SEATS: Final = frozenset(row.seat for row in TABLE)


class Admission:
    """The rows that hold at one listener, asked at every RPC."""

    def __init__(
        self,
        listener: Identity,
        services: Iterable[str],
        *,
        table: Iterable[Row] = (*TABLE, *CONTROL_TABLE),
    ) -> None:
        """Raise ValueError where a service admits nobody: such a start is a mistake."""
        self._listener = listener
        self._scopes: dict[tuple[str, str], Scope] = {}
        here = [row for row in table if self._is_here(row)]
        for service in services:
            rows = [row for row in here if row.service == service]
            if not rows:
                msg = f"{service} at {listener} admits nobody"
                raise ValueError(msg)
            for row in rows:
                self._scopes[service, row.caller] = row.scope

    def admits(self, caller: Identity, service: str) -> bool:
        """Whether this caller, of the listener's own trust domain, may call the service."""
        scope = self._scopes.get((service, in_table(caller.role)))
        if scope is None or caller.domain != self._listener.domain:
            return False
        if scope is Scope.ANY or caller.institution == self._listener.institution:
            return True
        lies_in = Institution(caller.institution).prefecture
        return scope is Scope.OWN_OR_OF_PREFECTURE and lies_in == self._listener.institution

    def admits_somewhere(self, caller: Identity) -> bool:
        """Whether this caller may call at least one of the listener's services."""
        return any(self.admits(caller, service) for service, _ in self._scopes)

    def admits_seat(self, caller: Identity) -> bool:
        """The same of a caller that is a seat itself."""
        return caller.role in _SEATS and self.admits_somewhere(caller)

    def _is_here(self, row: Row) -> bool:
        here = domain_of(row.network, self._listener.institution)
        return row.seat in {self._listener.role, EVERY_SEAT} and here == self._listener.domain
