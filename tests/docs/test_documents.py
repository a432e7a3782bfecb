"""What the documents say by themselves holds together."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from renkei import reasons
from renkei.acquisitions import Failure
from renkei.answers import Outcome
from renkei.facts import FACTS

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.ja.md")
DOCUMENTS = sorted((*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")))


def read(path: str) -> str:
    """A document of the product."""
    return (ROOT / path).read_text(encoding="utf-8")


def test_both_readmes_run_the_same_commands() -> None:
    english, japanese = (list(commands(read(readme))) for readme in READMES)

    assert english == japanese


def test_both_readmes_have_the_same_sections_and_lead_to_the_same_pages() -> None:
    english, japanese = (
        [len(re.findall("^## ", read(one), re.MULTILINE)), *links(read(one))] for one in READMES
    )

    assert [one for one in english if one != "README.ja.md"] == [
        one for one in japanese if one != "README.md"
    ]


@pytest.mark.parametrize("readme", READMES)
def test_a_readme_is_read_at_one_sitting(readme: str) -> None:
    prose = re.sub(r"<!-- (\S+):start -->.*?<!-- \1:end -->", "", read(readme), flags=re.DOTALL)

    assert len(prose.splitlines()) <= 130


def test_a_reason_that_a_guide_names_exists() -> None:
    expected = read("docs/guides/test-my-client.md").partition("## What to try")[2]
    named = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", expected))

    outcomes = {*Failure.__members__, *Outcome.__members__}
    assert named - outcomes <= set(reasons.NAMED)
    assert len(named & set(reasons.NAMED)) > 10


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_link_leads_somewhere(document: Path) -> None:
    for link in links(document.read_text(encoding="utf-8")):
        path, _, heading = link.partition("#")
        target = document.parent / path if path else document
        assert target.exists(), link
        assert not heading or heading in headings(target), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_path_that_a_document_names_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    paths = re.findall(r"`((?:server|simulators|protos|clients|tests|docs)/[\w./-]+)`", text)

    assert [one for one in paths if not (ROOT / one).exists()] == []


def test_the_guide_tells_every_fact_of_a_refusal() -> None:
    told = read("docs/guides/test-my-client.md").partition("| key in `metadata`")[2]

    assert all(f"`{name}`" in told for name in (*FACTS, "detail", "incident"))


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")

    for decision in folder.glob("[0-9]*.md"):
        number, _, title = decision.read_text(encoding="utf-8").partition("\n")[0].partition(": ")
        assert f"| [{number.removeprefix('# ')}]({decision.name}) | {title} |" in index


def links(text: str) -> list[str]:
    """Where a document leads to within the project."""
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return re.findall(r"\]\((?!https?:)([^)]+)\)", prose)


def headings(document: Path) -> set[str]:
    """The headings of a document as links name them."""
    found = re.findall(r"^#+ (.*)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in found}


def commands(text: str) -> Iterator[str]:
    """The shell lines of a document, without their comments."""
    for block in re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL):
        yield from (re.sub(r"\s+#.*|フォルダー|FOLDER", "", line) for line in block.splitlines())
