"""What a command lists at eighty columns: nothing that somebody would copy is broken across lines."""

import ast
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console, RenderableType
from tests.worlds import Worlds
from typer.testing import CliRunner

import renkei_simulators
from renkei import reasons
from renkei.reasons import Reason
from renkei_simulators.cli import app
from renkei_simulators.listing import Listing, Particulars
from renkei_simulators.world.definition import World
from renkei_simulators.world.layout import Layout

WORLD = World.load()
EXCHANGE = "00000000-0000-4000-8000-000000000001"
SERIAL = f"{2**159 - 1:x}"
HASH = "a" * 64
COMMAND = "`renkei pki rotate prefecture-server.130001 --data my-data`"
SEAT = max((seat.name for seat in WORLD.seats), key=len)
IDENTITIES = [one for seat in WORLD.seats for one in seat.identities] + [*WORLD.callers]
IDENTITY = max((one.uri for one in IDENTITIES), key=len)
REASON = max(
    (one for one in vars(reasons).values() if isinstance(one, Reason)),
    key=lambda one: len(one.name),
)
SENTENCE = f"its certificate has run out: {COMMAND} renews it, and so does {COMMAND}."

DRAWN = ("demo", "trace")
"""What draws, and lists nothing."""


def shown(what: RenderableType, width: int = 80) -> str:
    """What stands on a terminal of this width."""
    console = Console(width=width, color_system=None)
    with console.capture() as captured:
        console.print(what, highlight=False)
    return captured.get()


LISTED: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "certificates": (
        {"identity": IDENTITY, "serial": SERIAL, "ends": "2027-02-21", "days left": "89"},
        (),
    ),
    "disagreements": (
        {"exchange": EXCHANGE, "seat": SEAT, "what": "missing", "which means": SENTENCE},
        ("which means",),
    ),
    "faults of batch files": (
        {
            "file": "JOB00001_20261123120000_0001.DAT",
            "line": "4000",
            "field": "RecordIdentificationNumber",
            "reason": REASON.name,
            "detail": REASON.english,
            "ja": REASON.japanese,
        },
        ("detail", "ja"),
    ),
    "findings": ({"subject": SEAT, "mark": "fault", "says": SENTENCE}, ("says",)),
    "listeners": (
        {
            "seat": SEAT,
            "network": "ward-131148",
            "address": "[2001:db8::1]:21101",
            "state": "nothing listens",
        },
        ("state",),
    ),
}


@pytest.mark.parametrize(("row", "prose"), LISTED.values(), ids=LISTED)
@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("width", [80, 100, 200])
def test_no_id_and_no_command_is_broken_and_no_line_is_too_long(
    row: dict[str, str],
    prose: tuple[str, ...],
    header: bool,  # noqa: FBT001 - pytest's way
    width: int,
) -> None:
    listing = Listing(*row, title="Anything", prose=prose, header=header)
    listing.add_row(*row.values())

    told = shown(listing, width)

    assert max(map(cell_len, told.splitlines())) <= width
    for name, cell in row.items():
        whole = [COMMAND] if COMMAND in cell else cell.split() if name in prose else [cell]
        assert [one for one in whole if one.isascii() and one not in told] == []


def test_what_fits_is_a_table_and_what_does_not_is_a_block_for_each_row() -> None:
    listing = Listing("identity", "serial")
    listing.add_row(IDENTITY, SERIAL)

    assert f"{IDENTITY}   {SERIAL}" in shown(listing, 200)
    assert shown(listing).split() == ["identity", IDENTITY, "serial", SERIAL]


def test_japanese_is_broken_between_characters_and_not_before_its_punctuation() -> None:
    listing = Listing("seat", "ja", prose=("ja",))
    listing.add_row("x" * 40, "あいうえおかきくけこさしすせ。" * 5)

    lines = shown(listing).splitlines()

    assert max(map(cell_len, lines)) <= 80
    assert not [one for one in lines if one.strip().startswith("。")]


def test_what_a_thing_is_stands_beside_its_name_or_under_it_whole() -> None:
    told = shown(Particulars([("SHA-256", HASH), ("seen, for the next time", f"12:{HASH}")]))

    assert HASH in told
    assert f"12:{HASH}" in told
    assert max(map(len, told.splitlines())) <= 80


def test_whatever_lists_something_does_it_by_a_listing() -> None:
    """So that the tests above are about every command."""
    folder = Path(renkei_simulators.__file__).parent
    importing = {
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "rich.table"
    }

    assert {one for one in importing if not one.startswith(DRAWN)} == {"listing.py"}


@pytest.fixture(scope="module")
def layout(worlds: Worlds) -> Layout:
    """The default world, standing still."""
    return worlds.copy(WORLD)


@pytest.mark.parametrize("command", ["pki list", "status", "doctor --all"])
def test_the_default_world_is_listed_whole_at_eighty_columns(layout: Layout, command: str) -> None:
    def told(columns: str) -> str:
        arguments = [*command.split(), "--data", str(layout.root)]
        return CliRunner(env={"COLUMNS": columns}).invoke(app, arguments).stdout

    narrow, wide = told("80"), told("400")

    assert max(map(cell_len, narrow.splitlines())) <= 80
    names = [seat.name for seat in WORLD.seats] + [one.uri for one in IDENTITIES]
    named = [one for one in names if one in wide]
    assert [one for one in named if one not in narrow] == []
    assert named or command == "doctor --all", "else this test could not fail"
