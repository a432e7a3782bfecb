"""The sequence diagram of a trace, as an SVG element.

A row is a message with what it carries, or what a seat does by itself; its
circle has the flow's own step number. Colours are classes of the page's style
sheet. Fidelity: invented.
"""

import math
from datetime import timedelta
from itertools import groupby
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from renkei.roles import role_of
from renkei_simulators.trace.chips import draw_chips
from renkei_simulators.trace.events import Arrow, Deed, Phase, events_of, phase_of
from renkei_simulators.trace.ground import FIRST_ROW, LEFT, PITCH, RIGHT, Ground
from renkei_simulators.trace.legs import short
from renkei_simulators.trace.parties import network_of
from renkei_simulators.trace.stitching import Hop, Trace
from renkei_simulators.trace.svg import broken, label, shape

_CIRCLE: Final = 13.0
_LINE: Final = 15.0
_DEED: Final = 176.0


def draw(trace: Trace) -> Element:
    """The drawing; it scales to any width."""
    ground = Ground(trace)
    title = f"Sequence diagram: {trace.flow.title.english.lower()}"
    svg = Element("svg", {"class": "sequence", "role": "img", "aria-label": title})
    below, above = SubElement(svg, "g"), SubElement(svg, "g")
    rows = _Rows(trace, ground, above)
    for phase, events in groupby(events_of(trace), key=phase_of):
        rows.head(phase)
        for event in events:
            rows.add(event)
    bottom = rows.y + 30
    ground.draw(below, bottom)
    rows.serial_life(below)
    svg.set("viewBox", f"0 0 {ground.width:g} {bottom + 8:g}")
    svg.set("style", f"max-width:{ground.width:g}px")
    return svg


class _Rows:
    """The rows, and the height `y` that they have reached."""

    def __init__(self, trace: Trace, ground: Ground, parent: Element) -> None:
        self.y = FIRST_ROW
        self._trace = trace
        self._ground = ground
        self._parent = parent
        self._height_of: dict[str, float] = {}

    def head(self, phase: Phase) -> None:
        """A heading for the rows to come."""
        self.y += 26
        rule = {"x1": 12.0, "y1": self.y + 9, "x2": self._ground.width - RIGHT, "y2": self.y + 9}
        shape(self._parent, "line", f"phase-rule {phase.network}", **rule)
        kind = f"phase {phase.network} haloed"
        heading = label(self._parent, kind, 12, self.y, f"{phase.title.english}  ")
        japanese = SubElement(heading, "tspan", {"class": "phase-ja", "lang": "ja"})
        japanese.text = phase.title.japanese
        self.y += 22

    def add(self, event: Arrow | Deed) -> None:
        """One more row."""
        group = SubElement(self._parent, "g", {"class": "event", "data-step": event.step})
        if isinstance(event, Arrow):
            self._arrow(group, event)
        else:
            self._deed(group, event)

    def serial_life(self, parent: Element) -> None:
        """A bar at the right for as long as the serial lives: from F1.5 to F1.13."""
        top, bottom = self._height_of.get("F1.5"), self._height_of.get("F1.13")
        if top is None or bottom is None:
            return
        x, middle = self._ground.width - RIGHT / 2, (top + bottom) / 2
        shape(parent, "line", "serial-life", x1=x, y1=top, x2=x, y2=bottom)
        for end in (top, bottom):
            shape(parent, "circle", "serial-end", cx=x, cy=end, r=5)
        name = label(parent, "serial-name", x, middle, "life of the serial 処理通番")
        name.set("transform", f"rotate(90 {x:g} {middle:g})")
        name.set("dy", "-8")

    def _arrow(self, group: Element, arrow: Arrow) -> None:
        start, end = self._ground.x(arrow.tail), self._ground.x(arrow.head)
        self.y += 42
        self._height_of[arrow.step] = self.y
        self._stroke(group, arrow)
        middle = (start + end + math.copysign(_CIRCLE, end - start)) / 2
        label(group, "says haloed", middle, self.y - 23, arrow.message.says.english)
        label(group, "says-ja haloed", middle, self.y - 9, arrow.message.says.japanese)
        if not arrow.is_answer:
            self._times(group, arrow.hop)
        room = max(abs(end - start), PITCH) - _CIRCLE - 4
        self.y = draw_chips(group, arrow.message, middle, self.y + 8, room)
        trouble = "" if arrow.is_answer else _trouble(arrow.hop)
        if trouble:
            kind = "retried" if arrow.hop.done else "refused"
            label(group, f"{kind} haloed", middle, self.y + 11, trouble)
            self.y += _LINE
        self.y += 10

    def _stroke(self, group: Element, arrow: Arrow) -> None:
        """The line from circle to head; lifelines that it passes by are opened for it."""
        start, end, y = self._ground.x(arrow.tail), self._ground.x(arrow.head), self.y
        ahead = math.copysign(1, end - start)
        network = network_of(arrow.hop.domain).key
        kind = f"arrow {network}{' answer' * arrow.is_answer}{' failed' * (not arrow.hop.done)}"
        for seat in self._ground.between(arrow.tail, arrow.head):
            gap = f"gap {role_of(seat.role, seat.institution).keeper.key}"
            shape(group, "circle", gap, cx=self._ground.x(seat), cy=y, r=9)
        tip, back = end - ahead * 2, end - ahead * 14
        shape(group, "line", kind, x1=start, y1=y, x2=back, y2=y)
        corners = f"{tip:g},{y:g} {back:g},{y - 6:g} {back:g},{y + 6:g}"
        SubElement(group, "polygon", {"class": f"head {kind}", "points": corners})
        self._circle(group, arrow.step, start, y, network)

    def _deed(self, group: Element, deed: Deed) -> None:
        lines = broken(deed.act.does.english, 26)
        height = 14 + _LINE * (len(lines) + 1)
        x, top = self._ground.x(deed.seat), self.y + 12
        middle = top + height / 2
        self._height_of[deed.step] = middle
        place = {"x": x - _DEED / 2, "y": top, "width": _DEED, "height": height, "rx": 8.0}
        shape(group, "rect", "deed", **place)
        for number, line in enumerate(lines):
            label(group, "does", x + 5, top + 18 + _LINE * number, line)
        label(group, "does-ja", x + 5, top + 18 + _LINE * len(lines), deed.act.does.japanese)
        self._circle(group, deed.step, x - _DEED / 2 + 2, middle, "inside")
        self.y = top + height + 6

    def _circle(self, group: Element, step: str, x: float, y: float, network: str) -> None:
        shape(group, "circle", f"step {network}", cx=x, cy=y, r=_CIRCLE)
        label(group, "step-number", x, y + 4, short(step) or "·")

    def _times(self, group: Element, hop: Hop) -> None:
        since = (hop.began - self._trace.began) / timedelta(milliseconds=1)
        label(group, "offset", LEFT - 10, self.y - 1, f"+{since:,.1f} ms")
        label(group, "took", LEFT - 10, self.y + 12, f"took {hop.milliseconds:,.1f} ms")


def _trouble(hop: Hop) -> str:
    tries = [f"{hop.attempts} tries"] if hop.attempts > 1 else []
    return " · ".join(tries if hop.done else [hop.outcome, *tries])
