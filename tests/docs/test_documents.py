"""What the documents say of the code is what the code says."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from renkei import reasons
from renkei.answers import Outcome
from renkei.networks import CONTROL
from renkei_simulators.world.definition import World

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.ja.md")
DOCUMENTS = sorted((*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")))


def between(text: str, name: str) -> str:
    """What stands between a document's two markers."""
    return text.partition(f"<!-- {name}:start -->\n")[2].partition(f"<!-- {name}:end -->")[0]


def read(path: str) -> str:
    """A document of the product."""
    return (ROOT / path).read_text(encoding="utf-8")


def test_the_guide_lists_every_reason_as_it_is_told() -> None:
    rows = [
        "| reason | status | again | English | 日本語 |",
        "|---|---|---|---|---|",
        *(
            f"| `{one.name}` | `{one.status}` | {'yes' if one.passing else 'no'} "
            f"| {one.english} | {one.japanese} |"
            for one in reasons.NAMED.values()
        ),
    ]

    assert between(read("docs/guides/test-my-client.md"), "reasons").splitlines() == rows


@pytest.mark.parametrize("readme", READMES)
def test_a_readme_shows_the_example_as_it_is(readme: str) -> None:
    shown = between(read(readme), "acquire.py")

    assert shown == f"```python\n{read('docs/examples/acquire.py')}```\n"


@pytest.mark.parametrize("readme", READMES)
def test_a_readme_lists_every_port_of_the_default_world(readme: str) -> None:
    ports = {
        address.rpartition(":")[2]
        for seat in World.load().seats
        for domain, address in seat.listen.items()
        if domain != CONTROL
    }

    assert set(re.findall(r"(?<=\| )21\d{3}(?= \|)", read(readme))) == ports


def test_each_seat_is_controlled_a_thousand_ports_higher() -> None:
    for seat in World.load().seats:
        *listening, control = (int(one.rpartition(":")[2]) for one in seat.listen.values())
        assert list(seat.listen)[-1] == CONTROL
        assert control == listening[0] + 1_000


def test_both_readmes_run_the_same_commands() -> None:
    english, japanese = (list(commands(read(readme))) for readme in READMES)

    assert english == japanese


def test_a_reason_that_a_document_names_exists() -> None:
    guide = read("docs/guides/test-my-client.md")
    expected = guide.partition("## What to try")[2].partition("## Every reason")[0]
    named = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", expected))

    outcomes = {"NO_INDIVIDUAL_NUMBER", "INDIVIDUAL_NUMBER_UNKNOWN", *Outcome.__members__}
    assert named - outcomes <= {one.name for one in reasons.NAMED.values()}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_link_leads_somewhere(document: Path) -> None:
    text = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = re.findall(r"\]\((?!https?:)([^)#]+)", text)

    assert [one for one in links if not (document.parent / one).exists()] == []


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")

    for decision in folder.glob("[0-9]*.md"):
        number, _, title = decision.read_text(encoding="utf-8").partition("\n")[0].partition(": ")
        assert f"| [{number.removeprefix('# ')}]({decision.name}) | {title} |" in index


def commands(text: str) -> Iterator[str]:
    """The shell lines of a document, without their comments."""
    for block in re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL):
        yield from (re.sub(r"\s+#.*|フォルダー|FOLDER", "", line) for line in block.splitlines())
