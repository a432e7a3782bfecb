"""One flow, a code acquisition or a change of a record, stitched together from the log lines of all servers.

A server writes one line for each RPC that it answered, a caller one for each
answer that it got. A caller's line names its cause: the request that led to the
call. From the first request the causes lead to every other one. Reads have no
request id, so a poll is known from its caller's line alone.
Fidelity: invented; the real servers share no log.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Self

from renkei.networks import ward
from renkei_pki.identity import Identity
from renkei_simulators.trace.flows import Flow, flow_of
from renkei_simulators.trace.legs import flow_order, steps_at
from renkei_simulators.trace.parties import Seat

DONE: Final = "OK"
LATER: Final = "LATER"
"""The caller's word for an answer that does not count yet: it will ask again."""


class NoSuchFlow(LookupError):
    """No server's log tells of the request."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One RPC of the flow, however often it was tried.

    `began` is when its last try began. `outcome` is OK, LATER or a reason's name.
    """

    steps: tuple[str, ...]
    began: datetime
    caller: Seat
    callee: Seat
    domain: str
    method: str
    milliseconds: float
    attempts: int
    outcome: str

    @property
    def ends(self) -> tuple[Seat, Seat]:
        """Caller and callee."""
        return self.caller, self.callee

    @property
    def done(self) -> bool:
        """Whether the callee did what it was asked."""
        return self.outcome == DONE


@dataclass(frozen=True, slots=True)
class Trace:
    """The hops that one request led to, in the order of the flow."""

    start: str
    hops: tuple[Hop, ...]

    @property
    def seats(self) -> frozenset[Seat]:
        """Every seat that took part."""
        return frozenset(seat for hop in self.hops for seat in hop.ends)

    @property
    def flow(self) -> Flow:
        """Which flow it is, by the first step that is one."""
        return flow_of(next((step for hop in self.hops for step in hop.steps), ""))

    @property
    def began(self) -> datetime:
        """When the first hop began."""
        return min(hop.began for hop in self.hops)

    @property
    def ended(self) -> datetime:
        """When the last hop was answered."""
        return max(hop.began + timedelta(milliseconds=hop.milliseconds) for hop in self.hops)


def collect(logs: Path, start: str) -> Trace:
    """Stitch the flow that the request `start` began from `logs/*.jsonl`.

    Raises NoSuchFlow when no server answered that request, and OSError.
    """
    answers, calls = _read(logs)
    if start not in answers:
        raise NoSuchFlow(f"no server answered request {start!r}")
    followed = _followed(start, calls)
    polls = [call for call in followed if call.task == "poll"]
    known = {start} | {call.request_id for call in followed if call.task != "poll"}
    hops = [*_hops(known, answers, followed), *_final_polls(polls)]
    trace = Trace(start, tuple(sorted(hops, key=lambda hop: hop.began)))
    return trace if trace.flow.in_time else Trace(start, tuple(sorted(hops, key=_flow_key)))


@dataclass(frozen=True, slots=True)
class _Answer:
    """A callee's line."""

    at: datetime
    seat: str
    caller: str
    domain: str
    method: str
    steps: tuple[str, ...]
    request_id: str
    outcome: str
    milliseconds: float

    @classmethod
    def parse(cls, line: Mapping[str, Any]) -> Self:
        return cls(
            datetime.fromisoformat(line["at"]),
            line["seat"],
            line["caller"],
            line["domain"],
            line["method"],
            tuple(line["steps"]),
            line["request_id"],
            line["outcome"],
            line["milliseconds"],
        )


@dataclass(frozen=True, slots=True)
class _Call:
    """A caller's line. A call made within an RPC is of no task, and its first try."""

    at: datetime
    seat: str
    task: str
    peer: str
    method: str
    request_id: str
    cause: str
    attempt: int
    outcome: str
    milliseconds: float

    @classmethod
    def parse(cls, line: Mapping[str, Any]) -> Self:
        return cls(
            datetime.fromisoformat(line["at"]),
            line["seat"],
            line.get("task", ""),
            line["peer"],
            line["method"],
            line["request_id"],
            line["cause"],
            line.get("attempt", 1),
            line["outcome"],
            line["milliseconds"],
        )


def _read(logs: Path) -> tuple[dict[str, list[_Answer]], dict[str, list[_Call]]]:
    """The callees' lines by request, the callers' lines by cause, each in the order of time."""
    answers: dict[str, list[_Answer]] = defaultdict(list)
    calls: dict[str, list[_Call]] = defaultdict(list)
    for path in sorted(logs.glob("*.jsonl")):
        for line in _lines(path):
            if line.get("event") == "rpc_answered" and line["request_id"]:
                answers[line["request_id"]].append(_Answer.parse(line))
            elif line.get("event") == "call_answered" and line.get("cause"):
                calls[line["cause"]].append(_Call.parse(line))
    for answered in answers.values():
        answered.sort(key=lambda answer: answer.at)
    for called in calls.values():
        called.sort(key=lambda call: call.at)
    return answers, calls


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8", errors="replace") as file:
        for text in file:
            try:
                line = json.loads(text)
            except json.JSONDecodeError:
                continue  # torn when its server was killed
            if isinstance(line, dict):
                yield line


def _followed(start: str, calls: dict[str, list[_Call]]) -> list[_Call]:
    followed: list[_Call] = []
    known = {start}
    waiting = [start]
    while waiting:
        for call in calls.get(waiting.pop(), []):
            followed.append(call)
            if call.request_id and call.request_id not in known:
                known.add(call.request_id)
                waiting.append(call.request_id)
    return followed


def _hops(known: set[str], answers: dict[str, list[_Answer]], calls: list[_Call]) -> Iterator[Hop]:
    sent: dict[tuple[str, str], list[_Call]] = defaultdict(list)
    got: dict[tuple[str, str], list[_Answer]] = defaultdict(list)
    for call in calls:
        if call.task != "poll":
            sent[call.request_id or call.peer, call.method].append(call)  # who only asks has no id
    for request_id in known:
        for answer in answers.get(request_id, []):
            got[answer.request_id, answer.method].append(answer)
    for key in sent.keys() | got.keys():
        yield _joined(sent.get(key, []), got.get(key, []))


def _joined(sent: list[_Call], got: list[_Answer]) -> Hop:
    """One hop of both ends' lines, of which one end's may be missing.

    The caller's last line decides how it ended; the callee's names the
    certificate that the caller bore.
    """
    last = sent[-1] if sent else got[-1]
    peer = Seat.parse(sent[-1].peer if sent else got[-1].seat)
    return Hop(
        steps=steps_at(last.method, got[-1].steps if got else (), peer.role),
        began=last.at - timedelta(milliseconds=last.milliseconds),
        caller=Seat.of(Identity.parse(got[-1].caller)) if got else Seat.parse(last.seat),
        callee=peer,
        domain=got[-1].domain if got else _domain(last.method, peer),
        method=last.method,
        milliseconds=last.milliseconds,
        attempts=max([len(got), len(sent), *(call.attempt for call in sent)]),
        outcome=last.outcome,
    )


def _final_polls(polls: list[_Call]) -> Iterator[Hop]:
    asked: dict[tuple[str, str, str], list[_Call]] = defaultdict(list)
    for poll in polls:
        asked[poll.seat, poll.peer, poll.method].append(poll)
    for tries in asked.values():
        tries.sort(key=lambda poll: poll.at)
        while tries and tries[-1].outcome != DONE:
            tries.pop()
        if tries:
            yield _joined(tries, [])


def _domain(method: str, callee: Seat) -> str:
    """The trust domain of a method: one proto package is one network."""
    package = method.removeprefix("/renkei.").partition(".")[0]
    return ward(callee.institution) if package == "ward" else package


def _flow_key(hop: Hop) -> tuple[tuple[float, str], datetime]:
    return flow_order(hop.steps[0] if hop.steps else ""), hop.began
