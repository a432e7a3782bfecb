"""Which reads of a store are under way, at any worker of the seat: who erases waits for them.

Reads are counted in rounds. One that begins tells its round before it looks at anything; so whoever
ended something, and then finds none of its round or an earlier one, knows that nobody looks at what
was there before.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from renkei_server.store.engine.shared import READS_BEGUN, Shared


class Reads:
    """The reads of one worker, and what all workers tell of theirs."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._lock = Lock()
        self._here: list[int] = []

    @contextmanager
    def one(self) -> Iterator[None]:
        """A read is under way, on any thread."""
        with self._lock:
            self._here.append(of := self.round)
            self._tell()
        try:
            yield
        finally:
            with self._lock:
                self._here.remove(of)
                self._tell()

    def _tell(self) -> None:
        self._shared.read_since(min(self._here, default=0))

    @property
    def round(self) -> int:
        """That of the reads that begin now; no earlier one's is greater."""
        return self._shared.words[READS_BEGUN] + 1

    def begin_round(self) -> None:
        """Reads that begin from now on are of another round."""
        self._shared.count(READS_BEGUN)

    def are_over(self, last: int) -> bool:
        """Whether none of this round or an earlier one is under way."""
        return all(of > last for of in self._shared.reads())
