"""Names and numbers of files, and of records."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.domain.batch_files.numbering import (
    LARGEST_RECORD_NUMBER,
    LineFileName,
    MessageFileName,
    RecordNumbers,
    require_whole,
    split,
)

from .making import CAPITALS, DIGITS, LETTERS, letters

LINE_FILES = st.builds(
    LineFileName,
    job=letters(DIGITS + CAPITALS, 1, 12),
    made_at=st.dates(date(2000, 1, 1)).map("{:%Y%m%d}093015".format),
    number=st.integers(1, 9999),
)
MESSAGE_FILES = st.builds(
    MessageFileName,
    attachment=st.booleans(),
    information_code=letters(DIGITS + CAPITALS, 16, 16),
    destination=letters(DIGITS + LETTERS + "-", 1, 20),
    data_set=letters(DIGITS + LETTERS, 1, 8),
    number=st.integers(0, 999),
)


@given(LINE_FILES)
def test_a_name_of_a_file_of_lines_comes_back(name: LineFileName) -> None:
    assert LineFileName.parse(str(name)) == name


@given(MESSAGE_FILES)
def test_a_name_of_a_message_comes_back(name: MessageFileName) -> None:
    assert MessageFileName.parse(str(name)) == name


def test_names_are_of_the_documented_form() -> None:
    attachment = MessageFileName(
        attachment=True,
        information_code="TM90000000000001",
        destination="renkei",
        data_set="0101",
        number=0,
    )

    assert str(LineFileName("R110", "20261123093015", 1)) == "R110_20261123093015_0001.DAT"
    assert str(attachment) == "DBM_20113_ATTACH_TM90000000000001_renkei_0101_000.xml"


@pytest.mark.parametrize(
    "name",
    [
        "R110_20261123093015_0000.DAT",
        "R110_20261123093015_001.DAT",
        "R110_20261123093015_0001.dat",
        "R110_20261123_0001.DAT",
        "R110_20261323093015_0001.DAT",
        "R110_20260230093015_0001.DAT",
        "R110_20261123246015_0001.DAT",
        "../R110_20261123093015_0001.DAT",
        "R110_20261123093015_0001.DAT\n",
        "DBM_20113_TM90000000000001_renkei_0101_00.xml",
        "DBM_20114_TM90000000000001_renkei_0101_000.xml",
        "",
    ],
)
def test_another_name_is_refused(name: str) -> None:
    for kind in (LineFileName, MessageFileName):
        with pytest.raises(Refusal) as caught:
            kind.parse(name)
        assert caught.value.reason is reasons.MALFORMED_BATCH_FILE_NAME


@given(st.lists(st.integers(), max_size=50), st.integers(1, 20))
def test_files_hold_every_record_in_order_and_all_but_the_last_are_full(
    records: list[int], per_file: int
) -> None:
    files = [(number, list(held)) for number, held in split(records, per_file)]

    assert [number for number, _ in files] == list(range(len(files)))
    assert [record for _, held in files for record in held] == records
    assert all(len(held) == per_file for _, held in files[:-1])
    assert all(1 <= len(held) <= per_file for _, held in files[-1:])


def test_no_record_makes_no_file() -> None:
    assert list(split([], 10)) == []


@given(st.integers(0, 1), st.permutations(range(5)))
def test_a_run_is_whole_in_whatever_order_its_files_come(first: int, numbers: list[int]) -> None:
    require_whole([number + first for number in numbers], first=first, total=5)


@pytest.mark.parametrize(
    ("numbers", "total", "detail"),
    [
        ([1, 3], 3, "2 files, 2 different numbers, expected 3"),
        ([1, 2, 2], 3, "3 files, 2 different numbers, expected 3"),
        ([1, 2, 3], 2, "3 files, 3 different numbers, expected 2"),
        ([0, 1], 2, "2 files, 2 different numbers, expected 2"),
        ([], 1, "0 files, 0 different numbers, expected 1"),
    ],
)
def test_a_gap_a_repeat_or_another_total_is_refused(
    numbers: list[int], total: int, detail: str
) -> None:
    with pytest.raises(Refusal) as caught:
        require_whole(numbers, first=1, total=total)

    assert (caught.value.reason, caught.value.detail) == (reasons.BATCH_FILES_NOT_WHOLE, detail)


@given(st.sets(st.integers(1, 500)), st.integers(1, 500))
def test_a_record_number_is_taken_once(had: set[int], number: int) -> None:
    numbers = RecordNumbers()
    for one in had:
        numbers.add(one)

    if number not in had:
        numbers.add(number)
    with pytest.raises(Refusal) as caught:
        numbers.add(number)
    assert caught.value.reason is reasons.BATCH_RECORD_REPEATED


def test_the_largest_record_number_is_taken() -> None:
    numbers = RecordNumbers()

    numbers.add(LARGEST_RECORD_NUMBER)
    numbers.add(LARGEST_RECORD_NUMBER - 1)
