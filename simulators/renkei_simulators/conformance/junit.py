"""What a run showed, for machines: JUnit XML, a suite for each seat and level (invented).

What does not count against the run is `skipped` with its reason, so that whoever reads the
file comes to the same verdict as the exit status.
"""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from renkei_simulators.conformance.controls import Level
from renkei_simulators.conformance.running import Result, Verdict


def write(results: Sequence[Result], path: Path) -> None:
    """Write the file; its folder is made where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tree = ET.ElementTree(document(results))
    ET.indent(tree)
    tree.write(path, encoding="utf-8", xml_declaration=True)


def document(results: Sequence[Result]) -> ET.Element:
    """The document's root."""
    suites: defaultdict[tuple[str, Level], list[Result]] = defaultdict(list)
    for one in results:
        suites[one.seat, one.level].append(one)
    root = ET.Element("testsuites", _counts("renkei conformance", results))
    for (seat, level), part in suites.items():
        suite = ET.SubElement(root, "testsuite", _counts(f"{seat} {level}", part))
        for one in part:
            _case(suite, one)
    return root


def _counts(name: str, results: Sequence[Result]) -> dict[str, str]:
    return {
        "name": name,
        "tests": str(len(results)),
        "failures": str(sum(one.counts_against for one in results)),
        "errors": "0",
        "skipped": str(sum(_is_skipped(one) for one in results)),
        "time": f"{sum(one.seconds for one in results):.3f}",
    }


def _is_skipped(one: Result) -> bool:
    return one.verdict is not Verdict.PASSED and not one.counts_against


def _case(suite: ET.Element, one: Result) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        {"classname": one.seat, "name": one.case.id, "time": f"{one.seconds:.3f}"},
    )
    properties = ET.SubElement(case, "properties")
    for name, value in (
        ("title", one.case.title),
        ("title_ja", one.case.title_ja),
        ("level", str(one.level)),
        ("fidelity", str(one.case.fidelity)),
        ("controls", " ".join(control.id for control in one.case.controls)),
        ("judged", "by status" if one.by_status else "in full"),
    ):
        ET.SubElement(properties, "property", {"name": name, "value": value})
    if one.counts_against:
        failure = ET.SubElement(case, "failure", {"message": _message(one)})
        failure.text = str(one.problem or f"known to fail: {one.known}")
    elif _is_skipped(one):
        ET.SubElement(case, "skipped", {"message": _message(one)})


def _message(one: Result) -> str:
    if one.problem is None:
        return f"passed though known to fail: {one.known}"
    told = f"expected {one.problem.expected}, came {one.problem.came}"
    return f"known failure: {one.known}; {told}" if one.known else f"{one.level}: {told}"
