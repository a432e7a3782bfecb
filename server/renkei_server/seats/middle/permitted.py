"""What an institution needs to judge a permit that it was handed (F2.4, F2.6; PRV-09)."""

from dataclasses import dataclass

from renkei.codes import Institution
from renkei.permits import Verifies


@dataclass(frozen=True, slots=True)
class Permits:
    """Whose permits are good here."""

    holder: Institution
    world: str
    key: Verifies
    """The public half of the network's permit key."""
