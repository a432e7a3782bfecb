"""A server killed at any step of a comparison where it writes: the run ends, each difference told once."""

from functools import partial

import pytest

from renkei.change_reasons import ChangeReason
from renkei.consistency import Finding, Peer, State
from renkei_clients.consistency import ConsistencyCheckClient
from tests.stores import BOTH

from .asking import new_id, patiently, until, until_told
from .mortal import Mortal
from .people.entries import entry_of
from .small_world import TOKYO, WARD

STORES = BOTH

REGISTER, CS = f"resident-record.{WARD}", f"municipal-cs.{WARD}"
PREFECTURE, NATION = f"prefecture-server.{TOKYO}", "national-server.jlis"
START = "/renkei.ward.v1.ConsistencyCheckService/StartConsistencyCheck"
SERVICE = "/renkei.jukinet.v1.ConsistencyService"

AT_CS = [
    (CS, START),
    (CS, "task compare"),
    (NATION, f"{SERVICE}/ListBucketDigests"),
    (NATION, f"{SERVICE}/ComparePersons"),
    (PREFECTURE, f"{SERVICE}/ListBucketDigests"),
]
AT_REGISTER = [
    (REGISTER, START),
    (REGISTER, "task compare"),
    (CS, "/renkei.ward.v1.ReconciliationService/CompareResidents"),
]


async def found(
    terminal: ConsistencyCheckClient, *peers: Peer
) -> list[tuple[str, Finding, tuple[str, ...]]]:
    """What a run finds in the end, asking under the same id until it is answered."""
    run = await patiently(partial(terminal.start, new_id(), peers))
    report = await until_told(
        lambda: patiently(terminal.report), lambda told: told.run.number == run and told.run.is_over
    )
    assert {one.state for one in report.run.parts} == {State.COMPARED}
    return sorted(
        (one.found.resident_record_code.digits, one.found.finding, one.found.differing)
        for one in report.differences
    )


@pytest.mark.parametrize(("seat", "what"), AT_CS)
async def test_a_run_of_the_cs_ends_and_tells_each_difference_once(
    mortal: Mortal, seat: str, what: str
) -> None:
    died_twice = mortal.arm(seat, what)
    terminal = mortal.callers.integrated_terminal(WARD)
    code = mortal.people.unknown.resident_record_code.digits

    for _ in range(3):
        told = await found(terminal, Peer.PREFECTURE, Peer.NATION)
        assert told == [(code, Finding.MISSING_THERE, ())]

    await until(died_twice)
    await mortal.quiet()


@pytest.mark.parametrize(("seat", "what"), AT_REGISTER)
async def test_a_run_of_the_register_ends_and_tells_each_difference_once(
    mortal: Mortal, seat: str, what: str
) -> None:
    entry = entry_of(mortal.people.somebody(), ChangeReason.MOVED_WITHIN, name="別の　名前")
    register = mortal.callers.register_terminal(WARD)
    await patiently(partial(register.change_resident, new_id(), entry))
    await until_told(
        lambda: patiently(partial(register.get_notification, entry.person)),
        lambda told: told.state == "REFUSED",
    )
    died_twice = mortal.arm(seat, what)
    terminal = mortal.callers.reconciling_terminal(WARD)

    for _ in range(3):
        told = await found(terminal, Peer.MUNICIPAL_CS)
        digits = entry.items.resident_record_code.digits
        assert [one[1] for one in told if one[0] == digits] == [Finding.ITEMS_DIFFER]
        assert len({one[0] for one in told}) == len(told)

    await until(died_twice)
    await mortal.quiet()
