"""What was found at one look."""

from dataclasses import dataclass
from enum import Enum


class Mark(Enum):
    """How it stands."""

    WELL = "well"
    LOOK = "look"
    """Nothing is broken yet, or it is as somebody may want it."""
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """How one thing stands, and what to do next where it does not stand well."""

    subject: str
    mark: Mark
    says: str
    do: str = ""


def well(subject: str, says: str) -> Finding:
    """All is as it should be."""
    return Finding(subject, Mark.WELL, says)


def look(subject: str, says: str, do: str) -> Finding:
    """Somebody should look at it."""
    return Finding(subject, Mark.LOOK, says, do)


def fault(subject: str, says: str, do: str) -> Finding:
    """It does not work."""
    return Finding(subject, Mark.FAULT, says, do)
