"""How tables are declared: what a column holds, and what of it is sealed or blind.

A sealed column holds encrypted values, a blind one keyed hashes to find them by. Each is bound to
the place where it was declared ("table.column"). Both are written by `Guarded` statements alone:
any other way of writing them is refused, so that nothing lies in a file as it was told.

What a sealed column holds is erasable, unless it is declared to be kept for good: on a database
that cannot overwrite what it deletes, each value is locked with a key of its own (`key_ring`). So
is what an erasable column holds, which was encrypted before it came.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Dialect,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TypeDecorator,
)
from sqlalchemy.schema import SchemaItem

from renkei_server.store.engine.codecs import RAW, Codec
from renkei_server.store.engine.sealing import Sealer, place_of

_ROW_NUMBER: Final = BigInteger().with_variant(Integer, "sqlite")  # it draws no other kind


FOUND_BY_KEY_ALONE: Final[Mapping[str, Any]] = {"sqlite_with_rowid": False}
"""For a table that nothing orders: its rows lie in the tree of its key, and there is no other."""

_DRAWN = "drawn"


class Held(TypeDecorator[bytes]):
    """What a column holds that statements of ours alone write and read."""

    impl = LargeBinary
    cache_ok = True
    column: Column[bytes]
    """Where it was declared."""
    erasable = True
    """Whether it is to leave nothing behind."""
    by = "prepared"
    """The statements by which it is written."""

    @property
    def place(self) -> bytes:
        """To what its values are bound."""
        return place_of(self.column)

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> None:  # noqa: ARG002 - SQLAlchemy's own form
        """Raise TypeError for any value but NULL: it would be written as it was told."""
        if value is not None:
            msg = f"{self.column} is written by a {self.by} statement alone"
            raise TypeError(msg)


class Covered(Held):
    """What a column holds that is never written as it was told."""

    cache_ok = True
    by = "guarded"

    def cover(self, sealer: Sealer, value: Any) -> bytes:
        """A value as it is written."""
        raise NotImplementedError


class Sealed(Covered):
    """Encrypted values."""

    cache_ok = True

    def __init__(self, codec: Codec[Any] = RAW, *, kept: bool = False) -> None:
        super().__init__()
        self.codec = codec
        self.kept = kept
        self.erasable = not kept

    def cover(self, sealer: Sealer, value: Any) -> bytes:
        """The value, encrypted."""
        return sealer.seal(self.column, self.codec.write(value))

    def uncover(self, sealer: Sealer, sealed: bytes) -> Any:
        """The value again; raises InvalidTag for what was sealed elsewhere or altered."""
        return self.codec.read(sealer.open(self.column, sealed))


class Blind(Covered):
    """Keyed hashes: the same for the same value, and nothing to be read from them."""

    cache_ok = True
    erasable = False

    def cover(self, sealer: Sealer, value: str | bytes) -> bytes:
        """The value's hash."""
        return sealer.blind(self.column, value.encode() if isinstance(value, str) else value)


def table(name: str, *columns: SchemaItem, **options: Any) -> Table:
    """A table, with its constraints and indexes."""
    return Table(name, MetaData(), *columns, **options)


def counted_number(name: str) -> Column[int]:
    """The primary key of a table whose rows are counted by whoever writes them."""
    return Column(name, _ROW_NUMBER, primary_key=True, autoincrement=False)


def drawn_number(name: str = "number") -> Column[int]:
    """The primary key of a table whose rows are ordered by numbers of our own (`numbers`)."""
    return Column(
        name,
        _ROW_NUMBER,
        primary_key=True,
        autoincrement=False,
        info={_DRAWN: True},
    )


def is_drawn(column: Column[Any]) -> bool:
    """Whether a column holds numbers of our own."""
    return bool(column.info.get(_DRAWN))


def long_number(name: str, *of: Any, optional: bool = False, **options: Any) -> Column[int]:
    """Whole numbers of up to 63 bits that name nobody: numbers of our own, moments."""
    return Column(name, BigInteger, *of, nullable=optional, **options)


def sealed(
    name: str, codec: Codec[Any] = RAW, *, optional: bool = False, kept: bool = False
) -> Column[bytes]:
    """Values that are sealed; `kept` where none is ever erased, or none of it tells of a person."""
    return _held(Sealed(codec, kept=kept), name, nullable=optional)


def erasable(name: str, *, optional: bool = False, **options: Any) -> Column[bytes]:
    """Bytes that were encrypted before, and are to leave nothing behind."""
    return _held(Held(), name, nullable=optional, **options)


def blind(name: str, *, optional: bool = False, **options: Any) -> Column[bytes]:
    """A blind index of values; options are those of a column."""
    return _held(Blind(), name, nullable=optional, **options)


def erasable_places(columns: Iterable[ColumnElement[Any]]) -> Sequence[tuple[int, bytes]]:
    """Which of some columns are erasable, and the place to which each one's values are bound."""
    return tuple(
        (at, column.type.place)
        for at, column in enumerate(columns)
        if isinstance(column.type, Held) and column.type.erasable
    )


def text(name: str, *of: Any, optional: bool = False, **options: Any) -> Column[str]:
    """Texts that name nobody: identifiers of ours, states, moments."""
    return Column(name, String, *of, nullable=optional, **options)


def number(name: str, *of: Any, optional: bool = False, **options: Any) -> Column[int]:
    """Whole numbers that name nobody; who writes a row gives them, no database."""
    return Column(name, Integer, *of, nullable=optional, autoincrement=False, **options)


def raw(name: str, *, optional: bool = False, **options: Any) -> Column[bytes]:
    """Bytes that are kept as they come: hashes, or what was encrypted before."""
    return Column(name, LargeBinary, nullable=optional, **options)


def _held(kind: Held, name: str, **options: Any) -> Column[bytes]:
    column: Column[bytes] = Column(name, kind, **options)
    kind.column = column
    return column
