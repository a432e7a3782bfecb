"""What tests ask for, and who they are when they ask."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection

from renkei.codes import Institution, IntegratedAddressNumber, LinkageCode, LocalAddressNumber
from renkei.exchanges import ExchangeId, InquiryTerms
from renkei.inquiries import Inquiry
from renkei.networks import LINKAGE
from renkei_clients.channel import Channel
from renkei_clients.inquiries import InquiryClient
from renkei_clients.release import Held, ReleaseClient
from renkei_pki.identity import Identity
from renkei_server.process.machine import MachineIds
from renkei_server.process.serving import RunningSeat
from renkei_server.store.codes.codes import Codes
from renkei_server.store.persons.numbering import Numbering
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.people import attributes_of

from .asking import final, new_id, outsider
from .conftest import AGENCY, NEIGHBOUR, WARD

HOUSEHOLD_OF_CARE = InquiryTerms(
    inquirer=Institution(NEIGHBOUR),
    inquirer_delegator=None,
    provider=Institution(WARD),
    provider_delegator=None,
    affair_code="JM90000000132000",
    procedure_code="JT90000000132001",
    information_code="TM90000000000001",
    condition_class="0",
    fiscal_year_class="0",
    from_date=date(2026, 4, 1),
    to_date=None,
    non_disclosure=False,
)
"""The neighbour asks the ward for household information, for long-term care insurance."""

HOUSEHOLD_OF_PENSION = replace(
    HOUSEHOLD_OF_CARE,
    inquirer=Institution(AGENCY),
    inquirer_delegator=Institution("mhlw"),
    affair_code="JM90000000073000",
    procedure_code="JT90000000073001",
)
"""The pension agency asks for the same, for the national pension and on behalf of its minister."""

_LONGEST_WAIT_SECONDS = 30.0


class Neighbours:
    """The ward's residents whom the neighbour knows too, and the neighbour who asks about them."""

    def __init__(self, world: RunningWorld) -> None:
        self._world = world
        self._locals = iter(range(900_000_000_000_101, 900_000_000_001_000))
        self.client = client_of(world, NEIGHBOUR)

    async def known_at_ward(self, person: Resident) -> None:
        """The ward acquires its code of one of its residents."""
        terminal = self._world.callers.ward_terminal(WARD)
        await terminal.request_code_acquisition(new_id(), person.local_address_number)
        await final(lambda: terminal.get_code_acquisition(person.local_address_number))

    async def known_here(self, person: Resident) -> IntegratedAddressNumber:
        """The neighbour acquires its code of somebody of another municipality; how it numbers them."""
        local = LocalAddressNumber.parse(str(next(self._locals)))
        addresses = self._world.callers.address_system(NEIGHBOUR)
        number, attributes = person.individual_number, attributes_of(person)
        await addresses.number_person(new_id(), local, number, attributes)
        await final(lambda: addresses.get_numbering_outcome(local))
        return self.number_of(local)

    def number_of(self, local: LocalAddressNumber) -> IntegratedAddressNumber:
        """The neighbour's integrated address number behind a local one."""
        store = self._world.seats[f"linkage-platform.{NEIGHBOUR}"].store
        numbering = Numbering(store.sealer, MachineIds())
        number = store.look(lambda connection: numbering.by_local(connection, local))
        assert number is not None
        return number

    async def ask(
        self, person: IntegratedAddressNumber, terms: InquiryTerms = HOUSEHOLD_OF_CARE
    ) -> Inquiry:
        """What comes of an inquiry, once it has ended."""
        return await self.ended(await self.client.start_inquiry(new_id(), person, terms))

    async def ended(self, inquiry: ExchangeId) -> Inquiry:
        """Ask until the inquiry has ended."""
        return await ended(self.client, inquiry)


async def ended(client: InquiryClient, inquiry: ExchangeId) -> Inquiry:
    """Ask until the inquiry has ended."""
    async with asyncio.timeout(_LONGEST_WAIT_SECONDS):
        while (seen := await client.get_inquiry(inquiry)).outcome is None:
            await asyncio.sleep(0.02)
    return seen


async def waiting(staff: ReleaseClient, inquiry: ExchangeId) -> Held:
    """Ask until the answer waits for its review."""
    async with asyncio.timeout(_LONGEST_WAIT_SECONDS):
        while True:
            for held in await staff.list_held_answers():
                if held.exchange_id == inquiry:
                    return held
            await asyncio.sleep(0.02)


async def give_code(seat: RunningSeat, number: IntegratedAddressNumber, code: LinkageCode) -> None:
    """Let an organisation's number have a code, as a delivery would."""
    codes, serial = Codes(seat.store.sealer), MachineIds().serial()
    until = datetime.now(UTC) + timedelta(hours=1)

    def deliver(connection: Connection) -> None:
        codes.await_serial(connection, codes.begin(connection, number), serial, until)
        codes.settle(connection, serial, code)

    await seat.store.write(deliver)


def client_of(
    world: RunningWorld, organisation: str, channel: Channel | None = None
) -> InquiryClient:
    """An organisation's linkage platform as it asks its middle server, or somebody else."""
    platform = outsider(world, Identity(LINKAGE, organisation, "linkage-platform"))
    middle = Identity(LINKAGE, organisation, "middle-server")
    return InquiryClient(channel or world.callers.channel(platform, middle))
