"""Those whose number or code is changed by the ward's staff (F13)."""

from dataclasses import replace

from renkei.change_reasons import ChangeReason
from renkei.identities import ChangeInformation
from renkei_clients.residents import ResidentClient
from renkei_simulators.population.residents import Resident
from tests.network.asking import new_id, patiently, until_told

from .entries import entry_of, numbers_of_nobody


async def change_code(terminal: ResidentClient, person: Resident, index: int) -> Resident:
    """Give somebody the code of nobody of this index; return who they are from now on."""
    code, _ = numbers_of_nobody(index)
    entry = entry_of(person, ChangeReason.RESIDENT_RECORD_CODE_CHANGED, resident_record_code=code)
    before = ChangeInformation(previous_resident_record_code=person.resident_record_code)
    request_id, changed = new_id(), replace(entry, change_information=before)
    await patiently(lambda: terminal.change_resident(request_id, changed))
    return replace(person, resident_record_code=code)


async def change_number(terminal: ResidentClient, person: Resident, index: int) -> Resident:
    """Give somebody the Individual Number of nobody of this index; return who they are then."""
    _, number = numbers_of_nobody(index)
    entry = entry_of(person, ChangeReason.INDIVIDUAL_NUMBER_CHANGED, individual_number=number)
    before = ChangeInformation(previous_individual_number=person.individual_number)
    request_id, changed = new_id(), replace(entry, change_information=before)
    await patiently(lambda: terminal.change_resident(request_id, changed))
    return replace(person, individual_number=number)


async def applied(terminal: ResidentClient, person: Resident) -> None:
    """Wait until what was told of somebody last is applied everywhere."""
    told = await until_told(
        lambda: patiently(lambda: terminal.get_notification(person.local_address_number)),
        lambda told: told.state != "UNDER_WAY",
    )
    assert (told.state, told.refused) == ("APPLIED", "")
