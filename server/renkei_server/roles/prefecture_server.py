"""The prefecture server (都道府県サーバ): its identity file, between municipalities and nation (PS-1 to PS-3).

It is operator service for its own terminals.
"""

from typing import Final

from renkei.networks import JUKINET
from renkei_server.roles import identity_hops, staff
from renkei_server.roles.parts import Parts, Seat
from renkei_server.seats.jukinet.identity_inquiry import IdentityInquiryService
from renkei_server.seats.jukinet.identity_notification import IdentityNotificationService
from renkei_server.store.retention import of_provisions

TABLES: Final = (*identity_hops.TABLES, *staff.TABLES)


def assemble(parts: Parts) -> Seat:
    """It listens to its municipalities and goes on to the nation, on the one network."""
    here = parts.config.institution
    hop = identity_hops.hop(parts, "national-server")
    service = IdentityNotificationService(
        taking=hop.taking,
        speaks_for=lambda sender, origin: sender == origin and origin.prefecture == here,
    )
    own = staff.of(parts)
    inquiries = IdentityInquiryService(
        finding=identity_hops.finding(parts, hop.taking), sessions=own.sessions
    )
    erasing = parts.erasing(of_provisions(parts.provisions()))
    return Seat({JUKINET: (service, inquiries, *own.services)}, hop.notifying.routes, (erasing,))
