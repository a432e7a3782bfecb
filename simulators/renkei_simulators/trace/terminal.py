"""A trace as a numbered table for the terminal.

Fidelity: invented.
"""

from datetime import timedelta
from typing import Final

from rich import box
from rich.table import Table
from rich.text import Text

from renkei.roles import role_of
from renkei_simulators.trace.legs import leg_of, short
from renkei_simulators.trace.parties import network_of
from renkei_simulators.trace.stitching import LATER, Hop, Trace

_COLOURS: Final = {"jukinet": "blue", "ward": "green", "linkage": "dark_orange", "other": "default"}


def sequence(trace: Trace) -> Table:
    """The hops in the order of the flow; no value of a person is in it."""
    milliseconds = (trace.ended - trace.began) / timedelta(milliseconds=1)
    table = Table(
        title=f"{trace.flow.title.english} {trace.flow.title.japanese}",
        caption=f"{len(trace.hops)} hops in {milliseconds:,.0f} ms. {trace.flow.caption}",
        box=box.SIMPLE_HEAD,
        title_justify="left",
        caption_justify="left",
    )
    table.add_column(trace.flow.key, justify="right", no_wrap=True)
    table.add_column("from → to", no_wrap=True)
    table.add_column("what it carries")
    table.add_column("ms", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for hop in trace.hops:
        table.add_row(*_cells(hop))
    return table


def _cells(hop: Hop) -> tuple[Text, ...]:
    return (
        Text("/".join(short(step) for step in hop.steps)),
        _ends(hop),
        Text(_content(hop)),
        Text(f"{hop.milliseconds:.1f}"),
        _outcome(hop),
    )


def _ends(hop: Hop) -> Text:
    caller, callee = role_of(hop.caller.role).title, role_of(hop.callee.role).title
    network = network_of(hop.domain)
    text = Text(f"{caller.english} → {callee.english}\n")
    return text.append(network.name.japanese, style=_COLOURS[network.key])


def _content(hop: Hop) -> str:
    leg = leg_of(hop.method, hop.steps)
    content = leg.asks.content or leg.asks.says.english
    return f"{content}\nback: {leg.answers.content}" if leg.answers and hop.done else content


def _outcome(hop: Hop) -> Text:
    if hop.done:
        text = Text("✔", style="green")
    else:
        text = Text(hop.outcome, style="yellow" if hop.outcome == LATER else "bold red")
    return text.append(f" (try {hop.attempts})") if hop.attempts > 1 else text
