"""Reading the tables of a TOML file: what is there, and nothing else (invented)."""

from collections.abc import Iterable, Mapping

Table = Mapping[str, object]


def only(told: Table, names: str, where: str) -> None:
    """Raise TypeError or ValueError unless it is a table with no other names than these."""
    if not isinstance(told, Mapping):
        msg = f"{where} is no table"
        raise TypeError(msg)
    if unknown := sorted(told.keys() - set(names.split())):
        msg = f"{where} has no {', '.join(unknown)}: it has {names.replace(' ', ', ')}"
        raise ValueError(msg)


def text(told: Table, name: str) -> str:
    """A text; raises KeyError or TypeError."""
    value = told[name]
    if not isinstance(value, str):
        msg = f"{name} is no text"
        raise TypeError(msg)
    return value


def texts(told: Table, name: str) -> tuple[str, ...]:
    """A list of texts; raises KeyError or TypeError."""
    value = told[name]
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        msg = f"{name} is no list of texts"
        raise TypeError(msg)
    return tuple(value)


def table(told: Table, name: str) -> Table:
    """A table; raises KeyError or TypeError."""
    value = told[name]
    if not isinstance(value, Mapping):
        msg = f"{name} is no table"
        raise TypeError(msg)
    return value


def one_of(value: str, words: Iterable[str]) -> str:
    """The word; raises ValueError unless it is one of these."""
    if value not in words:
        msg = f"{value} is none of {', '.join(words)}"
        raise ValueError(msg)
    return value
