"""A ward's and a prefecture's staff: let in with every factor, limited, sent away at once (USE-01 to USE-06)."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest

from renkei import reasons
from renkei.networks import JUKINET, ward
from renkei.refusals import Refusal
from renkei.roles import OPERATOR_SERVICE, ROLES
from renkei.type.v1 import operator_session_pb2 as pb2
from renkei_clients.operators import OperatorClient, RosterClient, SessionClient
from renkei_clients.ward import ResidentRecordClient
from renkei_pki.identity import Identity
from renkei_simulators.control_commands import controlled
from renkei_simulators.world.certificates import LOGIN_FILE
from renkei_simulators.world.in_process import RunningWorld
from tests.server.world import local_address_number
from tests.worlds import Worlds, seat

from .asking import new_id, reason_of, refusal_of
from .people import People
from .people.strangers import outsider
from .small_world import CONTROLLED_WORLD, NEIGHBOUR, TOKYO, WARD

HERE = ward(WARD)
SERVICE = Identity(HERE, WARD, OPERATOR_SERVICE)
REGISTER = Identity(HERE, WARD, "resident-record")
TERMINAL = Identity(HERE, WARD, "ward-terminal")
WORD = "a long and secret word"
BOTH = (pb2.FACTOR_BIOMETRIC,)


@pytest.fixture(scope="module")
async def world(worlds: Worlds) -> AsyncIterator[RunningWorld]:
    async with worlds.running(CONTROLLED_WORLD) as running:
        yield running


@pytest.fixture(scope="module")
def people(world: RunningWorld) -> People:
    return People(world.world)


@pytest.fixture(scope="module")
def roster(world: RunningWorld) -> RosterClient:
    """The ward's administrator."""
    return world.callers.ward_administrator(WARD)


@pytest.fixture(scope="module")
def door(world: RunningWorld) -> OperatorClient:
    """The ward's terminal, where its staff open sessions."""
    return world.callers.ward_operators(WARD)


@pytest.fixture
async def clerk(roster: RosterClient) -> str:
    """Somebody new on the ward's roster, who may ask the register how an acquisition stands."""
    name = f"clerk-{new_id()[:8]}"
    await roster.enrol_operator(new_id(), name, WORD)
    await roster.set_permissions(new_id(), name, {"code-acquisition": pb2.ACCESS_READ})
    return name


class AtWork:
    """What an operator does at the register with a session."""

    def __init__(self, world: RunningWorld, people: People, session: pb2.OperatorSession) -> None:
        channel = world.callers.channel(outsider(world, TERMINAL), REGISTER, session)
        self._register = ResidentRecordClient(channel)
        self._person = people.somebody().local_address_number

    async def read(self) -> reasons.Reason:
        """That nothing was asked for yet is what the register answers whoever may ask."""
        return await reason_of(self._register.get_code_acquisition(self._person))

    async def update(self) -> Refusal:
        return await refusal_of(self._register.request_code_acquisition(new_id(), self._person))


def judging(world: RunningWorld, role: str) -> SessionClient:
    """A ward system that asks about sessions."""
    caller = outsider(world, Identity(HERE, WARD, role))
    return SessionClient(world.callers.channel(caller, SERVICE))


async def test_an_operator_who_proves_who_they_are_may_do_what_was_permitted(
    world: RunningWorld, people: People, door: OperatorClient, clerk: str
) -> None:
    work = AtWork(world, people, await door.open_operator_session(new_id(), clerk, WORD, BOTH))

    assert await work.read() is reasons.ACQUISITION_NOT_ASKED
    refused = await work.update()
    assert (refused.reason, refused.fields) == (reasons.PERMISSION_MISSING, ("operator_session",))


@pytest.mark.parametrize("terminal", ["ward-terminal", "cs-terminal"])
async def test_a_session_needs_every_factor_of_its_terminal(
    world: RunningWorld, terminal: str, clerk: str
) -> None:
    door = world.callers.ward_operators(WARD, terminal)
    for factors in ((), (pb2.FACTOR_PIN,)):
        refused = await refusal_of(door.open_operator_session(new_id(), clerk, WORD, factors))
        told = refused.reason, refused.fields
        assert told == (reasons.OPERATOR_FACTOR_MISSING, ("asserted_factors",))

    await door.open_operator_session(new_id(), clerk, WORD, BOTH)


async def test_the_first_operators_of_a_world_can_open_sessions(world: RunningWorld) -> None:
    for terminal, door in (
        (TERMINAL, world.callers.ward_operators(WARD)),
        (Identity(HERE, WARD, "cs-terminal"), world.callers.ward_operators(WARD, "cs-terminal")),
        (
            Identity(JUKINET, TOKYO, "prefecture-terminal"),
            world.callers.prefecture_operators(TOKYO),
        ),
    ):
        role = ROLES[terminal.role]
        secret = (world.layout.caller(terminal) / LOGIN_FILE).read_text()
        session = await door.open_operator_session(new_id(), role.operator, secret, BOTH)
        claims = pb2.OperatorSessionClaims.FromString(session.claims)
        assert claims.terminal == terminal.uri
        assert {one.function for one in claims.permissions} == set(role.may)


async def test_who_is_revoked_is_out_at_the_next_call(
    world: RunningWorld, people: People, door: OperatorClient, roster: RosterClient, clerk: str
) -> None:
    work = AtWork(world, people, await door.open_operator_session(new_id(), clerk, WORD, BOTH))
    assert await work.read() is reasons.ACQUISITION_NOT_ASKED

    await roster.revoke_operator(new_id(), clerk)

    assert await work.read() is reasons.OPERATOR_SESSION_ENDED
    granted = await reason_of(roster.set_permissions(new_id(), clerk, {}))
    assert granted is reasons.OPERATOR_NOT_ON_ROSTER


async def test_a_closed_session_is_good_for_nothing_at_the_next_call(
    world: RunningWorld, people: People, door: OperatorClient, clerk: str
) -> None:
    session = await door.open_operator_session(new_id(), clerk, WORD, BOTH)
    work = AtWork(world, people, session)
    assert await work.read() is reasons.ACQUISITION_NOT_ASKED

    await door.close_operator_session(new_id(), session)

    assert await work.read() is reasons.OPERATOR_SESSION_ENDED


async def test_a_permission_counts_as_it_is_now(
    world: RunningWorld, people: People, door: OperatorClient, roster: RosterClient, clerk: str
) -> None:
    work = AtWork(world, people, await door.open_operator_session(new_id(), clerk, WORD, BOTH))

    await roster.set_permissions(new_id(), clerk, {"resident-record": pb2.ACCESS_UPDATE})

    assert await work.read() is reasons.PERMISSION_MISSING


async def test_a_contractor_acts_while_on_the_roster(
    world: RunningWorld, people: People, door: OperatorClient, roster: RosterClient
) -> None:
    clock = controlled(world.world, world.callers)[SERVICE.role + f".{WARD}"]
    last = date(2030, 3, 31)
    await roster.enrol_operator(new_id(), "contractor", WORD, last)
    may = {"code-acquisition": pb2.ACCESS_READ}
    await roster.set_permissions(new_id(), "contractor", may)
    session = await door.open_operator_session(new_id(), "contractor", WORD, BOTH)
    work = AtWork(world, people, session)
    try:
        await clock.set_clock(new_id(), datetime(2030, 3, 31, 14, 59, tzinfo=UTC))
        on_the_last_day = await work.read()
        await clock.set_clock(new_id(), datetime(2030, 3, 31, 15, 1, tzinfo=UTC))
        after = await work.read()
        granted = await reason_of(roster.set_permissions(new_id(), "contractor", may))
        await roster.set_roster_end(new_id(), "contractor", last + timedelta(days=1))
        again = await work.read()
    finally:
        await clock.set_clock(new_id(), datetime.now(UTC))

    assert on_the_last_day is again is reasons.ACQUISITION_NOT_ASKED
    assert (after, granted) == (reasons.OPERATOR_SESSION_ENDED, reasons.OPERATOR_NOT_ON_ROSTER)


async def test_a_session_is_good_at_its_own_terminal_alone(
    world: RunningWorld, people: People, clerk: str
) -> None:
    other = world.callers.ward_operators(WARD, "cs-terminal")
    session = await other.open_operator_session(new_id(), clerk, WORD, BOTH)

    refused = await AtWork(world, people, session).read()

    assert refused is reasons.OPERATOR_SESSION_OF_ANOTHER_TERMINAL


async def test_the_service_judges_for_a_system_what_it_would_judge_itself(
    world: RunningWorld, door: OperatorClient, roster: RosterClient, clerk: str
) -> None:
    session = await door.open_operator_session(new_id(), clerk, WORD, BOTH)
    service, elsewhere = judging(world, "municipal-cs"), Identity(HERE, WARD, "cs-terminal").uri
    reading = (session, TERMINAL.uri, "code-acquisition", pb2.ACCESS_READ)

    await service.judge_session(*reading)

    no_approver = service.judge_session(*reading, approves=True)
    assert await reason_of(no_approver) is reasons.APPROVER_RIGHT_MISSING
    at_another = service.judge_session(session, elsewhere, *reading[2:])
    assert await reason_of(at_another) is reasons.OPERATOR_SESSION_OF_ANOTHER_TERMINAL
    nothing = service.judge_session(pb2.OperatorSession(), *reading[1:])
    assert await reason_of(nothing) is reasons.OPERATOR_SESSION_MISSING

    may = {"code-acquisition": pb2.ACCESS_READ}
    await roster.set_permissions(new_id(), clerk, may, approver=True)
    await service.judge_session(*reading, approves=True)
    assert [one.approver for one in await roster.list_operators() if one.operator_id == clerk]


@pytest.mark.parametrize("role", ["ward-terminal", "admin", "department-care"])
async def test_none_but_the_ward_s_systems_ask_about_sessions(
    world: RunningWorld, role: str
) -> None:
    asking = judging(world, role).judge_session(
        pb2.OperatorSession(), TERMINAL.uri, "code-acquisition", pb2.ACCESS_READ
    )

    assert await reason_of(asking) is reasons.CALLER_NOT_ADMITTED


@pytest.mark.parametrize("role", ["ward-terminal", "cs-terminal", "resident-record"])
async def test_the_administrator_alone_grants(world: RunningWorld, role: str) -> None:
    caller = outsider(world, Identity(HERE, WARD, role))
    client = RosterClient(world.callers.channel(caller, SERVICE))

    refused = await reason_of(client.enrol_operator(new_id(), "somebody", WORD))

    assert refused is reasons.CALLER_NOT_ADMITTED


async def test_no_other_ward_s_administrator_is_let_in(world: RunningWorld) -> None:
    other = outsider(world, Identity(ward(NEIGHBOUR), NEIGHBOUR, "admin"))
    client = RosterClient(world.callers.channel(other, SERVICE))

    with pytest.raises(Refusal):
        await client.list_operators()


NOBODY_THERE = f"""
name = "no operator service"
test = true
seed = 5
today = 2026-11-23
municipality = [{{ code = "{WARD}", name = "中野区", residents = 20 }}]
{seat("resident-record", WARD, "ward")}
{seat("operator-service", WARD, "ward")}external = "127.0.0.1:1"
"""


async def test_while_the_operator_service_is_away_no_operator_is_let_in(worlds: Worlds) -> None:
    async with worlds.running(NOBODY_THERE) as world:
        register = world.callers.ward_terminal(WARD)
        refused = await refusal_of(register.get_code_acquisition(local_address_number(1)))

    told = refused.reason, refused.reason.status, refused.reason.passing
    assert told == (reasons.OPERATOR_SERVICE_UNREACHABLE, "UNAVAILABLE", True)
