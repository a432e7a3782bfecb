"""The peers of identity information, as a seat needs them; see `peers.codes`."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from renkei.codes import Institution, ResidentRecordCode
from renkei.identities import NotificationOutcome, NotificationProgress
from renkei.identity_search import Criteria, FoundIdentity, Purpose
from renkei_server.store.identities.outgoing import Owed

Notify = Callable[[str, Owed], Awaitable[None]]
"""Tells the next hop one notification, under a request id; applied there once it returns."""

AskProgress = Callable[[ResidentRecordCode, int], Awaitable[NotificationProgress]]
"""Asks the next hop how far one of our own has come, by its code and sequence."""
AskProgressOf = Callable[[Institution, ResidentRecordCode, int], Awaitable[NotificationProgress]]
"""The same of a municipality's."""


class AnswersInquiries(Protocol):
    """Whoever is asked whom their identity file holds: the national server, the prefecture server."""

    async def inquire_identities(
        self, criteria: Criteria, purpose: Purpose
    ) -> Sequence[FoundIdentity]:
        """Exactly those who fit."""
        ...


class TellsOutcomes(Protocol):
    """A next hop that hands on itself: the municipal CS, the prefecture server."""

    async def list_notification_outcomes(self) -> Sequence[NotificationOutcome]:
        """What became of those that it took, further on; the oldest that was not acknowledged first."""
        ...

    async def acknowledge_notification_outcomes(self, request_id: str, upto: int) -> None:
        """They were taken up."""
        ...
