"""Layouts (データ標準レイアウト): which items a sub-copy holds, and in which form (PRV-10, PRV-02).

Rules:
- A sub-copy names the version of its layout, and that version is in force on the day.
- It holds every item of the layout and none outside it.
- An item is of its type and not too long, or it is null for a reason that the item allows.

Source: MSG for versions with dates, item codes, and the reasons of a null (未設定事由), whose
words it spells NotAcceptable and NotConvered (`documented`). The types, the counting of length
in characters and the form in TOML are `invented`; layouts and items bear marks of their own.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import Final, Self, TypeVar

from renkei import reasons
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei.sub_copies import INFORMATION_CODE, Items, NullReason, SubCopy
from renkei.texts import is_plain
from renkei_server.domain.batch_files.columns import ISO_DAY
from renkei_server.domain.legal_basis import Fidelity

NULL_WORDS: Final = MappingProxyType(
    {"NotAcceptable": NullReason.NOT_ACCEPTABLE, "NotConvered": NullReason.NOT_COVERED}
)
"""Reasons of a null as files spell them."""

ITEM_CODE: Final = re.compile("[A-Z][0-9A-Z]{1,19}", re.ASCII)

_T = TypeVar("_T")


class LayoutError(Exception):
    """A layout cannot be used as it is written; the text says why."""


class Kind(Enum):
    """What the value of an item is."""

    TEXT = "text"
    DIGITS = "digits"
    DATE = "date"
    FLAG = "flag"

    def holds(self, text: str) -> bool:
        """Whether a value, which is not empty, is of this kind."""
        match self:
            case Kind.TEXT:
                return is_plain(text)
            case Kind.DIGITS:
                return text.isascii() and text.isdigit()
            case Kind.DATE:
                return bool(re.fullmatch(ISO_DAY, text)) and _is_day(text)
            case Kind.FLAG:
                return text in ("0", "1")


@dataclass(frozen=True, slots=True)
class ItemFault:
    """What is wrong with an item: named by the layout's own code, or by its position."""

    item: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a layout. `length` is the most characters that a value may have."""

    code: str
    english: str
    japanese: str
    kind: Kind
    length: int
    null_reasons: frozenset[NullReason]
    fidelity: Fidelity
    source: str

    def judge(self, content: "str | NullReason | None") -> Reason | None:
        """Why this content breaks the item; None where it keeps it."""
        match content:
            case None:
                return reasons.ITEM_MISSING
            case NullReason():
                return None if content in self.null_reasons else reasons.ITEM_NOT_NULLABLE
            case "":
                return reasons.ITEM_NULL_WITHOUT_REASON
        if not self.kind.holds(content):
            return reasons.ITEM_MALFORMED
        return reasons.ITEM_TOO_LONG if len(content) > self.length else None


@dataclass(frozen=True, slots=True)
class Layout:
    """One version of what is provided under an information code; no last day: without end."""

    information_code: str
    version: int
    first_day: date
    last_day: date | None
    data_set: str
    english: str
    japanese: str
    fidelity: Fidelity
    source: str
    items: tuple[Item, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a layout from its TOML; raises LayoutError unless it is complete and strict."""
        try:
            told = _Keys(tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            raise LayoutError(str(error)) from error
        layout = cls(
            information_code=told.take("information_code", str, _matching(INFORMATION_CODE)),
            version=told.take("version", int, lambda number: number > 0),
            first_day=told.take("first_day", date),
            last_day=told.take("last_day", date) if told.has("last_day") else None,
            data_set=told.take("data_set", str, _matching(ITEM_CODE)),
            english=told.take("english", str),
            japanese=told.take("japanese", str),
            fidelity=told.word("fidelity", Fidelity),
            source=told.take("source", str),
            items=tuple(_item(_Keys(one)) for one in told.take("items", list)),
        )
        told.require_none_left()
        layout._require_sound()
        return layout

    def check(self, items: Items) -> list[ItemFault]:
        """Everything that is wrong with the items: those of the layout first, in its order."""
        faults = [
            ItemFault(one.code, reason)
            for one in self.items
            if (reason := one.judge(items.get(one.code))) is not None
        ]
        if not faults and len(items) == len(self.items):  # each is there, so there is no other
            return []
        known = {one.code for one in self.items}
        return faults + [
            ItemFault(f"item {position}", reasons.ITEM_OUTSIDE_LAYOUT)
            for position, code in enumerate(items, start=1)
            if code not in known
        ]

    def in_force(self, day: date) -> bool:
        """Whether sub-copies may follow it on that day."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    def _require_sound(self) -> None:
        if self.last_day is not None and self.last_day < self.first_day:
            msg = "last_day lies before first_day"
            raise LayoutError(msg)
        if not self.items or len({one.code for one in self.items}) < len(self.items):
            msg = "items are missing, or one comes twice"
            raise LayoutError(msg)


@dataclass(frozen=True, slots=True)
class Layouts:
    """Every layout that is known, by information code and version."""

    known: Mapping[tuple[str, int], Layout]

    @classmethod
    def of(cls, layouts: Iterable[Layout]) -> Self:
        """Raise LayoutError where a version comes twice."""
        known: dict[tuple[str, int], Layout] = {}
        for layout in layouts:
            if known.setdefault((layout.information_code, layout.version), layout) is not layout:
                msg = f"{layout.information_code}, version {layout.version} comes twice"
                raise LayoutError(msg)
        return cls(MappingProxyType(known))

    def find(self, information_code: str, version: int, day: date) -> Layout:
        """The layout in force.

        Raises INFORMATION_UNKNOWN, LAYOUT_VERSION_UNKNOWN or LAYOUT_NOT_VALID.
        """
        layout = self.known.get((information_code, version))
        if layout is None:
            if all(code != information_code for code, _ in self.known):
                raise Refusal(reasons.INFORMATION_UNKNOWN, "", "information_code")
            raise Refusal(reasons.LAYOUT_VERSION_UNKNOWN, "", "layout_version")
        if not layout.in_force(day):
            raise Refusal(reasons.LAYOUT_NOT_VALID, day.isoformat(), "layout_version")
        return layout

    def judge(self, sub_copy: SubCopy, day: date) -> None:
        """Raise what `find` raises, or the reason of the first item that breaks the layout."""
        layout = self.find(sub_copy.name.information_code, sub_copy.layout_version, day)
        faults = layout.check(sub_copy.items)
        if faults:
            detail = f"{faults[0].item}, the first of {len(faults)}"
            raise Refusal(faults[0].reason, detail, "items")


class _Keys:
    """The keys of a TOML table, each taken once."""

    def __init__(self, table: object) -> None:
        if not isinstance(table, dict):
            msg = "an item is no table"
            raise LayoutError(msg)
        self._left: dict[str, object] = dict(table)

    def has(self, key: str) -> bool:
        return key in self._left

    def take(self, key: str, kind: type[_T], holds: Callable[[_T], bool] = lambda _: True) -> _T:
        value = self._left.pop(key, None)
        if type(value) is not kind or value == "" or not holds(value):
            msg = f"{key} is missing or not of its form"
            raise LayoutError(msg)
        return value

    def word(self, key: str, words: Callable[[str], _T]) -> _T:
        """A value that is one of an enum's words."""
        try:
            return words(self.take(key, str))
        except ValueError:
            msg = f"{key} is no word of its kind"
            raise LayoutError(msg) from None

    def require_none_left(self) -> None:
        if self._left:
            msg = f"unknown keys: {', '.join(self._left)}"
            raise LayoutError(msg)


def _item(told: _Keys) -> Item:
    item = Item(
        code=told.take("code", str, _matching(ITEM_CODE)),
        english=told.take("english", str),
        japanese=told.take("japanese", str),
        kind=told.word("type", Kind),
        length=told.take("length", int, lambda number: number > 0),
        null_reasons=_null_reasons(told.take("null", list)),
        fidelity=told.word("fidelity", Fidelity),
        source=told.take("source", str),
    )
    told.require_none_left()
    return item


def _null_reasons(words: list[object]) -> frozenset[NullReason]:
    try:
        return frozenset(NULL_WORDS[str(word)] for word in words)
    except KeyError:
        msg = "null holds a word that is no reason"
        raise LayoutError(msg) from None


def _matching(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: bool(pattern.fullmatch(text))


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
