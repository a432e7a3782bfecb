"""Files that are compared (F9): the ward's register, its municipal CS, the prefecture and the nation."""

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.table import Table

from renkei.consistency import Finding, Peer, State
from renkei.consistency_reports import Difference, Part
from renkei_simulators.demo.cast import WARD
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.callers import Callers

_PAUSE_SECONDS: Final = 0.1
_NAMES: Final = {
    Peer.MUNICIPAL_CS: "register 既存住基 · municipal CS",
    Peer.PREFECTURE: "municipal CS 市町村CS · prefecture",
    Peer.NATION: "municipal CS 市町村CS · nation",
}


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the comparisons found."""

    parts: Sequence[Part]
    differences: Sequence[Difference]

    def checks(self, unknown: Resident) -> dict[str, bool]:
        """Each thing that must hold, and whether it does."""
        told = {
            (one.peer, one.found.resident_record_code, one.found.finding)
            for one in self.differences
        }
        planted = (Peer.NATION, unknown.resident_record_code, Finding.MISSING_THERE)
        return {
            "register, ward, prefecture and nation hold the same persons, but for the one whom the "
            "nation was never told": (
                told == {planted} and all(one.state is State.COMPARED for one in self.parts)
            )
        }

    @property
    def table(self) -> Table:
        """What was compared with what."""
        table = Table(title="Files compared 整合", title_justify="left")
        table.add_column("between")
        for heading in ("persons", "looked at one by one", "differ"):
            table.add_column(heading, justify="right")
        for one in self.parts:
            numbers = (one.persons, one.compared, one.differences)
            table.add_row(_NAMES[one.peer], *(f"{number:,}" for number in numbers))
        return table


async def agreeing(callers: Callers) -> Agreement:
    """Have the ward's register and its municipal CS compare their files."""
    runs = (
        (callers.reconciling_terminal(WARD), (Peer.MUNICIPAL_CS,)),
        (callers.integrated_terminal(WARD), (Peer.PREFECTURE, Peer.NATION)),
    )
    parts: list[Part] = []
    differences: list[Difference] = []
    for terminal, peers in runs:
        await terminal.start(str(uuid.uuid4()), peers)
        while not (report := await terminal.report()).run.is_over:  # noqa: ASYNC110 - a poll
            await asyncio.sleep(_PAUSE_SECONDS)
        parts += report.run.parts
        differences += report.differences
    return Agreement(parts, differences)
