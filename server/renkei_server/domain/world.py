"""What rules need from the world around them: time, identifiers, randomness."""

from datetime import datetime
from typing import Protocol

from renkei.codes import ProcessingSerial


class Clock(Protocol):
    """Two times, never confused."""

    def now(self) -> datetime:
        """The world's time, in UTC: it governs business dates and a test world may set it."""
        ...

    def real(self) -> datetime:
        """The machine's time, in UTC: it governs certificates, sessions, logs and retries."""
        ...


class Ids(Protocol):
    """Where new identifiers come from; each is unguessable."""

    def request_id(self) -> str:
        """A UUID for a request of our own."""
        ...

    def serial(self) -> ProcessingSerial:
        """A processing serial."""
        ...

    def random_bytes(self, count: int) -> bytes:
        """That many random bytes, fit to be a key."""
        ...

    def number(self, digits: int) -> str:
        """A number drawn at random, filled with zeros from the left."""
        ...
