"""The READMEs' drawing of who calls whom, made from the table that every door judges by.

`python -m renkei_simulators.drawing` writes it anew into README.md and
README.ja.md of the current folder; a test holds both to the table. A seat that a
server plays is a box, a caller from outside is rounded. Fidelity: that of the table.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Final

from renkei.networks import JUKINET, LINKAGE, WARD
from renkei.roles import Keeper, Name, role_of
from renkei_server.door.connections import TABLE, Row
from renkei_server.roles.bills import SERVED
from renkei_simulators.trace.parties import Seat, place_of

START: Final = "<!-- who-calls-whom:start -->"
END: Final = "<!-- who-calls-whom:end -->"


class Language(Enum):
    """The languages of the READMEs; the value is the file that is written in it."""

    ENGLISH = "README.md"
    JAPANESE = "README.ja.md"

    def of(self, name: Name) -> str:
        """A name in this language."""
        return name.english if self is Language.ENGLISH else name.japanese


_LINES: Final = {
    WARD: ("-->", "#2e7d32"),
    JUKINET: ("==>", "#1565c0"),
    LINKAGE: ("-.->", "#b23c17"),
}
"""The arrow and the colour of each network, so that nobody needs to tell colours apart."""


def who_calls_whom(language: Language = Language.ENGLISH, rows: Sequence[Row] = TABLE) -> str:
    """The drawing as a Mermaid flowchart."""
    edges = _edges(rows)
    lines = ["```mermaid", "flowchart TB"]
    for keeper, seats in _keepers(edges).items():
        lines.append(f'  subgraph {keeper.key}["{language.of(keeper.name)}"]')
        lines.extend(f"    {_node(seat, language)}" for seat in seats)
        lines.append("  end")
    for (caller, seat, network), purposes in edges.items():
        label = "<br/>".join(language.of(one) for one in purposes)
        lines.append(f'  {_key(caller)} {_LINES[network][0]}|"{label}"| {seat}')
    for network, (_, colour) in _LINES.items():
        numbers = ",".join(str(n) for n, edge in enumerate(edges) if edge[2] == network)
        if numbers:
            lines.append(f"  linkStyle {numbers} stroke:{colour},color:{colour}")
    return "\n".join([*lines, "```"])


def put_into(text: str, drawing: str) -> str:
    """The text with the drawing between its two markers; raises ValueError without them."""
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        raise ValueError(f"no place for the drawing: {START} … {END}")
    return f"{before}{START}\n{drawing}\n{END}{after}"


_Edges = Mapping[tuple[str, str, str], list[Name]]


def _edges(rows: Sequence[Row]) -> _Edges:
    """The purposes by caller, seat and network: one arrow each, however many services."""
    edges: dict[tuple[str, str, str], list[Name]] = {}
    for row in rows:
        purposes = edges.setdefault((row.caller, row.seat, row.network), [])
        if row.purpose not in purposes:
            purposes.append(row.purpose)
    return edges


def _keepers(edges: _Edges) -> Mapping[Keeper, list[str]]:
    """The roles by who runs them."""
    roles = sorted(set(_ends(edges)), key=lambda role: place_of(Seat(role, "")))
    keepers: dict[Keeper, list[str]] = {}
    for role in roles:
        keepers.setdefault(role_of(role).keeper, []).append(role)
    return keepers


def _ends(edges: _Edges) -> Iterator[str]:
    for caller, seat, _ in edges:
        yield caller
        yield seat


def _node(role: str, language: Language) -> str:
    name = role_of(role).title
    below = name.japanese if language is Language.ENGLISH else role
    text = "<br/>".join(part for part in (language.of(name), below) if part)
    key = _key(role)
    return f'{key}["{text}"]' if role in SERVED else f'{key}(["{text}"])'


def _key(role: str) -> str:
    """A role as the drawing names its node, where no star may stand."""
    return role.replace("*", "any")


def main() -> int:
    """Write the drawing into each README of the current folder."""
    for language in Language:
        readme = Path(language.value)
        text = readme.read_text(encoding="utf-8")
        readme.write_text(put_into(text, who_calls_whom(language)), encoding="utf-8")
        sys.stdout.write(f"wrote {readme}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
