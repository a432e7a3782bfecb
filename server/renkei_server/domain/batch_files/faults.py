"""What a reader of a batch file yields: a record with its place, or what is wrong at a place.

Rules:
- A fault names line and field and never the value; a good record hides its value in its repr.
- A field is named only as the file's form names it, never in the file's own words.

Fidelity: `invented`; that results are told line by line is `documented` (MSG).
"""

from dataclasses import dataclass, field
from typing import Generic, Self, TypeVar

from renkei.reasons import Reason
from renkei.refusals import Refusal

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """A good record, and on which line it stood; in XML, the how-manieth record it was."""

    line: int
    value: T = field(repr=False)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong on a line; line 0 is the file as a whole, field "" the line as a whole."""

    line: int
    field: str
    reason: Reason
    detail: str = ""

    @classmethod
    def of(cls, line: int, field: str, refusal: Refusal) -> Self:
        """The refusal as a fault of this place."""
        return cls(line, field, refusal.reason, refusal.detail)

    def __str__(self) -> str:
        place = f"line {self.line}" + (f", {self.field}" if self.field else "")
        addition = f" ({self.detail})" if self.detail else ""
        return f"{place}: {self.reason.name}{addition}"
