"""What of each function there is today: state, mark, and the tests that show it."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from renkei_simulators.documents.functions import Function, State, System
from renkei_simulators.documents.languages import Language
from renkei_simulators.documents.markdown import both, table

_HEADS: Final = (
    "id",
    "function · 機能",
    "today · 現在",
    "mark · 印",
    "tests that show it · 示すテスト",
)

_SENTENCE: Final = {
    Language.ENGLISH: "Of {all} functions {works} work and {part} work in part; "
    "[docs/coverage.md](docs/coverage.md) tells each with its mark and the tests that show it.",
    Language.JAPANESE: "{all}の機能のうち、{works}が動き、{part}が一部動きます。\n"
    "それぞれの印とそれを示すテストは[docs/coverage.md](docs/coverage.md)にあります。",
}


def sentence(systems: Sequence[System], language: Language) -> str:
    """How much there is, in one sentence."""
    counts = _counts(systems)
    return _SENTENCE[language].format(
        all=counts.total(), works=counts[State.WORKS], part=counts[State.IN_PART]
    )


def summary(systems: Sequence[System]) -> str:
    """How much of each system there is."""
    rows = [
        (
            f"{one.key} · {one.name.english} · {one.name.japanese}",
            *(str(_counts([one])[state] or "") for state in State),
        )
        for one in systems
    ]
    return table(("system · システム", *(f"{_in_both(one)}" for one in State)), rows)


def coverage(systems: Sequence[System]) -> str:
    """A section for each system, with a row for each function."""
    return "\n\n".join(
        f"## {one.key} · {one.name.english} · {one.name.japanese}\n\n"
        f"{table(_HEADS, map(_cells, one.functions))}"
        for one in systems
    )


def _counts(systems: Sequence[System]) -> Counter[State]:
    return Counter(function.state for one in systems for function in one.functions)


def _in_both(state: State) -> str:
    return f"{state.value.english} · {state.value.japanese}"


def _cells(function: Function) -> tuple[str, ...]:
    return (
        function.id,
        both(function.name),
        _today(function),
        _mark(function),
        "<br>".join(map(_link, function.tests)),
    )


def _today(function: Function) -> str:
    state = f"**{_in_both(function.state)}**"
    return f"{state}<br>{both(function.today)}" if function.today else state


def _mark(function: Function) -> str:
    if function.mark is None:
        return ""
    mark = f"`{function.mark}`"
    return f"{mark}; {both(function.remark)}" if function.remark else mark


def _link(test: str) -> str:
    """A test by its name, which is a fact."""
    path, _, name = test.partition("::")
    fact = name.removeprefix("test_").replace("_s_", "'s ").replace("_", " ")
    return f"· [{fact}](../{path})"
