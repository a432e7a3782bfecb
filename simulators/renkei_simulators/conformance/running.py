"""Running cases, one after the other; none needs what another left behind (invented)."""

import time
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from renkei_simulators.conformance.bench import Bench, Unprepared
from renkei_simulators.conformance.calling import Caller, Came, Ending
from renkei_simulators.conformance.cases import Case, NoConnection
from renkei_simulators.conformance.controls import Fidelity, Level
from renkei_simulators.conformance.judging import Problem, judge
from renkei_simulators.conformance.requests import encode
from renkei_simulators.conformance.vocabulary import fill_text
from renkei_simulators.world.definition import SeatPlan


class Verdict(Enum):
    """How a case ended."""

    PASSED = "passed"
    FAILED = "failed"
    KNOWN_FAILURE = "known failure"
    PASSED_THOUGH_KNOWN = "passed though known to fail"


@dataclass(frozen=True, slots=True)
class Result:
    """One case on one seat."""

    case: Case
    seat: str
    level: Level
    verdict: Verdict
    problem: Problem | None
    known: str
    """Why it is known to fail; empty where it is not."""
    by_status: bool
    """Whether a refusal was judged by its gRPC status alone."""
    seconds: float

    @property
    def counts_against(self) -> bool:
        """Whether the run has not passed because of it."""
        if self.verdict is Verdict.FAILED:
            return self.level is Level.MUST
        return self.verdict is Verdict.PASSED_THOUGH_KNOWN


def level_of(case: Case, seat: SeatPlan) -> Level:
    """What is invented binds our own servers; of somebody else's it is no more than asked."""
    if case.fidelity is Fidelity.INVENTED and seat.external:
        return Level.SHOULD
    return max((one.level for one in case.controls), default=Level.MUST)


async def run(
    cases: Iterable[Case],
    bench: Bench,
    *,
    wanted: SeatPlan | None = None,
    known: Mapping[str, str] | None = None,
) -> AsyncIterator[Result]:
    """Run those cases for which the world has a seat, or that are for the wanted seat.

    `known` tells by case id why a case is known to fail.
    """
    for case in cases:
        seat = bench.seat_for(case, wanted)
        if seat is None:
            continue
        started = time.perf_counter()
        problem, by_status = await _Run(case, seat, bench).end()
        why = (known or {}).get(case.id, "")
        yield Result(
            case,
            seat.name,
            level_of(case, seat),
            _verdict(problem, why),
            problem,
            why,
            by_status,
            time.perf_counter() - started,
        )


def _verdict(problem: Problem | None, known: str) -> Verdict:
    if problem is None:
        return Verdict.PASSED_THOUGH_KNOWN if known else Verdict.PASSED
    return Verdict.KNOWN_FAILURE if known else Verdict.FAILED


class _Run:
    """One case while it runs."""

    def __init__(self, case: Case, seat: SeatPlan, bench: Bench) -> None:
        self._case = case
        self._seat = seat
        self._bench = bench
        self._listener = bench.listener(case, seat)
        self._address = bench.address(self._listener)

    async def end(self) -> tuple[Problem | None, bool]:
        """What went wrong first, and whether a refusal was judged by its status alone."""
        try:
            values = await self._bench.values(self._case, self._seat)
            caller = self._caller(values)
        except Unprepared as lacking:
            return Problem(1, "what the case needs", lacking.missing, lacking.remedy), False
        first, by_status = None, False
        for number, step in enumerate(self._case.steps, start=1):
            if isinstance(step.expect, NoConnection):
                problem, came = await self._no_connection(caller, number), None
            else:
                request = encode(self._case.descriptor, step.request, values, step.unknown_field_in)
                came = await caller.call(self._address, self._case.method, request)
                strict = not self._seat.external
                problem = judge(self._case, number, came, first, strict=strict)
                by_status |= not strict and came.ending is Ending.REFUSED and not came.reason
            if problem is not None:
                return problem, by_status
            first = first or came
        return None, by_status

    async def _no_connection(self, caller: Caller, number: int) -> Problem | None:
        """A silent server refuses nobody: a proper caller must get a connection meanwhile."""
        proper = Caller(
            self._bench.credentials(self._listener), certified=True, server=self._listener
        )
        if not await proper.connects(self._address):
            return Problem(
                number,
                "a connection for the server's own identity, and none for the case's caller",
                "no connection for either",
                f"start the server, or let it be found at {self._address}",
            )
        connected = await caller.connects(self._address)
        came = Came(Ending.ANSWERED if connected else Ending.NO_CONNECTION)
        return judge(self._case, number, came, None, strict=True)

    def _caller(self, values: Mapping[str, str]) -> Caller:
        institution = fill_text(self._case.caller.institution, values)
        bearer = self._bench.credentials(self._bench.caller(self._case, self._seat, institution))
        judged_by = self._bench.credentials(self._listener).roots_pem
        return Caller(
            replace(bearer, roots_pem=judged_by),
            certified=self._case.caller.certified,
            server=self._listener,
        )
