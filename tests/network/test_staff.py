"""An organisation's staff at its middle server: let in, limited, and sent away at once (MS-9, MID-01)."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from renkei import reasons
from renkei.networks import LINKAGE
from renkei.type.v1 import operator_session_pb2 as pb2
from renkei_clients.operators import OperatorClient, RosterClient
from renkei_clients.organisation_keys import OrganisationKeyClient
from renkei_clients.release import ReleaseClient
from renkei_pki.identity import Identity
from renkei_pki.signing import SigningKey
from renkei_simulators.control_commands import controlled
from renkei_simulators.world.certificates import LOGIN_FILE
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.provision import inspect
from tests.worlds import Worlds

from .asking import new_id, reason_of, refusal_of
from .asking.inquiries import HOUSEHOLD_OF_CARE
from .people.strangers import outsider
from .small_world import AGENCY, CONTROLLED_WORLD, NEIGHBOUR, WARD

MIDDLE = Identity(LINKAGE, WARD, "middle-server")
TERMINAL = Identity(LINKAGE, WARD, "middle-terminal")
WORD = "a long and secret word"


@pytest.fixture(scope="module")
async def world(worlds: Worlds) -> AsyncIterator[RunningWorld]:
    async with worlds.running(CONTROLLED_WORLD) as running:
        yield running


@pytest.fixture(scope="module")
def roster(world: RunningWorld) -> RosterClient:
    """The ward's administrator."""
    return world.callers.administrator(WARD)


@pytest.fixture(scope="module")
def door(world: RunningWorld) -> OperatorClient:
    """The ward's terminal, where its staff open sessions."""
    return world.callers.operator_terminal(WARD)


@pytest.fixture
async def clerk(roster: RosterClient) -> str:
    """Somebody new on the ward's roster who may review answers."""
    name = f"clerk-{new_id()[:8]}"
    await roster.enrol_operator(new_id(), name, WORD)
    await roster.set_permissions(new_id(), name, {"release": pb2.ACCESS_READ})
    return name


def at_work(
    world: RunningWorld, session: pb2.OperatorSession, caller: Identity = TERMINAL
) -> ReleaseClient:
    """What an operator does with a session."""
    return ReleaseClient(world.callers.channel(outsider(world, caller), MIDDLE, session))


async def test_an_operator_who_proves_who_they_are_may_do_what_was_permitted(
    world: RunningWorld, door: OperatorClient, clerk: str
) -> None:
    session = await door.open_operator_session(new_id(), clerk, WORD)
    work = at_work(world, session)

    assert await work.list_held_answers() == []
    refused = await reason_of(
        work.set_manual_release(new_id(), HOUSEHOLD_OF_CARE.information_code, manual=True)
    )
    assert refused is reasons.PERMISSION_MISSING


async def test_the_operator_whom_a_world_has_at_first_can_open_sessions(
    world: RunningWorld,
) -> None:
    for organisation in (WARD, AGENCY):
        terminal = Identity(LINKAGE, organisation, "middle-terminal")
        secret = (world.layout.caller(terminal) / LOGIN_FILE).read_text()
        session = await world.callers.operator_terminal(organisation).open_operator_session(
            new_id(), "operator-1", secret
        )
        claims = pb2.OperatorSessionClaims.FromString(session.claims)
        assert (claims.operator_id, claims.institution) == ("operator-1", organisation)
        assert claims.not_after.ToDatetime(UTC) <= datetime.now(UTC) + timedelta(hours=8)


async def test_a_repeat_opens_the_same_session(door: OperatorClient, clerk: str) -> None:
    request_id = new_id()

    first, again = [await door.open_operator_session(request_id, clerk, WORD) for _ in range(2)]

    assert first.claims == again.claims


async def test_a_wrong_password_and_an_unknown_name_are_answered_alike(
    door: OperatorClient, clerk: str
) -> None:
    refused = [
        await reason_of(door.open_operator_session(new_id(), name, word))
        for name, word in ((clerk, "not the secret word"), ("nobody", WORD))
    ]

    assert refused == [reasons.OPERATOR_NOT_AUTHENTICATED] * 2


async def test_five_wrong_passwords_lock_an_operator_until_the_administrator_unlocks_them(
    door: OperatorClient, roster: RosterClient, clerk: str
) -> None:
    for _ in range(5):
        await reason_of(door.open_operator_session(new_id(), clerk, "not the secret word"))
    locked = await reason_of(door.open_operator_session(new_id(), clerk, WORD))
    (entry,) = [one for one in await roster.list_operators() if one.operator_id == clerk]
    await roster.unlock_operator(new_id(), clerk)

    assert locked is reasons.OPERATOR_LOCKED
    assert entry.locked
    await door.open_operator_session(new_id(), clerk, WORD)


async def test_guesses_that_come_at_once_are_no_more_than_those_that_come_one_by_one(
    door: OperatorClient, clerk: str
) -> None:
    wrong = (f"not the secret word {number}" for number in range(20))
    told = await asyncio.gather(
        *(reason_of(door.open_operator_session(new_id(), clerk, word)) for word in wrong)
    )

    assert Counter(told) == {reasons.OPERATOR_NOT_AUTHENTICATED: 5, reasons.OPERATOR_LOCKED: 15}


async def test_a_closed_session_is_good_for_nothing_at_the_next_call(
    world: RunningWorld, door: OperatorClient, clerk: str
) -> None:
    session = await door.open_operator_session(new_id(), clerk, WORD)
    work, request_id = at_work(world, session), new_id()
    await work.list_held_answers()

    for _ in range(2):  # a repeat
        await door.close_operator_session(request_id, session)

    assert await reason_of(work.list_held_answers()) is reasons.OPERATOR_SESSION_ENDED


async def test_who_is_revoked_is_out_at_the_next_call_and_opens_no_session_any_more(
    world: RunningWorld, door: OperatorClient, roster: RosterClient, clerk: str
) -> None:
    work = at_work(world, await door.open_operator_session(new_id(), clerk, WORD))
    await work.list_held_answers()

    await roster.revoke_operator(new_id(), clerk)

    assert await reason_of(work.list_held_answers()) is reasons.OPERATOR_SESSION_ENDED
    again = await reason_of(door.open_operator_session(new_id(), clerk, WORD))
    assert again is reasons.OPERATOR_NOT_AUTHENTICATED


async def test_a_permission_counts_as_it_is_now_and_not_as_the_session_says(
    world: RunningWorld, door: OperatorClient, roster: RosterClient, clerk: str
) -> None:
    session = await door.open_operator_session(new_id(), clerk, WORD)
    work = at_work(world, session)
    keys = OrganisationKeyClient(world.callers.channel(outsider(world, TERMINAL), MIDDLE, session))

    await roster.set_permissions(new_id(), clerk, {"organisation-keys": pb2.ACCESS_READ})

    assert await reason_of(work.list_held_answers()) is reasons.PERMISSION_MISSING
    assert await keys.get_organisation_keys()


async def test_a_contractor_acts_up_to_the_last_day_on_the_roster(
    world: RunningWorld, door: OperatorClient, roster: RosterClient
) -> None:
    clock = controlled(world.world, world.callers)[f"middle-server.{WARD}"]
    last = date(2030, 3, 31)
    await roster.enrol_operator(new_id(), "contractor", WORD, last)
    await roster.set_permissions(new_id(), "contractor", {"release": pb2.ACCESS_READ})
    work = at_work(world, await door.open_operator_session(new_id(), "contractor", WORD))
    try:
        await clock.set_clock(new_id(), datetime(2030, 3, 31, 14, 59, tzinfo=UTC))
        await work.list_held_answers()
        await clock.set_clock(new_id(), datetime(2030, 3, 31, 15, 1, tzinfo=UTC))
        refused = await reason_of(work.list_held_answers())
        again = await reason_of(door.open_operator_session(new_id(), "contractor", WORD))
    finally:
        await clock.set_clock(new_id(), datetime.now(UTC))

    assert refused is reasons.OPERATOR_SESSION_ENDED
    assert again is reasons.OPERATOR_NOT_AUTHENTICATED


async def test_a_session_is_good_at_its_own_terminal_and_organisation_alone(
    world: RunningWorld, door: OperatorClient, clerk: str
) -> None:
    session = await door.open_operator_session(new_id(), clerk, WORD)
    neighbour = Identity(LINKAGE, NEIGHBOUR, "middle-terminal")
    channel = world.callers.channel(
        outsider(world, neighbour), Identity(LINKAGE, NEIGHBOUR, "middle-server"), session
    )

    at_another = await reason_of(ReleaseClient(channel).list_held_answers())

    assert at_another is reasons.OPERATOR_SESSION_INVALID


async def test_a_session_that_the_seat_never_opened_is_refused_whoever_signed_it(
    world: RunningWorld, door: OperatorClient, clerk: str
) -> None:
    session = await door.open_operator_session(new_id(), clerk, WORD)
    claims = pb2.OperatorSessionClaims.FromString(session.claims)
    claims.session_id = new_id()
    key = world.layout.operator_key(f"middle-server.{WARD}")
    forged = sign(key, claims)

    refused = await reason_of(at_work(world, forged).list_held_answers())

    assert refused is reasons.OPERATOR_SESSION_ENDED


def sign(key: Path, claims: pb2.OperatorSessionClaims) -> pb2.OperatorSession:
    content = claims.SerializeToString()
    return pb2.OperatorSession(claims=content, signature=SigningKey.load(key).sign(content))


MALFORMED = [
    ("Clerk", WORD, "operator_id"),
    ("x", WORD, "operator_id"),
    ("clerk-short", "too short", "password"),
]


@pytest.mark.parametrize(("name", "word", "field"), MALFORMED)
async def test_an_entry_out_of_its_form_is_refused(
    roster: RosterClient, name: str, word: str, field: str
) -> None:
    refused = await refusal_of(roster.enrol_operator(new_id(), name, word))

    assert (refused.reason, refused.fields) == (reasons.MALFORMED_OPERATOR, (field,))
    assert name not in {one.operator_id for one in await roster.list_operators()}


async def test_nobody_is_enrolled_twice_and_a_stranger_is_unknown(
    roster: RosterClient, clerk: str
) -> None:
    twice = await reason_of(roster.enrol_operator(new_id(), clerk, WORD))
    unknown = [
        await reason_of(attempt)
        for attempt in (
            roster.revoke_operator(new_id(), "stranger"),
            roster.unlock_operator(new_id(), "stranger"),
            roster.set_permissions(new_id(), "stranger", {}),
        )
    ]

    assert twice is reasons.OPERATOR_ENROLLED_ALREADY
    assert unknown == [reasons.OPERATOR_UNKNOWN] * 3


@pytest.mark.parametrize("role", ["middle-terminal", "linkage-platform", "platform-operator"])
async def test_the_administrator_alone_grants(world: RunningWorld, role: str) -> None:
    institution = "jlis" if role == "platform-operator" else WARD
    caller = outsider(world, Identity(LINKAGE, institution, role))
    client = RosterClient(world.callers.channel(caller, MIDDLE))

    refused = await reason_of(client.enrol_operator(new_id(), "somebody", WORD))

    assert refused is reasons.CALLER_NOT_ADMITTED


async def test_no_password_is_kept_or_told(world: RunningWorld, clerk: str) -> None:
    assert clerk
    seat = world.world.seat(f"middle-server.{WARD}")
    with inspect(world.world, world.layout, seat) as look:
        opened = b"".join(value for _, value in look.opened())
    config = world.seats[seat.name].config

    for where in (opened, config.database.read_bytes(), config.log.read_bytes()):
        assert WORD.encode() not in where
