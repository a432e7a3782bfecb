"""Answers that are made, signed and sealed before their transaction (F2.6, F2.7).

The transaction takes the sealed one if what it is made of is still the same, and else seals anew.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from renkei.answers import Answer
from renkei.permits import Permit, SignedPermit
from renkei.refusals import Refusal
from renkei.wire.permits import hash_of
from renkei_server.seats.middle.answering import Answering, SealedDelivery
from renkei_server.seats.middle.sealing_keys import InquirerRecord


@dataclass(frozen=True, slots=True)
class Ready:
    """All that a sealed answer is made of, beside the permit."""

    answer: Answer
    inquirer: InquirerRecord
    now: datetime = field(compare=False)
    """The world's time at which it was made."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What goes out at once, unless staff must review it first."""

    ready: Ready | None = None


class Sealing:
    """The sealing of one answer: once before the transaction, and in it if that does not do."""

    def __init__(
        self,
        answering: Answering,
        signed: SignedPermit,
        permit: Permit,
        ready: Ready | None,
        *,
        hidden: bool = False,
    ) -> None:
        """Seal what is ready; what speaks against it is raised when it is sent."""
        self._answering = answering
        self._permit_hash = hash_of(signed)
        self._permit = permit
        self._hidden = hidden
        self._ready = ready
        self._sealed: SealedDelivery | None = None
        if ready is not None:
            with suppress(Refusal):
                self._sealed = self._seal(ready)

    def of(self, ready: Ready) -> SealedDelivery:
        """What is to be sent. Raises what `Answering.sealed` raises."""
        if self._sealed is not None and ready == self._ready:
            return self._sealed
        return self._seal(ready)

    def _seal(self, ready: Ready) -> SealedDelivery:
        return self._answering.sealed(
            self._permit,
            ready.answer,
            ready.inquirer.keys,
            now=ready.now,
            permit_hash=self._permit_hash,
            hidden=self._hidden,
        )
