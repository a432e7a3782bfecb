"""Entries of a register as a terminal writes them: of those who live there, and of newcomers."""

from dataclasses import replace
from datetime import date
from typing import Any

from renkei.change_reasons import ChangeReason
from renkei.codes import IndividualNumber, LocalAddressNumber, ResidentRecordCode
from renkei.recorded_days import RecordedDay
from renkei.residents import Household, ResidentEntry
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.files import SealedFile
from renkei_server.store.identities.identity_file import BY_CODE, FORM
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.definition import World
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.people import held_of
from renkei_simulators.world.provision import inspect
from tests.network.small_world import WARD

TODAY = date(2026, 11, 23)


def entry_of(
    person: Resident, reason: ChangeReason, on: date = TODAY, **items: Any
) -> ResidentEntry:
    """A change of somebody who lives there; `items` are those that are other than before."""
    held = held_of(person, WARD, own_items=True)
    assert held.municipal is not None
    changed = replace(held.items, reason=reason, changed_on=RecordedDay.of(on), **items)
    household = Household(f"{person.household_number:015d}", person.name, person.relation)
    return ResidentEntry(person.local_address_number, changed, held.municipal, household)


def newcomer(like: Resident, index: int) -> ResidentEntry:
    """Somebody who moves in, with numbers that nobody has; else they are like somebody there."""
    entry = entry_of(like, ChangeReason.MOVED_IN)
    code, number = numbers_of_nobody(index)
    items = replace(entry.items, individual_number=number, resident_record_code=code)
    return replace(entry, person=LocalAddressNumber(f"8{index:014d}"), items=items)


def numbers_of_nobody(index: int) -> tuple[ResidentRecordCode, IndividualNumber]:
    """Numbers that nobody in the world has, other ones for each index."""
    code, number = f"9{index:09d}", f"9{index:010d}"
    return (
        ResidentRecordCode.parse(f"{code}{min(ResidentRecordCode.check_digits(code))}"),
        IndividualNumber.parse(f"{number}{IndividualNumber.check_digit(number)}"),
    )


def names_told(world: World, layout: Layout, seat: str, code: ResidentRecordCode) -> list[str]:
    """The names that a seat's file has had for a person, oldest first."""
    with inspect(world, layout, world.seat(seat)) as look:
        file = SealedFile(FORM, look.sealer)

        def read(connection: Connection) -> list[str]:
            now = file.find(connection, BY_CODE, code)
            versions = [one.record for one in file.earlier(connection, BY_CODE, code)]
            return [one.items.name for one in (*versions, *([now] if now else []))]

        return look.read(read)
