"""What a seat owes and could not do yet, as whoever runs it is told: no person, no content."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from renkei_server.dispatch.lanes import Held


@dataclass(frozen=True, slots=True)
class Owed:
    """Calls of one kind that were tried in vain for one reason."""

    kind: str
    calls: int
    since: str
    """Since when the longest of them is tried, by real time; at most since the seat's start."""
    reason: str
    detail: str
    """What was said beside the reason, such as which peer did not answer."""
    english: str
    japanese: str

    @classmethod
    def of(cls, kind: str, held: Sequence[Held], *, now: datetime, loop_now: float) -> "Owed":
        """Of calls in memory, each with why it did not do; `loop_now` is now by the loop's time."""
        longest = min(held, key=lambda one: one.since)
        if longest.why is None:
            msg = "such a call has been tried"
            raise ValueError(msg)
        reason = longest.why.reason
        return cls(
            kind,
            len(held),
            (now - timedelta(seconds=loop_now - longest.since)).isoformat(timespec="seconds"),
            reason.name,
            longest.why.detail,
            reason.english,
            reason.japanese,
        )
