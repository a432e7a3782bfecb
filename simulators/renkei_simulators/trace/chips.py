"""What a message carries, as chips under its arrow: one for each kind of value."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from renkei_simulators.trace.legs import LABELS, Message
from renkei_simulators.trace.svg import label, shape

_HEIGHT: Final = 18.0
_GAP: Final = 5.0
_PADDING: Final = 13.0
_CHARACTER: Final = 6.1
"""The width of a letter in a wide system font; a narrower one leaves air."""


@dataclass(frozen=True, slots=True)
class _Chip:
    kind: str
    text: str

    @property
    def width(self) -> float:
        return _PADDING + _CHARACTER * len(self.text)


def draw_chips(group: Element, message: Message, middle: float, top: float, room: float) -> float:
    """Draw the chips of a message in as many lines as they need; return where they end."""
    chips = [_Chip(kind.name.lower().replace("_", "-"), LABELS[kind]) for kind in message.carries]
    chips += [_Chip("plain", word) for word in message.words]
    for line in _lines(chips, room):
        _line(group, line, middle, top)
        top += _HEIGHT + 4
    return top


def _lines(chips: Sequence[_Chip], room: float) -> list[list[_Chip]]:
    lines: list[list[_Chip]] = []
    left = 0.0
    for chip in chips:
        if chip.width > left:
            lines.append([])
            left = room
        lines[-1].append(chip)
        left -= chip.width + _GAP
    return lines


def _line(group: Element, line: Sequence[_Chip], middle: float, top: float) -> None:
    x = middle - (sum(chip.width for chip in line) + _GAP * (len(line) - 1)) / 2
    for chip in line:
        place = {"x": x, "y": top, "width": chip.width, "height": _HEIGHT, "rx": _HEIGHT / 2}
        shape(group, "rect", f"chip {chip.kind}", **place)
        label(group, f"chip-text {chip.kind}", x + chip.width / 2, top + 12.8, chip.text)
        x += chip.width + _GAP
