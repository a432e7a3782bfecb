"""`renkei population`: synthetic residents as a table or as lines of JSON (invented).

They are made one after the other and written as they come, so that a whole city takes no
more memory than one household. The summary alone remembers: eight bytes of each person's
name and birth date, to count those who share both.
"""

import csv
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from enum import Enum
from hashlib import blake2b
from itertools import islice, pairwise
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.console import Console
from rich.progress import track

from renkei.codes import LocalGovernmentCode
from renkei_simulators.listing import Listing
from renkei_simulators.population.numbers import national_index
from renkei_simulators.population.residents import Removal, Resident, residents
from renkei_simulators.terminal import AsJson, write_json
from renkei_simulators.world.definition import World, WorldError

_SUMMARY = typer.Option("--summary", help="Print a table of them; with --out the file as well.")
_BANDS = (0, 15, 30, 45, 65, 75, 200)


class Format(Enum):
    """How residents are written."""

    CSV = "csv"
    JSONL = "jsonl"


def population(
    municipality: Annotated[str, typer.Option(help="Six-digit code.")] = "131148",
    count: Annotated[int, typer.Option(min=1, help="How many residents.")] = 1_000,
    seed: Annotated[int | None, typer.Option(help="Else the default world's.")] = None,
    form: Annotated[Format, typer.Option("--format", help="How to write them.")] = Format.CSV,
    out: Annotated[Path | None, typer.Option(help="File to write; else standard output.")] = None,
    summary: Annotated[bool, _SUMMARY] = False,  # noqa: FBT002 - typer's way
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Make synthetic residents: the same persons for the same municipality and seed."""
    if as_json and not summary:
        raise WorldError(
            "--json is for the counts of --summary; residents come as JSON by --format jsonl",
            "--jsonは--summaryの集計に使います。住民のJSONは--format jsonlで出力します。",
        )
    default = World.load()
    code = LocalGovernmentCode.parse(municipality).digits
    try:
        national_index(code, count - 1)
    except ValueError as error:
        raise WorldError(
            str(error),
            "その団体コードで、その人数の住民は作れません。団体コードと--countを確認してください。",
        ) from error
    people: Iterable[Resident] = islice(
        residents(default.seed if seed is None else seed, code, on=default.today), count
    )
    if out is not None and sys.stderr.isatty():
        people = track(people, "writing …", total=count, console=Console(stderr=True))
    totals = Totals(default.today) if summary else None
    if out is not None or totals is None:
        people = _written(people, form, out)
    for one in people:
        if totals is not None:
            totals.add(one)
    if totals is not None:
        if as_json:
            write_json(totals.counts)
        else:
            Console().print(totals.table(code))


def row_of(one: Resident) -> dict[str, str | int | bool | None]:
    """A resident as it is written; what is absent is None."""
    number = one.individual_number
    return {
        "local_address_number": one.local_address_number.digits,
        "resident_record_code": one.resident_record_code.digits,
        "individual_number": number.digits if number else None,
        "name": one.name,
        "furigana": one.furigana,
        "alias": one.alias,
        "former_surname": one.former_surname,
        "birth_date": one.birth_date.isoformat(),
        "sex": one.sex.value,
        "postal_code": one.postal_code,
        "address": one.address,
        "household_number": one.household_number,
        "relation": one.relation,
        "protective_measure": one.protective_measure,
        "removed_why": one.removed.why.value if one.removed else None,
        "removed_since": one.removed.since.isoformat() if one.removed else None,
    }


class Totals:
    """Counts of residents, gathered as they pass."""

    def __init__(self, on: date) -> None:
        """`on` is the day for which ages are counted."""
        self._on = on
        self._counts: Counter[str] = Counter()
        self._alike: Counter[bytes] = Counter()
        self._last_household = -1

    def add(self, one: Resident) -> None:
        """Count one resident; the members of a household come together."""
        counts = self._counts
        counts["residents"] += 1
        if one.household_number != self._last_household:
            self._last_household = one.household_number
            counts["households"] += 1
        counts[f"aged {_band(one.birth_date, self._on)}"] += 1
        if one.removed:
            counts[f"removed, {_WHY[one.removed.why]}"] += 1
        counts["foreign"] += one.name.isascii()
        counts["without an Individual Number"] += one.individual_number is None
        counts["under a protective measure"] += one.protective_measure
        told = f"{one.name}\n{one.birth_date}".encode()
        self._alike[blake2b(told, digest_size=8).digest()] += 1

    @property
    def counts(self) -> dict[str, int]:
        """Every count by its name."""
        pairs = sum(number * (number - 1) // 2 for number in self._alike.values())
        return {**self._counts, "pairs of the same name and birth date": pairs}

    def table(self, code: str) -> Listing:
        """The counts as a table."""
        counts = self.counts
        bands = [f"aged {name}" for name in _band_names()]
        numbers = ("how many", "share")
        table = Listing("what", *numbers, title=f"Residents of {code}", right=numbers)
        rest = [name for name in counts if not name.startswith(("aged", "residents"))]
        for name in ("residents", *bands, *rest):
            number = counts.get(name, 0)
            table.add_row(name, f"{number:,}", f"{number / counts['residents']:.1%}")
        return table


_WHY = {Removal.MOVED_OUT: "moved out", Removal.DEATH: "dead"}


def _band_names() -> Iterator[str]:
    for low, high in pairwise(_BANDS):
        yield f"{low}-{high - 1}" if high != _BANDS[-1] else f"{low} and over"


def _band(birth_date: date, on: date) -> str:
    age = on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))
    place = sum(age >= low for low in _BANDS[1:])
    return list(_band_names())[place]


def _written(people: Iterable[Resident], form: Format, out: Path | None) -> Iterator[Resident]:
    """Write each resident as it passes; whoever stops reading our output stops us."""
    with _opened(out) as file:
        write = _writer(form, file)
        try:
            for one in people:
                write(one)
                yield one
            file.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _opened(out: Path | None) -> AbstractContextManager[TextIO]:
    if out is None:
        return nullcontext(sys.stdout)
    try:
        return out.open("w", encoding="utf-8", newline="")
    except OSError as error:
        msg = f"{out} cannot be written: {error.strerror}"
        raise WorldError(msg, f"{out}に書き込めません。") from error


def _writer(form: Format, file: TextIO) -> Callable[[Resident], None]:
    if form is Format.JSONL:
        return lambda one: _put(file, json.dumps(row_of(one), ensure_ascii=False) + "\n")
    rows: csv.DictWriter[str] | None = None

    def write(one: Resident) -> None:
        nonlocal rows
        row = row_of(one)
        if rows is None:
            rows = csv.DictWriter(file, list(row), lineterminator="\n")
            rows.writeheader()
        rows.writerow(row)

    return write


def _put(file: TextIO, text: str) -> None:
    file.write(text)
