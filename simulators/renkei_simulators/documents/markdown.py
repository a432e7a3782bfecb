"""The few forms of Markdown that are written."""

from collections.abc import Iterable, Sequence

from renkei.roles import Name


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table, a line for each row."""
    return "\n".join([_row(heads), f"|{'---|' * len(heads)}", *map(_row, rows)])


def _row(cells: Sequence[str]) -> str:
    return f"|{'|'.join(f' {one} ' if one else ' ' for one in cells)}|"


def both(name: Name) -> str:
    """A text in both languages, for a cell that readers of either read."""
    return f"{name.english}<br>{name.japanese}"


def role(name: str, title: Name) -> str:
    """A role as code names it, and as the field does."""
    return f"`{name}` {title.japanese}"
