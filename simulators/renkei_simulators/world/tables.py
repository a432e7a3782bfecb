"""A table of a world file: each key is read in its own shape, or refused with what to write.

Every fault is a sentence in English and one in Japanese that name the table and the key.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from math import isfinite
from typing import Self

from renkei_simulators.world.definition import WorldError


class Table:
    """One table as the file tells it; `name` says where it stands, such as `[[seat]] 3`."""

    def __init__(self, told: object, name: str, known: Collection[str]) -> None:
        """Raise WorldError where it is no table, or tells anything that is not known."""
        self.name = name
        if not isinstance(told, dict):
            raise self.fault("it has to be a table", "テーブルで書いてください。")
        self._told: Mapping[str, object] = told
        for key in told:
            if key not in known:
                raise self._strange(key, known)

    def __contains__(self, key: str) -> bool:
        return key in self._told

    def text(self, key: str, default: str | None = None) -> str:
        """A text that shows something, on one line."""
        value = self._get(key, default)
        if not isinstance(value, str):
            raise self.fault(
                f'{key} has to be a text between quotes, such as {key} = "…"',
                f"{key}は引用符で囲んだ文字列で書いてください。",
            )
        if value != default and not (value.strip() and value.isprintable()):
            raise self.fault(
                f"{key} is blank, or holds a character that cannot be seen",
                f"{key}が空白であるか、表示できない文字を含んでいます。",
            )
        return value

    def whole(self, key: str, *, least: int, most: int, default: int | None = None) -> int:
        """A whole number."""
        value = self._get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self.fault(
                f"{key} has to be a whole number from {least} to {most}",
                f"{key}は{least}から{most}までの整数で書いてください。",
            )
        return value

    def number(self, key: str, default: float) -> float:
        """A number that is 0 or more."""
        value = self._get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            value = float("nan")
        if not (isfinite(value) and value >= 0):
            raise self.fault(
                f"{key} has to be a number, 0 or more than 0",
                f"{key}は0以上の数で書いてください。",
            )
        return value

    def truth(self, key: str, *, default: bool | None = None) -> bool:
        """Whether something is so."""
        value = self._get(key, default)
        if not isinstance(value, bool):
            raise self.fault(
                f"{key} has to be true or false, without quotes",
                f"{key}は引用符なしのtrueかfalseで書いてください。",
            )
        return value

    def day(self, key: str, *, first: date, last: date) -> date:
        """A date of the calendar."""
        value = self._get(key, None)
        if isinstance(value, datetime) or not isinstance(value, date) or not first <= value <= last:
            raise self.fault(
                f"{key} has to be a date without quotes, such as 2026-11-23, from {first} to {last}",
                f"{key}は引用符なしの日付（例：2026-11-23）で、{first}から{last}までの日にしてください。",
            )
        return value

    def texts(self, key: str) -> Sequence[str]:
        """A list of texts."""
        value = self._get(key, None)
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.fault(
                f"{key} has to be a list of texts between quotes",
                f"{key}は引用符で囲んだ文字列の並びで書いてください。",
            )
        return value

    def table(self, key: str, known: Collection[str]) -> Self:
        """A table inside it; an empty one where it tells none."""
        return type(self)(self._get(key, {}), f"{self.name} {key}".strip(), known)

    def tables(self, key: str, known: Collection[str]) -> Sequence[Self]:
        """The tables `[[key]]`, in the order of the file; none where it tells none."""
        value = self._get(key, [])
        if not isinstance(value, list):
            raise self.fault(
                f"{key} is told as [[{key}]], in two brackets",
                f"{key}は二重括弧の[[{key}]]で書いてください。",
            )
        return [
            type(self)(one, f"[[{key}]] {number}", known) for number, one in enumerate(value, 1)
        ]

    def required(self, *keys: str) -> None:
        """Raise WorldError where one of these is not told."""
        for key in keys:
            self._get(key, None)

    def fault(self, english: str, japanese: str) -> WorldError:
        """What is wrong with it."""
        where = f"{self.name}: " if self.name else ""
        return WorldError(f"{where}{english}.", f"{where}{japanese}")

    def raw(self, key: str) -> object:
        """What stands there, for what may have more than one shape; None where nothing does."""
        return self._told.get(key)

    def items(self) -> Sequence[tuple[str, str]]:
        """Every key with its text."""
        return [(key, self.text(key)) for key in self._told]

    def _get(self, key: str, default: object) -> object:
        value = self._told.get(key, default)
        if value is None:
            raise self.fault(f"it tells no {key}", f"{key}がありません。")
        return value

    def _strange(self, key: str, known: Collection[str]) -> WorldError:
        near = get_close_matches(key, known, n=1, cutoff=0.5)
        meant = f"; did you mean {near[0]}" if near else f"; it knows {', '.join(known)}"
        japanese = f"{near[0]}のことでしょうか。" if near else f"書けるのは{'、'.join(known)}です。"
        end = "?" if near else ""
        return self.fault(
            f"{_shown(key)} is no key of it{meant}{end}",
            f"{_shown(key)}という項目はありません。{japanese}",
        )


def _shown(key: str) -> str:
    return key if key.isprintable() else ascii(key)
