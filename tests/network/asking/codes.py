"""Asking for codes (F1), at a ward and at a national body."""

from functools import partial

from renkei.acquisitions import Acquisition
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.callers import Callers
from tests.network.asking import final, in_time, new_id
from tests.network.small_world import AGENCY, WARD


async def acquire(callers: Callers, person: Resident) -> Acquisition:
    """The ward acquires a code of one of its residents."""
    terminal, local = callers.ward_terminal(WARD), person.local_address_number
    await in_time(partial(terminal.request_code_acquisition, new_id(), local))
    return await final(lambda: terminal.get_code_acquisition(local))


async def acquire_at_agency(
    callers: Callers, person: Resident, agency: str = AGENCY
) -> Acquisition:
    """The same for the national body, or another."""
    terminal = callers.agency_terminal(agency)
    number = await in_time(partial(terminal.number_person, new_id(), person.individual_number))
    return await final(lambda: terminal.get_numbering_outcome(number))
