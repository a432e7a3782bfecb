"""The term of a task: after it, a call that meets no answer is given up (invented).

Rules:
- Its moment is the world's, and goes with the content from task to task of one piece of work.
- A call is made at least once, and a refusal for good or an answer counts whenever it comes: the
  term ends only what else would be repeated.
- Given up, it is refused with TERM_OVER, and means what a refusal of its kind means.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

_UNTIL: Final = "until"


def within(content: Mapping[str, str], until: datetime) -> dict[str, str]:
    """The content of a task whose term ends at this moment of the world."""
    return {**content, _UNTIL: until.isoformat()}


def onward(content: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
    """The content of a task that goes on with another's work: the same term, if it has one."""
    return {**content, **{name: told for name, told in before.items() if name == _UNTIL}}


def is_over(content: Mapping[str, str], now: datetime) -> bool:
    """Whether a task has a term, and it is over."""
    until = content.get(_UNTIL)
    return until is not None and now >= datetime.fromisoformat(until)
