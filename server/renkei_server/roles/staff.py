"""What the seats have alike that are operator service for an institution (USE-04 to USE-06; MS-9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from renkei_server.door.door import Service
from renkei_server.door.operator_sessions import OperatorSessions
from renkei_server.roles.parts import Parts
from renkei_server.seats.operators.access import OperatorAccessService
from renkei_server.seats.operators.one_password import OnePassword
from renkei_server.seats.operators.roster import OperatorRosterService
from renkei_server.seats.operators.standing import standing
from renkei_server.store import operators

TABLES: Final = operators.TABLES


@dataclass(frozen=True, slots=True)
class Staff:
    """What judges its operators, and the services by which they are let in and listed."""

    sessions: OperatorSessions
    services: Sequence[Service]


def of(parts: Parts) -> Staff:
    """Put together what opens sessions and judges them by the seat's own roster."""
    store, clock = parts.store, parts.clock
    roster = operators.Operators(store.sealer)
    sessions = parts.operator_sessions(standing(store, roster, clock))
    one_password = OnePassword(store.shared)
    access = OperatorAccessService(
        store=store,
        operators=roster,
        sessions=sessions,
        key=parts.keys.signing_key(parts.config.operator_signing_key),
        clock=clock,
        ids=parts.ids,
        one_password=one_password,
    )
    administration = OperatorRosterService(
        store=store, operators=roster, clock=clock, ids=parts.ids, one_password=one_password
    )
    return Staff(sessions, (access, administration))
