"""How much is measured: the whole measure, or so little that it only shows that each part works."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from renkei_simulators.world.supervisor import Launch


@dataclass(frozen=True, slots=True)
class Effort:
    """How often and how long; `short` judges no speed."""

    short: bool
    rounds: int
    round_seconds: float
    warm_seconds: float
    least_share: float
    """A round counts only if this process had that share of a core: else the machine was elsewhere."""
    residents: int
    """Many times a batch: who is asked for twice at once gets one code."""
    inquired: int
    """Persons of whom two organisations have codes, and one a sub-copy."""
    batch: int
    alone: int
    """Acquisitions and inquiries that are each alone on an idle world, in one process."""
    starts: int
    records: int
    """Sub-copies that are loaded; a ward's size is 350,000, which takes about a minute."""
    rewrapped: int
    """Records that lie in a store whose keys are turned."""
    compared: int
    """Persons of a municipality whose file is compared."""
    searched: int
    """Persons among whom is searched; a large city has ten times as many, which take minutes."""
    codes: tuple[int, int]
    """After so many codes memory is looked at."""
    population: int


WHOLE = Effort(
    short=False,
    rounds=3,
    round_seconds=1.0,
    warm_seconds=0.3,
    least_share=0.8,
    residents=5_000,
    inquired=100,
    batch=200,
    alone=5,
    starts=3,
    records=50_000,
    rewrapped=20_000,
    compared=35_000,
    searched=100_000,
    codes=(2_000, 10_000),
    population=350_000,
)
SHORT = Effort(
    short=True,
    rounds=1,
    round_seconds=0.03,
    warm_seconds=0.0,
    least_share=0.0,
    residents=200,
    inquired=2,
    batch=12,
    alone=1,
    starts=1,
    records=500,
    rewrapped=500,
    compared=200,
    searched=300,
    codes=(5, 10),
    population=500,
)


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a part measures, what of it, and how much."""

    folder: Path
    effort: Effort = WHOLE
    wanted: frozenset[str] = frozenset()
    """The cases and figures that somebody asked for."""
    store: str = ""
    """The URL of the database in which the worlds keep their stores; empty: SQLite files."""
    launch: Launch | None = None
    """Starts a world's processes, where they are not programs of their own."""
    tell: Callable[[str], None] = field(default=lambda _: None)
    """Told what is measured now."""
