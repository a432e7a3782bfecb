"""A server killed at any step of F2 where it writes, before its commit and after: as if it had not been."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from renkei.answers import Outcome
from renkei.codes import IntegratedAddressNumber
from renkei.exchange_records import ExchangeRecord
from renkei.exchanges import ExchangeId
from renkei.inquiries import Inquiry
from renkei.wire.exchange_records import record_of
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.provision import inspect

from .asking import new_id, until
from .conftest import AGENCY, WARD
from .inquiring import HOUSEHOLD_OF_PENSION
from .sub_copying import HOUSEHOLD, ITEMS, sub_copy
from .test_kills import Mortal, answered, mortal

__all__ = ["mortal"]

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
    person = mortal.persons.pop()
    await mortal.acquire(person)
    await mortal.acquire_at_agency(person)
    agency = mortal.callers.agency_terminal(AGENCY)
    number = await agency.number_person(new_id(), person.individual_number)
    register = mortal.callers.register_of(WARD)
    await register.register_sub_copy(new_id(), person.local_address_number, sub_copy())
    return Known(person, number)


async def ended(look: Callable[[], Awaitable[Inquiry]]) -> Inquiry:
    """Ask until the inquiry has ended, whoever dies meanwhile."""
    while (seen := await answered(look)).outcome is None:
        pass
    return seen


def records_of(mortal: Mortal, exchange: ExchangeId) -> list[list[ExchangeRecord]]:
    """What each party has recorded of an exchange."""
    found = []
    for seat in (NETWORK, ASKING, ASKED):
        with inspect(mortal.world, mortal.layout, mortal.world.seat(seat)) as store:
            contents = [content[72:] for content in store.values("record_log.record")]
        parsed = [record_of(content) for content in contents]
        found.append([one for one in parsed if one.exchange_id == exchange])
    return found


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
    inquiry = await answered(start)
    told = await ended(lambda: terminal.get_inquiry(inquiry))
    await answered(partial(terminal.acknowledge_answer, new_id(), inquiry))
    await until(died_twice)
    await until(lambda: mortal.owed() == 0)

    assert told.outcome is Outcome.PROVIDED
    assert [record.items for record in told.records] == [ITEMS]
    at_network, at_inquirer, at_provider = records_of(mortal, inquiry)
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
    await answered(partial(staff.set_manual_release, new_id(), information, manual=True))
    start: Any = partial(terminal.start_inquiry, new_id(), known.at_agency, HOUSEHOLD_OF_PENSION)
    inquiry = await answered(start)
    while not await answered(staff.list_held_answers):
        pass
    reviewed = await answered(partial(staff.get_held_answer, inquiry))

    await answered(partial(staff.release_answer, new_id(), inquiry, reviewed.digest))
    told = await ended(lambda: terminal.get_inquiry(inquiry))
    await answered(partial(staff.set_manual_release, new_id(), information, manual=False))
    await until(died)
    await until(lambda: mortal.owed() == 0)

    assert told.records == reviewed.answer.records
    assert [len(one) for one in records_of(mortal, inquiry)] == [1, 1, 1]
