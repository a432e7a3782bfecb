"""Looking into a store from outside its server: what is sealed in it, opened; what it owes.

For audits and tests of a world whose keys lie at hand. It reads only, so a
server may run meanwhile; nothing of the product's own way uses it.
"""

from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import MetaData, func, select

from renkei_server.store.engine.columns import Sealed, erasable_places
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.form import Form
from renkei_server.store.engine.opening import read_only
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.sealing import Sealer

T = TypeVar("T")


class Inspection:
    """A read-only look at one database; a context manager.

    Entering it raises as `Form.require`: nothing is altered, so an older one is not looked into.
    """

    def __init__(self, place: Place, sealer: Sealer, metadata: MetaData, owner: str = "") -> None:
        self.sealer = sealer
        self.metadata = metadata
        self._form = Form(metadata, sealer, owner)
        self._connection = read_only(place)

    def __enter__(self) -> Self:
        try:
            self._form.require(self._connection)
        except BaseException:
            self._connection.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def opened(self) -> Iterator[tuple[str, bytes]]:
        """Every sealed value: its place ("table.column") and its bytes."""
        for table in self.metadata.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, Sealed):
                    place = f"{table.name}.{column.name}"
                    erasable = erasable_places([column])
                    for row in self._connection.execute(select(column)):
                        (sealed,) = self._connection.unlock_row(row, erasable)
                        if sealed is not None:
                            yield place, self.sealer.open(column, sealed)

    def values(self, place: str) -> list[bytes]:
        """The sealed values of one place, opened."""
        return [value for where, value in self.opened() if where == place]

    def told(self, table: str) -> Iterator[dict[str, Any]]:
        """Every row of a table, by its key, with what is sealed in it as it was told."""
        of = self.metadata.tables[table]
        erasable = erasable_places(of.columns)
        for row in self._connection.execute(select(of).order_by(*of.primary_key)):
            unlocked = self._connection.unlock_row(row, erasable)
            yield {
                column.name: (
                    column.type.uncover(self.sealer, value)
                    if isinstance(column.type, Sealed) and value is not None
                    else value
                )
                for column, value in zip(of.columns, unlocked, strict=True)
            }

    def read(self, work: Callable[[Connection], T]) -> T:
        """Run a reading function of a store."""
        return work(self._connection)

    def rows(self, table: str) -> int:
        """How many rows a table has."""
        counted = select(func.count()).select_from(self.metadata.tables[table])
        return int(self._connection.execute(counted).scalar_one())
