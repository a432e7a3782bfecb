"""The audit: every file of every party is searched for what that party must not hold.

What it must not hold it must not be able to guess either: each value is tried with the party's own
keys. The servers must be quiet and the flows at their end. What is found is told by
file, kind, form and place, never by the value itself. Values that may meet by
chance (names, households, low numbers) belong here as planted canaries only.
Fidelity: invented.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from renkei_simulators.listing import Listing
from renkei_simulators.separation.forms import forms
from renkei_simulators.separation.guessing import SHOWN_BYTES, Guesser, tried
from renkei_simulators.separation.knowledge import Kind, cell, forbidden
from renkei_simulators.separation.receipts import Guessed
from renkei_simulators.separation.scanner import Hit, Pattern, Scanner

_UNNAMED: Final = -1
"""The subject of what is told by no value."""

_BESIDE_A_DATABASE: Final = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Known:
    """A value that went through the flows. `institution` owns it, where it has one owner."""

    kind: Kind
    value: str | bytes = field(repr=False)
    institution: str | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """A seat and the files that are its own.

    What lies beside a database (write-ahead log, shared memory, journal) is
    searched with it and need not be named. Logs hold log lines, not the
    operation log, which is a store.
    """

    role: str
    institution: str
    stores: tuple[Path, ...] = ()
    logs: tuple[Path, ...] = ()
    opened: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)
    """What is sealed in its stores, opened: place and bytes. A party knows what it can open."""
    guesser: Guesser | None = None
    """Its keys, with which values are tried."""
    guessed: tuple[tuple[str, Guessed], ...] = ()
    """What its receipts gave back, with where they lie."""

    def files(self) -> Iterator[tuple[Path, bool]]:
        """Yield each file once, and whether it holds log lines."""
        stores = {
            file: False
            for store in self.stores
            for file in (store, *(Path(f"{store}{ending}") for ending in _BESIDE_A_DATABASE))
            if file == store or file.exists()
        }
        yield from (stores | dict.fromkeys(self.logs, True)).items()

    def __str__(self) -> str:
        return f"{self.role}.{self.institution}"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A value lies where it must not. `subject` is its place among the known values."""

    party: str
    file: str
    kind: str
    form: str
    offset: int
    subject: int


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found, and how much was searched: no finding in nothing proves nothing."""

    findings: tuple[Finding, ...]
    parties: int
    files: int
    bytes: int
    values: int
    forms: int
    guesses: int
    """Hashes that were made with the parties' own keys, and searched."""

    def summary(self) -> str:
        """One line for a person."""
        return (
            f"{len(self.findings):,} findings: {self.values:,} values in {self.forms:,} forms, "
            f"searched in {self.files:,} files ({self.bytes:,} bytes) of {self.parties:,} parties, "
            f"and {self.guesses:,} guesses by their own keys"
        )

    def table(self) -> Listing:
        """The findings, counted by party, file, kind and form."""
        headings = ("party", "file", "kind", "form", "places", "values")
        table = Listing(*headings, title=self.summary(), right=headings[-2:])
        for place, (places, values) in self.counted().items():
            table.add_row(*place, f"{places:,}", f"{values:,}")
        return table

    def counted(self) -> dict[tuple[str, str, str, str], tuple[int, int]]:
        """At how many places, and how many values, by party, file, kind and form."""
        groups: dict[tuple[str, str, str, str], list[Finding]] = {}
        for finding in self.findings:
            place = (finding.party, finding.file, finding.kind, finding.form)
            groups.setdefault(place, []).append(finding)
        return {
            place: (len(found), len({finding.subject for finding in found}))
            for place, found in groups.items()
        }

    def as_dict(self) -> dict[str, object]:
        """The findings for machines, counted as in the table, and how much was searched."""
        heads = ("party", "file", "kind", "form", "places", "values")
        return {
            "findings": [
                dict(zip(heads, (*place, *counts), strict=True))
                for place, counts in self.counted().items()
            ],
            "parties": self.parties,
            "files": self.files,
            "bytes": self.bytes,
            "values": self.values,
            "forms": self.forms,
            "guesses": self.guesses,
        }


def audit(parties: Sequence[Party], known: Sequence[Known]) -> Audit:
    """Search all files of all parties for all forms of all known values.

    Raises OSError when a named file cannot be read, and MemberTooLong.
    """
    patterns = list(_patterns(known))
    scanner = Scanner(patterns)
    findings: set[Finding] = set()
    sizes: list[int] = []
    guesses = 0
    for party in parties:
        guessing = list(_guesses(party, known))
        guesses += len(guessing)
        guessed = Scanner(guessing) if guessing else None
        for file, is_log in party.files():
            sizes.append(file.stat().st_size)
            for hit in scanner.scan(file):
                if _is_finding(party, known[hit.subject], is_log=is_log):
                    findings.add(_finding(party, str(file), hit))
            for hit in guessed.scan(file) if guessed else ():
                findings.add(_finding(party, str(file), hit))
        for place, content in party.opened:
            sizes.append(len(content))
            for hit in scanner.scan_bytes(content):
                if _is_finding(party, known[hit.subject], is_log=False):
                    findings.add(_finding(party, f"opened {place}", hit))
            for hit in guessed.scan_bytes(content) if guessed else ():
                findings.add(_finding(party, f"opened {place}", hit))
        findings.update(_of_receipts(party, known))
    return Audit(
        findings=tuple(sorted(findings)),
        parties=len(parties),
        files=sum(1 for party in parties for _ in party.files()),
        bytes=sum(sizes),
        values=len(known),
        forms=len(patterns),
        guesses=guesses,
    )


def _patterns(known: Iterable[Known]) -> Iterator[Pattern]:
    for subject, item in enumerate(known):
        for form, needle in forms(item.value):
            yield Pattern(form, item.kind, subject, needle)


def _guesses(party: Party, known: Sequence[Known]) -> Iterator[Pattern]:
    """What the party's own keys make of each value that it must not know."""
    if party.guesser is None:
        return
    for subject, item in enumerate(known):
        if tried(party.role, item.kind):
            value = item.value if isinstance(item.value, bytes) else item.value.encode()
            for form, hashed in party.guesser.hashes(value):
                shown = hashed[:SHOWN_BYTES]
                yield Pattern(form, item.kind, subject, shown)
                yield Pattern(f"{form}, hex", item.kind, subject, shown.hex().encode())


def _of_receipts(party: Party, known: Sequence[Known]) -> Iterator[Finding]:
    subjects = {item.value: subject for subject, item in enumerate(known)}
    for place, one in party.guessed:
        subject = subjects.get(one.value, _UNNAMED)
        yield Finding(str(party), place, one.kind.value, one.form, 0, subject)


def _is_finding(party: Party, item: Known, *, is_log: bool) -> bool:
    if forbidden(party.role, item.kind, in_log_line=is_log):
        return True
    place = cell(party.role, item.kind)
    return place.own and item.institution != party.institution


def _finding(party: Party, file: str, hit: Hit) -> Finding:
    return Finding(str(party), file, hit.kind.value, hit.form, hit.offset, hit.subject)
