"""The law is read strictly: what cannot be used is refused with its file and line."""

import shutil
from collections.abc import Sequence
from datetime import date, timedelta
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renkei_server.domain.law.lines import LawError
from renkei_server.domain.law.reading import read
from renkei_server.domain.legal_basis import LegalBasis

START = date(2024, 5, 27)
DAY = timedelta(days=1)


def copy(folder: Path) -> Path:
    """The law that comes with Renkei, where a test may change it."""
    for file in resources.files("renkei_server.domain.law").iterdir():
        if file.name.endswith(".csv"):
            (folder / file.name).write_bytes(file.read_bytes())
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy(tmp_path)


def refused(folder: Path) -> str:
    with pytest.raises(LawError) as caught:
        read(folder)
    return str(caught.value)


def change(folder: Path, file: str, old: str, new: str) -> None:
    """Change one place of a file."""
    text = (folder / file).read_text("utf-8")
    assert text.count(old) == 1
    (folder / file).write_text(text.replace(old, new), "utf-8")


def write_tables(folder: Path, *spans: tuple[str, str, str]) -> None:
    """Name these tables, each with the rows of the one that comes with Renkei."""
    told = ["name,first_day,last_day,fidelity,source"]
    told.extend(f"{','.join(span)},invented,a test" for span in spans)
    (folder / "tables.csv").write_text("\n".join(told) + "\n", "utf-8")
    for name, _, _ in spans:
        if name != "2024":
            shutil.copy(folder / "table-2024.csv", folder / f"table-{name}.csv")


def test_a_copy_of_the_law_is_read_as_the_law(folder: Path) -> None:
    assert read(folder) == read()


def test_two_years_stand_side_by_side_and_each_day_has_its_own(folder: Path) -> None:
    write_tables(folder, ("2024", "2024-05-27", "2026-03-31"), ("2026", "2026-04-01", "open"))

    law = read(folder)

    assert law.table_of(date(2026, 3, 31)).name == "2024"
    assert law.table_of(date(2026, 4, 1)).name == "2026"


@pytest.mark.parametrize(
    ("second", "what"),
    [
        (("2026", "2026-03-31", "open"), "table 2024 is still in force on first_day"),
        (("2026", "2023-04-01", "open"), "table 2024 is still in force on first_day"),
        (("2026", "2026-04-02", "open"), "no table is in force between 2024 and this one"),
        (("2026", "2026-04-01", "2026-03-31"), "last_day lies before first_day"),
        (("2024", "2026-04-01", "open"), "it says again what tables.csv, line 2 says"),
        (("2026", "20260401", "open"), "first_day is not of its form"),
        (("2026", "2026-04-31", "open"), "first_day is not of its form"),
        (("2026", "2026-04-01", "never"), "last_day is not of its form"),
        (("next", "2026-04-01", "open"), "name is not of its form"),
    ],
)
def test_tables_that_do_not_follow_each_other_are_refused(
    folder: Path, second: tuple[str, str, str], what: str
) -> None:
    write_tables(folder, ("2024", "2024-05-27", "2026-03-31"), second)

    assert refused(folder) == f"tables.csv, line 3: {what}"


def test_nothing_follows_a_table_that_is_open(folder: Path) -> None:
    write_tables(folder, ("2024", "2024-05-27", "open"), ("2026", "2026-04-01", "open"))

    told = refused(folder)
    assert told == "tables.csv, line 3: table 2024 is still in force on first_day"


def test_law_without_a_table_is_refused(folder: Path) -> None:
    write_tables(folder)

    assert refused(folder) == "tables.csv names no table"


@settings(max_examples=30)
@given(st.lists(st.integers(1, 400), min_size=1, max_size=4))
def test_every_day_from_the_first_to_the_last_has_exactly_one_table(days: Sequence[int]) -> None:
    with TemporaryDirectory() as made:
        law = read_spans(copy(Path(made)), days)

    end = START + sum(days) * DAY
    for day in (START, *(one.first_day for one in law.tables), end - DAY):
        assert [one for one in law.tables if one.in_force(day)] == [law.table_of(day)]
    assert not any(one.in_force(day) for one in law.tables for day in (START - DAY, end))


def read_spans(folder: Path, days: Sequence[int]) -> LegalBasis:
    """Tables that are in force for so many days each, one after the other."""
    first, spans = START, []
    for count, length in enumerate(days):
        last = first + (length - 1) * DAY
        spans.append((str(2024 + count), first.isoformat(), last.isoformat()))
        first = last + DAY
    write_tables(folder, *spans)
    return read(folder)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("\n73,", "\n七三,", "item is not of its form"),
        ("\n73,", "\n073,", "item is not of its form"),
        ("\n73,", "\n73,extra,", "9 cells, expected 8"),
        ("\n73,", "\n", "7 cells, expected 8"),
        ("\n73,", "\n,", "item is empty, or has space around it"),
        ("\n73,", "\n73 ,", "item is empty, or has space around it"),
        (",minister-of", ",ministry-of", "inquirer is none that classes.csv knows"),
        (
            "JM90000000073000",
            "JM90000000073009",
            "affair is none that codes.csv knows",
        ),
        ("JM90000000073000", "JT90000000073001", "affair is none that codes.csv knows"),
        ("JM90000000073000", "JM90000000000000", "affair is none that codes.csv knows"),
        ("JT90000000073001", "JM90000000073000", "procedure is none that codes.csv knows"),
        (
            "JT90000000073001,municipality,TM90000000000001",
            "JT90000000073001,not recorded,TM90000000000001",
            "provider is none that classes.csv knows",
        ),
        (
            "JT90000000073001,municipality,TM90000000000001",
            "JT90000000073001,municipality,not recorded",
            "information is none that codes.csv knows",
        ),
        (
            "inferred,PIA I-6-2; NA-T2 item 48",
            "certain,PIA I-6-2; NA-T2 item 48",
            "fidelity is not of its form",
        ),
    ],
)
def test_a_malformed_row_is_refused_with_its_file_and_line(
    folder: Path, old: str, new: str, what: str
) -> None:
    change(folder, "table-2024.csv", old, new)

    assert refused(folder) == f"table-2024.csv, line 23: {what}"


def test_the_same_rule_under_two_items_is_refused(folder: Path) -> None:
    table = folder / "table-2024.csv"
    again = table.read_text("utf-8").splitlines()[22].replace("73,", "74,", 1)
    table.write_text(table.read_text("utf-8") + again + "\n", "utf-8")

    told = refused(folder)
    assert told == "table-2024.csv, line 63: it says again what table-2024.csv, line 23 says"


def test_an_item_may_be_known_in_part(folder: Path) -> None:
    change(folder, "table-2024.csv", "JT90000000073001", "not recorded")

    rows = {row.item: row for row in read(folder).tables[0].rows}
    assert rows["73"].affair == "JM90000000073000"
    assert not rows["73"].decides


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "what"),
    [
        ("codes.csv", "TM00000000000002", "TM2", 9, "code is not of its form"),
        (
            "codes.csv",
            "TM00000000000002",
            "TM90000000000001",
            10,
            "it says again what codes.csv, line 9 says",
        ),
        ("classes.csv", "nenkin", "131149", 5, "institution is not of its form"),
        (
            "classes.csv",
            "nenkin",
            "code:prefecture",
            5,
            "it says again what classes.csv, line 3 says",
        ),
        (
            "delegations.csv",
            "pension-agency",
            "pensions",
            2,
            "agent is none that classes.csv knows",
        ),
        (
            "register-affairs.csv",
            "JM90000000000000",
            "TM00000000000002",
            2,
            "affair is none that codes.csv knows",
        ),
    ],
)
def test_every_file_is_held_to_its_form(
    folder: Path, file: str, old: str, new: str, line: int, what: str
) -> None:
    change(folder, file, old, new)

    assert refused(folder) == f"{file}, line {line}: {what}"


def test_columns_in_another_order_are_refused(folder: Path) -> None:
    change(folder, "delegations.csv", "agent,principal", "principal,agent")

    assert refused(folder).startswith("delegations.csv, line 1: the columns are not agent,")


def test_a_blank_line_is_refused(folder: Path) -> None:
    change(folder, "table-2024.csv", "\n73,", "\n\n73,")

    assert refused(folder) == "table-2024.csv, line 23: 0 cells, expected 8"


@pytest.mark.parametrize("spoiled", [b"\xff\xfe", b'"never closed\n', None])
def test_a_file_that_cannot_be_read_is_named(folder: Path, spoiled: bytes | None) -> None:
    if spoiled is None:
        (folder / "codes.csv").unlink()
    else:
        (folder / "codes.csv").write_bytes(spoiled)

    assert refused(folder).startswith("codes.csv cannot be read: ")
