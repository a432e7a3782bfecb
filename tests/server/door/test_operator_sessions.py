"""Who needs an operator's session: everybody whose role does not act without one (USE-01)."""

from pathlib import Path

import pytest

from renkei import reasons
from renkei.networks import LINKAGE
from renkei.refusals import Refusal
from renkei.roles import ROLES
from renkei.type.v1.operator_session_pb2 import OperatorSession
from renkei_pki.identity import Identity
from renkei_pki.signing import SigningKey, VerifyingKey
from renkei_server.domain.operators import Access
from renkei_server.door.call import Call
from renkei_server.door.operator_sessions import OperatorSessions
from renkei_server.store.engine.operations import Operation
from tests.server.world import NOON, SetClock

WARD = "131148"
UNATTENDED = {"linkage-platform", "municipal-cs"}


@pytest.fixture
def sessions(tmp_path: Path) -> OperatorSessions:
    """What judges them at a seat of the ward."""
    SigningKey.create(tmp_path / "operators" / "key.pem")
    key = VerifyingKey.load(tmp_path / "operators" / "public.pem")
    return OperatorSessions(institution=WARD, operator_key=key, clock=SetClock())


async def ask(sessions: OperatorSessions, role: str) -> None:
    """Ask without a session where one may be optional."""
    caller = Identity(LINKAGE, WARD, role)
    call = Call(caller, Operation(at=NOON, caller=caller.uri, method="any"))
    await sessions.admit_unless_system(call, OperatorSession(), "inquiry", Access.READ)


@pytest.mark.parametrize("role", sorted({*ROLES, "a-role-admitted-later"} - UNATTENDED))
async def test_whoever_is_admitted_later_needs_a_session_as_everybody_does(
    sessions: OperatorSessions, role: str
) -> None:
    with pytest.raises(Refusal) as caught:
        await ask(sessions, role)

    assert caught.value.reason is reasons.OPERATOR_SESSION_MISSING


@pytest.mark.parametrize("role", sorted(UNATTENDED))
async def test_two_roles_alone_act_without_an_operator(
    sessions: OperatorSessions, role: str
) -> None:
    await ask(sessions, role)

    assert {one.name for one in ROLES.values() if one.unattended} == UNATTENDED
