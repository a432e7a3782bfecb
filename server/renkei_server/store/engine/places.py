"""Where a store is; a process that starts no seat needs to know no more."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema of a PostgreSQL database."""

    url: str = field(repr=False)
    """As SQLAlchemy reads it; it may hold a password."""
    name: str
    keys: Path
    """The file of the keys of what must be gone one day (`key_ring`), outside the database."""


Place: TypeAlias = Path | Schema
"""Where a store is: a file of SQLite, or a schema of PostgreSQL."""
