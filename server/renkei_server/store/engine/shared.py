"""What the workers of one seat know in common of its store: words in memory, and how each is woken.

A seat may be served by several processes (docs/decisions/0032). Each has the store open by itself;
what else one of them has to know of the others' commits stands in a page of memory that the first
made and the others were given. A seat of one worker has a page of its own, and pays nothing for it.

Rules:
- A word is written by who has the store's turn (`turns`), and read by anybody; but for those that
  say so. Each is eight bytes at its own place, so nobody reads half of one.
- Nothing personal and no key is in it. It is in no file, and ends with the seat.
"""

import mmap
import os
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Final, Protocol, Self
from zlib import crc32

LATEST: Final = 0
"""The number of the last change (`changes`)."""
OF_ALL: Final = 1
"""The last change that may be of any table."""
DRAWN: Final = 2
"""The last number that was drawn (`numbers`)."""
RESERVED: Final = 3
"""How far numbers may have been used without a word to the store."""
COMMITS: Final = 4
"""How many commits were begun."""
HOLDER: Final = 5
"""Who has the turn, counted from 1; 0 where nobody has: so who dies with it is found out."""
DOUBTS: Final = 6
"""How often a commit ended of which nobody can tell whether it was one."""
UNWELL: Final = 7
"""Whether the first worker, which looks after the house, finds the seat unwell; it alone writes."""
ANNOUNCED: Final = 8
"""The number of the last call that the seat has begun to make of a kind that can be taken back."""
POKED: Final = 9
"""Whether the first was woken and has not looked yet; anybody writes it."""
RECONCILING: Final = 10
"""Whether the seat is not yet open to its callers; the first worker alone writes."""
SET_BACK: Final = 11
"""How often a neighbour's telling showed that it or this seat was set back; anybody writes it."""
DOUBTS_ENDED: Final = 12
"""How many of those commits have surely ended, one way or the other: another has begun since."""
KEYS_OWNER: Final = 13
"""Who owns the ring of the keys of what is erasable (`key_ring`): the seat, in all its workers."""
KEYS_MADE: Final = 14
"""The number of the last key that was made ahead."""
KEYS_DRAWN: Final = 15
"""The number of the last key that was drawn."""
KEYS_DOUBTED: Final = 16
"""Whether a key that was drawn may lock nothing that was committed."""
READS_BEGUN: Final = 17
"""Which round of reads those are that begin now (`reads`)."""
PUTS: Final = 18
"""How many tasks were put, of whatever kind."""

MOST_WORKERS: Final = 32
_WAITING: Final = 24
"""From here on, a word for each worker: whether it waits for the turn. Each writes its own."""
_READING: Final = _WAITING + MOST_WORKERS
"""And here: which round of reads its oldest one is that is under way. Each writes its own."""
_PUTS_OF_KINDS: Final = _READING + MOST_WORKERS
_PUT_WORDS: Final = 64
_TABLES: Final = _PUTS_OF_KINDS + _PUT_WORDS
_WORDS: Final = mmap.PAGESIZE // 8


class Words(Protocol):
    """Whole numbers, by their places."""

    def __getitem__(self, place: int, /) -> int: ...

    def __setitem__(self, place: int, value: int, /) -> None: ...


@dataclass(frozen=True, slots=True)
class Handles:
    """By what a worker comes to what the first made: open files, as a process is born with them."""

    memory: int
    guesses: int
    """Whoever judges a password locks this."""
    wakes: tuple[int, ...]
    """For each worker that which wakes it."""

    @property
    def all(self) -> tuple[int, ...]:
        """Every one of them."""
        return (self.memory, self.guesses, *self.wakes)


@dataclass(frozen=True, slots=True)
class Shared:
    """The page of one seat as one of its workers has it."""

    words: Words
    number: int = 0
    """Which worker it is; 0 is the first, which opened the store before all others."""
    handles: Handles | None = None
    """Nothing where it is the only one."""

    @classmethod
    def alone(cls) -> Self:
        """For a seat of one worker."""
        return cls([0] * _WORDS)

    @classmethod
    def made(cls, workers: int) -> Self:
        """For the first of so many."""
        memory = os.memfd_create("workers")
        os.ftruncate(memory, mmap.PAGESIZE)
        wakes = tuple(
            os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
            for _ in range(min(workers, MOST_WORKERS))
        )
        return cls(_mapped(memory), 0, Handles(memory, os.memfd_create("guesses"), wakes))

    @classmethod
    def joined(cls, handles: Handles, number: int) -> Self:
        """For another one."""
        return cls(_mapped(handles.memory), number, handles)

    @property
    def is_first(self) -> bool:
        """Whether what is done once a seat is done here."""
        return self.number == 0

    def count(self, place: int) -> None:
        """Add one to a word."""
        self.words[place] += 1

    @property
    def others(self) -> list[int]:
        """The other workers."""
        workers = len(self.handles.wakes) if self.handles else 1
        return [one for one in range(workers) if one != self.number]

    # Who waits for the turn

    def wait(self, *, waits: bool) -> None:
        """Say whether this worker waits for the turn."""
        self.words[_WAITING + self.number] = waits

    def others_wait(self) -> list[int]:
        """The other workers that wait for it."""
        return [one for one in self.others if self.words[_WAITING + one]]

    # Which reads are under way

    def read_since(self, number: int) -> None:
        """Say of which round this worker's oldest read is; 0 where none is under way."""
        self.words[_READING + self.number] = number

    def reads(self) -> list[int]:
        """Of which round the oldest read of each worker is that has any under way."""
        told = (self.words[_READING + one] for one in (self.number, *self.others))
        return [one for one in told if one]

    # Waking

    @property
    def wakes_by(self) -> int:
        """The open file that can be read once this worker is to be woken. Raises ValueError where
        nobody could wake it.
        """
        if self.handles is None:
            msg = "it is the only worker"
            raise ValueError(msg)
        return self.handles.wakes[self.number]

    def wake(self, number: int) -> None:
        """Wake a worker."""
        if self.handles is not None:
            os.eventfd_write(self.handles.wakes[number], 1)

    def wake_others(self) -> None:
        """Wake every other worker."""
        for one in self.others:
            self.wake(one)

    def poke(self) -> None:
        """Let the first look what was committed; if it was told so already, it is not told twice."""
        if not self.words[POKED]:
            self.words[POKED] = 1
            self.wake(0)

    def awake(self) -> None:
        """Say that this worker is awake: for what it looks at from now on nobody need wake it."""
        if self.is_first:
            self.words[POKED] = 0
        with suppress(BlockingIOError):  # nobody woke it
            os.eventfd_read(self.wakes_by)

    def close(self) -> None:
        """Let go of what wakes and locks; the page goes with the process."""
        for one in self.handles.all if self.handles else ():
            os.close(one)


@cache
def puts_place(kind: str) -> int:
    """Where tasks of a kind are counted. Two kinds may share a place: it is a hint, to look."""
    return _PUTS_OF_KINDS + crc32(kind.encode()) % _PUT_WORDS


def table_place(number: int) -> int:
    """Where the last change of a table stands, by its number among the tables of its store."""
    place = _TABLES + number
    if place >= _WORDS:
        msg = "a store has more tables than its workers have words for"
        raise ValueError(msg)
    return place


def _mapped(memory: int) -> Words:
    return memoryview(mmap.mmap(memory, mmap.PAGESIZE)).cast("q")
