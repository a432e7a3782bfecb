"""What the information provision network decides on an exchange that was asked for (F2.4)."""

from dataclasses import dataclass
from datetime import datetime

from renkei.permits import SignedPermit


@dataclass(frozen=True, slots=True)
class Decision:
    """Permitted with a permit, not permitted with a reason's name, or else cancelled before."""

    asked_at: datetime
    permit: SignedPermit | None = None
    refusal: str = ""
