"""The search: all forms of all values in one pass over a file, compressed members included.

A file is read in pieces, and the automaton keeps its state from one piece to
the next, so that memory is bounded and no border hides anything. A gzip or zlib
signature starts an inflater there and then, which is fed from the same pass;
most signatures are chance, and their inflaters die within a few bytes.

Limits: a raw deflate stream has no signature and is not searched; of a member
that a page border cuts only the first part is. Fidelity: invented.
"""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import ahocorasick

from renkei_simulators.separation.knowledge import Kind

PIECE: Final = 1 << 16
"""Bytes that are read at once."""

_INFLATED_AT_ONCE: Final = 1 << 16
_DEEPEST: Final = 3
_SIGNATURES = {
    b"\x1f\x8b\x08": "gzip",
    b"\x78\x01": "zlib",
    b"\x78\x5e": "zlib",
    b"\x78\x9c": "zlib",
    b"\x78\xda": "zlib",
}
_EITHER_HEADER: Final = zlib.MAX_WBITS | 32


class MemberTooLong(Exception):
    """A compressed member inflates beyond the scanner's bound, so the search is not complete."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One form of one value. `subject` is the value's opaque index."""

    form: str
    kind: Kind
    subject: int
    needle: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Hit:
    """A form was found. Inside a compressed member the offset is the member's own in the file."""

    form: str
    kind: Kind
    offset: int
    subject: int


class Scanner:
    """Searches files for all patterns at once."""

    def __init__(self, patterns: Iterable[Pattern], *, longest_member: int = 1 << 30) -> None:
        """`longest_member` bounds, in bytes, what one compressed member may inflate to."""
        self._longest_member = longest_member
        needles: dict[bytes, list[Pattern]] = {signature: [] for signature in _SIGNATURES}
        for pattern in patterns:
            needles.setdefault(pattern.needle, []).append(pattern)
        self._automaton = ahocorasick.Automaton()
        for needle, meanings in needles.items():
            self._automaton.add_word(needle.decode("latin-1"), (needle, tuple(meanings)))
        self._automaton.make_automaton()

    def scan(self, path: Path) -> Iterator[Hit]:
        """Yield every hit in a file. Raises OSError, or MemberTooLong."""
        passage = _Passage(self._automaton, self._longest_member)
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield from passage.feed(piece)

    def scan_bytes(self, content: bytes) -> Iterator[Hit]:
        """Yield every hit in what lies in memory. Raises MemberTooLong."""
        yield from _Passage(self._automaton, self._longest_member).feed(content)


class _Passage:
    """One run of the automaton over a file, or over what a member of it inflates to."""

    def __init__(self, automaton: ahocorasick.Automaton, longest: int, depth: int = 0) -> None:
        self._automaton = automaton
        self._longest = longest
        self._depth = depth
        self._matches = automaton.iter("")
        self._passed = 0
        self._members: list[_Member] = []

    def feed(self, piece: bytes) -> Iterator[Hit]:
        yield from self._fed_to_members(piece)
        self._matches.set(piece.decode("latin-1"))
        for last, (needle, meanings) in self._matches:
            start = last + 1 - len(needle)
            for meaning in meanings:
                yield Hit(meaning.form, meaning.kind, start, meaning.subject)
            if needle in _SIGNATURES and self._depth < _DEEPEST:
                rest = piece[last + 1 - self._passed :]
                yield from self._opened(needle, start, rest)
        self._passed += len(piece)

    def _fed_to_members(self, piece: bytes) -> Iterator[Hit]:
        for member in self._members:
            yield from member.feed(piece)
        self._members = [member for member in self._members if member.alive]

    def _opened(self, signature: bytes, start: int, rest: bytes) -> Iterator[Hit]:
        inside = _Passage(self._automaton, self._longest, self._depth + 1)
        member = _Member(_SIGNATURES[signature], start, inside, self._longest)
        yield from member.feed(signature + rest)
        if member.alive:
            self._members.append(member)


class _Member:
    """A compressed member that is being inflated as its bytes come by."""

    def __init__(self, name: str, start: int, inside: _Passage, longest: int) -> None:
        self.alive = True
        self._name = name
        self._start = start
        self._inside = inside
        self._left = longest
        self._inflater = zlib.decompressobj(_EITHER_HEADER)

    def feed(self, piece: bytes) -> Iterator[Hit]:
        for inflated in self._inflated(piece):
            self._left -= len(inflated)
            if self._left < 0:
                raise MemberTooLong(f"{self._name} member at offset {self._start}")
            for hit in self._inside.feed(inflated):
                yield Hit(f"{hit.form} in {self._name}", hit.kind, self._start, hit.subject)

    def _inflated(self, piece: bytes) -> Iterator[bytes]:
        pending = True
        while self.alive and (piece or pending):
            before = self._inflater.copy()
            try:
                inflated = self._inflater.decompress(piece, _INFLATED_AT_ONCE)
            except zlib.error:
                self.alive = False
                yield _up_to_the_fault(before, piece)
                return
            yield inflated
            self.alive = not self._inflater.eof
            pending = len(inflated) == _INFLATED_AT_ONCE
            piece = self._inflater.unconsumed_tail


def _up_to_the_fault(inflater: "zlib._Decompress", piece: bytes) -> bytes:
    """What a damaged member still gives: zlib drops the output of a call that fails."""
    inflated = bytearray()
    try:
        for start in range(len(piece)):
            inflated += inflater.decompress(piece[start : start + 1])
    except zlib.error:
        pass
    return bytes(inflated)
