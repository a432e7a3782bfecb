"""Who may act at a ward's terminal: a session, signed, for this terminal, in time, with the right."""

from datetime import UTC, datetime, timedelta

import pytest

from renkei import reasons
from renkei.networks import ward
from renkei.reasons import Reason
from renkei.type.v1 import operator_session_pb2 as pb2
from renkei.wire.times import write_time
from renkei_clients.ward import ResidentRecordClient
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_pki.signing import SigningKey
from renkei_simulators.world.certificates import LOGIN_FILE, session_claims, sign_session
from renkei_simulators.world.in_process import RunningWorld

from .asking import new_id, reason_of
from .people import People
from .small_world import NEIGHBOUR, WARD

TERMINAL = Identity(ward(WARD), WARD, "ward-terminal")
REGISTER = Identity(ward(WARD), WARD, "resident-record")


def client(world: RunningWorld, session: pb2.OperatorSession | None) -> ResidentRecordClient:
    credentials = Credentials.load(world.layout.caller(TERMINAL))
    return ResidentRecordClient(world.callers.channel(credentials, REGISTER, session))


def signed(world: RunningWorld, claims: pb2.OperatorSessionClaims, by: str = WARD):  # type: ignore[no-untyped-def]
    return sign_session(
        SigningKey.load(world.layout.operator_key(f"operator-service.{by}")), claims
    )


def claims(**changes: object) -> pb2.OperatorSessionClaims:
    told = session_claims(TERMINAL, now=datetime.now(UTC))
    for name, value in changes.items():
        told.ClearField(name)
        told.MergeFrom(pb2.OperatorSessionClaims(**{name: value}))
    return told


async def ask(world: RunningWorld, people: People, session: pb2.OperatorSession | None) -> Reason:
    person = people.somebody()
    return await reason_of(
        client(world, session).request_code_acquisition(new_id(), person.local_address_number)
    )


async def test_a_request_without_a_session_is_refused(world: RunningWorld, people: People) -> None:
    assert await ask(world, people, None) is reasons.OPERATOR_SESSION_MISSING


async def test_a_session_that_another_ward_signed_is_refused(
    world: RunningWorld, people: People
) -> None:
    session = signed(world, claims(), by=NEIGHBOUR)

    assert await ask(world, people, session) is reasons.OPERATOR_SESSION_INVALID


async def test_a_session_that_was_altered_is_refused(world: RunningWorld, people: People) -> None:
    session = signed(world, claims())
    altered = claims(approver=True).SerializeToString()
    session.claims = altered

    assert await ask(world, people, session) is reasons.OPERATOR_SESSION_INVALID


@pytest.mark.parametrize(
    "changes",
    [
        {"terminal": Identity(ward(WARD), WARD, "cs-terminal").uri},
        {"institution": NEIGHBOUR},
    ],
)
async def test_a_session_of_another_terminal_or_institution_is_refused(
    world: RunningWorld, people: People, changes: dict[str, object]
) -> None:
    session = signed(world, claims(**changes))

    assert await ask(world, people, session) is reasons.OPERATOR_SESSION_OF_ANOTHER_TERMINAL


@pytest.mark.parametrize(
    "changes",
    [
        {"not_after": write_time(datetime.now(UTC) - timedelta(seconds=1))},
        {"not_before": write_time(datetime.now(UTC) + timedelta(hours=1))},
    ],
)
async def test_a_session_out_of_its_time_is_refused(
    world: RunningWorld, people: People, changes: dict[str, object]
) -> None:
    assert (
        await ask(world, people, signed(world, claims(**changes)))
        is reasons.OPERATOR_SESSION_OUT_OF_DATE
    )


@pytest.mark.parametrize("factors", [[], [pb2.FACTOR_PASSWORD], [pb2.FACTOR_BIOMETRIC]])
async def test_a_session_without_a_factor_that_the_terminal_needs_is_refused(
    world: RunningWorld, people: People, factors: list[pb2.Factor]
) -> None:
    session = signed(world, claims(factors=factors))

    assert await ask(world, people, session) is reasons.OPERATOR_FACTOR_MISSING


async def test_a_session_that_nobody_opened_is_refused_whoever_signed_it(
    world: RunningWorld, people: People
) -> None:
    assert await ask(world, people, signed(world, claims())) is reasons.OPERATOR_SESSION_ENDED


async def opened(world: RunningWorld) -> pb2.OperatorSession:
    secret = (world.layout.caller(TERMINAL) / LOGIN_FILE).read_text()
    return await world.callers.ward_operators(WARD).open_operator_session(
        new_id(), "operator-1", secret, [pb2.FACTOR_BIOMETRIC]
    )


async def test_a_fresh_session_makes_no_other_request_of_a_repeat(
    world: RunningWorld, people: People
) -> None:
    person, request_id = people.somebody(), new_id()
    for _ in range(2):
        session = await opened(world)
        await client(world, session).request_code_acquisition(
            request_id, person.local_address_number
        )


async def test_a_person_whom_the_register_does_not_hold_is_not_found(
    world: RunningWorld, people: People
) -> None:
    stranger = people.next_door[0].local_address_number
    session = await opened(world)

    assert (
        await reason_of(client(world, session).request_code_acquisition(new_id(), stranger))
        is reasons.PERSON_NOT_HELD
    )
