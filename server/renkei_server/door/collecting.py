"""Garbage is collected more seldom while a load is under way.

A chunk makes tens of thousands of objects, nearly all of which go with it by their counts; looking
through them for cycles again and again is a sixth of a load's work. So many more objects may
come before one looks, and no more: memory is bounded all the same, however long a stream stays
open. An interpreter has one collector, so that whoever is last to end restores what the first found.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

OBJECTS: Final = 50_000
"""So many objects more than there were begin a look through the young ones, in place of 700."""


class Collecting:
    """How often the interpreter collects, while loads begin and end in any order."""

    def __init__(self) -> None:
        self._under_way = 0
        self._found = gc.get_threshold()

    @contextmanager
    def seldom(self) -> Iterator[None]:
        """A load is under way."""
        if not self._under_way:
            self._found = gc.get_threshold()
            gc.set_threshold(max(OBJECTS, self._found[0]), *self._found[1:])
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1
            if not self._under_way:
                gc.set_threshold(*self._found)


COLLECTING: Final = Collecting()
"""The interpreter's."""
