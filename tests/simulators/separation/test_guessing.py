"""What the audit tries is what stores do: the same hashes, with every key but the core's."""

from pathlib import Path

import pytest
from sqlalchemy import MetaData
from tests.server.world import CountedIds
from tests.worlds import Worlds, seat

from renkei_server.roles.bills import SERVED, metadata_of
from renkei_server.store.engine.boxes import KEY_BYTES
from renkei_server.store.engine.columns import Blind, table
from renkei_server.store.engine.columns import blind as blind_column
from renkei_server.store.engine.receipts import Lasting, Receipts
from renkei_server.store.engine.run_digests import SeatRun
from renkei_server.store.engine.sealing import Sealer
from renkei_simulators.separation import at_rest
from renkei_simulators.separation.guessing import GUESSABLE, Guesser, Key, tried
from renkei_simulators.separation.knowledge import TABLE, Kind
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import World

STORE = bytes(range(KEY_BYTES))
KEY, SEALER = Key.of("store.key", STORE), Sealer(STORE)
VALUE = b"123456789018"

TEXT = f"""
name = "keys"
test = true
seed = 5
today = 2026-11-23
municipality = [{{ code = "131148", name = "中野区", residents = 3 }}]
{seat("middle-server", "131148", "linkage")}
{seat("provision-network", "ipn", "linkage")}
"""


def hashes(value: bytes, metadata: MetaData) -> dict[bytes, str]:
    return {hashed: form for form, hashed in Guesser.of([KEY], metadata).hashes(value)}


@pytest.mark.parametrize("role", SERVED)
def test_a_value_is_tried_in_every_blind_index_of_every_role(role: str) -> None:
    metadata = metadata_of(role)
    made = hashes(VALUE, metadata)

    for one in metadata.sorted_tables:
        for column in one.columns:
            if isinstance(column.type, Blind):
                assert column.type.cover(SEALER, VALUE) in made, column


def test_a_lasting_digest_is_tried_as_receipts_make_it() -> None:
    receipts = Receipts(SEALER, SeatRun.drawn(CountedIds()))
    receipt = receipts.receipt("a", "/b", "c", lasting=Lasting("d", VALUE), whole=b"")
    assert receipt.kept

    assert receipt.kept[4:] in hashes(receipt.key + VALUE, MetaData())


def test_another_key_makes_other_hashes() -> None:
    metadata = MetaData()
    table("notes", blind_column("person", primary_key=True)).to_metadata(metadata)
    other = Guesser.of([Key.of("root.key", bytes(KEY_BYTES))], metadata)

    assert not {hashed for _, hashed in other.hashes(VALUE)} & hashes(VALUE, metadata).keys()


def test_what_nobody_can_guess_is_not_tried_and_what_a_role_may_keep_neither() -> None:
    assert not any(tried(role, Kind.PROCESSING_SERIAL) for role in TABLE)
    assert not tried("national-server", Kind.INDIVIDUAL_NUMBER)
    assert tried("middle-server", Kind.INDIVIDUAL_NUMBER)
    assert tried("provision-network", Kind.RESIDENT_RECORD_CODE)
    assert Kind.HOUSEHOLD in GUESSABLE


def test_every_key_of_a_folder_is_tried_but_that_of_the_core(worlds: Worlds) -> None:
    world = World.parse(TEXT)
    layout = worlds.copy(world)

    def names(seat: str) -> list[str]:
        config = seat_config(world, layout, world.seat(seat))
        return [one.file for one in at_rest.keys(config)]

    assert names("middle-server.131148") == ["store.key", "root.key"]
    assert names("provision-network.ipn") == ["store.key"]
    assert Path(layout.seat("provision-network.ipn"), "code.key").exists()
