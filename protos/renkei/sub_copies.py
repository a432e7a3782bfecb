"""Sub-copies (副本): what an institution has ready to provide about one person.

Source: a published product's messages name the parts (documented); the form of a
record key and its bounds are invented. What the items may be is the layout's.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from renkei import reasons
from renkei.refusals import Refusal

INFORMATION_CODE = re.compile("[0-9A-Z]{16}", re.ASCII)
_RECORD_KEY = re.compile("[0-9A-Za-z]{0,40}", re.ASCII)


class NullReason(Enum):
    """Why an item has no value; the numbers are the contract's."""

    NOT_ACCEPTABLE = 1
    NOT_COVERED = 2


Items = Mapping[str, "str | NullReason"]
"""By item code: the value, or why there is none."""


@dataclass(frozen=True, slots=True)
class RecordName:
    """Which record of a person: a specific personal information (特定個人情報名), and its key."""

    information_code: str
    record_key: str = ""

    def __post_init__(self) -> None:
        """Raise MALFORMED_SUB_COPY with the field unless both are of their form."""
        if not INFORMATION_CODE.fullmatch(self.information_code):
            raise _malformed("information_code")
        if not _RECORD_KEY.fullmatch(self.record_key):
            raise _malformed("record_key")


@dataclass(frozen=True, slots=True)
class Publication:
    """The days on which a record is provided, both included; no last day: without end."""

    first: date
    last: date | None = None

    def __post_init__(self) -> None:
        """Raise MALFORMED_SUB_COPY unless the last day is not before the first."""
        if self.last is not None and self.last < self.first:
            raise _malformed("publication_end")

    def covers(self, day: date) -> bool:
        """Whether the record is provided on that day."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class SubCopy:
    """One record as it is registered."""

    name: RecordName
    layout_version: int
    publication: Publication
    items: Items = field(repr=False)


@dataclass(frozen=True, slots=True)
class HeldSubCopy:
    """That a record is held, and which version of it; nothing of its items."""

    name: RecordName
    version: int
    layout_version: int
    publication: Publication


def _malformed(place: str) -> Refusal:
    return Refusal(reasons.MALFORMED_SUB_COPY, "", place)
