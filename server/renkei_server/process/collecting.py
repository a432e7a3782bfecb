"""Garbage is collected more seldom while seats serve.

What calls make goes with them by its counts: of ours nothing is left in cycles, and of gRPC's five
small objects a call. But a batch or a chunk has tens of thousands of objects alive at once, and
looking through them for cycles again and again is a sixth of a load's work and a third of a
batch's. So many more objects may come before one looks, and no more: memory is bounded all the
same. An interpreter has one collector, so that whoever is last to end restores what the first found.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

OBJECTS: Final = 50_000
"""So many objects more than there were begin a look through the young ones, in place of 700."""


class Collecting:
    """How often the interpreter collects, while seats begin and end to serve in any order."""

    def __init__(self) -> None:
        self._serving = 0
        self._found = gc.get_threshold()

    @contextmanager
    def seldom(self) -> Iterator[None]:
        """One more serves."""
        if not self._serving:
            self._found = gc.get_threshold()
            gc.set_threshold(max(OBJECTS, self._found[0]), *self._found[1:])
        self._serving += 1
        try:
            yield
        finally:
            self._serving -= 1
            if not self._serving:
                gc.set_threshold(*self._found)


COLLECTING: Final = Collecting()
"""The interpreter's."""
