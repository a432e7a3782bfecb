"""The line of revisions: what each is called, where it begins, where it ends.

Nothing here loads Alembic, nor a revision before it is due.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias, cast

from sqlalchemy import Column

if TYPE_CHECKING:
    from alembic.operations import Operations

BASELINE: Final = 1
"""The first revision: tables as they were when migrations came."""


class Sealer(Protocol):
    """What covers a store's values: see `engine.sealing`."""

    def seal(self, column: Column[Any], value: bytes) -> bytes:
        """A value, encrypted for its column."""
        ...

    def open(self, column: Column[Any], sealed: bytes) -> bytes:
        """The value again."""
        ...

    def blind(self, column: Column[Any], value: bytes) -> bytes:
        """A keyed hash of it."""
        ...

    def short_hash(self, purpose: bytes, value: bytes) -> bytes:
        """A keyed hash of 16 bytes, of its own for each purpose."""
        ...


Change: TypeAlias = "Callable[[Operations, Sealer], None]"
"""What a revision does to one table."""

Changes: TypeAlias = Mapping[str, Change]
"""All that a revision does, by table."""


class Revision(Protocol):
    """A revision's module; its docstring says what changes."""

    CHANGES: Changes


@dataclass(frozen=True, slots=True)
class History:
    """A line of revisions after the first, each by its module's name."""

    revisions: Sequence[str]

    @property
    def head(self) -> int:
        """The newest revision's number."""
        return BASELINE + len(self.revisions)

    def after(self, revision: int) -> Iterator[Changes]:
        """What each later revision does, in order; a module is loaded when its turn has come."""
        for name in self.revisions[revision - BASELINE :]:
            yield cast("Revision", import_module(name)).CHANGES


REVISIONS: Final[Sequence[str]] = (
    "r0002_lean_rows",
    "r0003_link_ids_derived",
    "r0004_codes_bound_elsewhere",
    "r0005_nothing_to_guess_by",
    "r0006_who_waits_for_a_code",
    "r0007_inquiries_due",
    "r0008_identity_files",
    "r0009_changed_numbers_and_codes",
    "r0010_provisions_recorded",
    "r0011_approvers",
    "r0012_outcomes_due",
    "r0013_identities_searched",
    "r0014_corrections_permitted",
    "r0015_provisional_entries",
    "r0016_sums_of_files",
    "r0017_persons_of_prefectures",
    "r0018_bulk_outputs",
    "r0019_memories_compared",
    "r0020_terms",
    "r0021_update_counts",
)
"""Modules of this package, in order. Two that were written at once meet in this line."""

HISTORY: Final = History([f"{__package__}.{name}" for name in REVISIONS])

FORM_OF_BASELINE: Final = 2
TABLES_OF_BASELINE: Final = frozenset(
    {
        "3c6c9a8aed7bb09df0de05a28ae014a07de8b75bc8eff76bd69040ad5cc46520",  # agency-linkage
        "4cdd726ebcb53c89fdcaa972fa232a7b243c9abf9f4071d36186a69866246a39",  # linkage-platform
        "ad8eb075aa8e0f01d9fd91b6f5d155c4f00c1485013c90d914bd3222e29d2623",  # middle-server
        "47241f1879d9f2e97b10f2cd2d06f2a10b263780547105520ea27ccf6d882f13",  # municipal-cs
        "92a583218ed86386eb5695732d8f32f26ea0e8d19bc9b7cd609131fa83b836a1",  # mynaportal
        "e829d3dc7ddb6aaf509c25928c40d15cd6cb487e739512a7e914676db3d98596",  # national-server
        "3697c55d9f6551cd8aa2f94aa90da8ae5156b2e588da5ed6c5077b6a26fd39a1",  # provision-network
        "3461c7fb9b73977a620b972c3773284f742c8fe586e3703a54f3e023a9d50b4c",  # resident-record
    }
)
"""What the baseline's own stamp (`store_form`) said of each role's tables.

Other tables bore the same form before: those are older than the line and cannot be taken over.
"""
