"""What a seat tells of its comparisons (F9): runs, their parts, and what was found of persons."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from renkei import reasons
from renkei.codes import Institution, ResidentRecordCode
from renkei.consistency import Finding, Peer, State


@dataclass(frozen=True, slots=True)
class Part:
    """One municipality's persons here and with one peer."""

    peer: Peer
    municipality: Institution
    state: State = State.UNDER_WAY
    failed: str = ""
    """Why it ended before all was compared, by the reason's name."""
    persons: int = 0
    differing_buckets: int = 0
    buckets_done: int = 0
    compared: int = 0
    calls: int = 0
    not_comparable: int = 0
    found: dict[str, int] = field(default_factory=dict)
    """How many persons were found so, by the finding's name."""

    @property
    def differences(self) -> int:
        """Of how many persons the two ends contradict each other."""
        return sum(self.found.get(one.name, 0) for one in Finding if one.is_difference)

    def with_found(self, findings: Sequence[Finding]) -> "Part":
        """With these beside what was found before."""
        found = dict(self.found)
        for one in findings:
            found[one.name] = found.get(one.name, 0) + 1
        return replace(self, found=found)


@dataclass(frozen=True, slots=True)
class Run:
    """One run."""

    number: int
    started_at: datetime
    ends_by: datetime
    regular: bool
    parts: tuple[Part, ...]

    @property
    def is_over(self) -> bool:
        """Whether each of its comparisons has ended."""
        return all(one.state is not State.UNDER_WAY for one in self.parts)

    def as_of(self, now: datetime) -> "Run":
        """As it stands at a moment: what its term left undone has ended, whoever was to do it."""
        if now < self.ends_by:
            return self
        ended: dict[str, Any] = {"state": State.FAILED, "failed": reasons.TERM_OVER.name}
        return replace(
            self,
            parts=tuple(
                replace(one, **ended) if one.state is State.UNDER_WAY else one for one in self.parts
            ),
        )


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one person."""

    finding: Finding
    resident_record_code: ResidentRecordCode
    differing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """What was found of one person, and between whom."""

    number: int
    """Those of a run are told in the order of these."""
    peer: Peer
    municipality: Institution
    found: Found


@dataclass(frozen=True, slots=True)
class Report:
    """How a run stands, and some of what it has found."""

    run: Run
    differences: Sequence[Difference]
    more: bool
    """Whether more was found than this."""
