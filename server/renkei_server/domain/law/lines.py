"""Files of the law line by line: whatever is wrong is told with its file and line.

A file is CSV in UTF-8. Its first line names exactly the columns that are asked for; no cell is
empty or has space around it. Fidelity: the form is ours (invented).
"""

import csv
import re
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Final, TypeVar

from renkei.refusals import Refusal

NOT_RECORDED: Final = "not recorded"
"""What a cell says where the sources are silent."""

_T = TypeVar("_T")
_K = TypeVar("_K", bound=Hashable)


class LawError(Exception):
    """The law cannot be used as it is written; the text says in which file and line, and why."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file, its cells by column."""

    place: str
    cells: Mapping[str, str]

    def wrong(self, what: str) -> LawError:
        """The error that names this line."""
        return LawError(f"{self.place}: {what}")

    def cell(self, column: str, parse: Callable[[str], _T]) -> _T:
        """The cell as a value; its `parse` raises ValueError or a Refusal where it is none."""
        try:
            return parse(self.cells[column])
        except (ValueError, Refusal) as error:
            raise self.wrong(f"{column} is not of its form") from error

    def of(self, column: str, names: Collection[str], file: str) -> str:
        """The cell, which another file explains."""
        if self.cells[column] not in names:
            raise self.wrong(f"{column} is none that {file} knows")
        return self.cells[column]

    def recorded(self, column: str) -> bool:
        """Whether the cell says something."""
        return self.cells[column] != NOT_RECORDED


def shaped(pattern: str) -> Callable[[str], str]:
    """A `parse` that takes the texts of this pattern as they are."""

    def parse(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(pattern)
        return text

    return parse


def lines(root: Traversable, file: str, *columns: str) -> Iterator[Line]:
    """Every line of a file after the first; raises LawError."""
    try:
        text = root.joinpath(file).read_text("utf-8")
        told = csv.reader(text.splitlines(keepends=True), strict=True)
        if next(told, None) != list(columns):
            msg = f"{file}, line 1: the columns are not {','.join(columns)}"
            raise LawError(msg)
        for cells in told:
            yield _line(f"{file}, line {told.line_num}", columns, cells)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        msg = f"{file} cannot be read: {error}"
        raise LawError(msg) from error


def once(pairs: Iterable[tuple[_K, Line]]) -> Mapping[_K, Line]:
    """The lines by key; raises LawError where a key comes twice."""
    found: dict[_K, Line] = {}
    for key, line in pairs:
        if key in found:
            raise line.wrong(f"it says again what {found[key].place} says")
        found[key] = line
    return found


def _line(place: str, columns: tuple[str, ...], cells: list[str]) -> Line:
    line = Line(place, dict(zip(columns, cells, strict=False)))
    if len(cells) != len(columns):
        raise line.wrong(f"{len(cells)} cells, expected {len(columns)}")
    for column, cell in line.cells.items():
        if not cell or cell != cell.strip():
            raise line.wrong(f"{column} is empty, or has space around it")
    return line
