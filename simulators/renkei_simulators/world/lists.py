"""The revocation lists of a running world: each is published anew well before it ends, by real time.

Without a list that is in date nobody is let in anywhere (`renkei_pki.revocation`), so a world that
runs for longer than a list is good for would stop.
"""

from collections.abc import Callable, Collection
from datetime import UTC, datetime

from renkei.refusals import Refusal
from renkei_pki.authority import Authority
from renkei_simulators.world.layout import Layout

_AT_ONCE = datetime.min.replace(tzinfo=UTC)


class Lists:
    """Looks after the lists of a world's trust domains."""

    def __init__(self, layout: Layout, domains: Collection[str]) -> None:
        self._layout = layout
        self._due = dict.fromkeys(domains, _AT_ONCE)

    def keep(self, now: datetime, tell: Callable[[str], None]) -> None:
        """Renew those whose time has come; what fails is told, and tried again the next time."""
        for domain, due in self._due.items():
            if due <= now:
                try:
                    authority = Authority.load(self._layout.authority(domain))
                    self._due[domain] = authority.keep_list(now=now)
                except (OSError, ValueError, Refusal) as error:
                    tell(f"the revocation list of {domain} could not be renewed: {error}")
