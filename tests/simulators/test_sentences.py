"""What stops a command is told in English and in Japanese."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import renkei_pki
import renkei_simulators

FOLDER = Path(renkei_simulators.__file__).parent
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
HANDED_ON = re.compile(r"\*|japanese|_JA")
"""Sentences that were written elsewhere."""


def raised(error: str, folder: Path = FOLDER) -> Iterator[tuple[str, ast.Call]]:
    """Every place where such an error is made."""
    for file in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(error):
                yield f"{file.relative_to(folder)}:{node.lineno}", node


def arguments(call: ast.Call) -> tuple[str, str]:
    """The first as it is written, and the last."""
    return ast.unparse(call.args[0]), ast.unparse(call.args[-1])


def test_a_world_that_cannot_be_made_or_run_is_told_in_both_languages() -> None:
    """That there are two sentences is a matter of types; here, that they are in two languages."""
    places = [(place, *arguments(call)) for place, call in raised("WorldError")]

    assert len(places) > 60, "else this test could not fail"
    untold = [
        place
        for place, _, japanese in places
        if not (JAPANESE.search(japanese) or HANDED_ON.search(japanese))
    ]
    mixed = [
        place
        for place, english, japanese in places
        if JAPANESE.search(english) and not HANDED_ON.search(english)
    ]
    assert (untold, mixed) == ([], [])


def test_an_argument_that_cannot_be_read_is_told_in_both_languages() -> None:
    """Its sentence stands in the call, or in the line before it."""
    for place, call in raised("BadParameter"):
        file, _, line = place.partition(":")
        near = (FOLDER / file).read_text("utf-8").splitlines()[int(line) - 2 : int(line)]
        assert JAPANESE.search(" ".join([*near, ast.unparse(call)])), place


def test_a_certificate_that_does_not_fit_is_told_in_both_languages() -> None:
    folders = (FOLDER, Path(renkei_pki.__file__).parent)
    sentences = [arguments(call)[1] for one in folders for _, call in raised("Unfit", one)]

    assert len(sentences) > 15, "else this test could not fail"
    assert [one for one in sentences if not (JAPANESE.search(one) or HANDED_ON.search(one))] == []
