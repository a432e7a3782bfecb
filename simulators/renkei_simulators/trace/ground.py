"""What a sequence diagram stands on: bands, lifelines, and the line of the networks above.

A band is one institution's seats side by side, tinted by who runs them. The
line of the networks has a station for each seat, a larger one where a seat
stands on two networks, and is closed to a ring by the national server's link.
"""

from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import Final
from xml.etree.ElementTree import Element

from renkei.networks import LINKAGE
from renkei.roles import Name, role_of
from renkei_simulators.trace.parties import Network, Seat, network_of, place_of
from renkei_simulators.trace.stitching import Hop, Trace
from renkei_simulators.trace.svg import label, path, shape

PITCH: Final = 194.0
"""From one lifeline to the next."""

LEFT: Final = 84.0
RIGHT: Final = 44.0
FIRST_ROW: Final = 224.0

_ARC: Final = 14.0
_LINE: Final = 74.0
_BANDS: Final = 104.0
_CARDS: Final = 150.0
_LINK: Final = (
    "the one link between the two national networks:"
    " a serial and a resident record code, no Individual Number"
)


class Ground:
    """The seats of a trace from left to right, and what is drawn of them alone."""

    def __init__(self, trace: Trace) -> None:
        self._hops = trace.hops
        self.seats = tuple(sorted(trace.seats, key=place_of))
        self.width = LEFT + PITCH * len(self.seats) + RIGHT

    def x(self, seat: Seat) -> float:
        """Where a seat's lifeline stands."""
        return LEFT + PITCH * (self.seats.index(seat) + 0.5)

    def between(self, one: Seat, other: Seat) -> Iterator[Seat]:
        """The seats that a message from one to the other passes by."""
        low, high = sorted((self.x(one), self.x(other)))
        return (seat for seat in self.seats if low < self.x(seat) < high)

    def draw(self, ground: Element, bottom: float) -> None:
        """Draw everything down to `bottom`."""
        self._bands(ground, bottom)
        for seat in self.seats:
            self._lifeline(ground, seat, bottom - 12)
        self._tracks(ground)
        for seat in self.seats:
            networks = {network_of(hop.domain) for hop in self._hops if seat in hop.ends}
            x = self.x(seat)
            shape(ground, "line", "stem", x1=x, y1=_LINE + 8, x2=x, y2=_BANDS)
            kind = "station change" if len(networks) > 1 else "station"
            shape(ground, "circle", kind, cx=x, cy=_LINE, r=9 if len(networks) > 1 else 7)

    def _bands(self, ground: Element, bottom: float) -> None:
        for (keeper, institution), group in groupby(self.seats, key=_kept):
            seats = list(group)
            left = self.x(seats[0]) - PITCH / 2 + 4
            width = PITCH * len(seats) - 8
            place = {"x": left, "y": _BANDS, "width": width, "height": bottom - _BANDS, "rx": 14.0}
            shape(
                ground,
                "rect",
                f"band {role_of(seats[0].role, seats[0].institution).keeper.key}",
                **place,
            )
            middle = left + width / 2
            label(ground, "keeper", middle, _BANDS + 20, f"{keeper.english} · {institution}")
            label(ground, "keeper ja", middle, _BANDS + 35, keeper.japanese)

    def _lifeline(self, ground: Element, seat: Seat, bottom: float) -> None:
        x, name = self.x(seat), role_of(seat.role).title
        shape(ground, "line", "lifeline", x1=x, y1=_CARDS + 50, x2=x, y2=bottom)
        shape(ground, "circle", "end", cx=x, cy=bottom, r=3)
        shape(ground, "rect", "card", x=x - 78, y=_CARDS, width=156, height=48, rx=9)
        label(ground, "seat", x, _CARDS + 21, name.english)
        label(ground, "seat-ja", x, _CARDS + 38, name.japanese)

    def _tracks(self, ground: Element) -> None:
        reach: dict[Network, list[float]] = {}
        for hop in self._hops:
            ends = sorted(self.x(seat) for seat in hop.ends)
            if _is_the_link(hop):
                self._arc(ground, *ends)
            else:
                reach.setdefault(network_of(hop.domain), []).extend(ends)
        for left, right in pairwise(self.x(seat) for seat in self.seats):
            for network, places in reach.items():
                if min(places) <= left and right <= max(places):
                    line = {"x1": left, "y1": _LINE, "x2": right, "y2": _LINE}
                    shape(ground, "line", f"track {network.key}", **line)
        for network, places in reach.items():
            text = f"{network.name.english} {network.name.japanese}"
            middle = (min(places) + max(places)) / 2
            label(ground, f"track-name {network.key} haloed", middle, _LINE - 15, text)

    def _arc(self, ground: Element, left: float, right: float) -> None:
        rise = f"M{left:g} {_LINE:g}V{_ARC + 30:g}Q{left:g} {_ARC:g} {left + 30:g} {_ARC:g}"
        fall = f"H{right - 30:g}Q{right:g} {_ARC:g} {right:g} {_ARC + 30:g}V{_LINE:g}"
        path(ground, "track linkage arc", rise + fall)
        label(ground, "track-name linkage", (left + right) / 2, _ARC + 19, _LINK)


def _kept(seat: Seat) -> tuple[Name, str]:
    return role_of(seat.role, seat.institution).keeper.name, seat.institution


def _is_the_link(hop: Hop) -> bool:
    return hop.caller.role == "national-server" and hop.domain == LINKAGE
