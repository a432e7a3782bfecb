"""What the benchmark tells and how it judges it."""

import re
from pathlib import Path

import pytest

from tests.benchmarks.measuring import Rate
from tests.benchmarks.parts import PARTS, Measured
from tests.benchmarks.results import RESULTS, Target, named
from tests.benchmarks.running import Run, schedule
from tests.benchmarks.showing import verdict

_ROW = re.compile(r"^\| `(\w+)` \|.*\| ([^|]+) \|$", re.MULTILINE)
_PAGE = Path(__file__).parents[2] / "docs" / "performance.md"


def test_a_target_is_met_at_its_bound_and_missed_beyond_it() -> None:
    least, most = Target("at least", 0.6), Target("at most", 2.5)

    assert (least.met(0.6), least.met(0.599)) == (True, False)
    assert (most.met(2.5), most.met(2.501)) == (True, False)


def test_what_was_not_measured_is_neither_met_nor_missed() -> None:
    assert verdict(RESULTS["guarded_8"], None) == "not measured"
    assert verdict(RESULTS["guarded_8"], 0.6) == "met"
    assert verdict(RESULTS["guarded_8"], 0.5) == "missed"
    assert verdict(RESULTS["inquiry_1"], 0.5) == "reported"


def test_a_share_is_the_median_of_rounds_that_counted_for_both() -> None:
    floor = Rate((100.0, 200.0, None, 400.0))

    assert Rate((50.0, None, 10.0, 100.0)).share_of(floor) == (0.5 + 0.25) / 2
    assert Rate((None, None, 10.0, None)).share_of(floor) is None


def test_a_share_of_few_rounds_is_none() -> None:
    floor = Rate((100.0, 200.0, 400.0))

    assert Rate((50.0, None, 100.0)).share_of(floor) == (0.5 + 0.25) / 2
    assert Rate((50.0, None, None)).share_of(floor) is None


def test_a_result_is_the_median_of_the_processes_that_measured_it() -> None:
    run = Run()
    run.measured["reads"] += [
        Measured({"guarded_8": 0.5}),
        Measured({"guarded_8": 0.7, "guarded_1": 0.6}),
        Measured({"guarded_8": 0.6}),
    ]

    assert run.values(RESULTS) == {"guarded_8": 0.6, "guarded_1": 0.6}


def test_a_result_is_named_by_itself_or_by_its_part() -> None:
    assert named(["f2_single"]).keys() == {"f2_single"}
    assert named(["codes", "f2_single"]).keys() == {"f1_single", "f1_batch", "f2_single"}
    assert named([]) == RESULTS
    with pytest.raises(KeyError, match="f0_single"):
        named(["f0_single"])


def test_each_part_is_measured_once_before_any_is_measured_again() -> None:
    planned = list(schedule(RESULTS))

    assert [part for number, part in planned if number == 1] == list(PARTS)
    assert planned == sorted(planned, key=lambda one: one[0])
    assert {number for number, _ in schedule(RESULTS, short=True)} == {1}


def test_the_page_tells_every_result_with_its_goal_and_no_other() -> None:
    page = _PAGE.read_text(encoding="utf-8")
    told = dict(_ROW.findall(page.split("\n## ")[0]))

    assert told == {name: f"{result.target or 'reported'}" for name, result in RESULTS.items()}
