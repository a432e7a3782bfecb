"""Every part of the benchmark works: measured so shortly that no speed is judged."""

from pathlib import Path

import pytest

from renkei.exchanges import ExchangeId
from renkei_server.dispatch.deliveries import delivery_of
from renkei_server.process.machine import MachineIds
from renkei_server.seats.middle.answering import DELIVER_ANSWER
from renkei_server.store.engine.outbox import Outbox
from tests.benchmarks.announcing import Announcing
from tests.benchmarks.cryptography import ITEMS, Cryptography
from tests.benchmarks.effort import SHORT, Setting
from tests.benchmarks.inquiring import known_to_both
from tests.benchmarks.parts import PARTS, cases_of
from tests.benchmarks.process import in_a_fresh_process
from tests.benchmarks.results import named
from tests.benchmarks.worlds import small_world
from tests.forking import serve
from tests.network.asking import new_id
from tests.network.small_world import WARD

pytestmark = pytest.mark.world


@pytest.mark.parametrize("part", PARTS)
async def test_a_part_measures_every_result_that_is_its_own(part: str, tmp_path: Path) -> None:
    own = named([part])
    setting = Setting(tmp_path, SHORT, wanted=cases_of(own.values()), launch=serve)

    measured = await PARTS[part].measure(setting)

    assert measured.values.keys() == own.keys()
    assert all(value > 0 for name, value in measured.values.items() if "growth" not in name)


async def test_a_part_measures_only_the_cases_of_what_is_wanted(tmp_path: Path) -> None:
    wanted = cases_of(named(["f2_single"]).values())

    measured = await PARTS["exchanges"].measure(Setting(tmp_path, SHORT, wanted=wanted))

    assert measured.rates.keys() == {"echo_8", "f2_hops_8"}
    assert measured.values.keys() == {"f2_single"}


async def test_a_part_is_measured_in_a_process_of_its_own_and_tells_what_it_is_at() -> None:
    told: list[str] = []

    measured = await in_a_fresh_process(
        "reads", frozenset({"echo_1", "guarded_1"}), told.append, short=True
    )

    assert measured.values.keys() == {"guarded_1"}
    assert told == ["round 1 of 1: echo_1", "round 1 of 1: guarded_1"]


async def test_a_part_that_ends_badly_is_told_by_its_last_words() -> None:
    with pytest.raises(RuntimeError, match="invalid choice: 'nothing'"):
        await in_a_fresh_process("nothing", frozenset(), lambda _: None, short=True)


async def test_the_peers_answer_is_as_large_as_ours(tmp_path: Path) -> None:
    async with small_world(Setting(tmp_path, SHORT)) as world:
        announcing = await Announcing.about(world, await known_to_both(world, 1))
        provider = world.seats[f"middle-server.{WARD}"]
        provider.dispatcher.hold()
        await announcing.announce()
        outbox = Outbox(provider.store.sealer, MachineIds())
        (task,) = provider.store.read_now(
            lambda connection: outbox.after(connection, kind=DELIVER_ANSWER, number=0, limit=1)
        )
        ours = delivery_of(task.content).answer
        peers = Cryptography(world.layout.permit_key).answer(ITEMS, ExchangeId(new_id()).text)

        assert ours is not None
        assert len(peers) == len(ours.ciphertext)
