"""Processing serials (処理通番): good once, for their owner, until they expire (F1.11; IPN-1).

Rules:
- A serial that was never issued is told apart from one that was used or has expired.
- Whoever is not the owner learns that the serial is another's, and nothing of its state.
- A refused use does not consume the serial.
- It expires at a whole minute: a finer moment would join what two parties keep of it.
- The lifetime is invented: the law says only that nobody keeps the number longer than the
  task needs (Number Act, art. 21-2, paras 3-4). So is how long others wait for its outcome.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from renkei import reasons
from renkei.codes import Institution
from renkei.refusals import Refusal

LIFETIME = timedelta(hours=24)
"""At most; less by what a minute has passed of when it is issued."""

LONGEST = timedelta(days=30)
"""After so long an acquisition has ended at whoever waits for it, whatever the others do."""


class SerialState(Enum):
    """Where a serial is in its life."""

    ISSUED = "issued"
    USED = "used"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Serial:
    """What the information provision network keeps of a serial."""

    owner: Institution
    expires_at: datetime
    state: SerialState


def expiry(now: datetime) -> datetime:
    """When a serial expires that is issued now."""
    return (now + LIFETIME).replace(second=0, microsecond=0)


def judge_use(serial: Serial | None, asking: Institution, now: datetime) -> None:
    """Raise the refusal that forbids this use, if any.

    Raises SERIAL_NEVER_ISSUED, SERIAL_OF_ANOTHER_INSTITUTION, SERIAL_ALREADY_USED
    or SERIAL_EXPIRED, in this order.
    """
    serial = owned(serial, asking)
    if serial.state is SerialState.USED:
        raise Refusal(reasons.SERIAL_ALREADY_USED, "", "processing_serial")
    if serial.state is SerialState.EXPIRED or now >= serial.expires_at:
        raise Refusal(reasons.SERIAL_EXPIRED, "", "processing_serial")


def owned(serial: Serial | None, asking: Institution, field: str = "asking_institution") -> Serial:
    """A serial that is the asking institution's own.

    Raises SERIAL_NEVER_ISSUED or SERIAL_OF_ANOTHER_INSTITUTION.
    """
    if serial is None:
        raise Refusal(reasons.SERIAL_NEVER_ISSUED, "", "processing_serial")
    if serial.owner != asking:
        raise Refusal(reasons.SERIAL_OF_ANOTHER_INSTITUTION, "", field)
    return serial
