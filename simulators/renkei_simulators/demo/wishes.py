"""What the demo's persons need, asked for by each organisation's own callers."""

from collections.abc import Awaitable, Callable, Sequence

from renkei.acquisitions import Acquisition
from renkei.codes import IntegratedAddressNumber, LocalAddressNumber
from renkei_clients.linkage import AgencyNumberingClient
from renkei_clients.ward import NumberingClient, ResidentRecordClient
from renkei_simulators.demo.acquiring import Wish, new_request_id
from renkei_simulators.demo.cast import AGENCY, WARD, Kind, Member
from renkei_simulators.world.callers import Callers
from renkei_simulators.world.people import attributes_of

Look = Callable[[], Awaitable[Acquisition]]
Start = Callable[[str], Awaitable[Look]]


def wishes_of_ward(cast: Sequence[Member], callers: Callers) -> list[Wish]:
    """A code for each person, by the ward's own terminal and address system."""
    register, addresses = callers.ward_terminal(WARD), callers.address_system(WARD)
    return [
        Wish(
            member.kind.title,
            new_request_id(),
            _by_address_system(member, addresses)
            if member.kind is Kind.FROM_NEXT_DOOR
            else _by_register(member, register),
        )
        for member in cast
    ]


def wishes_of_agency(
    cast: Sequence[Member],
    callers: Callers,
    numbers: dict[LocalAddressNumber, IntegratedAddressNumber],
) -> list[Wish]:
    """A code for each person, by the national body's own terminal.

    `numbers` will hold how the body numbers them, by the local number of each.
    """
    terminal = callers.agency_terminal(AGENCY)
    return [
        Wish(member.kind.title, new_request_id(), _by_agency(member, terminal, numbers))
        for member in cast
    ]


def _by_register(member: Member, register: ResidentRecordClient) -> Start:
    async def start(request_id: str) -> Look:
        await register.request_code_acquisition(request_id, member.local)
        return lambda: register.get_code_acquisition(member.local)

    return start


def _by_address_system(member: Member, addresses: NumberingClient) -> Start:
    person = member.person

    async def start(request_id: str) -> Look:
        await addresses.number_person(
            request_id, member.local, person.individual_number, attributes_of(person)
        )
        return lambda: addresses.get_numbering_outcome(member.local)

    return start


def _by_agency(
    member: Member,
    terminal: AgencyNumberingClient,
    numbers: dict[LocalAddressNumber, IntegratedAddressNumber],
) -> Start:
    async def start(request_id: str) -> Look:
        person = await terminal.number_person(request_id, member.person.individual_number)
        numbers[member.local] = person
        return lambda: terminal.get_numbering_outcome(person)

    return start
