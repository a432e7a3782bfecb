"""What an older store lacks that a newer one recorded: counted by kind, it names nobody."""

from dataclasses import replace

import pytest

from renkei.change_reasons import ChangeReason
from renkei.codes import Institution
from renkei.persons import FourAttributes
from renkei_server.domain.identity_changes import HeldIdentity
from renkei_server.store.backups import since
from renkei_server.store.engine.files import SealedFile
from renkei_server.store.engine.histories import Change
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from renkei_server.store.identities import identity_file
from tests.server.world import (
    NOON,
    OpenStore,
    identity_items,
)


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store(identity_file.TABLES)


def test_changes_of_identity_information_are_counted(
    store: Store, sealer: Sealer, attributes: FourAttributes
) -> None:
    items = identity_items(attributes)
    entered = HeldIdentity(items, Institution("131148"))
    changed = replace(entered, items=replace(items, name="別の　名前"))
    file = SealedFile(identity_file.FORM, sealer)
    change = Change(NOON, ChangeReason.ERROR_CORRECTED.name)
    store.write_now(lambda connection: file.add(connection, entered))
    store.write_now(lambda connection: file.replace(connection, entered, changed, change))

    found = store.read_now(lambda connection: since.recorded(connection, store.metadata))

    assert found["persons of an identity file"] == 1
    assert found["changes of identity information"] == 1
