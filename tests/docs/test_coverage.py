"""Of each function the documents say what a test shows."""

import re
from pathlib import Path

import pytest

from renkei_simulators.documents.coverage import coverage, sentence, summary
from renkei_simulators.documents.functions import State, refuse_missing_tests, systems
from renkei_simulators.documents.languages import Language
from renkei_simulators.documents.parts import DocumentError

ROOT = Path(__file__).parents[2]

WORKS = 'state = "works"\nmark = "inferred"\ntests = ["tests/test_a.py::test_it_is_so"]'


def told(*functions: str) -> str:
    """A file of one system with these functions."""
    each = "".join(
        f'[[system.function]]\nid = "XX-{number}"\n'
        f'name = {{ english = "do it", japanese = "する" }}\n{function}\n'
        for number, function in enumerate(functions, start=1)
    )
    name = 'name = { english = "a system", japanese = "システム" }'
    return f'[[system]]\nkey = "XX"\n{name}\n{each}'


def test_a_function_is_told_with_its_mark_and_its_tests_as_facts() -> None:
    works = f'{WORKS}\ntoday = {{ english = "now", japanese = "今" }}'
    row = coverage(systems(told(works))).splitlines()[-1]

    assert row == (
        "| XX-1 | do it<br>する | **works · 動く**<br>now<br>今 | `inferred` "
        "| · [it is so](../tests/test_a.py) |"
    )


@pytest.mark.parametrize(
    "slip",
    [
        'state = "works"\nmark = "inferred"',
        'state = "in part"\ntests = ["tests/test_a.py::test_it"]',
        'state = "not yet"\nmark = "inferred"',
        'state = "not yet"\ntests = ["tests/test_a.py::test_it"]',
        'state = "nearly"',
        WORKS.replace("inferred", "guessed"),
        f'{WORKS}\nremark = {{ english = "in one language" }}',
        "",
    ],
)
def test_a_function_that_says_what_nothing_shows_is_refused_by_its_id(slip: str) -> None:
    with pytest.raises(DocumentError, match="XX-1"):
        systems(told(slip))


def test_an_id_stands_once() -> None:
    with pytest.raises(DocumentError, match="XX-1: told twice"):
        systems(told(WORKS) + told(WORKS))


def test_a_test_that_does_not_exist_shows_nothing(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    found, file = systems(told(WORKS)), tmp_path / "tests" / "test_a.py"

    for text in (None, "def test_it_is_so_too() -> None: ...\n", "# def test_it_is_so()\n"):
        if text:
            file.write_text(text)
        with pytest.raises(DocumentError, match=r"XX-1: there is no test .*test_it_is_so$"):
            refuse_missing_tests(found, tmp_path)
    file.write_text("async def test_it_is_so(\n    world: int,\n) -> None: ...\n")
    refuse_missing_tests(found, tmp_path)


def test_the_counts_are_those_of_the_functions() -> None:
    found = systems(told(WORKS, 'state = "not yet"', WORKS, WORKS.replace("works", "in part")))

    assert summary(found).endswith("| 2 | 1 | 1 |")
    assert sentence(found, Language.ENGLISH).startswith("Of 4 functions 2 work and 1 work in part")
    assert sentence(found, Language.JAPANESE).startswith("4の機能のうち、2が動き、1が一部動きます")


def test_no_function_of_a_system_is_left_out() -> None:
    for system in systems():
        numbered = [one.id for one in system.functions if one.id != system.key]
        assert numbered == [f"{system.key}-{n}" for n in range(1, len(numbered) + 1)]


def test_every_function_that_the_code_names_is_told() -> None:
    found = systems()
    known = {function.id for one in found for function in one.functions}
    keys = "|".join(one.key for one in found)
    code = [*(ROOT / "server").rglob("*.py"), *(ROOT / "protos").rglob("*.proto")]
    named = {
        one
        for file in code
        for one in re.findall(rf"\b(?:{keys})-\d+\b", file.read_text(encoding="utf-8"))
    }

    assert named
    assert named <= known


def test_everything_is_told_in_japanese_too() -> None:
    for function in (function for one in systems() for function in one.functions):
        for name in (function.name, function.today, function.remark):
            assert name is None or (name.english.isascii() and not name.japanese.isascii())
    assert all(not one.value.japanese.isascii() for one in State)
