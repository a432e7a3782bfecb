"""How a ward system has a session judged: by an answer that speaks of it, and by no other (USE-06)."""

import pytest

from renkei import reasons
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei.type.v1 import operator_session_pb2 as pb2
from renkei_clients.operators import SessionClient
from renkei_server.domain.operators import Access, Deed, Session
from renkei_server.door.operator_sessions import Acting
from renkei_server.roles.asking_sessions import asked
from tests.server.world import NOON

TERMINAL = "spiffe://ward-131148.renkei.test/131148/cs-terminal"
SESSION = Session(
    operator_id="operator-2",
    session_id="session",
    institution="131148",
    terminal=TERMINAL,
    factors=frozenset(),
    permissions=frozenset(),
    approver=False,
    not_before=NOON,
    not_after=NOON,
)
SIGNED = pb2.OperatorSession(claims=b"claims", signature=b"signature")
ACTING = Acting(SESSION, SIGNED, Deed("identity-search", Access.READ, approves=True))


class Service(SessionClient):
    """An operator service that answers as it is told."""

    def __init__(self, refusal: Refusal | None = None) -> None:
        self.refusal = refusal
        self.told: list[object] = []

    async def judge_session(
        self,
        session: pb2.OperatorSession,
        terminal: str,
        function: str,
        access: pb2.Access,
        *,
        approves: bool = False,
    ) -> None:
        self.told = [session, terminal, function, access, approves]
        if self.refusal is not None:
            raise self.refusal


async def refused(reason: Reason) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await asked(Service(Refusal(reason)))(ACTING)
    return caught.value


async def test_the_service_is_told_the_session_its_terminal_and_what_is_about_to_be_done() -> None:
    service = Service()

    await asked(service)(ACTING)

    assert service.told == [SIGNED, TERMINAL, "identity-search", pb2.ACCESS_READ, True]


@pytest.mark.parametrize(
    "reason",
    [
        reasons.OPERATOR_SESSION_ENDED,
        reasons.OPERATOR_FACTOR_MISSING,
        reasons.PERMISSION_MISSING,
        reasons.APPROVER_RIGHT_MISSING,
    ],
)
async def test_what_it_says_of_the_session_counts(reason: Reason) -> None:
    refusal = await refused(reason)

    told = refusal.reason, refusal.detail, refusal.fields
    assert told == (reason, "identity-search, read", ("operator_session",))


@pytest.mark.parametrize(
    "reason",
    [
        reasons.PEER_UNREACHABLE,
        reasons.DEADLINE_PASSED,
        reasons.CALLER_NOT_ADMITTED,
        reasons.INTERNAL,
        reasons.STORE_UNAVAILABLE,
        reasons.TOO_MANY_CALLS,
        reasons.METHOD_UNKNOWN,
        reasons.PEER_NOT_UNDERSTOOD,
    ],
)
async def test_any_other_answer_is_none_and_lets_nobody_in(reason: Reason) -> None:
    refusal = await refused(reason)

    assert (refusal.reason, refusal.detail) == (
        reasons.OPERATOR_SERVICE_UNREACHABLE,
        reason.name,
    )
