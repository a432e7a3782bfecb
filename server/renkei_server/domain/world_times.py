"""The times that a test world may have (decided).

Every term is counted from the world's time, the longest over years and backwards too; so it stays
far from where a calendar of four digits ends, and not before there was a resident network.
Fidelity: invented.
"""

from datetime import UTC, datetime
from typing import Final

from renkei import reasons
from renkei.refusals import Refusal

FIRST: Final = datetime(2000, 1, 1, tzinfo=UTC)
LAST: Final = datetime(2200, 1, 1, tzinfo=UTC)
"""The first moment that a world may not have."""


def judge_world_time(moment: datetime) -> None:
    """Raise WORLD_TIME_OUT_OF_RANGE unless every term can be counted from this moment."""
    if not FIRST <= moment < LAST:
        raise Refusal(reasons.WORLD_TIME_OUT_OF_RANGE, f"it would be the year {moment.year}")
