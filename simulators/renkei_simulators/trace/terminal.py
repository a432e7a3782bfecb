"""A trace as a numbered table for the terminal.

Fidelity: invented.
"""

from datetime import timedelta
from typing import Final

from rich.table import Table
from rich.text import Text

from renkei_simulators.trace.legs import leg_of, short
from renkei_simulators.trace.parties import Name, network_of, role_of
from renkei_simulators.trace.stitching import LATER, Hop, Trace

_COLOURS: Final = {"jukinet": "blue", "ward": "green", "linkage": "dark_orange", "other": "default"}


def sequence(trace: Trace) -> Table:
    """The hops in the order of the flow; no value of a person is in it."""
    milliseconds = (trace.ended - trace.began) / timedelta(milliseconds=1)
    table = Table(
        title="One code acquisition 符号取得",
        caption=f"{len(trace.hops)} hops in {milliseconds:,.0f} ms. Out by one network, back by"
        " another: the serial 処理通番 alone joins them.",
    )
    table.add_column("#", justify="right")
    table.add_column("Step", justify="right")
    table.add_column("From → to", no_wrap=True)
    table.add_column("Network", no_wrap=True)
    table.add_column("What it carries")
    table.add_column("ms", justify="right")
    table.add_column("Outcome")
    for number, hop in enumerate(trace.hops, start=1):
        table.add_row(str(number), *_cells(hop))
    return table


def _cells(hop: Hop) -> tuple[Text, ...]:
    network = network_of(hop.domain)
    return (
        Text("/".join(short(step) for step in hop.steps)),
        _ends(role_of(hop.caller).name, role_of(hop.callee).name),
        Text(f"{hop.domain}\n{network.name.japanese}", style=_COLOURS[network.key]),
        Text(_content(hop)),
        Text(f"{hop.milliseconds:.1f}"),
        _outcome(hop),
    )


def _ends(caller: Name, callee: Name) -> Text:
    text = Text(f"{caller.english} → {callee.english}\n")
    return text.append(f"{caller.japanese} → {callee.japanese}", style="dim")


def _content(hop: Hop) -> str:
    leg = leg_of(hop.method, hop.steps)
    content = leg.asks.content or leg.asks.says.english
    return f"{content}\nback: {leg.answers.content}" if leg.answers and hop.done else content


def _outcome(hop: Hop) -> Text:
    if hop.done:
        text = Text("done", style="green")
    else:
        text = Text(hop.outcome, style="yellow" if hop.outcome == LATER else "bold red")
    return text.append(f" (try {hop.attempts})") if hop.attempts > 1 else text
