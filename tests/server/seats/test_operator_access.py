"""A session is told to whoever opened it, and to nobody else."""

from pathlib import Path

import pytest

from renkei import reasons
from renkei.networks import ward
from renkei.operators.v1 import operator_access_pb2 as pb2
from renkei.refusals import Refusal
from renkei.type.v1 import operator_session_pb2 as session_pb2
from renkei_pki.identity import Identity
from renkei_pki.signing import SigningKey
from renkei_server.door.call import Call
from renkei_server.door.operator_sessions import OperatorSessions
from renkei_server.seats.operators.access import OperatorAccessService
from renkei_server.seats.operators.one_password import OnePassword
from renkei_server.store import operators
from renkei_server.store.engine import receipts
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.operations import Operation
from renkei_server.store.engine.receipts import Receipts
from renkei_server.store.engine.run_digests import SeatRun
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.operators import Operators, verifier_of
from tests.server.world import NOON, CountedIds, OpenStore, SetClock, request_id

TERMINAL = Identity(ward("131148"), "131148", "ward-terminal")
WORD = "a long and secret word"


async def test_nobody_is_told_the_session_of_whoever_sent_the_same_request_before_a_restart(
    open_store: OpenStore, sealer: Sealer, tmp_path: Path
) -> None:
    ids, clock = CountedIds(), SetClock()
    store = open_store(operators.TABLES, receipts.TABLES)
    roster = Operators(sealer)

    def enrol(connection: Connection) -> None:
        for one in ("manager", "clerk"):
            salt = one.encode()
            verifier = verifier_of(WORD, salt)
            roster.enrol(connection, one, salt=salt, verifier=verifier, roster_end=None)

    store.write_now(enrol)
    service = OperatorAccessService(
        store=store,
        operators=roster,
        sessions=OperatorSessions(institution="131148", operator_key=None, clock=clock),
        key=SigningKey.create(tmp_path / "operators.pem"),
        clock=clock,
        ids=ids,
        one_password=OnePassword(store.shared),
    )

    async def opened(by: str, run: SeatRun) -> session_pb2.OperatorSessionClaims:
        request = pb2.OpenOperatorSessionRequest(
            sender="131148",
            request_id=request_id(7),
            operator_id=by,
            asserted_factors=[session_pb2.FACTOR_BIOMETRIC],
        )
        method = "/renkei.operators.v1.OperatorAccessService/OpenOperatorSession"
        receipt = Receipts(sealer, run).receipt(
            TERMINAL.uri,
            method,
            request.request_id,
            lasting=None,
            whole=request.SerializeToString(deterministic=True),
        )
        request.password = WORD
        call = Call(TERMINAL, Operation(NOON, TERMINAL.uri, method), receipt)
        told = await service.open_operator_session(request, call)
        return session_pb2.OperatorSessionClaims.FromString(told.operator_session.claims)

    first = await opened("manager", SeatRun.drawn(ids))
    again = await opened("manager", SeatRun.drawn(ids))
    with pytest.raises(Refusal) as refused:
        await opened("clerk", SeatRun.drawn(ids))

    assert first == again
    assert refused.value.reason is reasons.REQUEST_ID_REUSED
