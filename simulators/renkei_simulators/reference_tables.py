"""What a program must know of Renkei besides the contract, as tables: reasons, layouts, codes.

A row is text by column, in the order in which it is read; an empty text is none. Fidelity and
source stand in each row where the table behind it has them.
"""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from importlib import resources
from io import StringIO
from pathlib import Path
from types import MappingProxyType
from typing import Final

from renkei.reasons import SUBJECTS, Reason
from renkei_server.domain.layouts import shipped
from renkei_server.domain.layouts.layouts import NULL_WORDS, Item

Row = Mapping[str, str]


def _reasons() -> Iterator[Row]:
    for subject in SUBJECTS:
        for one in vars(subject).values():
            if isinstance(one, Reason):
                yield {
                    "reason": one.name,
                    "subject": subject.__name__.rpartition(".")[2],
                    "status": one.status,
                    "passing": "true" if one.passing else "false",
                    "english": one.english,
                    "japanese": one.japanese,
                }


def _layouts() -> Iterator[Row]:
    for one in shipped().known.values():
        yield {
            "information": one.information_code,
            "version": str(one.version),
            "first_day": one.first_day.isoformat(),
            "last_day": one.last_day.isoformat() if one.last_day else "",
            "data_set": one.data_set,
            "english": one.english,
            "japanese": one.japanese,
            "fidelity": one.fidelity.value,
            "source": one.source,
        }


def _items() -> Iterator[Row]:
    for layout in shipped().known.values():
        for one in layout.items:
            yield {
                "information": layout.information_code,
                "version": str(layout.version),
                "item": one.code,
                "english": one.english,
                "japanese": one.japanese,
                "type": one.kind.value,
                "length": str(one.length),
                "null": " ".join(_null_words(one)),
                "fidelity": one.fidelity.value,
                "source": one.source,
            }


def _null_words(item: Item) -> Iterator[str]:
    """The reasons for which the item may be null, as files spell them."""
    return (word for word, reason in NULL_WORDS.items() if reason in item.null_reasons)


def _permitted() -> Iterator[Row]:
    """Every row of every table by which an inquiry is decided, with the table's name."""
    for table in _of_the_law("tables"):
        for row in _of_the_law(f"table-{table['name']}"):
            yield {"table": table["name"], **row}


def _of_the_law(name: str) -> Iterator[Row]:
    """A table of the law as it is kept."""
    file = resources.files("renkei_server.domain.law").joinpath(f"{name}.csv")
    yield from csv.DictReader(StringIO(file.read_text(encoding="utf-8")))


TABLES: Final[Mapping[str, Callable[[], Iterable[Row]]]] = MappingProxyType(
    {
        "reasons": _reasons,
        "layouts": _layouts,
        "items": _items,
        "codes": partial(_of_the_law, "codes"),
        "institutions": partial(_of_the_law, "institutions"),
        "permitted": _permitted,
    }
)
"""Every table by the name of its files."""


def export(folder: Path) -> list[Path]:
    """Write each table to a folder as CSV and as JSON (UTF-8); return what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, rows in TABLES.items():
        table = list(rows())
        for form, text in (("csv", _as_csv(table)), ("json", _as_json(table))):
            written.append(folder / f"{name}.{form}")
            written[-1].write_text(text, encoding="utf-8")
    return written


def _as_csv(table: list[Row]) -> str:
    text = StringIO()
    writer = csv.DictWriter(text, fieldnames=list(table[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(table)
    return text.getvalue()


def _as_json(table: list[Row]) -> str:
    return json.dumps(table, ensure_ascii=False, indent=1) + "\n"
