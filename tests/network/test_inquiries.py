"""Inquiry and provision from one institution to another, through the provision network (F2)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from renkei import reasons
from renkei.answers import Outcome
from renkei.codes import Institution, IntegratedAddressNumber, LinkageCode
from renkei.exchanges import ExchangeId
from renkei.inquiries import Inquiry, not_permitted
from renkei.networks import LINKAGE
from renkei.reasons import Reason
from renkei.sub_copies import NullReason, Publication, RecordName, SubCopy
from renkei.wire.exchange_records import content_of
from renkei_pki.identity import Identity
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.provision import inspect
from tests.stores import BOTH

from .asking import new_id, reason_of, until
from .asking.inquiries import HOUSEHOLD_OF_CARE, client_of
from .people import People
from .people.neighbours import Neighbours, give_code
from .people.records import records_of
from .people.strangers import outsider
from .people.sub_copies import ITEMS, NAME, sub_copy
from .small_world import NEIGHBOUR, WARD

STORES = BOTH

TAX = RecordName("TM00000000000002")
TAX_OF_CARE = replace(HOUSEHOLD_OF_CARE, information_code=TAX.information_code)
NO_TAX = {
    "DI90000000000201": NullReason.NOT_COVERED,
    "DI90000000000203": NullReason.NOT_COVERED,
    "DI90000000000204": NullReason.NOT_ACCEPTABLE,
}
NETWORK, ASKED, ASKING = (
    "provision-network.ipn",
    f"middle-server.{WARD}",
    f"middle-server.{NEIGHBOUR}",
)


@pytest.fixture
async def person(people: People, neighbours: Neighbours) -> Resident:
    """A resident whose code the ward has."""
    resident = people.somebody()
    await neighbours.known_at_ward(resident)
    return resident


@pytest.fixture
async def here(person: Resident, neighbours: Neighbours) -> IntegratedAddressNumber:
    """The same person as the neighbour numbers them, who has a code too."""
    return await neighbours.known_here(person)


async def register(world: RunningWorld, person: Resident, record: SubCopy) -> None:
    at_ward = world.callers.register_of(WARD)
    await at_ward.register_sub_copy(new_id(), person.local_address_number, record)


# What comes of an inquiry


async def test_information_that_the_table_permits_is_provided(
    world: RunningWorld,
    neighbours: Neighbours,
    person: Resident,
    here: IntegratedAddressNumber,
) -> None:
    await register(world, person, sub_copy())

    told = await neighbours.ask(here)

    assert told.outcome is Outcome.PROVIDED
    assert (told.detail_status, told.information_status) == ("09", "01")
    assert [record.items for record in told.records] == [ITEMS]


async def test_of_several_versions_the_newest_is_provided_and_every_record_of_the_person(
    world: RunningWorld,
    neighbours: Neighbours,
    person: Resident,
    here: IntegratedAddressNumber,
) -> None:
    second = replace(sub_copy(), name=RecordName(sub_copy().name.information_code, "2"))
    newer = {**ITEMS, NAME: "山田　太郎"}
    for record in (sub_copy(), sub_copy(newer), second):
        await register(world, person, record)

    told = await neighbours.ask(here)

    assert [(one.name.record_key, one.items) for one in told.records] == [("", newer), ("2", ITEMS)]


async def test_null_with_a_reason_is_not_taken_for_information(
    world: RunningWorld,
    neighbours: Neighbours,
    person: Resident,
    here: IntegratedAddressNumber,
) -> None:
    await register(world, person, SubCopy(TAX, 2, Publication(date(2026, 4, 1)), NO_TAX))

    told = await neighbours.ask(here, TAX_OF_CARE)

    assert told.outcome is Outcome.EVERY_ITEM_NULL
    assert not told.provided
    assert [record.items for record in told.records] == [NO_TAX]


async def test_nothing_held_outside_its_days_and_no_code_are_three_different_answers(
    world: RunningWorld,
    people: People,
    neighbours: Neighbours,
    person: Resident,
    here: IntegratedAddressNumber,
) -> None:
    ended_days = Publication(date(2026, 4, 1), date(2026, 11, 22))
    nothing_held = await neighbours.ask(here)
    await register(world, person, replace(sub_copy(), publication=ended_days))
    outside = await neighbours.ask(here)
    stranger = await neighbours.known_here(people.somebody())
    no_code = await neighbours.ask(stranger)

    seen = [nothing_held, outside, no_code]
    assert [one.outcome for one in seen] == [
        Outcome.NO_SUB_COPY,
        Outcome.NOT_PUBLISHED,
        Outcome.PROVIDER_CODE_NOT_ACQUIRED,
    ]
    assert all(one.detail_status == "09" and not one.provided for one in seen)
    assert len({one.information_status for one in seen}) == 3
    assert all(one.records == () for one in seen)


REFUSED_BY_THE_TABLE = [
    ({"affair_code": "JM90000000999000"}, reasons.AFFAIR_NOT_IN_TABLE),
    ({"procedure_code": "JT90000000073001"}, reasons.PROCEDURE_NOT_OF_AFFAIR),
    (
        {"affair_code": "JM90000000073000", "procedure_code": "JT90000000073001"},
        reasons.INQUIRER_NOT_OF_CLASS,
    ),
    ({"provider": Institution("nenkin")}, reasons.PROVIDER_NOT_OF_CLASS),
    ({"information_code": "TM90000000000099"}, reasons.INFORMATION_NOT_IN_ROW),
    ({"inquirer_delegator": Institution("mhlw")}, reasons.DELEGATION_UNKNOWN),
    ({"provider": Institution("011002")}, reasons.PROVIDER_UNKNOWN),
]


@pytest.mark.parametrize(
    ("change", "reason"), REFUSED_BY_THE_TABLE, ids=[one.name for _, one in REFUSED_BY_THE_TABLE]
)
async def test_what_the_table_does_not_permit_is_told_and_recorded_and_asked_of_nobody(
    world: RunningWorld,
    neighbours: Neighbours,
    here: IntegratedAddressNumber,
    change: dict[str, object],
    reason: Reason,
) -> None:
    terms = replace(HOUSEHOLD_OF_CARE, **change)  # type: ignore[arg-type]

    told = await neighbours.ask(here, terms)

    assert (told.outcome, told.refusal) == (Outcome.NOT_PERMITTED, reason.name)
    assert told.message == not_permitted(terms.information_code)
    at_network, at_inquirer, at_provider = (
        records_of(world, seat, told.id) for seat in (NETWORK, ASKING, ASKED)
    )
    assert at_network == at_inquirer
    assert [one.refusal for one in at_network] == [reason.name]
    assert at_provider == []


async def test_a_technical_refusal_of_the_network_is_no_finding_of_law_and_leaves_no_record(
    world: RunningWorld, people: People, neighbours: Neighbours
) -> None:
    stranger = await neighbours.known_here(people.somebody())
    await give_code(world.seats[ASKING], stranger, LinkageCode(b"no code of ours".ljust(32)))

    told = await neighbours.ask(stranger)

    assert (told.outcome, told.refusal) == (
        Outcome.FAILED_AT_NETWORK,
        reasons.MALFORMED_LINKAGE_CODE.name,
    )
    assert (told.detail_status, told.information_status) == ("16", "")
    assert told.message == reasons.MALFORMED_LINKAGE_CODE.japanese
    assert [records_of(world, seat, told.id) for seat in (NETWORK, ASKING, ASKED)] == [[], [], []]


# Before anything leaves the inquirer


async def test_nobody_is_asked_about_without_a_code(neighbours: Neighbours) -> None:
    stranger = IntegratedAddressNumber("123456789012345")

    refused = await reason_of(
        neighbours.client.start_inquiry(new_id(), stranger, HOUSEHOLD_OF_CARE)
    )

    assert refused is reasons.CODE_NOT_ACQUIRED


async def test_for_resident_register_affairs_nobody_inquires(
    neighbours: Neighbours, here: IntegratedAddressNumber
) -> None:
    terms = replace(HOUSEHOLD_OF_CARE, affair_code="JM90000000000000")

    refused = await reason_of(neighbours.client.start_inquiry(new_id(), here, terms))

    assert refused is reasons.INQUIRY_FOR_REGISTER_AFFAIRS


async def test_an_institution_inquires_for_itself_alone(
    neighbours: Neighbours, here: IntegratedAddressNumber
) -> None:
    terms = replace(HOUSEHOLD_OF_CARE, inquirer=Institution(WARD), provider=Institution(NEIGHBOUR))

    refused = await reason_of(neighbours.client.start_inquiry(new_id(), here, terms))

    assert refused is reasons.INQUIRER_IS_NOT_SENDER


async def test_a_repeat_starts_no_second_inquiry(
    world: RunningWorld, neighbours: Neighbours, here: IntegratedAddressNumber
) -> None:
    request_id = new_id()

    first, again = [
        await neighbours.client.start_inquiry(request_id, here, HOUSEHOLD_OF_CARE) for _ in range(2)
    ]

    assert first == again
    await neighbours.ended(first)
    assert len(records_of(world, ASKED, first)) == 1


# The answer


async def test_an_answer_that_was_fetched_is_erased_and_its_statuses_stay(
    world: RunningWorld,
    neighbours: Neighbours,
    person: Resident,
    here: IntegratedAddressNumber,
) -> None:
    await register(world, person, sub_copy())
    told = await neighbours.ask(here)
    request_id = new_id()

    for _ in range(2):  # a repeat
        await neighbours.client.acknowledge_answer(request_id, told.id)

    after = await neighbours.client.get_inquiry(told.id)
    assert after == replace(told, records=())


async def test_an_answer_cannot_be_acknowledged_before_it_is_there_nor_cancelled_after(
    world: RunningWorld, neighbours: Neighbours, here: IntegratedAddressNumber
) -> None:
    network = world.seats[NETWORK].dispatcher
    await network.pause()
    try:
        inquiry = await neighbours.client.start_inquiry(new_id(), here, HOUSEHOLD_OF_CARE)
        early = await reason_of(neighbours.client.acknowledge_answer(new_id(), inquiry))
    finally:
        network.resume()
    await neighbours.ended(inquiry)
    late = await reason_of(neighbours.client.cancel_inquiry(new_id(), inquiry))

    assert (early, late) == (reasons.INQUIRY_NOT_ENDED, reasons.INQUIRY_ENDED)


async def test_another_organisations_inquiry_does_not_exist(
    world: RunningWorld, neighbours: Neighbours, here: IntegratedAddressNumber
) -> None:
    told = await neighbours.ask(here)
    ward = client_of(world, WARD)

    for attempt in (
        ward.get_inquiry(told.id),
        ward.cancel_inquiry(new_id(), told.id),
        ward.acknowledge_answer(new_id(), told.id),
    ):
        assert await reason_of(attempt) is reasons.INQUIRY_UNKNOWN


async def test_the_network_holds_nothing_of_an_answer_that_it_could_read(
    world: RunningWorld,
    neighbours: Neighbours,
    person: Resident,
    here: IntegratedAddressNumber,
    tmp_path: Path,
) -> None:
    canary = "渡邉ｶﾅﾘｱ五十鈴"
    await register(world, person, sub_copy({**ITEMS, NAME: canary}))
    told = await neighbours.ask(here)
    assert told.records[0].items[NAME] == canary

    with inspect(world.world, world.layout, world.world.seat(NETWORK)) as store:
        opened = [value for _, value in store.opened()]
    world.seats[NETWORK].store.save(tmp_path / "copy")
    written = (tmp_path / "copy").read_bytes()
    for form in (canary.encode(), canary.encode("utf-16-le"), canary.encode().hex().encode()):
        assert not any(form in value for value in opened)
        assert form not in written


# Cancelling


async def test_an_inquiry_is_cancelled_until_it_was_announced(
    world: RunningWorld, neighbours: Neighbours, here: IntegratedAddressNumber
) -> None:
    network = world.seats[NETWORK].dispatcher
    await network.pause()
    try:
        inquiry = await neighbours.client.start_inquiry(new_id(), here, HOUSEHOLD_OF_CARE)
        await neighbours.client.cancel_inquiry(new_id(), inquiry)
        told = await neighbours.ended(inquiry)
    finally:
        network.resume()

    assert told.outcome is Outcome.CANCELLED
    assert records_of(world, NETWORK, inquiry) == records_of(world, ASKING, inquiry)
    assert [one.outcome for one in records_of(world, NETWORK, inquiry)] == [Outcome.CANCELLED]
    assert records_of(world, ASKED, inquiry) == []


async def test_an_inquiry_that_was_announced_is_answered_whatever_the_wish(
    world: RunningWorld, neighbours: Neighbours, here: IntegratedAddressNumber
) -> None:
    provider = world.seats[ASKED].dispatcher
    await provider.pause()
    try:
        inquiry = await neighbours.client.start_inquiry(new_id(), here, HOUSEHOLD_OF_CARE)
        await until(lambda: announced(world, inquiry))
        await neighbours.client.cancel_inquiry(new_id(), inquiry)
        await until(lambda: refusals(world).count(("cancel", "EXCHANGE_ALREADY_ANNOUNCED")) == 1)
    finally:
        provider.resume()

    assert (await neighbours.ended(inquiry)).outcome is Outcome.NO_SUB_COPY


def announced(world: RunningWorld, inquiry: ExchangeId) -> bool:
    store = world.seats[ASKED].store
    statement = "SELECT count(*) FROM provisions WHERE exchange = :of"
    return bool(
        store.read_now(lambda tx: tx.execute(text(statement), {"of": inquiry.octets}).scalar_one())
    )


def refusals(world: RunningWorld) -> Sequence[tuple[str, str]]:
    """The calls of the asking side that were refused for good."""
    store = world.seats[ASKING].store
    statement = "SELECT kind, reason FROM refused_calls"
    return store.read_now(
        lambda tx: [(kind, reason) for kind, reason in tx.alchemy.exec_driver_sql(statement)]
    )


# Records


async def test_all_three_parties_record_the_same_word_by_word(
    world: RunningWorld,
    neighbours: Neighbours,
    person: Resident,
    here: IntegratedAddressNumber,
) -> None:
    await register(world, person, sub_copy())
    provided = await neighbours.ask(here)
    empty = await neighbours.ask(here, TAX_OF_CARE)

    for told in (provided, empty):
        (at_network,), at_inquirer, at_provider = (
            records_of(world, seat, told.id) for seat in (NETWORK, ASKING, ASKED)
        )
        assert [at_network] == at_inquirer == at_provider
        assert at_network.outcome is told.outcome
        assert at_network.legal_item == "132"
        assert at_network.answered_at is not None
        assert at_network.answered_at >= at_network.asked_at


async def test_no_party_records_a_number_or_another_ones_code(
    world: RunningWorld,
    neighbours: Neighbours,
    person: Resident,
    here: IntegratedAddressNumber,
) -> None:
    await register(world, person, sub_copy())
    told: Inquiry = await neighbours.ask(here)

    for seat in (NETWORK, ASKING, ASKED):
        (record,) = records_of(world, seat, told.id)
        assert here.digits.encode() not in content_of(record)
        assert person.local_address_number.digits.encode() not in content_of(record)


async def test_the_network_admits_no_inquiry_of_a_linkage_platform(world: RunningWorld) -> None:
    platform = outsider(world, Identity(LINKAGE, NEIGHBOUR, "linkage-platform"))
    network = Identity(LINKAGE, "ipn", "provision-network")
    client = client_of(world, NEIGHBOUR, world.callers.channel(platform, network))

    exchange = ExchangeId(new_id())
    assert await reason_of(client.get_inquiry(exchange)) is reasons.METHOD_UNKNOWN
