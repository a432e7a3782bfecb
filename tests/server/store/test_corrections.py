"""What was permitted about a person goes with them, by whichever code it was permitted."""

import pytest

from renkei.change_reasons import ChangeReason
from renkei.codes import Institution
from renkei.identities import ChangeInformation, IdentityNotification
from renkei.persons import FourAttributes
from renkei_server.domain.corrections import Approval
from renkei_server.seats.municipal.corrections import permitted
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.identities import corrections
from renkei_server.store.identities.corrections import Corrections
from tests.server.world import NOON, OpenStore, SetClock, identity_items, resident_record_code

OLD, NEW = resident_record_code(1), resident_record_code(2)
APPROVAL = Approval("approval", ChangeReason.ERROR_CORRECTED, "R8-12", "manager", NOON)


@pytest.mark.parametrize("told", [1, 2])
def test_who_has_another_code_is_forgotten_by_it_with_all_that_was_permitted(
    open_store: OpenStore, sealer: Sealer, attributes: FourAttributes, told: int
) -> None:
    """However often the change is told."""
    store, approved = open_store(corrections.TABLES), Corrections(sealer)
    items = identity_items(
        attributes,
        resident_record_code=NEW,
        reason=ChangeReason.RESIDENT_RECORD_CODE_CHANGED,
    )
    change = IdentityNotification(
        Institution("131148"), 2, items, ChangeInformation(previous_resident_record_code=OLD)
    )
    permit = permitted(approved, SetClock())

    def apply(connection: Connection) -> None:
        approved.add(connection, OLD, APPROVAL)
        for _ in range(told):
            permit(connection, change, None, None)

    store.write_now(apply)
    found = store.read_now(lambda connection: approved.of(connection, NEW))
    store.write_now(lambda connection: approved.forget(connection, NEW))
    left = store.read_now(lambda connection: [*approved.of(connection, OLD)])

    assert (found, left) == ([APPROVAL], [])
