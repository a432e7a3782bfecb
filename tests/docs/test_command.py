"""`python -m renkei_simulators.documents`: what it writes, and what it tells."""

import shutil
from pathlib import Path

import pytest

from renkei_simulators.documents.__main__ import main
from renkei_simulators.documents.parts import DocumentError, Part

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the documents, beside the tests of which they speak."""
    for readme in ROOT.glob("README*.md"):
        shutil.copy(readme, tmp_path)
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    main([], tmp_path)
    return tmp_path


def test_what_was_written_is_as_it_should_be(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()

    assert main(["--check"], project) == 0
    assert main([], project) == 0
    assert capsys.readouterr() == ("", "")


def test_a_document_that_says_something_else_is_told_with_the_command_that_mends_it(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ports = project / "docs" / "ports.md"
    written = ports.read_text(encoding="utf-8")
    ports.write_text(written.replace("21101", "21100"), encoding="utf-8")
    capsys.readouterr()

    assert main(["--check"], project) == 1
    assert capsys.readouterr().err == (
        "docs/ports.md is not what the code says: run `make documents`\n"
    )
    assert main([], project) == 0
    assert capsys.readouterr().out == "wrote docs/ports.md\n"
    assert ports.read_text(encoding="utf-8") == written


def test_two_parts_of_one_document_are_mended_together(project: Path) -> None:
    coverage = project / "docs" / "coverage.md"
    written = coverage.read_text(encoding="utf-8")
    coverage.write_text(written.replace("works · 動く", "works"), encoding="utf-8")

    assert main([], project) == 0
    assert coverage.read_text(encoding="utf-8") == written


def test_what_stands_outside_the_markers_is_nobody_s_but_the_writer_s(project: Path) -> None:
    ports = project / "docs" / "ports.md"
    ports.write_text(f"{ports.read_text(encoding='utf-8')}\nMore.\n", encoding="utf-8")

    assert main(["--check"], project) == 0


def test_a_document_without_a_place_for_its_part_is_told(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "docs" / "ports.md").write_text("# Ports\n", encoding="utf-8")

    assert main([], project) == 1
    assert "docs/ports.md has no place for ports" in capsys.readouterr().err


def test_markers_in_the_wrong_order_are_no_place() -> None:
    with pytest.raises(DocumentError, match="no place"):
        Part("a.md", "a", "text").put_into("<!-- a:end --> <!-- a:start -->")


def test_elsewhere_than_in_the_project_it_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--check"], tmp_path) == 1
    assert "run this where the project lies" in capsys.readouterr().err
