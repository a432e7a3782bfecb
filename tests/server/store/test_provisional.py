"""What waits of a person goes with them."""

from dataclasses import replace

from renkei.municipal_items import MunicipalItems
from renkei.persons import FourAttributes
from renkei.residents import Household, ResidentEntry
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.persons import provisional
from renkei_server.store.persons.provisional import Provisional, ProvisionalEntries
from tests.server.world import NOON, OpenStore, identity_items, local_address_number


def test_an_entry_that_nobody_decided_is_erased_with_the_person_and_no_other_is(
    open_store: OpenStore, sealer: Sealer, attributes: FourAttributes
) -> None:
    store, waiting = open_store(provisional.TABLES), ProvisionalEntries(sealer)
    one, other = local_address_number(1), local_address_number(2)
    items = identity_items(attributes)
    day = items.birth
    own = MunicipalItems(0, 0, "", attributes.postal_code, day, day, NOON.date(), "one", "two")
    entry = ResidentEntry(one, items, own, Household("0" * 15, attributes.name, "本人"))
    first = Provisional("first", entry, "clerk", NOON, 0)
    second = replace(first, entry_id="second", entry=replace(entry, person=other))

    def wait(connection: Connection) -> None:
        for each in (first, second):
            waiting.add(connection, each)

    store.write_now(wait)
    store.write_now(lambda connection: waiting.forget(connection, one))

    assert store.read_now(waiting.all) == [second]
