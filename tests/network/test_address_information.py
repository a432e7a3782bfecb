"""Whose a number is, told by the linkage platform to its own middle server for a review (LP-1; PLT-04)."""

from datetime import UTC, datetime, timedelta

import pytest

from renkei import reasons
from renkei.codes import IntegratedAddressNumber
from renkei.networks import LINKAGE, ward
from renkei.reasons import Reason
from renkei.type.v1.operator_session_pb2 import (
    ACCESS_READ,
    ACCESS_UPDATE,
    OperatorSession,
    OperatorSessionClaims,
    Permission,
)
from renkei.wire.times import write_time
from renkei_clients.address_information import AddressInformationClient
from renkei_pki.identity import Identity
from renkei_pki.signing import SigningKey
from renkei_server.process.machine import MachineIds
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.persons.numbering import Numbering
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.certificates import SESSION_FILE, session_claims, sign_session
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.people import attributes_of

from .asking import new_id, reason_of, until
from .people import People
from .people.strangers import outsider
from .small_world import NEIGHBOUR, WARD

PLATFORM = Identity(LINKAGE, WARD, "linkage-platform")
MIDDLE = Identity(LINKAGE, WARD, "middle-server")
TERMINAL = Identity(LINKAGE, WARD, "middle-terminal")


def session_of(world: RunningWorld, organisation: str) -> OperatorSession:
    """The session that lies at an organisation's terminal."""
    folder = world.layout.caller(Identity(LINKAGE, organisation, "middle-terminal"))
    return OperatorSession.FromString((folder / SESSION_FILE).read_bytes())


def signed(world: RunningWorld, **changes: object) -> OperatorSession:
    """A session that the organisation's own key signs, whatever it claims."""
    claims = session_claims(TERMINAL, now=datetime.now(UTC))
    for name, value in changes.items():
        claims.ClearField(name)
        claims.MergeFrom(OperatorSessionClaims(**{name: value}))
    key = SigningKey.load(world.layout.operator_key(f"middle-server.{WARD}"))
    return sign_session(key, claims)


def client(world: RunningWorld, caller: Identity = MIDDLE) -> AddressInformationClient:
    channel = world.callers.channel(outsider(world, caller), PLATFORM)
    return AddressInformationClient(channel)


@pytest.fixture(scope="module")
def resident(people: People) -> Resident:
    """A resident whom the platform has numbered."""
    return people.somebody()


@pytest.fixture(scope="module")
async def number(world: RunningWorld, resident: Resident) -> IntegratedAddressNumber:
    """How it numbers them."""
    terminal = world.callers.ward_terminal(WARD)
    local = resident.local_address_number
    await terminal.request_code_acquisition(new_id(), local)
    store = world.seats[f"linkage-platform.{WARD}"].store
    numbering = Numbering(store.sealer, MachineIds())
    await until(lambda: store.read_now(lambda tx: numbering.by_local(tx, local)) is not None)
    found = store.read_now(lambda tx: numbering.by_local(tx, local))
    assert found is not None
    return found


async def test_the_reviewer_s_middle_server_is_told_whose_a_number_is(
    world: RunningWorld, resident: Resident, number: IntegratedAddressNumber
) -> None:
    told = await client(world).get_address_information(number, session_of(world, WARD))

    assert told == attributes_of(resident)


async def test_the_record_of_it_names_operator_and_person(
    world: RunningWorld, number: IntegratedAddressNumber
) -> None:
    await client(world).get_address_information(number, session_of(world, WARD))

    store = world.seats[f"linkage-platform.{WARD}"].store
    operations = store.read_now(lambda tx: OperationLog(store.sealer).concerning(tx, number.digits))
    assert {(one.operator, one.caller) for one in operations if one.operator} == {
        ("operator-1", MIDDLE.uri)
    }


async def test_nobody_is_told_without_a_session_of_this_organisation(
    world: RunningWorld, number: IntegratedAddressNumber
) -> None:
    theirs, own = session_of(world, NEIGHBOUR), session_of(world, WARD)
    forged = OperatorSession(claims=own.claims + b"\x0a\x01x", signature=own.signature)

    refused = [
        await reason_of(client(world).get_address_information(number, session))
        for session in (None, theirs, forged)
    ]

    assert refused == [
        reasons.OPERATOR_SESSION_MISSING,
        reasons.OPERATOR_SESSION_INVALID,
        reasons.OPERATOR_SESSION_INVALID,
    ]


async def test_to_read_suffices(
    world: RunningWorld, resident: Resident, number: IntegratedAddressNumber
) -> None:
    session = signed(world, permissions=[Permission(function="release", access=ACCESS_READ)])

    told = await client(world).get_address_information(number, session)

    assert told == attributes_of(resident)


ANOTHER_PLACE = reasons.OPERATOR_SESSION_OF_ANOTHER_TERMINAL


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"terminal": MIDDLE.uri}, ANOTHER_PLACE),
        ({"terminal": Identity(LINKAGE, NEIGHBOUR, "middle-terminal").uri}, ANOTHER_PLACE),
        ({"institution": NEIGHBOUR}, ANOTHER_PLACE),
        (
            {"not_after": write_time(datetime.now(UTC) - timedelta(seconds=1))},
            reasons.OPERATOR_SESSION_OUT_OF_DATE,
        ),
        (
            {"not_before": write_time(datetime.now(UTC) + timedelta(hours=1))},
            reasons.OPERATOR_SESSION_OUT_OF_DATE,
        ),
        ({"permissions": []}, reasons.PERMISSION_MISSING),
        (
            {"permissions": [Permission(function="inquiry", access=ACCESS_UPDATE)]},
            reasons.PERMISSION_MISSING,
        ),
    ],
)
async def test_a_session_for_another_place_time_or_function_tells_nothing(
    world: RunningWorld, number: IntegratedAddressNumber, changes: dict[str, object], reason: Reason
) -> None:
    session = signed(world, **changes)

    assert await reason_of(client(world).get_address_information(number, session)) is reason


async def test_a_number_that_nobody_has_is_nobodys(world: RunningWorld) -> None:
    stranger = IntegratedAddressNumber("123456789012345")

    refused = await reason_of(
        client(world).get_address_information(stranger, session_of(world, WARD))
    )

    assert refused is reasons.PERSON_NOT_HELD


@pytest.mark.parametrize(
    "caller",
    [
        Identity(LINKAGE, NEIGHBOUR, "middle-server"),
        Identity(LINKAGE, WARD, "middle-terminal"),
        Identity(LINKAGE, "ipn", "provision-network"),
    ],
    ids=str,
)
async def test_nobody_else_may_ask(
    world: RunningWorld, number: IntegratedAddressNumber, caller: Identity
) -> None:
    refused = await reason_of(
        client(world, caller).get_address_information(number, session_of(world, WARD))
    )

    assert refused is reasons.CALLER_NOT_ADMITTED


async def test_the_ward_s_own_callers_do_not_reach_the_second_face(world: RunningWorld) -> None:
    register = Identity(ward(WARD), WARD, "resident-record")

    refused = await reason_of(
        client(world, register).get_address_information(
            IntegratedAddressNumber("123456789012345"), session_of(world, WARD)
        )
    )

    assert refused in (reasons.PEER_UNREACHABLE, reasons.DEADLINE_PASSED)
