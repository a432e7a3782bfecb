"""The READMEs' drawing of who calls whom, made from the table that every door judges by.

A seat that a server plays is a box, a caller from outside is rounded; an arrow stands for
every service that one may call there, and `connections` tells them. Fidelity: that of the table.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Final

from renkei.networks import JUKINET, LINKAGE, WARD
from renkei.roles import Keeper, role_of
from renkei_server.door.connections import TABLE, Row
from renkei_server.roles.served import SERVED
from renkei_simulators.documents.languages import Language
from renkei_simulators.trace.parties import Seat, place_of

_LINES: Final = {
    WARD: ("-->", "#2e7d32"),
    JUKINET: ("==>", "#1565c0"),
    LINKAGE: ("-.->", "#b23c17"),
}
"""The arrow and the colour of each network, so that nobody needs to tell colours apart."""


def who_calls_whom(language: Language = Language.ENGLISH, rows: Sequence[Row] = TABLE) -> str:
    """The drawing as a Mermaid flowchart."""
    arrows = _arrows(rows)
    lines = ["```mermaid", "flowchart TB"]
    for keeper, seats in _keepers(arrows).items():
        lines.append(f'  subgraph {keeper.key}["{language.of(keeper.name)}"]')
        lines.extend(f"    {_node(seat, language)}" for seat in seats)
        lines.append("  end")
    for (network, seat), callers in arrows.items():
        lines.append(f"  {' & '.join(map(_key, callers))} {_LINES[network][0]} {seat}")
    lines.extend(_colours(arrows))
    return "\n".join([*lines, "```"])


_Arrows = Mapping[tuple[str, str], list[str]]


def _arrows(rows: Sequence[Row]) -> _Arrows:
    """The callers by network and seat: one arrow each, however many services."""
    order = tuple(_LINES)
    arrows: dict[tuple[str, str], list[str]] = {}
    for row in sorted(rows, key=lambda row: order.index(row.network)):
        callers = arrows.setdefault((row.network, row.seat), [])
        if row.caller not in callers:
            callers.append(row.caller)
    return arrows


def _colours(arrows: _Arrows) -> Iterator[str]:
    """A line for each network that colours its arrows, which are told by their numbers."""
    counts = [
        sum(len(callers) for (one, _), callers in arrows.items() if one == network)
        for network in _LINES
    ]
    spans = pairwise(accumulate(counts, initial=0))
    for (first, end), (_, colour) in zip(spans, _LINES.values(), strict=True):
        if end > first:
            numbers = ",".join(map(str, range(first, end)))
            yield f"  linkStyle {numbers} stroke:{colour}"


def _keepers(arrows: _Arrows) -> Mapping[Keeper, list[str]]:
    """The roles by who runs them."""
    roles = {seat for _, seat in arrows} | {one for callers in arrows.values() for one in callers}
    keepers: dict[Keeper, list[str]] = {}
    for role in sorted(roles, key=lambda role: place_of(Seat(role, ""))):
        keepers.setdefault(role_of(role).keeper, []).append(role)
    return keepers


def _node(role: str, language: Language) -> str:
    name = role_of(role).title
    below = name.japanese if language is Language.ENGLISH else role
    text = "<br/>".join(part for part in (language.of(name), below) if part)
    key = _key(role)
    return f'{key}["{text}"]' if role in SERVED else f'{key}(["{text}"])'


def _key(role: str) -> str:
    """A role as the drawing names its node, where no star may stand."""
    return role.replace("*", "any")
