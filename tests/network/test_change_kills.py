"""A server killed at any step of F13 where it writes, before its commit and after: as if it had not been."""

import pytest

from renkei.acquisitions import BOUND
from renkei_server.store.codes.codes import Codes
from renkei_simulators.world.provision import inspect
from tests.stores import BOTH

from .asking import until
from .mortal import Mortal
from .people.changing import applied, change_code, change_number
from .small_world import AGENCY, WARD

STORES = BOTH

NETWORK, NATION = "provision-network.ipn", "national-server.jlis"
REGISTER, PLATFORM = f"resident-record.{WARD}", f"linkage-platform.{WARD}"

OF_A_CODE = [
    (NATION, "/renkei.jukinet.v1.IdentityNotificationService/NotifyIdentityChange"),
    (NATION, "task change code"),
    (NETWORK, "/renkei.linkage.v1.ResidentRecordCodeService/ChangeResidentRecordCode"),
    (NATION, "task report"),
]
OF_A_NUMBER = [
    (REGISTER, "/renkei.ward.v1.ResidentService/ChangeResident"),
    (REGISTER, "task change number"),
    (PLATFORM, "/renkei.ward.v1.NumberingService/ChangeIndividualNumber"),
    (REGISTER, "task number"),
]


def bound(mortal: Mortal) -> list[dict[object, object]]:
    """Every code that ward and national body have, by their own numbers."""
    found: list[dict[object, object]] = []
    for seat in (f"middle-server.{WARD}", f"agency-linkage.{AGENCY}"):
        with inspect(mortal.world, mortal.layout, mortal.world.seat(seat)) as look:
            found.append(dict(look.read(Codes(look.sealer).all_bound)))
    return found


@pytest.mark.parametrize(("seat", "what"), [*OF_A_CODE, *OF_A_NUMBER])
async def test_a_server_killed_before_and_after_a_commit_gives_nobody_another_code(
    mortal: Mortal, seat: str, what: str
) -> None:
    terminal, person = mortal.callers.register_terminal(WARD), mortal.people.somebody()
    change = change_code if (seat, what) in OF_A_CODE else change_number
    assert await mortal.acquire(person) == BOUND
    assert await mortal.acquire_at_agency(person) == BOUND
    before, index = bound(mortal), 2 * person.index
    died_twice = mortal.arm(seat, what)

    changed = await change(terminal, await change(terminal, person, index), index + 1)
    await applied(terminal, changed)

    assert await mortal.acquire(changed) == BOUND
    await mortal.quiet()
    if change is change_code:
        assert await mortal.acquire_at_agency(changed) == BOUND
    await until(died_twice)
    await mortal.quiet()
    assert bound(mortal) == before
