"""CS-4, CS-5 and PS-3: who is told at the integrated terminal, and at the prefecture's, whom a file holds."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from renkei import reasons
from renkei.change_reasons import ChangeReason
from renkei.codes import ResidentRecordCode
from renkei.identity_search import Attributes, Criteria, FoundIdentity, Key, Purpose
from renkei.networks import JUKINET, ward
from renkei.persons import Sex
from renkei.reasons import Reason
from renkei.recorded_days import RecordedDay
from renkei.type.v1 import operator_session_pb2
from renkei.ward.v1 import identity_search_pb2 as pb2
from renkei_clients.identity_search import IdentityInquiryClient, IdentitySearchClient
from renkei_pki.identity import Identity
from renkei_pki.signing import SigningKey
from renkei_server.domain.identity_search import told_of
from renkei_server.store.engine.operations import Operation, OperationLog
from renkei_server.store.engine.record_log import RecordLog
from renkei_server.store.identities.provided import IdentityProvision, IdentityProvisions
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.certificates import SESSION_FILE, session_claims, sign_session
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.people import held_of, people_of
from renkei_simulators.world.provision import inspect
from tests.server.world import CountedIds, SetClock
from tests.stores import BOTH
from tests.worlds import Worlds, seat

from .asking import new_id, reason_of, refusal_of, until_told
from .people import People
from .people.entries import TODAY, entry_of, newcomer
from .people.strangers import outsider
from .small_world import NEIGHBOUR, TOKYO, WARD

STORES = BOTH

HERE = ward(WARD)
CS, TERMINAL = Identity(HERE, WARD, "municipal-cs"), Identity(HERE, WARD, "cs-terminal")
CS_SEAT, PREFECTURE_SEAT, NATION_SEAT = (
    f"municipal-cs.{WARD}",
    f"prefecture-server.{TOKYO}",
    "national-server.jlis",
)
REGISTER = Purpose("resident-register", "2026-001523")
BIRTH, PLACE = RecordedDay(1970, 1, 31), "東京都中野区中野１丁目"


@pytest.fixture
def terminal(world: RunningWorld) -> IdentitySearchClient:
    """The ward's integrated terminal."""
    return world.callers.search_terminal(WARD)


@pytest.fixture
def prefecture(world: RunningWorld) -> IdentityInquiryClient:
    """The prefecture's terminal."""
    return world.callers.prefecture_terminal(TOKYO)


def told(person: Resident, code: str = WARD, *, number: bool = True) -> FoundIdentity:
    return told_of(held_of(person, code), TODAY, number=number)


def born(person: Resident) -> RecordedDay:
    return RecordedDay.of(person.birth_date)


def records_of(world: RunningWorld, at: str, code: ResidentRecordCode) -> Sequence[Operation]:
    """What a seat's operation log holds of searches that concerned a person."""
    with inspect(world.world, world.layout, world.world.seat(at)) as look:
        log = OperationLog(look.sealer)
        found = look.read(lambda connection: log.concerning(connection, code.digits))
    return [one for one in found if one.affair]


def searching(
    world: RunningWorld,
    caller: Identity = TERMINAL,
    session: operator_session_pb2.OperatorSession | None = None,
) -> IdentitySearchClient:
    """Whoever asks the ward's CS, with whichever session."""
    return IdentitySearchClient(world.callers.channel(outsider(world, caller), CS, session))


def session_of(world: RunningWorld, **changes: object) -> operator_session_pb2.OperatorSession:
    """A session of the terminal's operator, but for what is changed of it."""
    claims = session_claims(TERMINAL, now=datetime.now(UTC))
    for name, value in changes.items():
        claims.ClearField(name)  # type: ignore[arg-type] # a name of a field
        claims.MergeFrom(operator_session_pb2.OperatorSessionClaims(**{name: value}))  # type: ignore[arg-type]
    key = SigningKey.load(world.layout.operator_key(f"operator-service.{WARD}"))
    return sign_session(key, claims)


# What is found


async def test_a_resident_is_found_by_code_by_number_and_by_attributes(
    terminal: IdentitySearchClient, people: People
) -> None:
    person = people.somebody()
    assert person.individual_number is not None

    for key in (
        person.resident_record_code,
        person.individual_number,
        Attributes(person.name.replace("　", ""), born(person)),
        Attributes(person.furigana or person.name, address=person.address),
        Attributes(person.name, born(person), person.address, Sex[person.sex.name]),
    ):
        assert list(await terminal.search_identities(Criteria(key), REGISTER)) == [told(person)]


async def test_the_nation_tells_of_whoever_lives_elsewhere(
    terminal: IdentitySearchClient, people: People
) -> None:
    person = next(one for one in people.next_door if not one.removed)
    criteria = Criteria(Attributes(person.name, born(person)))

    here = await terminal.search_identities(criteria, REGISTER)
    there = await terminal.inquire_nation(criteria, REGISTER)

    assert (list(here), list(there)) == ([], [told(person, NEIGHBOUR)])


async def test_persons_of_one_name_birth_date_and_address_are_told_apart(
    world: RunningWorld, terminal: IdentitySearchClient, people: People
) -> None:
    person = people.somebody()
    other = newcomer(person, 1)
    register = world.callers.register_terminal(WARD)
    await register.enter_resident(new_id(), other)
    await until_told(
        lambda: register.get_notification(other.person), lambda told: told.state == "APPLIED"
    )
    criteria = Criteria(Attributes(person.name, born(person), person.address))

    for ask in (terminal.search_identities, terminal.inquire_nation):
        found = await ask(criteria, REGISTER)
        codes = {one.resident_record_code for one in found}
        assert codes == {person.resident_record_code, other.items.resident_record_code}


async def test_a_former_address_finds_where_that_is_asked_for(
    world: RunningWorld, terminal: IdentitySearchClient, people: People
) -> None:
    person = people.somebody()
    moved = entry_of(person, ChangeReason.MOVED_WITHIN, address="東京都中野区中央四丁目")
    register = world.callers.register_terminal(WARD)
    await register.change_resident(new_id(), moved)
    await until_told(
        lambda: register.get_notification(moved.person), lambda told: told.state == "APPLIED"
    )
    criteria = Criteria(Attributes(person.name, address=person.address))

    for ask in (terminal.search_identities, terminal.inquire_nation):
        assert list(await ask(criteria, REGISTER)) == []
        (found,) = await ask(replace(criteria, earlier=True), REGISTER)
        assert (found.resident_record_code, found.address) == (
            person.resident_record_code,
            moved.items.address,
        )


async def test_what_an_affair_does_not_use_is_not_told(
    terminal: IdentitySearchClient, people: People
) -> None:
    person = people.somebody()
    criteria = Criteria(person.resident_record_code)

    for ask in (terminal.search_identities, terminal.inquire_nation):
        (found,) = await ask(criteria, Purpose("public-authentication"))
        assert found == told(person, number=False)


# What is refused


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        (Attributes("山田　花子"), reasons.SEARCH_BY_NAME_ALONE),
        (Attributes("山田　花子", sex=Sex.FEMALE), reasons.SEARCH_BY_NAME_AND_SEX),
        (Attributes(birth=BIRTH, address=PLACE), reasons.SEARCH_WITHOUT_NAME),
        (Attributes(), reasons.SEARCH_WITHOUT_CRITERIA),
    ],
)
async def test_too_little_finds_nobody_here_and_is_not_asked_of_the_nation(
    terminal: IdentitySearchClient, key: Key, reason: Reason
) -> None:
    """INP-03."""
    for ask in (terminal.search_identities, terminal.inquire_nation):
        refused = await refusal_of(ask(Criteria(key), REGISTER))
        assert (refused.reason, refused.reason.status) == (reason, "INVALID_ARGUMENT")
        assert all(field.startswith("criteria.attributes.") for field in refused.fields)


async def test_a_request_that_says_nothing_is_refused_with_what_lacks(world: RunningWorld) -> None:
    beside = world.layout.caller(TERMINAL) / SESSION_FILE
    session = operator_session_pb2.OperatorSession.FromString(beside.read_bytes())
    channel = world.callers.channel(outsider(world, TERMINAL), CS, session)

    without_purpose = await refusal_of(channel.call(pb2.SearchIdentitiesRequest()))
    purpose = pb2.SearchIdentitiesRequest()
    purpose.purpose.affair = "resident-register"
    without_criteria = await refusal_of(channel.call(purpose))

    assert (without_purpose.reason, without_purpose.fields) == (
        reasons.FIELD_MISSING,
        ("purpose.affair",),
    )
    assert (without_criteria.reason, without_criteria.fields) == (
        reasons.SEARCH_WITHOUT_CRITERIA,
        ("criteria.key",),
    )


@pytest.mark.parametrize("affair", ["passport", "unheard-of"])
async def test_an_affair_that_is_not_the_municipality_s_is_refused(
    terminal: IdentitySearchClient, people: People, affair: str
) -> None:
    criteria = Criteria(people.somebody().resident_record_code)

    for ask in (terminal.search_identities, terminal.inquire_nation):
        assert await reason_of(ask(criteria, Purpose(affair))) is reasons.AFFAIR_NOT_LISTED


@pytest.mark.parametrize(
    "role",
    ["ward-terminal", "address-system", "resident-record", "department-care", "linkage-platform"],
)
async def test_nobody_searches_but_the_integrated_terminal(
    world: RunningWorld, people: People, role: str
) -> None:
    """NET-05, NET-06."""
    client = searching(world, Identity(HERE, WARD, role), session_of(world))
    criteria = Criteria(people.somebody().resident_record_code)

    for ask in (client.search_identities, client.inquire_nation):
        assert await reason_of(ask(criteria, REGISTER)) is reasons.CALLER_NOT_ADMITTED


async def test_nobody_searches_without_a_session_that_has_biometrics(
    world: RunningWorld, people: People
) -> None:
    """USE-01."""
    criteria = Criteria(people.somebody().resident_record_code)
    factors = session_of(world, factors=[operator_session_pb2.FACTOR_PASSWORD])
    for session, reason in (
        (None, reasons.OPERATOR_SESSION_MISSING),
        (factors, reasons.OPERATOR_FACTOR_MISSING),
    ):
        client = searching(world, session=session)
        for ask in (client.search_identities, client.inquire_nation):
            assert await reason_of(ask(criteria, REGISTER)) is reason


async def test_to_search_and_to_ask_the_nation_are_permitted_apart(
    world: RunningWorld, people: People
) -> None:
    """USE-05."""
    clerk, word = f"clerk-{new_id()[:8]}", "a long and secret word"
    roster = world.callers.ward_administrator(WARD)
    await roster.enrol_operator(new_id(), clerk, word)
    may = {"identity-search": operator_session_pb2.ACCESS_READ}
    await roster.set_permissions(new_id(), clerk, may)
    door = world.callers.ward_operators(WARD, "cs-terminal")
    biometric = (operator_session_pb2.FACTOR_BIOMETRIC,)
    client = searching(
        world, session=await door.open_operator_session(new_id(), clerk, word, biometric)
    )
    person = people.somebody()
    criteria = Criteria(person.resident_record_code)

    assert list(await client.search_identities(criteria, REGISTER)) == [told(person)]
    refused = await reason_of(client.inquire_nation(criteria, REGISTER))
    assert refused is reasons.PERMISSION_MISSING


# What is recorded


async def test_each_search_is_recorded_with_operator_affair_case_and_whom_it_found(
    world: RunningWorld, terminal: IdentitySearchClient, people: People
) -> None:
    """USE-07, USE-10."""
    person = people.somebody()
    code = person.resident_record_code

    await terminal.search_identities(Criteria(Attributes(person.name, born(person))), REGISTER)
    await terminal.inquire_nation(Criteria(code), Purpose("individual-number-card"))

    searched, inquired = records_of(world, CS_SEAT, code)
    assert searched.method.endswith("/SearchIdentities")
    assert (searched.affair, searched.case) == ("resident-register", "2026-001523")
    assert inquired.method.endswith("/InquireNation")
    assert (inquired.affair, inquired.case) == ("individual-number-card", "")
    assert {one.operator for one in (searched, inquired)} == {"operator-2"}
    (answered,) = records_of(world, NATION_SEAT, code)
    assert answered.operator == "", "who the operator is stays with the municipality"


async def test_the_nation_records_whom_it_told_and_what_it_refused_as_provisions(
    world: RunningWorld, terminal: IdentitySearchClient, people: People
) -> None:
    """PRV-11, PRV-12."""
    code = people.somebody().resident_record_code
    nation = Identity(JUKINET, "jlis", "national-server")
    own = outsider(world, Identity(JUKINET, WARD, "municipal-cs"))
    direct = IdentityInquiryClient(world.callers.channel(own, nation))

    await terminal.inquire_nation(Criteria(code), REGISTER)
    await reason_of(direct.inquire_identities(Criteria(code), Purpose("passport")))
    await reason_of(direct.inquire_identities(Criteria(Attributes("山田　花子")), REGISTER))

    provided, refused = provisions_of(world, NATION_SEAT, code)
    assert (provided.receiver, provided.affair, provided.case_reference, provided.refused) == (
        f"municipal-cs.{WARD}",
        "resident-register",
        "2026-001523",
        "",
    )
    assert (refused.affair, refused.refused) == ("passport", "AFFAIR_NOT_LISTED")
    *_, of_nobody = provisions_of(world, NATION_SEAT, None)
    assert of_nobody.refused == "SEARCH_BY_NAME_ALONE"


def provisions_of(
    world: RunningWorld, at: str, code: ResidentRecordCode | None
) -> Sequence[IdentityProvision]:
    """What a seat has recorded of inquiries about a person, or about nobody."""
    with inspect(world.world, world.layout, world.world.seat(at)) as look:
        log = RecordLog(look.sealer, CountedIds(), CS)
        kept = IdentityProvisions(log, SetClock())
        found = look.read(lambda connection: kept.of(connection, code))
    told = [one.provision for one in found]
    return [one for one in told if one.method.endswith("/InquireIdentities")]


# At the prefecture


async def test_a_prefecture_s_terminal_is_told_for_its_own_affairs(
    world: RunningWorld, prefecture: IdentityInquiryClient, people: People
) -> None:
    """PS-3."""
    person = people.somebody()
    criteria = Criteria(Attributes(person.name, born(person)))

    for affair, number in (("prefectural-tax", True), ("passport", False)):
        (found,) = await prefecture.inquire_identities(criteria, Purpose(affair))
        assert found == told(person, number=number)

    *_, last = provisions_of(world, PREFECTURE_SEAT, person.resident_record_code)
    assert (last.receiver, last.affair) == (f"prefecture-terminal.{TOKYO}", "passport")
    assert last.operator
    refused = prefecture.inquire_identities(criteria, REGISTER)
    assert await reason_of(refused) is reasons.AFFAIR_NOT_LISTED


async def test_a_prefecture_s_terminal_needs_a_session_and_its_municipal_cs_none(
    world: RunningWorld, people: People
) -> None:
    person = people.somebody()
    server = Identity(JUKINET, TOKYO, "prefecture-server")
    criteria = Criteria(person.resident_record_code)

    def without_session(institution: str, role: str) -> IdentityInquiryClient:
        caller = outsider(world, Identity(JUKINET, institution, role))
        return IdentityInquiryClient(world.callers.channel(caller, server))

    alone = without_session(TOKYO, "prefecture-terminal")
    refused = alone.inquire_identities(criteria, Purpose("passport"))
    assert await reason_of(refused) is reasons.OPERATOR_SESSION_MISSING
    found = await without_session(WARD, "municipal-cs").inquire_identities(criteria, REGISTER)
    assert list(found) == [told(person)]


# Where the nation is away

NO_NATION = f"""
name = "no nation"
test = true
seed = 5
today = 2026-11-23
municipality = [{{ code = "{WARD}", name = "中野区", residents = 20 }}]
{seat("municipal-cs", WARD, "ward", "jukinet")}
{seat("operator-service", WARD, "ward")}
{seat("prefecture-server", TOKYO, "jukinet")}external = "127.0.0.1:1"
{seat("national-server", "jlis", "jukinet")}external = "127.0.0.1:1"
"""


async def test_a_nation_that_is_away_is_told_at_once_and_the_search_here_goes_on(
    worlds: Worlds,
) -> None:
    async with worlds.running(NO_NATION) as world:
        (municipality,) = world.world.municipalities
        person = next(one for one in people_of(world.world, municipality) if not one.removed)
        terminal = world.callers.search_terminal(WARD)
        criteria = Criteria(person.resident_record_code)

        refused = await refusal_of(terminal.inquire_nation(criteria, REGISTER))
        found = await terminal.search_identities(criteria, REGISTER)

    assert (refused.reason, refused.reason.passing) == (reasons.PEER_UNREACHABLE, True)
    assert list(found) == [told(person)]
