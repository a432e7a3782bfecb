"""What a run showed, for persons: what is founded first, what the model invented apart (invented)."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from rich.console import Group, RenderableType
from rich.text import Text

from renkei_simulators.conformance.cases import Case
from renkei_simulators.conformance.controls import Fidelity
from renkei_simulators.conformance.running import Result, Verdict
from renkei_simulators.listing import Listing

_COLOURS = {
    Verdict.PASSED: "green",
    Verdict.FAILED: "red",
    Verdict.KNOWN_FAILURE: "yellow",
    Verdict.PASSED_THOUGH_KNOWN: "red",
}


def listed(cases: Sequence[Case]) -> Text:
    """Every case with what it tries."""
    lines = []
    for case in cases:
        controls = " ".join(one.id for one in case.controls) or "no control"
        lines.append(f"{case.id:<27}{case.seat:<19}{case.fidelity!s:<12}{controls}")
        lines.append(f"    {case.title}\n    {case.title_ja}")
    return Text("\n".join(lines))


def case_as_dict(case: Case) -> dict[str, object]:
    """A case for machines."""
    return {
        "id": case.id,
        "seat": case.seat,
        "method": case.method,
        "fidelity": str(case.fidelity),
        "controls": [one.id for one in case.controls],
        "title": case.title,
        "title_ja": case.title_ja,
    }


def result_as_dict(one: Result) -> dict[str, object]:
    """A result for machines: the case's id, and why it failed."""
    return {
        "id": one.case.id,
        "seat": one.seat,
        "level": str(one.level),
        "verdict": one.verdict.value,
        "by_status": one.by_status,
        "seconds": round(one.seconds, 3),
        "problem": asdict(one.problem) if one.problem else None,
        "known": one.known,
        "counts_against": one.counts_against,
    }


def told(results: Sequence[Result]) -> RenderableType:
    """The results, each failure in words, and the sum of it."""
    founded = [one for one in results if one.case.fidelity is not Fidelity.INVENTED]
    invented = [one for one in results if one.case.fidelity is Fidelity.INVENTED]
    tables = [
        _results(title, part)
        for title, part in (
            ("Documented and inferred", founded),
            ("Invented by this model", invented),
        )
        if part
    ]
    failures = [_failure(one) for one in results if one.verdict is not Verdict.PASSED]
    return Group(*tables, *failures, Text(summary(results)))


def summary(results: Sequence[Result]) -> str:
    """One sentence a line: how many of each kind, and what was judged less strictly."""
    return "\n".join(_summary(results))


def _summary(results: Sequence[Result]) -> Iterator[str]:
    counts = ", ".join(
        f"{number} {verdict.value}"
        for verdict in Verdict
        if (number := sum(one.verdict is verdict for one in results))
    )
    yield f"{len(results)} cases: {counts}."
    if by_status := sum(one.by_status for one in results):
        yield f"{by_status} judged by the gRPC status alone, for want of a reason of this contract."
    yield (
        "NOT PASSED"
        if any(one.counts_against for one in results)
        else "Passed, but for known failures."
        if any(one.verdict is Verdict.KNOWN_FAILURE for one in results)
        else "Passed."
    )


def _results(title: str, results: Sequence[Result]) -> Listing:
    table = Listing("case", "seat", "level", "result", title=title)
    for one in results:
        note = " (by status)" if one.by_status and one.verdict is Verdict.PASSED else ""
        verdict = Text(f"{one.verdict.value}{note}", _COLOURS[one.verdict])
        table.add_row(one.case.id, one.seat, str(one.level), verdict)
    return table


def _failure(one: Result) -> Text:
    lines = [f"{one.case.id}: {one.case.title}", f"  {one.case.title_ja}"]
    if one.problem is None:
        lines.append(f"  it passes now, and was known to fail: {one.known}")
        lines.append("  next: take it off the list of known failures")
    else:
        lines.append(f"  expected: {one.problem.expected} (step {one.problem.step})")
        lines.append(f"  came:     {one.problem.came}")
        lines.append(f"  next:     {one.problem.next}")
    if one.verdict is Verdict.KNOWN_FAILURE:
        lines.append(f"  known:    {one.known}")
    lines.extend(f"  {control.id}: {control.obligation}" for control in one.case.controls)
    return Text("\n".join(lines) + "\n")
