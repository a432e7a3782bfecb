"""A trace as events from top to bottom: calls, answers, and what a seat does by itself.

Fidelity: that of the legs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from renkei.roles import Name
from renkei_simulators.trace.flows import COMPARISON, NOTIFICATION, flow_of
from renkei_simulators.trace.legs import Act, Message, flow_order, leg_of
from renkei_simulators.trace.parties import Seat
from renkei_simulators.trace.stitching import Hop, Trace


@dataclass(frozen=True, slots=True)
class Arrow:
    """A message on its way; an answer goes back along its call."""

    hop: Hop
    message: Message
    is_answer: bool

    @property
    def tail(self) -> Seat:
        """Where it comes from."""
        return self.hop.callee if self.is_answer else self.hop.caller

    @property
    def head(self) -> Seat:
        """Where it goes."""
        return self.hop.caller if self.is_answer else self.hop.callee

    @property
    def step(self) -> str:
        """Its flow step."""
        return self.message.step


@dataclass(frozen=True, slots=True)
class Deed:
    """What a seat does by itself."""

    seat: Seat
    act: Act

    @property
    def step(self) -> str:
        """Its flow step."""
        return self.act.step


Event = Arrow | Deed


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the flow, from a step's number on. `network` names its colour."""

    first: int
    title: Name
    network: str


_OF_NOTIFICATIONS: Final = (
    Phase(0, Name("Within the ward", "庁内"), "ward"),
    Phase(5, Name("Up the resident-register network", "住基ネット"), "jukinet"),
)
PHASES: Final = (
    Phase(0, Name("A serial is drawn", "処理通番の払出し"), "linkage"),
    Phase(7, Name("Out by the resident-register network", "往路：住基ネット"), "jukinet"),
    Phase(10, Name("Back by the linkage network", "復路：情報連携ネットワーク"), "linkage"),
    Phase(14, Name("What became of it", "結果の確認"), "ward"),
)
_PHASES: Final = {
    NOTIFICATION.key: _OF_NOTIFICATIONS,
    COMPARISON.key: (Phase(0, Name("Files are compared", "突き合わせ"), "jukinet"),),
}


def phase_of(event: Event) -> Phase:
    """The phase that an event lies in."""
    number, _ = flow_order(event.step)
    phases = _PHASES.get(flow_of(event.step).key, PHASES)
    return max((phase for phase in phases if phase.first <= number), key=lambda p: p.first)


def events_of(trace: Trace) -> tuple[Event, ...]:
    """Every event of a trace in the order of the flow, or of time where that is the flow's.

    A hop that was not done has no answer, and nothing was done upon it.
    """
    events = [event for hop in trace.hops for event in _events(hop)]
    if trace.flow.in_time:
        return tuple(events)
    return tuple(sorted(events, key=lambda event: flow_order(event.step)))


def _events(hop: Hop) -> Iterator[Event]:
    leg = leg_of(hop.method, hop.steps)
    yield Arrow(hop, leg.asks, is_answer=False)
    if hop.done and leg.then is not None:
        yield Deed(hop.callee, leg.then)
    if hop.done and leg.answers is not None:
        yield Arrow(hop, leg.answers, is_answer=True)
