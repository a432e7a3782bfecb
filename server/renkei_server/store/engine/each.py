"""What a table holds for each of many keys, read by one statement: a driver's call costs more.

The statement is of a few sizes only, each compiled once; where the keys are fewer than the next
size, the last one is asked for again, and where they are more than the largest, in several goes.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain, islice
from typing import Any

from sqlalchemy import Column, ColumnElement, Integer, bindparam, column, select, values

from renkei_server.store.engine.columns import Covered
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.sealing import Sealer

_SIZES = (8, 64, 512)


class Each:
    """What a table's rows of a key come to, such as the highest of their numbers, or None."""

    def __init__(self, found: ColumnElement[Any], *keys: Column[Any]) -> None:
        self._found = found
        self._keys = keys
        self._statement = cache(self._of_size)

    def values(
        self, connection: Connection, sealer: Sealer, many: Sequence[tuple[object, ...]]
    ) -> list[Any]:
        """For each of these keys what is found; a value of a blind column comes as it is read."""
        kinds = [one.type if isinstance(one.type, Covered) else None for one in self._keys]
        covered = [
            tuple(
                value if kind is None else kind.cover(sealer, value)
                for kind, value in zip(kinds, key, strict=True)
            )
            for key in many
        ]
        return [found for part in _parts(covered) for found in self._find(connection, part)]

    def _find(self, connection: Connection, keys: Sequence[tuple[object, ...]]) -> list[Any]:
        size = next(size for size in _SIZES if size >= len(keys))
        names, statement = self._statement(size)
        padded = chain(keys, (keys[-1] for _ in range(size - len(keys))))
        rows = statement.run(connection, dict(zip(names, chain(*padded), strict=True))).fetchall()
        found: dict[int, Any] = dict(rows)
        return [found[place] for place in range(len(keys))]

    def _of_size(self, size: int) -> tuple[tuple[str, ...], Prepared]:
        """The statement for so many keys, and the names of its values in their order."""
        names = [[f"{one.key}_{place}" for one in self._keys] for place in range(size)]
        asked = (
            values(column("place", Integer), *(column(one.key, _plain(one)) for one in self._keys))
            .data(
                [
                    (
                        place,
                        *(
                            bindparam(name, type_=_plain(one))
                            for name, one in zip(of, self._keys, strict=True)
                        ),
                    )
                    for place, of in enumerate(names)
                ]
            )
            .cte("asked")
        )
        same = (one == asked.c[one.key] for one in self._keys)
        found = select(self._found).where(*same).scalar_subquery()
        return tuple(chain(*names)), Prepared(select(asked.c.place, found))


def _plain(one: Column[Any]) -> Any:
    """A column's type without what covers it: keys are covered before they are told."""
    return one.type.impl if isinstance(one.type, Covered) else one.type


def _parts(keys: Sequence[tuple[object, ...]]) -> Iterator[list[tuple[object, ...]]]:
    left = iter(keys)
    while part := list(islice(left, _SIZES[-1])):
        yield part
