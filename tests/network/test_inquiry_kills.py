"""A server killed at any step of F2 where it writes, before its commit and after: as if it had not been."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from renkei.answers import Outcome
from renkei.codes import IntegratedAddressNumber
from renkei.exchange_records import ExchangeRecord
from renkei.exchanges import ExchangeId
from renkei.inquiries import Inquiry
from renkei_clients.inquiries import InquiryClient
from renkei_simulators.population.residents import Resident
from tests.stores import BOTH

from .asking import has_ended, new_id, patiently, until, until_told
from .asking.inquiries import HOUSEHOLD_OF_PENSION
from .mortal import Mortal
from .people.records import records_of
from .people.sub_copies import HOUSEHOLD, ITEMS, sub_copy
from .small_world import AGENCY, WARD

STORES = BOTH

NETWORK, ASKING, ASKED = (
    "provision-network.ipn",
    f"agency-linkage.{AGENCY}",
    f"middle-server.{WARD}",
)
STEPS = [
    (ASKING, "/renkei.linkage.v1.InquiryService/StartInquiry"),
    (ASKING, "task ask"),
    (NETWORK, "/renkei.linkage.v1.ExchangeService/RequestExchange"),
    (NETWORK, "task announce"),
    (ASKED, "/renkei.linkage.v1.ProvisionService/AnnounceExchange"),
    (ASKED, "task deliver answer"),
    (NETWORK, "/renkei.linkage.v1.ExchangeService/DeliverAnswer"),
    (NETWORK, "task hand over"),
    (ASKING, "/renkei.linkage.v1.ProvisionService/HandOverAnswer"),
    (ASKING, "/renkei.linkage.v1.InquiryService/AcknowledgeAnswer"),
]


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody of whom the ward holds information and the agency has a code."""

    person: Resident
    at_agency: IntegratedAddressNumber


@pytest.fixture(scope="module")
async def known(mortal: Mortal) -> Known:
    person = mortal.people.somebody()
    await mortal.acquire(person)
    await mortal.acquire_at_agency(person)
    agency = mortal.callers.agency_terminal(AGENCY)
    number = await agency.number_person(new_id(), person.individual_number)
    register = mortal.callers.register_of(WARD)
    await register.register_sub_copy(new_id(), person.local_address_number, sub_copy())
    return Known(person, number)


async def ended(terminal: InquiryClient, inquiry: ExchangeId) -> Inquiry:
    """Ask until the inquiry has ended, whoever dies meanwhile."""
    return await until_told(lambda: patiently(partial(terminal.get_inquiry, inquiry)), has_ended)


def recorded(mortal: Mortal, exchange: ExchangeId) -> list[list[ExchangeRecord]]:
    """What each party has recorded of an exchange."""
    return [records_of(mortal, seat, exchange) for seat in (NETWORK, ASKING, ASKED)]


@pytest.mark.parametrize(("seat", "what"), STEPS)
async def test_a_server_killed_before_and_after_a_commit_changes_no_inquiry(
    mortal: Mortal,
    known: Known,
    seat: str,
    what: str,
) -> None:
    terminal = mortal.callers.inquiry_terminal(AGENCY)
    died_twice = mortal.arm(seat, what)

    start: Any = partial(terminal.start_inquiry, new_id(), known.at_agency, HOUSEHOLD_OF_PENSION)
    inquiry = await patiently(start)
    told = await ended(terminal, inquiry)
    await patiently(partial(terminal.acknowledge_answer, new_id(), inquiry))
    await until(died_twice)
    await mortal.quiet()

    assert told.outcome is Outcome.PROVIDED
    assert [record.items for record in told.records] == [ITEMS]
    at_network, at_inquirer, at_provider = recorded(mortal, inquiry)
    assert len(at_network) == 1
    assert at_network == at_inquirer == at_provider


async def test_a_middle_server_killed_at_a_release_releases_once(
    mortal: Mortal,
    known: Known,
) -> None:
    terminal = mortal.callers.inquiry_terminal(AGENCY)
    staff = mortal.callers.release_terminal(WARD)
    died = mortal.arm(ASKED, "/renkei.linkage.v1.ReleaseService/ReleaseAnswer")
    information = HOUSEHOLD.information_code
    await patiently(partial(staff.set_manual_release, new_id(), information, manual=True))
    start: Any = partial(terminal.start_inquiry, new_id(), known.at_agency, HOUSEHOLD_OF_PENSION)
    inquiry = await patiently(start)
    await until_told(lambda: patiently(staff.list_held_answers), bool)
    reviewed = await patiently(partial(staff.get_held_answer, inquiry))

    await patiently(partial(staff.release_answer, new_id(), inquiry, reviewed.digest))
    told = await ended(terminal, inquiry)
    await patiently(partial(staff.set_manual_release, new_id(), information, manual=False))
    await until(died)
    await mortal.quiet()

    assert told.records == reviewed.answer.records
    assert [len(one) for one in recorded(mortal, inquiry)] == [1, 1, 1]
