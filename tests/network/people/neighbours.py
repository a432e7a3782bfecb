"""Two municipalities that know the same persons."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, delete, insert

from renkei.acquisitions import Acquisition
from renkei.codes import IntegratedAddressNumber, LinkageCode, LocalAddressNumber
from renkei.exchanges import ExchangeId, InquiryTerms
from renkei.inquiries import Inquiry
from renkei_server.process.machine import MachineIds
from renkei_server.process.serving import RunningSeat
from renkei_server.store.codes.codes import BOUND_TABLES, Codes
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.persons.numbering import Numbering
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.people import attributes_of
from tests.network.asking import ended, final, new_id
from tests.network.asking.codes import acquire
from tests.network.asking.inquiries import HOUSEHOLD_OF_CARE, client_of
from tests.network.small_world import NEIGHBOUR

(_BOUND,) = BOUND_TABLES
_UNBIND = Guarded(delete(_BOUND).where(_BOUND.c.person == bindparam("of")))
_BIND = Guarded(insert(_BOUND))


class Neighbours:
    """The ward's residents whom the neighbour knows too, and the neighbour who asks about them."""

    def __init__(self, world: RunningWorld) -> None:
        self._world = world
        self.latest: LocalAddressNumber
        """That of whom the neighbour came to know last."""
        self._locals = iter(range(900_000_000_000_101, 900_000_000_001_000))
        self.client = client_of(world, NEIGHBOUR)

    async def known_at_ward(self, person: Resident) -> None:
        """The ward acquires its code of one of its residents."""
        await acquire(self._world.callers, person)

    async def known_here(self, person: Resident) -> IntegratedAddressNumber:
        """The neighbour acquires its code of somebody of another municipality; how it numbers them."""
        self.latest = local = LocalAddressNumber.parse(str(next(self._locals)))
        await self.number(local, person)
        return self.number_of(local)

    async def number(self, local: LocalAddressNumber, person: Resident) -> Acquisition:
        """Number somebody, for the first time or anew; how the acquisition of their code ends."""
        addresses = self._world.callers.address_system(NEIGHBOUR)
        number, attributes = person.individual_number, attributes_of(person)
        await addresses.number_person(new_id(), local, number, attributes)
        return await final(lambda: addresses.get_numbering_outcome(local))

    def number_of(self, local: LocalAddressNumber) -> IntegratedAddressNumber:
        """The neighbour's integrated address number behind a local one."""
        store = self._world.seats[f"linkage-platform.{NEIGHBOUR}"].store
        numbering = Numbering(store.sealer, MachineIds())
        number = store.read_now(lambda connection: numbering.by_local(connection, local))
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


async def give_code(seat: RunningSeat, number: IntegratedAddressNumber, code: LinkageCode) -> None:
    """Let an organisation's number have a code besides, as no delivery would let it have."""
    codes, serial = Codes(seat.store.sealer), MachineIds().serial()
    until = datetime.now(UTC) + timedelta(hours=1)
    bound = {
        "person": number.digits,
        "integrated_address_number": number,
        "code_index": code.value,
        "code": code,
    }

    def give(connection: Connection) -> None:
        codes.await_serial(connection, codes.begin(connection, number), serial, until)
        _UNBIND.run(connection, seat.store.sealer, {"of": number.digits})
        _BIND.run(connection, seat.store.sealer, bound)
        codes.settle(connection, serial, code)

    await seat.store.write(give)
