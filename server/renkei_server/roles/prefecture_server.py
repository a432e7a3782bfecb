"""The prefecture server (都道府県サーバ): its identity file, between municipalities and nation (PS-1 to PS-4).

It is operator service for its own terminals.
"""

from typing import Final

from renkei.codes import Institution
from renkei.consistency import Peer
from renkei.networks import JUKINET
from renkei_server.dispatch.consistency_runs import Comparisons
from renkei_server.roles import consistency, identity_hops, staff
from renkei_server.roles.parts import Parts, Seat
from renkei_server.seats.jukinet.consistency_check import ConsistencyCheckService
from renkei_server.seats.jukinet.identity_inquiry import IdentityInquiryService
from renkei_server.seats.jukinet.identity_notification import IdentityNotificationService

TABLES: Final = (*identity_hops.TABLES, *consistency.RUNS, *staff.TABLES)


def assemble(parts: Parts) -> Seat:
    """It listens to its municipalities and goes on to the nation, on the one network."""
    here = parts.config.institution
    hop = identity_hops.hop(parts, "national-server")

    def speaks_for(sender: Institution, municipality: Institution) -> bool:
        return sender == municipality and municipality.prefecture == here

    notifications = IdentityNotificationService(taking=hop.taking, speaks_for=speaks_for)
    answers = consistency.answering(parts, speaks_for)
    comparisons = _comparing(parts, hop)
    own = staff.of(parts)
    inquiries = IdentityInquiryService(
        providing=identity_hops.providing(parts, hop.taking), sessions=own.sessions
    )
    checks = ConsistencyCheckService(checks=consistency.checks(parts, comparisons, own.sessions))
    return Seat(
        {JUKINET: (notifications, answers, inquiries, checks, *own.services)},
        {**hop.notifying.routes, **comparisons.routes},
        (*hop.regularly, comparisons.tend),
    )


def _comparing(parts: Parts, hop: identity_hops.Hop) -> Comparisons:
    """How the persons of each of its municipalities are compared with the nation's (F9.2)."""
    named = sorted(parts.institutions({"municipal-cs"}))
    here = [one for one in map(Institution, named) if one.prefecture == parts.config.institution]
    nation = consistency.with_nation(parts, hop.taking.under_way, *here)
    return consistency.runs(parts, {Peer.NATION: nation})
