"""`renkei conformance run` as its users see it."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

from click.testing import Result
from typer.testing import CliRunner

from renkei_simulators.cli import app
from renkei_simulators.conformance import junit, report
from renkei_simulators.conformance.controls import Level
from renkei_simulators.conformance.judging import Problem
from renkei_simulators.conformance.reading import load
from renkei_simulators.conformance.running import Result as CaseResult
from renkei_simulators.conformance.running import Verdict

from .conftest import WARD, Place


def renkei(*arguments: str | Path) -> Result:
    return CliRunner(env={"COLUMNS": "100"}).invoke(
        app, ["conformance", "run", *map(str, arguments)]
    )


def test_a_run_passes_and_leaves_junit_xml(running: Place, tmp_path: Path) -> None:
    file = tmp_path / "reports" / "kit.xml"
    told = renkei("--data", running.layout.root, "--junit", file)

    assert told.exit_code == 0, told.output
    assert told.output.rstrip().endswith("Passed.")
    root = ET.parse(file).getroot()  # noqa: S314 - our own file
    assert int(root.attrib["tests"]) == len(root.findall(".//testcase")) == len(load())
    assert root.attrib["failures"] == "0"


def test_one_seat_and_one_step_can_be_chosen(running: Place) -> None:
    told = renkei(
        "--data", running.layout.root, "--seat", f"municipal-cs.{WARD}", "--case", "F1.7b"
    )
    assert told.output.count("passed\n") + told.output.count("passed ") >= 9

    one = renkei("--data", running.layout.root, "--case", "F1.4/repeat")
    assert "1 cases: 1 passed." in one.output


def test_a_known_failure_that_passes_fails_the_run(running: Place, tmp_path: Path) -> None:
    known = tmp_path / "known.toml"
    known.write_text('"F1.4/repeat" = "not written yet"')
    told = renkei("--data", running.layout.root, "--case", "F1.4/repeat", "--known-failures", known)

    assert told.exit_code == 1
    assert "take it off the list of known failures" in told.output


def test_the_list_needs_no_world_and_shows_both_languages() -> None:
    told = renkei("--list")

    assert told.exit_code == 0
    for case in load():
        assert case.id in told.output
        assert case.title_ja in told.output


def test_a_slip_on_the_command_line_is_told(running: Place, tmp_path: Path) -> None:
    for arguments, words in (
        (["--case", "F9.9"], "there is no case or step F9.9"),
        (["--data", tmp_path], "holds no world"),
        (["--data", running.layout.root, "--seat", "municipal-cs.011002"], "has no seat"),
    ):
        told = renkei(*arguments)
        assert told.exit_code == 1
        assert words in str(told.exception)


def test_what_does_not_count_is_skipped_in_junit_with_its_reason() -> None:
    case = load()[0]
    problem = Problem(1, "OK", "NOT_FOUND", "answer it")

    def ended(level: Level, verdict: Verdict, known: str = "") -> CaseResult:
        found = None if verdict in {Verdict.PASSED, Verdict.PASSED_THOUGH_KNOWN} else problem
        return CaseResult(case, "seat", level, verdict, found, known, by_status=False, seconds=0.1)

    results = [
        ended(Level.MUST, Verdict.PASSED),
        ended(Level.MUST, Verdict.FAILED),
        ended(Level.MUST, Verdict.KNOWN_FAILURE, "later"),
        ended(Level.SHOULD, Verdict.FAILED),
        ended(Level.SHOULD, Verdict.PASSED_THOUGH_KNOWN, "later"),
    ]
    root = ET.fromstring(ET.tostring(junit.document(results)))  # noqa: S314 - our own

    assert (root.attrib["tests"], root.attrib["failures"], root.attrib["skipped"]) == (
        "5",
        "2",
        "2",
    )
    assert [suite.attrib["name"] for suite in root] == ["seat MUST", "seat SHOULD"]
    messages = [one.attrib["message"] for one in root.iter("skipped")]
    assert messages[0].startswith("known failure: later")
    assert messages[1].startswith("SHOULD: expected OK, came NOT_FOUND")
    assert "NOT PASSED" in report.summary(results)


def test_for_machines_the_list_comes_as_json() -> None:
    told = json.loads(renkei("--list", "--json").stdout)

    assert [one["id"] for one in told] == [case.id for case in load()]
    assert {*told[0]} == {"id", "seat", "method", "fidelity", "controls", "title", "title_ja"}


def test_for_machines_results_come_as_json(running: Place) -> None:
    told = renkei("--data", running.layout.root, "--case", "F1.4/repeat", "--json")

    (one,) = json.loads(told.stdout)
    assert (one["id"], one["verdict"], one["problem"]) == ("F1.4/repeat", "passed", None)
