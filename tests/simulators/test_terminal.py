"""What the command writes on whatever stands at its other end, and what it says of its own faults."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.worlds import Worlds, seat

from renkei_simulators.world.definition import World
from renkei_simulators.world.layout import Layout

RENKEI = Path(sys.executable).parent / "renkei"
ASCII = {
    "PATH": os.environ["PATH"],
    "LC_ALL": "C",
    "PYTHONUTF8": "0",
    "PYTHONCOERCECLOCALE": "0",
    "PYTHONIOENCODING": "ascii",
}
TEXT = """
name = "世界"
test = true
seed = 7
today = 2026-11-23
municipality = [{ code = "131148", name = "中野区", residents = 3 }]
""" + seat("resident-record", "131148", "ward")


@pytest.fixture(scope="module")
def layout(worlds: Worlds) -> Layout:
    """A world that stands still."""
    return worlds.copy(World.parse(TEXT))


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The installed program, its output piped, where the locale knows ASCII alone."""
    return subprocess.run(
        [RENKEI, *arguments], env=ASCII | environment, capture_output=True, timeout=60, check=False
    )


@pytest.mark.parametrize(
    "command", ["status", "doctor", "pki list", "population --count 2", "conformance run --list"]
)
def test_a_locale_without_japanese_stops_no_command(layout: Layout, command: str) -> None:
    data = () if command.startswith(("population", "conformance")) else ("--data", str(layout.root))

    told = run(*command.split(), *data)

    assert b"Traceback" not in told.stderr
    assert told.stdout.decode("utf-8")


def test_a_terminal_of_another_encoding_is_shown_something_else_instead() -> None:
    """A terminal is stood in for by a stream that says that it is one."""
    program = """
import sys
from renkei_simulators.terminal import prepare
class Terminal(type(sys.stdout)):
    def isatty(self):
        return True
sys.stdout = Terminal(sys.stdout.buffer, encoding="ascii")
prepare()
print("a\\u4e16b", flush=True)
"""
    told = subprocess.run(
        [sys.executable, "-c", program], env=ASCII, capture_output=True, check=True
    )

    assert told.stdout == b"a?b\n"


def test_a_table_in_a_pipe_is_not_broken_and_one_in_eighty_columns_breaks_no_word(
    layout: Layout,
) -> None:
    identity = b"spiffe://ward-131148.renkei.test/131148/resident-record"
    assert identity in run("pki", "list", "--data", str(layout.root)).stdout

    narrow = run("status", "--data", str(layout.root), COLUMNS="80").stdout.decode()
    assert max(map(len, narrow.splitlines())) <= 80
    row = next(line for line in narrow.splitlines() if "resident-record" in line)
    assert row.split()[:2] == ["resident-record.131148", "ward-131148"]


def test_a_fault_of_our_own_is_a_sentence_and_a_traceback_only_for_who_asks() -> None:
    faulty = (
        "import sys; from renkei_simulators import cli\n"
        "def app(): raise KeyError('secret')\n"
        "cli.app = app; cli.main()"
    )

    def told(**environment: str) -> str:
        ended = subprocess.run(
            [sys.executable, "-c", faulty],
            env=ASCII | environment,
            capture_output=True,
            check=False,
        )
        assert ended.returncode == 1
        return ended.stderr.decode()

    assert "it met a fault of its own (KeyError at " in told()
    assert "secret" not in told()
    assert "Traceback" in told(RENKEI_TRACEBACK="1")


@pytest.mark.parametrize(
    "wrong",
    [
        "pki issue --identity foo --csr /dev/null --out x",
        "pki inspect /dev/null",
        "batch check nofile",
        "population --municipality abc",
        "conformance run --seat x",
        "clock set never",
        "restore nofile --key nokey --yes",
        "audit verify /dev/null --key /dev/null",
        "status --data /dev/null",
        "up --data /dev/null",
        "up --world /dev/null",
    ],
)
def test_a_wrong_argument_is_told_in_a_sentence(tmp_path: Path, wrong: str) -> None:
    told = run(*wrong.replace("x", str(tmp_path / "x")).split(), PWD=str(tmp_path))

    assert told.returncode in {1, 2}
    assert b"Traceback" not in told.stderr
    assert b"a fault of its own" not in told.stderr
    assert told.stderr or told.stdout
