"""Listings that any terminal shows whole: no id, word or `command` is broken across lines (invented).

Where a table would have to break one, each row is a block of lines instead, as in psql's expanded
display. Japanese text is broken between characters, not before its punctuation.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal

from rich import box
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

_SPACE: Final = "\ue000"
"""Stands for a space within a command while lines are broken."""
_COMMAND: Final = re.compile(r"`[^`\n]+`")
_UNBROKEN: Final = re.compile(rf"(?:[!-~{_SPACE}]+|[^\s!-~{_SPACE}])[、。，．）」』：]*")
_LEAST_PROSE: Final = 24
"""Sentences in a narrower column are no longer read."""
_GAP: Final = 2


class Listing:
    """Rows under headings; the columns named as prose hold sentences, the others never break."""

    def __init__(
        self,
        *headings: str,
        title: str = "",
        right: Sequence[str] = (),
        prose: Sequence[str] = (),
        header: bool = True,
    ) -> None:
        """`right` names columns of numbers; without `header` the headings are not shown."""
        self._headings, self._title = headings, title
        self._right, self._prose, self._header = right, prose, header
        self._rows: list[tuple[str | Text, ...]] = []

    def add_row(self, *cells: str | Text) -> None:
        """Add a row; strings may hold markup."""
        self._rows.append(cells)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the table, or the blocks where it does not fit."""
        rows = [[_text(console, cell) for cell in row] for row in self._rows]
        widths = self._widths(rows, options.max_width)
        if widths:
            yield self._table(rows, widths)
            return
        if self._title:
            yield from _lines(Text(self._title, "italic"), options.max_width)
        for row in rows:
            yield ""
            shown = zip(self._headings, row, strict=True)
            if self._header:
                yield from _block([(name, cell) for name, cell in shown if cell], options.max_width)
            else:
                for _, cell in shown:
                    yield from _lines(cell, options.max_width)

    def _widths(self, rows: Sequence[Sequence[Text]], most: int) -> list[int]:
        """How wide each column is; nothing where something would be broken."""
        columns = [
            (name, [Text(name if self._header else ""), *(row[at] for row in rows)])
            for at, name in enumerate(self._headings)
        ]
        whole = [max(map(_longest_line, cells)) for _, cells in columns]
        least = [
            min(wide, max(_LEAST_PROSE, *map(_longest_word, cells)))
            if name in self._prose
            else wide
            for (name, cells), wide in zip(columns, whole, strict=True)
        ]
        room = most - sum(least) - 3 * len(least) - 1  # what a table puts around its cells
        if room < 0:
            return []
        wanted = sum(whole) - sum(least)
        return [
            few + (min(wanted, room) * (wide - few) // wanted if wanted else 0)
            for few, wide in zip(least, whole, strict=True)
        ]

    def _table(self, rows: Sequence[Sequence[Text]], widths: Sequence[int]) -> Table:
        table = Table(
            title=self._title or None,
            title_justify="left",
            box=box.SIMPLE_HEAD,
            show_header=self._header,
        )
        for name, width in zip(self._headings, widths, strict=True):
            to_the_right: Literal["right", "left"] = "right" if name in self._right else "left"
            table.add_column(name, width=width, no_wrap=True, justify=to_the_right)
        for row in rows:
            broken = (_lines(cell, width) for cell, width in zip(row, widths, strict=True))
            table.add_row(*(Text("\n").join(lines) for lines in broken))
        return table


class Particulars:
    """Names with what they stand for: one thing's, one under the other."""

    def __init__(self, rows: Iterable[tuple[str, str | Text]], title: str = "") -> None:
        """Strings may hold markup."""
        self._rows, self._title = list(rows), title

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield its lines."""
        if self._title:
            yield Text(f"{self._title}\n", "italic")
        rows = [(name, _text(console, told)) for name, told in self._rows]
        yield from _block(rows, options.max_width)
        yield ""


def _block(rows: Sequence[tuple[str, Text]], width: int) -> Iterator[Text]:
    """Each name with its value beside it, or under it where that is too long to stand there."""
    indent = max((len(name) for name, _ in rows), default=0) + _GAP
    for name, told in rows:
        beside = _longest_word(told) <= width - indent
        first = Text(name.ljust(indent), "bold")
        if not beside:
            yield Text(name, "bold")
        for line in _lines(told, width - indent if beside else width - _GAP):
            yield (first if beside else Text(" " * _GAP)) + line
            first = Text(" " * indent)


def _lines(text: Text, width: int) -> list[Text]:
    """The text in lines of this width; only what is wider by itself stands out, to be folded."""
    return [line for whole in text.split("\n") for line in _filled(whole, width)]


def _filled(text: Text, width: int) -> Iterator[Text]:
    start = end = 0
    for word in _UNBROKEN.finditer(_guarded(text.plain)):
        if end > start and text[start : word.end()].cell_len > width:
            yield text[start:end]
            start = word.start()
        end = word.end()
    yield text[start : end if start < end else len(text)]


def _guarded(text: str) -> str:
    return _COMMAND.sub(lambda found: found[0].replace(" ", _SPACE), text)


def _longest_word(text: Text) -> int:
    words = (text[one.start() : one.end()] for one in _UNBROKEN.finditer(_guarded(text.plain)))
    return max((word.cell_len for word in words), default=0)


def _longest_line(text: Text) -> int:
    return max((line.cell_len for line in text.split("\n")), default=0)


def _text(console: Console, cell: str | Text) -> Text:
    return cell if isinstance(cell, Text) else console.render_str(cell, highlight=False)
