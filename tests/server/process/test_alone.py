"""One seat, one process: a second start is refused, and a death leaves nothing in the way."""

import subprocess
import sys
from pathlib import Path

import pytest

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.process.alone import alone, require_at_hand
from renkei_server.store.engine.places import Place
from tests.server.world import OpenStore
from tests.stores import POSTGRESQL

_HOLD = """
import sys
from pathlib import Path
from renkei_server.process.alone import alone
with alone(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_seat_that_runs_is_not_started_again(tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(Refusal) as refused, alone(tmp_path):
        pass

    assert refused.value.reason is reasons.SEAT_RUNS_ALREADY


def test_after_it_has_ended_it_is(tmp_path: Path) -> None:
    for _ in range(2):
        with alone(tmp_path):
            pass


def test_another_seat_is_none_of_its_business(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()

    with alone(one), alone(other):
        pass


def test_a_killed_process_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    program = [sys.executable, "-c", _HOLD, str(tmp_path)]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(Refusal), alone(tmp_path):
            pass
        holder.kill()

    with alone(tmp_path):
        pass


# What it keeps


async def test_a_seat_whose_database_is_gone_does_not_begin_anew(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        await require_at_hand(tmp_path / "store.db")

    assert refused.value.reason is reasons.STORE_MISSING
    assert not (tmp_path / "store.db").exists()


@pytest.mark.only_on(POSTGRESQL, why="of a file the folder's lock tells who uses it")
async def test_a_schema_that_another_folder_s_seat_writes_is_left_alone(
    place: Place, open_store: OpenStore
) -> None:
    store = open_store()
    with pytest.raises(Refusal) as refused:
        await require_at_hand(place)
    store.close()

    await require_at_hand(place)
    assert refused.value.reason is reasons.SEAT_RUNS_ALREADY
