"""F3 over real mutual TLS: a change of a record reaches municipality, prefecture and nation."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from typer.testing import CliRunner

from renkei import reasons
from renkei.change_reasons import ChangeReason
from renkei.codes import Institution, LocalAddressNumber, ResidentRecordCode
from renkei.facts import EXPECTED
from renkei.identities import ChangeInformation, IdentityItems, IdentityNotification
from renkei.networks import JUKINET, ward
from renkei.recorded_days import RecordedDay
from renkei.refusals import Refusal
from renkei_clients.notifications import MunicipalNotificationClient, NotificationClient
from renkei_clients.residents import ResidentClient, Told
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_server.domain.identity_changes import HeldIdentity
from renkei_server.store.engine.files import SealedFile
from renkei_server.store.identities.identity_file import BY_CODE, FORM
from renkei_simulators.cli import app
from renkei_simulators.separation.knowledge import Mark, cell
from renkei_simulators.trace.legs import leg_of
from renkei_simulators.trace.page import page
from renkei_simulators.trace.stitching import collect
from renkei_simulators.world.definition import WorldError
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.looking import calls_owed
from renkei_simulators.world.provision import inspect
from tests.stores import BOTH

from .asking import new_id, reason_of, until, until_told
from .people import People
from .people.entries import TODAY, entry_of, newcomer, numbers_of_nobody
from .small_world import NEIGHBOUR, TOKYO, WARD

STORES = BOTH

CS, PREFECTURE, NATION = (
    f"municipal-cs.{WARD}",
    f"prefecture-server.{TOKYO}",
    "national-server.jlis",
)
FILES = (CS, PREFECTURE, NATION)
HERE = Institution(WARD)


@pytest.fixture
def terminal(world: RunningWorld) -> ResidentClient:
    """Where the ward's staff enter and change records."""
    return world.callers.register_terminal(WARD)


async def ended(terminal: ResidentClient, person: LocalAddressNumber) -> Told:
    return await until_told(
        lambda: terminal.get_notification(person), lambda told: told.state != "UNDER_WAY"
    )


def held(world: RunningWorld, code: ResidentRecordCode, seat: str) -> HeldIdentity | None:
    """What a seat's file holds of a person."""
    with inspect(world.world, world.layout, world.world.seat(seat)) as look:
        file = SealedFile(FORM, look.sealer)
        return look.read(lambda connection: file.find(connection, BY_CODE, code))


def in_each(world: RunningWorld, items: IdentityItems) -> Mapping[str, bool]:
    """Whether each file says just this of the person."""
    found = ((seat, held(world, items.resident_record_code, seat)) for seat in FILES)
    return {seat: one is not None and one.items == items for seat, one in found}


def client_of(world: RunningWorld, role: str, code: str) -> NotificationClient:
    """Whoever notifies the next hop on the resident-register network."""
    to = {
        "municipal-cs": (TOKYO, "prefecture-server"),
        "prefecture-server": ("jlis", "national-server"),
    }
    own = world.seats[f"{role}.{code}"].keys.calls_with(JUKINET)
    server = Identity(JUKINET, *to[role])
    return NotificationClient(world.callers.channel(own, server))


def register(world: RunningWorld) -> MunicipalNotificationClient:
    own = Identity(ward(WARD), WARD, "resident-record")
    credentials = Credentials.load(world.layout.certificate(f"resident-record.{WARD}", own))
    server = Identity(ward(WARD), WARD, "municipal-cs")
    return MunicipalNotificationClient(world.callers.channel(credentials, server))


EVERYWHERE = dict.fromkeys(FILES, True)
NOWHERE = dict.fromkeys(FILES, False)


# What arrives


async def test_a_move_within_reaches_all_three_files(
    world: RunningWorld, people: People, terminal: ResidentClient
) -> None:
    entry = entry_of(people.somebody(), ChangeReason.MOVED_WITHIN, address="東京都中野区中央二丁目")

    await terminal.change_resident(new_id(), entry)

    told = await ended(terminal, entry.person)
    assert (told.state, told.sequence, told.seat) == ("APPLIED", 1, "national-server")
    assert in_each(world, entry.items) == EVERYWHERE


async def test_a_newcomer_is_entered_changed_and_removed_in_order(
    world: RunningWorld, people: People, terminal: ResidentClient
) -> None:
    entry = newcomer(people.somebody(), 1)
    named = replace(entry.items, reason=ChangeReason.MINOR_CORRECTION, name="別の　名前")
    dead = replace(named, reason=ChangeReason.DEATH)

    await terminal.enter_resident(new_id(), entry)
    for items in (named, dead):
        await terminal.change_resident(new_id(), replace(entry, items=items))

    told = await until_told(
        lambda: terminal.get_notification(entry.person),
        lambda told: told.sequence == 3 and told.state == "APPLIED",
    )
    assert told.seat == "national-server"
    for seat in FILES:
        found = held(world, entry.items.resident_record_code, seat)
        assert found is not None
        assert (found.items, found.is_removed(TODAY)) == (dead, True)
        assert (found.municipal is not None) is (seat == CS), "they go no further (PRV-17)"


async def test_every_character_of_a_name_arrives_as_it_was_written(
    world: RunningWorld, people: People, terminal: ResidentClient
) -> None:
    name = "葛\U000e0101城　\U0002000b\ue000子"
    entry = newcomer(people.somebody(), 2)
    entry = replace(
        entry,
        items=replace(entry.items, name=name, former_surname="髙\U000e0100"),
        municipal=replace(entry.municipal, name_unregistered_characters=1),
    )

    await terminal.enter_resident(new_id(), entry)

    assert (await ended(terminal, entry.person)).state == "APPLIED"
    assert in_each(world, entry.items) == EVERYWHERE


async def test_days_that_are_unknown_or_of_no_calendar_arrive_as_they_were_told(
    world: RunningWorld, people: People, terminal: ResidentClient
) -> None:
    for index, birth in ((3, RecordedDay(1951, 2, 29)), (4, RecordedDay(1951, 0, 0, None, "頃"))):
        entry = newcomer(people.somebody(), index)
        entry = replace(entry, items=replace(entry.items, birth=birth))

        await terminal.enter_resident(new_id(), entry)

        assert (await ended(terminal, entry.person)).state == "APPLIED"
        assert in_each(world, entry.items) == EVERYWHERE


async def test_a_change_of_the_household_alone_stays_in_the_register(
    people: People, terminal: ResidentClient
) -> None:
    entry = entry_of(people.somebody(), ChangeReason.HEAD_OF_HOUSEHOLD_CHANGED)

    await terminal.change_resident(new_id(), entry)

    told = await reason_of(terminal.get_notification(entry.person))
    assert told is reasons.NOTHING_NOTIFIED


async def test_a_changed_code_leads_to_the_same_person_everywhere(
    world: RunningWorld, people: People, terminal: ResidentClient
) -> None:
    person = people.somebody()
    before = entry_of(person, ChangeReason.RESIDENT_RECORD_CODE_CHANGED)
    code, _ = numbers_of_nobody(5)
    changed = replace(
        before,
        items=replace(before.items, resident_record_code=code),
        change_information=ChangeInformation(person.resident_record_code),
    )
    moved = replace(
        changed,
        items=replace(changed.items, reason=ChangeReason.MOVED_WITHIN, address="東京都中野区本町"),
        change_information=ChangeInformation(),
    )

    await terminal.change_resident(new_id(), changed)
    await terminal.change_resident(new_id(), moved)

    told = await until_told(
        lambda: terminal.get_notification(before.person), lambda told: told.state != "UNDER_WAY"
    )
    assert (told.state, told.sequence) == ("APPLIED", 2)
    assert in_each(world, moved.items) == EVERYWHERE
    assert [held(world, person.resident_record_code, seat) for seat in FILES] == [None] * 3


async def test_a_planned_moving_out_turns_on_its_day(
    world: RunningWorld, people: People, terminal: ResidentClient
) -> None:
    planned = TODAY + timedelta(days=14)
    entry = entry_of(people.somebody(), ChangeReason.MOVED_OUT, planned)

    await terminal.change_resident(new_id(), entry)

    assert (await ended(terminal, entry.person)).state == "APPLIED"
    for seat in FILES:
        found = held(world, entry.items.resident_record_code, seat)
        assert found is not None
        days = (planned - timedelta(days=1), planned)
        assert [found.is_removed(day) for day in days] == [False, True]


async def test_the_latest_moving_in_decides_and_a_late_removal_changes_nothing_there(
    world: RunningWorld, people: People, terminal: ResidentClient
) -> None:
    entry = entry_of(people.somebody(), ChangeReason.MOVED_OUT)
    neighbour = client_of(world, "municipal-cs", NEIGHBOUR)
    entered = replace(
        entry.items,
        reason=ChangeReason.MOVED_IN,
        address="東京都渋谷区神宮前",
        changed_on=RecordedDay.of(TODAY),
    )
    await neighbour.notify_identity_change(
        new_id(), IdentityNotification(Institution(NEIGHBOUR), 1, entered)
    )
    await until(lambda: calls_owed(world.world, world.layout) == 0)

    await terminal.change_resident(new_id(), entry)

    assert (await ended(terminal, entry.person)).state == "APPLIED"
    for seat in (PREFECTURE, NATION):
        found = held(world, entry.items.resident_record_code, seat)
        assert found is not None
        assert (found.municipality, found.is_removed(TODAY)) == (Institution(NEIGHBOUR), False)


# What is refused


async def test_what_the_municipality_refuses_comes_back_and_is_applied_nowhere(
    world: RunningWorld, people: People, terminal: ResidentClient
) -> None:
    person = people.somebody()
    entry = entry_of(person, ChangeReason.MOVED_WITHIN, name="別の　名前")

    await terminal.change_resident(new_id(), entry)

    told = await ended(terminal, entry.person)
    assert (told.state, told.seat) == ("REFUSED", "municipal-cs")
    assert (told.refused, told.fields) == ("OTHER_ITEMS_CHANGED", ("notification.items.name.text",))
    assert in_each(world, entry.items) == NOWHERE


async def test_what_the_nation_refuses_stops_that_person_until_it_is_superseded(
    world: RunningWorld, people: People, terminal: ResidentClient
) -> None:
    """The nation never held this one, though municipality and prefecture do."""
    person, other = people.unknown, people.somebody()
    moved = entry_of(person, ChangeReason.MOVED_WITHIN, address="東京都中野区江古田")
    named = replace(
        moved, items=replace(moved.items, reason=ChangeReason.MINOR_CORRECTION, name="別の　名前")
    )

    await terminal.change_resident(new_id(), moved)
    told = await ended(terminal, moved.person)
    assert (told.state, told.sequence, told.seat) == ("REFUSED", 1, "national-server")
    assert told.refused == "RESIDENT_RECORD_CODE_NOT_HELD"
    await terminal.change_resident(
        new_id(),
        elsewhere := entry_of(other, ChangeReason.MOVED_WITHIN, address="東京都中野区沼袋"),
    )
    assert (await ended(terminal, elsewhere.person)).state == "APPLIED"

    again = replace(named, items=replace(named.items, reason=ChangeReason.ENTERED_EX_OFFICIO))
    await terminal.enter_resident(new_id(), again)

    told = await ended(terminal, moved.person)
    assert (told.state, told.sequence) == ("APPLIED", 2)
    assert in_each(world, again.items) == EVERYWHERE


@pytest.mark.parametrize(
    ("reason", "on", "expected"),
    [
        (ChangeReason.MOVED_IN, TODAY, reasons.RESIDENT_ALREADY),
        (ChangeReason.MOVED_WITHIN, date(2100, 1, 1), reasons.CHANGE_IN_THE_FUTURE),
        (ChangeReason.HOUSEHOLD_SPLIT, TODAY, reasons.REASON_NOT_FOR_NETWORK),
    ],
)
async def test_the_municipality_s_checks_each_have_their_reason_and_leave_no_trace(
    world: RunningWorld, people: People, reason: ChangeReason, on: date, expected: reasons.Reason
) -> None:
    entry = entry_of(people.somebody(), reason, on, address="東京都中野区上高田")
    notification = IdentityNotification(HERE, 1, entry.items)

    told = await reason_of(
        register(world).notify_identity_change(new_id(), notification, entry.municipal)
    )

    assert told is expected
    assert in_each(world, entry.items) == NOWHERE


async def test_to_say_that_something_is_superseded_enters_nobody_twice(
    world: RunningWorld, people: People
) -> None:
    entry = entry_of(people.somebody(), ChangeReason.MOVED_IN, address="東京都中野区上高田")
    notification = IdentityNotification(HERE, 2, entry.items, supersedes=1)

    told = await reason_of(
        register(world).notify_identity_change(new_id(), notification, entry.municipal)
    )

    assert told is reasons.RESIDENT_ALREADY
    assert in_each(world, entry.items) == NOWHERE


async def test_a_register_that_was_set_back_is_taken_at_its_second_notification(
    world: RunningWorld, people: People, terminal: ResidentClient
) -> None:
    """The municipal CS knows three that the register does not."""
    entry = entry_of(people.somebody(), ChangeReason.MINOR_CORRECTION, name="別の　名前")
    for sequence in (1, 2, 3):
        notification = IdentityNotification(HERE, sequence, entry.items)
        await register(world).notify_identity_change(new_id(), notification, entry.municipal)

    await terminal.change_resident(new_id(), entry)
    told = await ended(terminal, entry.person)
    await terminal.change_resident(new_id(), entry)

    assert (told.state, told.refused) == ("REFUSED", "SEQUENCE_NOT_EXPECTED")
    told = await ended(terminal, entry.person)
    assert (told.state, told.sequence) == ("APPLIED", 4)


async def test_a_gap_and_a_repeat_are_answered_with_the_sequence_that_is_expected(
    world: RunningWorld, people: People
) -> None:
    entry = entry_of(people.somebody(), ChangeReason.MINOR_CORRECTION, name="別の　名前")
    client = register(world)
    for sequence, expected in ((2, 1), (1, None), (1, 2), (3, 2)):
        notification = IdentityNotification(HERE, sequence, entry.items)
        notify = client.notify_identity_change(new_id(), notification, entry.municipal)
        if expected is None:
            await notify
            continue
        with pytest.raises(Refusal) as told:
            await notify
        assert told.value.reason is reasons.SEQUENCE_NOT_EXPECTED
        assert told.value.fact(EXPECTED) == expected


async def test_a_repeat_under_the_same_id_is_applied_once(
    world: RunningWorld, people: People
) -> None:
    entry = entry_of(people.somebody(), ChangeReason.MINOR_CORRECTION, name="別の　名前")
    client, same = register(world), new_id()
    notification = IdentityNotification(HERE, 1, entry.items)
    for _ in range(3):
        await client.notify_identity_change(same, notification, entry.municipal)
    other = replace(notification, sequence=2)
    told = await reason_of(client.notify_identity_change(same, other, entry.municipal))

    assert told is reasons.REQUEST_ID_REUSED


@pytest.mark.parametrize(
    ("role", "sender", "origin"),
    [
        ("municipal-cs", WARD, NEIGHBOUR),
        ("prefecture-server", TOKYO, "141003"),
    ],
)
async def test_nobody_speaks_for_a_municipality_that_is_not_theirs(
    world: RunningWorld, people: People, role: str, sender: str, origin: str
) -> None:
    items = entry_of(people.somebody(), ChangeReason.MINOR_CORRECTION, name="別の　名前").items
    notification = IdentityNotification(Institution(origin), 1, items)

    told = await reason_of(
        client_of(world, role, sender).notify_identity_change(new_id(), notification)
    )

    assert told is reasons.ORIGIN_NOT_OF_SENDER
    assert in_each(world, items) == NOWHERE


async def test_a_number_of_somebody_else_is_refused(
    people: People, terminal: ResidentClient
) -> None:
    one, other = people.somebody(), people.somebody()
    entry = newcomer(one, 6)
    taken = replace(entry, items=replace(entry.items, individual_number=other.individual_number))

    await terminal.enter_resident(new_id(), taken)

    told = await ended(terminal, entry.person)
    assert (told.state, told.refused) == ("REFUSED", "INDIVIDUAL_NUMBER_HELD_BY_ANOTHER")


async def test_a_number_of_somebody_elsewhere_is_refused_beyond_and_comes_back(
    world: RunningWorld, people: People, terminal: ResidentClient
) -> None:
    """INP-09: the municipality itself does not hold whoever has the number."""
    other, entry = people.next_door[0], newcomer(people.somebody(), 7)
    taken = replace(entry, items=replace(entry.items, individual_number=other.individual_number))

    await terminal.enter_resident(new_id(), taken)

    told = await ended(terminal, entry.person)
    assert (told.state, told.seat) == ("REFUSED", "prefecture-server")
    assert told.refused == "INDIVIDUAL_NUMBER_HELD_BY_ANOTHER"
    assert held(world, entry.items.resident_record_code, NATION) is None


async def test_all_that_is_wrong_with_the_items_is_told_at_once(
    people: People, terminal: ResidentClient
) -> None:
    entry = entry_of(people.somebody(), ChangeReason.MOVED_WITHIN)
    broken = object.__new__(IdentityItems)
    for name in entry.items.__slots__:
        object.__setattr__(broken, name, getattr(entry.items, name))
    object.__setattr__(broken, "name", "\x07")
    object.__setattr__(broken, "address", "")

    with pytest.raises(Refusal) as told:
        await terminal.change_resident(new_id(), replace(entry, items=broken))

    assert told.value.reason is reasons.ITEMS_AT_FAULT
    assert told.value.fields == ("entry.items.name.text", "entry.items.address")


# What is drawn of it


async def test_a_trace_of_it_shows_each_hop_and_what_came_back_of_it(
    world: RunningWorld, people: People, terminal: ResidentClient
) -> None:
    entry = entry_of(people.somebody(), ChangeReason.MOVED_WITHIN, address="東京都中野区本町一丁目")
    await terminal.change_resident(request_id := new_id(), entry)
    await ended(terminal, entry.person)

    trace = collect(world.layout.logs, request_id)

    data = ("--data", str(world.layout.root))
    shown = CliRunner().invoke(app, ["trace", request_id, *data, "--json"])
    assert [one["steps"] for one in json.loads(shown.stdout)] == [
        [*one.steps] for one in trace.hops
    ]
    nobody = CliRunner().invoke(app, ["trace", "nobody", *data])
    assert isinstance(nobody.exception, WorldError)

    told = [(hop.steps[0], hop.caller.role, hop.callee.role) for hop in trace.hops if hop.steps]
    assert told[:4] == [
        ("F3.1", "ward-terminal", "resident-record"),
        ("F3.2", "resident-record", "municipal-cs"),
        ("F3.5", "municipal-cs", "prefecture-server"),
        ("F3.7", "prefecture-server", "national-server"),
    ]
    assert {*told[4:]} == {
        ("F3.5", "municipal-cs", "prefecture-server"),
        ("F3.4", "resident-record", "municipal-cs"),
    }
    drawn = page(trace)
    steps = re.findall(r'data-step="(F3\.\d+)"', drawn)
    assert steps[:7] == ["F3.1", "F3.2", "F3.3", "F3.5", "F3.6", "F3.7", "F3.8"]
    assert sorted(steps[7:]) == ["F3.4", "F3.4", "F3.5", "F3.5"]  # asked and answered
    assert "本人確認情報の更新" in drawn
    for hop in trace.hops:
        leg = leg_of(hop.method, hop.steps)
        for message in filter(None, (leg.asks, leg.answers)):
            for kind in message.carries:
                for seat in hop.ends:
                    assert cell(seat.role, kind).mark is not Mark.NEVER, (message.step, kind, seat)
