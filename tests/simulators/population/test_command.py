"""`renkei population`: the same persons for the same seed, in either form, in little memory."""

import csv
import io
import json
import tracemalloc
from collections import Counter
from collections.abc import Callable
from datetime import date
from itertools import islice
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from renkei_simulators.cli import app
from renkei_simulators.population.residents import Removal, residents
from renkei_simulators.population_command import Totals, row_of
from renkei_simulators.world.definition import World, WorldError

NAKANO, YOKOHAMA = "131148", "141003"
TODAY = date(2026, 11, 23)


def renkei(*arguments: str | Path) -> Result:
    return CliRunner(env={"COLUMNS": "100"}).invoke(app, ["population", *map(str, arguments)])


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others() -> None:
    first = renkei("--count", "50", "--seed", "7")

    assert first.exit_code == 0
    assert renkei("--count", "50", "--seed", "7").stdout == first.stdout
    assert renkei("--count", "50", "--seed", "8").stdout != first.stdout
    assert renkei("--count", "60", "--seed", "7").stdout.startswith(first.stdout)


def test_without_a_seed_they_are_the_default_worlds_persons() -> None:
    world = World.load()
    (first,) = islice(residents(world.seed, YOKOHAMA, on=world.today), 1)

    told = renkei("--municipality", YOKOHAMA, "--count", "1", "--format", "jsonl")
    assert json.loads(told.stdout) == row_of(first)


def test_both_forms_hold_the_same_persons(tmp_path: Path) -> None:
    for form in ("csv", "jsonl"):
        done = renkei("--count", "300", "--format", form, "--out", tmp_path / form)
        assert (done.exit_code, done.output) == (0, "")
    lines = [json.loads(line) for line in (tmp_path / "jsonl").read_text("utf-8").splitlines()]
    with (tmp_path / "csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert len(lines) == 300
    assert [list(row) for row in rows] == [list(line) for line in lines]
    for row, line in zip(rows, lines, strict=True):
        assert row == {name: "" if value is None else str(value) for name, value in line.items()}
    assert any(line["individual_number"] is None or line["removed_why"] for line in lines)


def peak_of(work: Callable[[], object]) -> int:
    """The most memory that some work held at once, in bytes."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_however_many_are_written_they_take_the_memory_of_a_few(tmp_path: Path) -> None:
    def write(count: int) -> Result:
        return renkei("--count", str(count), "--out", tmp_path / "people.csv")

    write(1)  # what is read once is not counted
    few = peak_of(lambda: write(100))
    many = peak_of(lambda: write(3_000))
    held = peak_of(lambda: list(islice(residents(1, NAKANO, on=TODAY), 3_000)))

    assert many < 2 * few, f"{few:,} and {many:,} bytes"
    assert held > 2 * few, "else this test could not fail"


def test_the_summary_counts_what_is_there() -> None:
    people = list(islice(residents(3, NAKANO, on=TODAY), 3_000))
    totals = Totals(TODAY)
    for one in people:
        totals.add(one)
    counts = totals.counts

    assert counts["residents"] == len(people)
    assert counts["households"] == len({one.household_number for one in people})
    assert counts["removed, dead"] == sum(
        one.removed is not None and one.removed.why is Removal.DEATH for one in people
    )
    assert counts["foreign"] == sum(one.name.isascii() for one in people)
    alike = Counter((one.name, one.birth_date) for one in people)
    assert counts["pairs of the same name and birth date"] == sum(
        number * (number - 1) // 2 for number in alike.values()
    )
    assert sum(number for name, number in counts.items() if name.startswith("aged")) == len(people)


def test_the_summary_stands_in_the_place_of_the_residents_or_beside_their_file(
    tmp_path: Path,
) -> None:
    alone = renkei("--count", "200", "--summary")
    assert "households" in alone.stdout
    assert "local_address_number" not in alone.stdout

    file = tmp_path / "people.csv"
    beside = renkei("--count", "200", "--summary", "--out", file)
    assert beside.stdout == alone.stdout
    assert len(list(csv.DictReader(io.StringIO(file.read_text("utf-8"))))) == 200


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--municipality", "131149"], "LOCAL_GOVERNMENT_CODE_CHECK_DIGIT"),
        (["--municipality", "130001"], "is no municipality"),
        (["--count", "2000000"], "room for"),
        (["--out", "/"], "cannot be written"),
    ],
)
def test_a_slip_is_told_before_anybody_is_made(arguments: list[str], told: str) -> None:
    done = renkei(*arguments)

    assert done.exit_code == 1
    assert told in str(done.exception)
    assert done.stdout == ""


def test_for_machines_the_summary_comes_as_json() -> None:
    told = json.loads(renkei("--count", "200", "--summary", "--json").stdout)

    assert told["residents"] == 200
    assert isinstance(renkei("--json").exception, WorldError)
