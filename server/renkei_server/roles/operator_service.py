"""The operator service (操作者認証) of a municipality: who acts at its terminals (USE-01 to USE-06)."""

from typing import Final

from renkei.networks import ward
from renkei_server.roles import staff
from renkei_server.roles.parts import Parts, Seat
from renkei_server.seats.operators.sessions import SessionService

TABLES: Final = staff.TABLES


def assemble(parts: Parts) -> Seat:
    """Its one face is the ward's own network; it calls nobody."""
    own = staff.of(parts)
    judging = SessionService(sessions=own.sessions)
    return Seat({ward(parts.config.institution): (*own.services, judging)}, {})
