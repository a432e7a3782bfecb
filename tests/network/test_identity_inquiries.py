"""Prefecture and nation tell whom their files hold: exactly those, for a listed affair (PS-3, NS-4)."""

from dataclasses import replace

import pytest

from renkei import reasons
from renkei.identity_search import (
    Attributes,
    Criteria,
    FoundIdentity,
    IdentityStanding,
    Purpose,
)
from renkei.networks import JUKINET
from renkei.persons import Sex
from renkei.reasons import Reason
from renkei.recorded_days import RecordedDay
from renkei_clients.identity_search import IdentityInquiryClient
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_server.domain.identity_search import told_of
from renkei_server.store.engine.operations import Operation, OperationLog
from renkei_simulators.population.residents import Removal, Resident
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.people import held_of
from renkei_simulators.world.provision import inspect
from tests.stores import BOTH

from .asking import reason_of
from .people import People
from .people.entries import TODAY
from .small_world import AGENCY, NEIGHBOUR, TOKYO, WARD

STORES = BOTH

NATION, PREFECTURE = ("jlis", "national-server"), (TOKYO, "prefecture-server")
REGISTER = Purpose("resident-register", "2026-001523")


def asking(
    world: RunningWorld,
    server: tuple[str, str],
    role: str = "municipal-cs",
    institution: str = WARD,
) -> IdentityInquiryClient:
    """Whoever asks on the resident-register network."""
    seat = "agency-linkage" if role == "agency-terminal" else role
    own = world.layout.certificate(f"{seat}.{institution}", Identity(JUKINET, institution, role))
    channel = world.callers.channel(Credentials.load(own), Identity(JUKINET, *server))
    return IdentityInquiryClient(channel)


def told(person: Resident, code: str = WARD, *, number: bool = True) -> FoundIdentity:
    return told_of(held_of(person, code), TODAY, number=number)


def born(person: Resident) -> RecordedDay:
    return RecordedDay.of(person.birth_date)


def records_of(world: RunningWorld, seat: str, person: str) -> list[Operation]:
    """What a seat's log holds of inquiries that concerned a person."""
    with inspect(world.world, world.layout, world.world.seat(seat)) as look:
        log = OperationLog(look.sealer)
        found = look.read(lambda connection: log.concerning(connection, person))
    return [one for one in found if one.method.endswith("/InquireIdentities")]


@pytest.mark.parametrize("server", [NATION, PREFECTURE])
async def test_a_person_is_told_by_code_by_number_and_by_attributes(
    world: RunningWorld, people: People, server: tuple[str, str]
) -> None:
    client, person = asking(world, server), people.somebody()
    assert person.individual_number is not None
    reading = person.furigana.replace("　", "").replace("ガ", "カ") or person.name

    for key in (
        person.resident_record_code,
        person.individual_number,
        Attributes(person.name, born(person)),
        Attributes(person.name, address=person.address.replace("　", " ")),
        Attributes(reading, born(person), person.address, Sex[person.sex.name]),
    ):
        assert list(await client.inquire_identities(Criteria(key), REGISTER)) == [told(person)]


async def test_nobody_is_an_answer(world: RunningWorld, people: People) -> None:
    client, person = asking(world, NATION), people.somebody()
    other = Sex.MALE if person.sex.name == "FEMALE" else Sex.FEMALE

    for key in (
        people.unknown.resident_record_code,
        Attributes(person.name, born(person), sex=other),
        Attributes(person.name, address=f"{person.address}９"),
    ):
        assert list(await client.inquire_identities(Criteria(key), REGISTER)) == []


async def test_who_was_removed_and_who_died_are_told_where_they_are_asked_for(
    world: RunningWorld, people: People
) -> None:
    client = asking(world, NATION)
    for why, standing in (
        (Removal.MOVED_OUT, IdentityStanding.REMOVED),
        (Removal.DEATH, IdentityStanding.DEAD),
    ):
        person = next(one for one in people.removed if one.removed and one.removed.why is why)
        criteria = Criteria(Attributes(person.name, born(person), person.address))
        both = replace(criteria, removed=True, dead=True)

        assert list(await client.inquire_identities(criteria, REGISTER)) == []
        (found,) = await client.inquire_identities(both, REGISTER)
        assert found == told(person)
        assert found.standing is standing


async def test_an_affair_without_the_number_is_told_none(
    world: RunningWorld, people: People
) -> None:
    person = people.somebody()

    (found,) = await asking(world, NATION).inquire_identities(
        Criteria(person.resident_record_code), Purpose("public-authentication")
    )

    assert found == told(person, number=False)


async def test_a_prefecture_tells_of_each_of_its_municipalities(
    world: RunningWorld, people: People
) -> None:
    person = people.next_door[0]
    client = asking(world, PREFECTURE)

    found = await client.inquire_identities(
        Criteria(person.resident_record_code, removed=True, dead=True), REGISTER
    )

    assert list(found) == [told(person, NEIGHBOUR)]


BIRTH, PLACE = RecordedDay(1970, 1, 31), "東京都中野区中野１丁目"


@pytest.mark.parametrize("server", [NATION, PREFECTURE])
@pytest.mark.parametrize(
    ("key", "reason"),
    [
        (Attributes("山田　花子"), reasons.SEARCH_BY_NAME_ALONE),
        (Attributes("山田　花子", sex=Sex.FEMALE), reasons.SEARCH_BY_NAME_AND_SEX),
        (Attributes(birth=BIRTH, address=PLACE), reasons.SEARCH_WITHOUT_NAME),
        (Attributes(), reasons.SEARCH_WITHOUT_CRITERIA),
    ],
)
async def test_too_little_finds_nobody(
    world: RunningWorld, server: tuple[str, str], key: Attributes, reason: Reason
) -> None:
    """INP-03."""
    client = asking(world, server)

    assert await reason_of(client.inquire_identities(Criteria(key), REGISTER)) is reason


@pytest.mark.parametrize("affair", ["passport", "prefectural-tax", "unheard-of"])
async def test_an_affair_that_is_not_a_municipality_s_is_told_nothing(
    world: RunningWorld, people: People, affair: str
) -> None:
    criteria = Criteria(people.somebody().resident_record_code)

    refused = asking(world, NATION).inquire_identities(criteria, Purpose(affair))

    assert await reason_of(refused) is reasons.AFFAIR_NOT_LISTED


async def test_who_is_not_listed_is_told_nothing(world: RunningWorld, people: People) -> None:
    criteria = Criteria(people.somebody().resident_record_code)
    for client in (
        asking(world, NATION, "prefecture-server", TOKYO),
        asking(world, NATION, "agency-terminal", AGENCY),
        asking(world, PREFECTURE, "national-server", "jlis"),
        asking(world, PREFECTURE, "prefecture-server", TOKYO),
    ):
        told = await reason_of(client.inquire_identities(criteria, REGISTER))
        assert told is reasons.CALLER_NOT_ADMITTED


async def test_each_answer_is_recorded_with_what_it_was_for_and_whom_it_told(
    world: RunningWorld, people: People
) -> None:
    person, client = people.somebody(), asking(world, NATION)
    code = person.resident_record_code

    await client.inquire_identities(Criteria(Attributes(person.name, born(person))), REGISTER)
    await client.inquire_identities(Criteria(code), Purpose("individual-number-card"))

    first, second = records_of(world, "national-server.jlis", code.digits)
    assert (first.affair, first.case) == ("resident-register", "2026-001523")
    assert (second.affair, second.case) == ("individual-number-card", "")
    assert {one.outcome for one in (first, second)} == {"OK"}
