"""A server killed as it takes chunks of a load, before a commit and after: the load goes on by itself."""

from dataclasses import replace

import pytest

from renkei.sub_copies import RecordName
from renkei_simulators.population.residents import Resident
from tests.stores import BOTH

from .asking import new_id
from .mortal import Mortal
from .people.sub_copies import HOUSEHOLD, sub_copy
from .small_world import WARD

STORES = BOTH


@pytest.fixture(scope="module")
async def person(mortal: Mortal) -> Resident:
    """Somebody whose code the ward has."""
    one = mortal.people.somebody()
    await mortal.acquire(one)
    return one


@pytest.mark.parametrize(
    ("seat", "what"),
    [
        (f"middle-server.{WARD}", "/renkei.linkage.v1.SubCopyService/LoadSubCopies"),
        (f"linkage-platform.{WARD}", "/renkei.ward.v1.SubCopyService/LoadSubCopies"),
    ],
)
async def test_a_load_outlives_a_killed_server_and_each_record_is_there_once(
    mortal: Mortal, person: Resident, seat: str, what: str
) -> None:
    local, load_id = person.local_address_number, new_id()
    information, prefix = HOUSEHOLD.information_code, seat[0].upper()
    told = [
        (local, replace(sub_copy(), name=RecordName(information, f"{prefix}{number}")))
        for number in range(1_600)
    ]
    register = mortal.callers.register_of(WARD)
    died_twice = mortal.arm(seat, what)

    outcome = [one async for one in register.load_sub_copies(load_id, told)]
    again = [one async for one in register.load_sub_copies(load_id, told)]

    assert died_twice()
    assert [(one.first, one.registered) for one in outcome] == [
        (0, 500),
        (500, 500),
        (1000, 500),
        (1500, 100),
    ]
    assert again == outcome
    held = await register.list_sub_copies(local)
    assert [one.version for one in held if one.name.record_key.startswith(prefix)] == [1] * 1_600
