"""`renkei batch`: a run's files are checked and split before anybody sends them."""

import json
from dataclasses import replace
from pathlib import Path

from tests.network.asking.files import JOB, LINE, MADE_AT, line_file, record, registration_files
from typer.testing import CliRunner, Result

from renkei.codes import LocalAddressNumber
from renkei_server.domain.batch_files.inquiry import write_inquiries
from renkei_simulators.cli import app

PERSON = LocalAddressNumber("880001357902468")


def lines(count: int) -> bytes:
    persons = (LocalAddressNumber(f"{number:015}") for number in range(count))
    return b"".join(write_inquiries(replace(LINE, person=person) for person in persons))


def renkei(*arguments: object) -> Result:
    told = ["batch", *map(str, arguments)]
    return CliRunner().invoke(app, told, env={"COLUMNS": "300"})


def written(folder: Path, files: dict[str, bytes]) -> list[Path]:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in files]


def test_sound_files_of_a_run_are_told_so(tmp_path: Path) -> None:
    files = registration_files([record(1, PERSON)], [record(2, PERSON, "B")])

    result = renkei("check", *written(tmp_path, files))

    assert (result.exit_code, result.output) == (0, "4 good, 0 faults\n")


def test_everything_that_is_wrong_is_a_line_of_the_table_and_names_nobody(tmp_path: Path) -> None:
    wrong = lines(3).replace(b"JM9", b"XX9", 1) + lines(1).replace(b"\r\n", b"\n")
    repeated = registration_files([record(1, PERSON)], [record(1, PERSON, "B")])
    files = {line_file(1): wrong, **repeated, "anything.txt": b""}

    result = renkei("check", *written(tmp_path, files))

    assert result.exit_code == 1
    told = [line.split() for line in result.output.splitlines() if "。" in line]
    assert [[file, *words[:-1]] for file, *words in told] == [
        [line_file(1), "1", "affair_code", "MALFORMED_BATCH_FIELD"],
        [line_file(1), "4", "BATCH_LINE_END"],
        [list(repeated)[3], "1", "RecordIdentificationNumber", "BATCH_RECORD_REPEATED"],
        ["anything.txt", "MALFORMED_BATCH_FILE_NAME"],
    ]
    assert "5 good, 4 faults" in result.output
    assert PERSON.digits not in result.output


def test_lines_are_split_into_numbered_files_that_hold_them_all_in_order(tmp_path: Path) -> None:
    (whole,) = written(tmp_path, {"all.dat": lines(25)})
    folder = tmp_path / "run"

    named = ("--job", JOB, "--made-at", MADE_AT, "--per-file", 10)
    result = renkei("split", whole, folder, *named)

    assert result.exit_code == 0
    parts = sorted(folder.iterdir())
    assert [part.name for part in parts] == [line_file(number) for number in (1, 2, 3)]
    assert b"".join(part.read_bytes() for part in parts) == lines(25)
    assert renkei("check", *parts).exit_code == 0


def test_lines_with_a_fault_are_not_split(tmp_path: Path) -> None:
    (whole,) = written(tmp_path, {"all.dat": lines(2)[:-1]})

    result = renkei("split", whole, tmp_path / "run", "--job", JOB, "--made-at", MADE_AT)

    assert result.exit_code == 1
    assert "line 2: BATCH_LINE_END" in result.output
    assert not (tmp_path / "run").exists()


def test_for_machines_each_fault_comes_as_json_with_both_languages(tmp_path: Path) -> None:
    (file,) = written(tmp_path, {line_file(1): lines(2).replace(b"JM9", b"XX9", 1)})

    result = renkei("check", file, "--json")

    told = json.loads(result.output)
    assert (result.exit_code, told["good"], len(told["faults"])) == (1, 1, 1)
    fault = told["faults"][0]
    assert (fault["file"], fault["line"], fault["field"]) == (file.name, 1, "affair_code")
    assert fault["reason"] == "MALFORMED_BATCH_FIELD"
    assert fault["english"]
    assert fault["japanese"]
