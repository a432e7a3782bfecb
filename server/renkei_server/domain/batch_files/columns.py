"""One field of a record: its length, its form, and whether it may be empty.

Rules:
- A field is its value in full, or it is empty; no spaces stand for "empty" (MSG writes empty
  fields of a line as nothing between two commas: `documented`).
- A field of fixed length is filled with spaces on the right where its column says so
  (`documented` for the department code), and with nothing else.
- No field holds a comma, a control character or half a surrogate pair (`inferred`: MSG splits
  lines at every comma).
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from renkei import reasons
from renkei.refusals import Refusal

ISO_DAY: Final = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
"""The form of a day in XML, and in a sub-copy's item."""


@dataclass(frozen=True, slots=True)
class Column:
    """A field: at most `width` characters, or exactly so many where it is `fixed`.

    A field of width 0 is there and must be empty.
    """

    name: str
    japanese: str
    width: int
    form: str
    required: bool = True
    fixed: bool = True
    padded: bool = False

    def read(self, text: str) -> str:
        """The value without padding, "" where it is empty.

        Raises BATCH_FIELD_MISSING, BATCH_FIELD_NOT_EMPTY, BATCH_FIELD_LENGTH or
        MALFORMED_BATCH_FIELD.
        """
        if text == "":
            if self.required:
                raise Refusal(reasons.BATCH_FIELD_MISSING, "", self.name)
            return ""
        if self.width == 0:
            raise Refusal(reasons.BATCH_FIELD_NOT_EMPTY, "", self.name)
        if len(text) != self.width if self.fixed else len(text) > self.width:
            detail = f"{len(text)} characters, expected {self.width}"
            raise Refusal(reasons.BATCH_FIELD_LENGTH, detail, self.name)
        value = text.rstrip(" ") if self.padded else text
        if not re.fullmatch(self.form, value):
            raise Refusal(reasons.MALFORMED_BATCH_FIELD, "", self.name)
        return value

    @classmethod
    def empty(cls, name: str, japanese: str) -> Self:
        """A field that must be empty."""
        return cls(name, japanese, 0, "", required=False)

    def write(self, value: str) -> str:
        """The text of a value; raises as `read` does where it does not fit."""
        text = value.ljust(self.width) if self.padded and value else value
        self.read(text)
        return text


def read_day(text: str, name: str) -> date | None:
    """The day of a field of eight digits, or of ten characters with hyphens; None where empty.

    Raises MALFORMED_BATCH_FIELD where there is no such day.
    """
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal(reasons.MALFORMED_BATCH_FIELD, "no such day", name) from None
