"""Reading the law: all of it strictly, or none of it.

What cannot be used is refused before a server starts: a code or class that nothing explains, the
same rule twice, an affair for which nobody inquires, days that two tables claim or that none
does. Fidelity: the files are ours (invented); their lines bear marks of their own.
"""

from collections.abc import Iterator, Mapping, Set
from datetime import date, timedelta
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Final

from renkei.codes import Institution
from renkei_server.domain.law.lines import LawError, Line, lines, once, shaped
from renkei_server.domain.legal_basis import (
    EVERY_MUNICIPALITY,
    EVERY_PREFECTURE,
    Fidelity,
    LegalBasis,
    Row,
    Table,
)

OPEN: Final = "open"
"""What stands for the last day of a table that is in force until another takes its place."""

_AFFAIRS, _PROCEDURES, _INFORMATION = "JM", "JT", "TM"
_CODE = shaped(f"(?:{_AFFAIRS}|{_PROCEDURES}|{_INFORMATION})[0-9]{{14}}")
_ITEM = shaped("[1-9][0-9]*(?:-[1-9][0-9]*)?")
_NAME = shaped("[0-9]{4}(?:-[0-9]{2})?")
_DAY = shaped("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORD = shaped("[a-z][a-z0-9-]*")


def read(folder: Traversable | None = None) -> LegalBasis:
    """The law of a folder, or the one that comes with Renkei; raises LawError."""
    root = folder or resources.files("renkei_server.domain.law")
    codes = _codes(root)
    classes = _classes(root)
    names = frozenset(classes.values())
    register_affairs = _register_affairs(root, codes)
    return LegalBasis(
        tables=_tables(root, codes - register_affairs, names),
        classes=classes,
        delegations=_delegations(root, names),
        register_affairs=register_affairs,
    )


def _marked(root: Traversable, file: str, *columns: str) -> Iterator[Line]:
    """The lines of a file whose last two columns are mark and source."""
    for line in lines(root, file, *columns, "fidelity", "source"):
        line.cell("fidelity", Fidelity)
        yield line


def _codes(root: Traversable) -> frozenset[str]:
    told = _marked(root, "codes.csv", "code", "english", "japanese")
    return frozenset(once((line.cell("code", _CODE), line) for line in told))


def _classes(root: Traversable) -> Mapping[str, str]:
    told = _marked(root, "classes.csv", "class", "institution", "english", "japanese")
    found = once((line.cell("institution", _institution), line) for line in told)
    return MappingProxyType({name: line.cell("class", _WORD) for name, line in found.items()})


def _institution(text: str) -> str:
    if text in (EVERY_MUNICIPALITY, EVERY_PREFECTURE):
        return text
    return Institution.parse(text).name


def _delegations(root: Traversable, classes: Set[str]) -> frozenset[tuple[str, str]]:
    def classed(line: Line, column: str) -> str:
        return line.of(column, classes, "classes.csv")

    told = _marked(root, "delegations.csv", "agent", "principal")
    return frozenset(
        once(((classed(line, "agent"), classed(line, "principal")), line) for line in told)
    )


def _register_affairs(root: Traversable, codes: Set[str]) -> frozenset[str]:
    told = _marked(root, "register-affairs.csv", "affair")
    return frozenset(
        once((line.of("affair", _only(_AFFAIRS, codes), "codes.csv"), line) for line in told)
    )


def _tables(root: Traversable, codes: Set[str], classes: Set[str]) -> tuple[Table, ...]:
    told = _marked(root, "tables.csv", "name", "first_day", "last_day")
    tables: list[Table] = []
    for name, line in once((line.cell("name", _NAME), line) for line in told).items():
        first = line.cell("first_day", _day)
        last = None if line.cells["last_day"] == OPEN else line.cell("last_day", _day)
        if last is not None and last < first:
            raise line.wrong("last_day lies before first_day")
        if tables:
            _follow(tables[-1], first, line)
        tables.append(Table(name, first, last, _rows(root, f"table-{name}.csv", codes, classes)))
    if not tables:
        msg = "tables.csv names no table"
        raise LawError(msg)
    return tuple(tables)


def _day(text: str) -> date:
    return date.fromisoformat(_DAY(text))


def _follow(before: Table, first: date, line: Line) -> None:
    """Raise LawError unless the day follows the last of the table before."""
    if before.last_day is None or first <= before.last_day:
        raise line.wrong(f"table {before.name} is still in force on first_day")
    if first != before.last_day + timedelta(days=1):
        raise line.wrong(f"no table is in force between {before.name} and this one")


def _rows(root: Traversable, file: str, codes: Set[str], classes: Set[str]) -> tuple[Row, ...]:
    columns = ("item", "inquirer", "affair", "procedure", "provider", "information")
    rows = [(_row(line, codes, classes), line) for line in _marked(root, file, *columns)]
    once((_rule(row), line) for row, line in rows)
    return tuple(row for row, _ in rows)


def _rule(row: Row) -> tuple[str | None, ...]:
    """What no two rows may share: two items must not permit the same inquiry."""
    item = None if row.decides else row.item
    return (item, row.inquirer, row.affair, row.procedure, row.provider, row.information)


def _row(line: Line, codes: Set[str], classes: Set[str]) -> Row:
    def classed(column: str) -> str:
        return line.of(column, classes, "classes.csv")

    def coded(column: str, prefix: str) -> str:
        return line.of(column, _only(prefix, codes), "codes.csv")

    return Row(
        item=line.cell("item", _ITEM),
        inquirer=classed("inquirer") if line.recorded("inquirer") else None,
        affair=coded("affair", _AFFAIRS) if line.recorded("affair") else None,
        procedure=coded("procedure", _PROCEDURES) if line.recorded("procedure") else None,
        provider=classed("provider"),
        information=coded("information", _INFORMATION),
        fidelity=line.cell("fidelity", Fidelity),
        source=line.cells["source"],
    )


def _only(prefix: str, codes: Set[str]) -> Set[str]:
    return {code for code in codes if code.startswith(prefix)}
