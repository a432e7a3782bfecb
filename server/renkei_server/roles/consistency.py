"""What the seats have alike that compare their files, or answer who compares (F9)."""

from collections.abc import Mapping, Sequence
from typing import Final

from renkei.codes import Institution, ResidentRecordCode
from renkei.consistency import Peer
from renkei.contract import method_of
from renkei.jukinet.v1 import consistency_pb2 as pb2
from renkei.networks import JUKINET, ward
from renkei_clients.consistency import ConsistencyClient, ReconciliationClient
from renkei_server.dispatch.answering_comparisons import Answering
from renkei_server.dispatch.comparing import Comparing
from renkei_server.dispatch.consistency_checks import ConsistencyChecks
from renkei_server.dispatch.consistency_runs import Comparisons, Submitted, With, unrecorded
from renkei_server.door.operator_sessions import OperatorSessions
from renkei_server.roles.parts import Parts
from renkei_server.seats.jukinet.consistency import ConsistencyService, MayAsk
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.files import SealedFile
from renkei_server.store.identities import consistency_runs, identity_file
from renkei_server.store.identities.compared import BEYOND
from renkei_server.store.identities.consistency_runs import ConsistencyRuns
from renkei_server.store.identities.departed import Departed
from renkei_server.store.identities.file_side import FileSide, IsOwed, TellingFile
from renkei_server.store.identities.incoming import Incoming
from renkei_server.store.identities.provided import IdentityProvision
from renkei_server.store.persons.register_side import RegisterSide

RUNS: Final = consistency_runs.TABLES

FUNCTION: Final = "consistency"
"""What an operator must be permitted, at the municipal CS and at the prefecture server."""

_COMPARE: Final = method_of(pb2.ComparePersonsRequest).path


def side_of(parts: Parts, municipality: Institution, kind: int = BEYOND) -> FileSide:
    """One municipality's persons in the seat's identity file."""
    sealer = parts.store.sealer
    return FileSide(
        sealer=sealer,
        file=SealedFile(identity_file.FORM, sealer),
        departed=Departed(sealer),
        incoming=Incoming(sealer),
        municipality=municipality,
        kind=kind,
    )


def answering(parts: Parts, may_ask: MayAsk) -> ConsistencyService:
    """How a seat of the resident-register network answers who compares."""
    return ConsistencyService(
        answering=lambda municipality: Answering(parts.store, side_of(parts, municipality)),
        may_ask=may_ask,
    )


def runs(parts: Parts, peers: Mapping[Peer, With]) -> Comparisons:
    """How a seat compares its file with these."""
    return Comparisons(
        store=parts.store,
        outbox=parts.outbox,
        clock=parts.clock,
        runs=ConsistencyRuns(parts.store.sealer),
        peers=peers,
        submitted=_recording(parts) if Peer.MUNICIPAL_CS not in peers else unrecorded,
    )


def _recording(parts: Parts) -> Submitted:
    """What records that prefecture or nation were told persons' items to compare them (PRV-11)."""
    provisions = parts.provisions()
    here = Institution(parts.config.institution)
    receivers = {
        Peer.PREFECTURE: f"prefecture-server.{here.prefecture}",
        Peer.NATION: f"national-server.{parts.keeper('national-server')}",
    }

    def record(
        connection: Connection, peer: Peer, step: str, persons: Sequence[ResidentRecordCode]
    ) -> None:
        for person in persons:
            provisions.add(connection, IdentityProvision(step, receivers[peer], _COMPARE, person))

    return record


def checks(
    parts: Parts, comparisons: Comparisons, sessions: OperatorSessions, function: str = FUNCTION
) -> ConsistencyChecks:
    """How operators have it done, with a session that may use a function."""
    return ConsistencyChecks(
        store=parts.store,
        comparisons=comparisons,
        runs=ConsistencyRuns(parts.store.sealer),
        sessions=sessions,
        function=function,
        clock=parts.clock,
    )


def with_prefecture(parts: Parts, is_owed: IsOwed) -> With:
    """A municipal CS and its prefecture (F9.1)."""
    here = Institution(parts.config.institution)
    client = parts.peer(ConsistencyClient, JUKINET, "prefecture-server", here.prefecture)
    return _with(parts, client, is_owed, here)


def with_nation(parts: Parts, is_owed: IsOwed, *municipalities: Institution) -> With:
    """A municipal CS, or a prefecture server, and the nation (F9.2, F9.3)."""
    client = parts.peer(ConsistencyClient, JUKINET, "national-server")
    return _with(parts, client, is_owed, *municipalities)


def with_municipal_cs(parts: Parts, side: RegisterSide) -> With:
    """A register and its municipal CS (F9.4)."""
    here = parts.config.institution
    client = parts.peer(ReconciliationClient, ward(here), "municipal-cs")
    return With((Institution(here),), lambda _: Comparing(parts.store, side, client))


def _with(
    parts: Parts, client: ConsistencyClient, is_owed: IsOwed, *municipalities: Institution
) -> With:
    def compare(municipality: Institution) -> Comparing:
        own = TellingFile(side=side_of(parts, municipality), is_owed=is_owed)
        return Comparing(parts.store, own, client.of(municipality))

    return With(municipalities, compare)
