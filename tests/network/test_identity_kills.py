"""A server killed at any step of F3 where it writes, before its commit and after: as if it had not been."""

from dataclasses import replace
from functools import partial

import pytest

from renkei.change_reasons import ChangeReason
from renkei_clients.decisions import EntryDecisionClient
from renkei_clients.residents import Told
from renkei_server.store.engine.files import SealedFile
from renkei_server.store.identities.identity_file import BY_CODE, FORM
from renkei_simulators.world.provision import inspect
from tests.stores import BOTH

from .asking import new_id, patiently, until, until_told
from .mortal import Mortal
from .people.entries import entry_of
from .people.staff import somebody_new
from .small_world import TOKYO, WARD

STORES = BOTH

REGISTER, CS = f"resident-record.{WARD}", f"municipal-cs.{WARD}"
PREFECTURE, NATION = f"prefecture-server.{TOKYO}", "national-server.jlis"
WARD_SERVICE = "/renkei.ward.v1.IdentityNotificationService"
NETWORK_SERVICE = "/renkei.jukinet.v1.IdentityNotificationService"

STEPS = [
    (REGISTER, "/renkei.ward.v1.ResidentService/ChangeResident"),
    (REGISTER, "task notify"),
    (CS, f"{WARD_SERVICE}/NotifyIdentityChange"),
    (CS, "task notify"),
    (PREFECTURE, f"{NETWORK_SERVICE}/NotifyIdentityChange"),
    (PREFECTURE, "task notify"),
    (NATION, f"{NETWORK_SERVICE}/NotifyIdentityChange"),
    (CS, "task hear"),
    (PREFECTURE, f"{NETWORK_SERVICE}/AcknowledgeNotificationOutcomes"),
    (CS, "task acknowledge"),
    (REGISTER, "task hear"),
    (CS, f"{WARD_SERVICE}/AcknowledgeNotificationOutcomes"),
    (REGISTER, "task acknowledge"),
]


@pytest.mark.parametrize(("seat", "what"), STEPS)
async def test_a_server_killed_before_and_after_a_commit_changes_nothing(
    mortal: Mortal, seat: str, what: str
) -> None:
    terminal = mortal.callers.register_terminal(WARD)
    moved = entry_of(
        mortal.people.somebody(), ChangeReason.MOVED_WITHIN, address="東京都中野区沼袋"
    )
    named = replace(
        moved, items=replace(moved.items, reason=ChangeReason.MINOR_CORRECTION, name="別の　名前")
    )
    died_twice = mortal.arm(seat, what)

    for entry in (moved, named):
        await patiently(partial(terminal.change_resident, new_id(), entry))

    def is_final(told: Told) -> bool:
        return told.sequence == 2 and told.state == "APPLIED"

    look = partial(terminal.get_notification, moved.person)
    await until_told(lambda: patiently(look), is_final)
    await until(died_twice)
    await mortal.quiet()
    for one in (CS, PREFECTURE, NATION):
        with inspect(mortal.world, mortal.layout, mortal.world.seat(one)) as store:
            file = SealedFile(FORM, store.sealer)
            code = moved.items.resident_record_code
            held = store.read(partial(file.find, key=BY_CODE, value=code))
            before = store.read(partial(file.earlier, key=BY_CODE, value=code))
        assert held is not None
        assert held.items == named.items
        assert [earlier.record.items.reason for earlier in before] == [
            ChangeReason.BIRTH,
            ChangeReason.MOVED_WITHIN,
        ]


@pytest.mark.parametrize(
    "what",
    ["/renkei.ward.v1.CorrectionService/ApproveCorrection", f"{WARD_SERVICE}/NotifyIdentityChange"],
)
async def test_a_permission_is_given_and_used_once_however_the_municipal_cs_is_killed(
    mortal: Mortal, what: str
) -> None:
    terminal, manager = (
        mortal.callers.register_terminal(WARD),
        mortal.callers.correction_terminal(WARD),
    )
    entry = entry_of(mortal.people.somebody(), ChangeReason.ERROR_CORRECTED, name="別の　名前")
    code, approval = entry.items.resident_record_code, new_id()
    died_twice = mortal.arm(CS, what)

    give = partial(manager.approve_correction, approval, code, ChangeReason.ERROR_CORRECTED, "12")
    await patiently(give)
    await patiently(partial(terminal.change_resident, new_id(), entry))

    look = partial(terminal.get_notification, entry.person)
    told = await until_told(lambda: patiently(look), lambda told: told.state != "UNDER_WAY")
    await until(died_twice)
    (one,) = await patiently(partial(manager.list_corrections, code))
    assert told.state == "APPLIED"
    assert (one.approval_id, one.sequence) == (approval, told.sequence)


@pytest.mark.parametrize("what", ["ChangeResident", "ApproveEntry"])
async def test_an_entry_is_decided_once_however_the_register_is_killed(
    mortal: Mortal, what: str
) -> None:
    _, channel = await somebody_new(
        mortal.callers, mortal.layout, WARD, "resident-record", approver=True
    )
    clerk, approver = mortal.callers.register_terminal(WARD), EntryDecisionClient(channel)
    entry = entry_of(
        mortal.people.somebody(), ChangeReason.MOVED_WITHIN, address="東京都中野区沼袋"
    )
    own_id = new_id()
    service = "ResidentService" if what == "ChangeResident" else "EntryDecisionService"
    died_twice = mortal.arm(REGISTER, f"/renkei.ward.v1.{service}/{what}")

    await patiently(partial(clerk.change_resident, own_id, entry, provisional=True))
    await patiently(partial(approver.approve_entry, new_id(), own_id))

    look = partial(clerk.get_notification, entry.person)
    told = await until_told(lambda: patiently(look), lambda told: told.state != "UNDER_WAY")
    await until(died_twice)
    assert (told.state, told.sequence) == ("APPLIED", 1)
    assert await patiently(approver.list_provisional_entries) == []
