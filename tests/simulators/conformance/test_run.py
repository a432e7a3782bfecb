"""The kit passes who keeps the rules, and fails who does not: each case can fail."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import count, repeat
from pathlib import Path

import grpc
import pytest

from renkei import reasons
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei_server.door.answer import status_of
from renkei_simulators.conformance.bench import Bench
from renkei_simulators.conformance.cases import Answered, Case, NoConnection
from renkei_simulators.conformance.controls import Fidelity, Level
from renkei_simulators.conformance.reading import load, parse
from renkei_simulators.conformance.running import Result, Verdict, run

from .conftest import WARD, Place, accept, as_somebody_elses, issued, servers

CASES = load()


async def results(
    cases: tuple[Case, ...], bench: Bench, known: Mapping[str, str] | None = None
) -> list[Result]:
    return [one async for one in run(cases, bench, known=known)]


async def test_our_own_servers_pass_every_case(running: Place) -> None:
    found = await results(CASES, Bench(running.world, running.layout))

    assert [str(one.problem) for one in found if one.problem] == []
    assert [one.case for one in found] == list(CASES)
    assert {one.level for one in found} == {Level.MUST}
    assert not any(one.by_status for one in found)


async def test_a_server_that_accepts_everything_fails_every_case(running: Place) -> None:
    async with servers(running, accept) as addresses:
        found = await results(CASES, Bench(running.world, running.layout, addresses))

    assert [one.case.id for one in found if one.verdict is not Verdict.FAILED] == []
    assert all(one.problem and one.problem.next for one in found)


async def test_a_server_that_refuses_everything_fails_every_case_that_expects_an_answer(
    running: Place,
) -> None:
    async def refuse(_method: str, _raw: bytes, context: grpc.aio.ServicerContext) -> bytes:  # type: ignore[type-arg]
        await context.abort(grpc.StatusCode.FAILED_PRECONDITION, "never")

    expecting = tuple(
        case for case in CASES if any(isinstance(one.expect, Answered) for one in case.steps)
    )
    async with servers(running, refuse) as addresses:
        world = as_somebody_elses(running.world, addresses)
        found = await results(expecting, Bench(world, running.layout, addresses))

    assert len(found) == len(expecting)
    assert {one.verdict for one in found} == {Verdict.FAILED}


def telling(reason: Reason | None, status: grpc.StatusCode, *fields: str) -> object:
    """A server that refuses everything in one way."""

    async def refuse(_method: str, _raw: bytes, context: grpc.aio.ServicerContext) -> bytes:  # type: ignore[type-arg]
        if reason is None:
            await context.abort(status, "in words of its own: 123456789018")
        await context.abort_with_status(status_of(Refusal(reason, "", *fields)))
        return b""

    return refuse


CHECK_DIGIT = next(case for case in CASES if case.id == "F1.7b/check-digit")


@pytest.mark.parametrize(
    ("server", "ours", "theirs"),
    [
        (
            telling(
                reasons.INDIVIDUAL_NUMBER_CHECK_DIGIT,
                grpc.StatusCode.INVALID_ARGUMENT,
                "individual_number.digits",
            ),
            Verdict.PASSED,
            Verdict.PASSED,
        ),
        (telling(None, grpc.StatusCode.INVALID_ARGUMENT), Verdict.FAILED, Verdict.PASSED),
        (telling(None, grpc.StatusCode.NOT_FOUND), Verdict.FAILED, Verdict.FAILED),
        (
            telling(reasons.FIELD_MISSING, grpc.StatusCode.INVALID_ARGUMENT),
            Verdict.FAILED,
            Verdict.FAILED,
        ),
        (
            telling(
                reasons.INDIVIDUAL_NUMBER_CHECK_DIGIT, grpc.StatusCode.INVALID_ARGUMENT, "sender"
            ),
            Verdict.FAILED,
            Verdict.FAILED,
        ),
    ],
    ids=["reason and field", "status alone", "another status", "another reason", "another field"],
)
async def test_somebody_elses_server_may_tell_the_status_alone_and_ours_must_tell_the_reason(
    running: Place, server: object, ours: Verdict, theirs: Verdict
) -> None:
    async with servers(running, server) as addresses:  # type: ignore[arg-type]
        foreign = as_somebody_elses(running.world, addresses)
        (strictly,) = await results((CHECK_DIGIT,), Bench(running.world, running.layout, addresses))
        (loosely,) = await results((CHECK_DIGIT,), Bench(foreign, running.layout, addresses))

    assert (strictly.verdict, loosely.verdict) == (ours, theirs)
    assert not strictly.by_status
    assert "123456789018" not in f"{strictly} {loosely}"


@pytest.mark.parametrize(
    ("serials", "step"),
    [(repeat("A" * 32), 3), ((f"{number:032X}" for number in count()), 2), (repeat(""), 1)],
    ids=["always the same", "another for a repeat", "none"],
)
async def test_a_repeat_is_the_same_request_and_another_id_is_another(
    running: Place, serials: Iterator[str], step: int
) -> None:
    async def draw(_method: str, _raw: bytes, _context: object) -> bytes:
        return issued(next(serials))

    case = next(one for one in CASES if one.id == "F1.4/repeat")
    async with servers(running, draw) as addresses:
        (found,) = await results((case,), Bench(running.world, running.layout, addresses))

    assert found.problem is not None
    assert found.problem.step == step


async def test_a_case_for_which_there_is_no_serial_fails_and_says_so(running: Place) -> None:
    async def give_none(_method: str, _raw: bytes, _context: object) -> bytes:
        return issued("")

    case = next(one for one in CASES if one.id == "F1.10/used-twice")
    async with servers(running, give_none) as addresses:
        (found,) = await results((case,), Bench(running.world, running.layout, addresses))

    assert found.problem is not None
    assert "provision network" in found.problem.came


async def test_a_network_without_an_authority_is_told(running: Place) -> None:
    case = next(one for one in CASES if one.id == "F1.7b/another-network")
    stranger = replace(case, caller=replace(case.caller, network="control"))
    (found,) = await results((stranger,), Bench(running.world, running.layout))

    assert found.problem is not None
    assert "renkei pki init --domain control" in found.problem.next


async def test_the_guides_example_passes(running: Place) -> None:
    guide = Path(__file__).parents[3] / "docs" / "guides" / "write-a-case.md"
    (text,) = re.findall(r"```toml\n(title.*?)```", guide.read_text("utf-8"), flags=re.DOTALL)
    (found,) = await results(
        (parse("F1.7b/short-serial", text),), Bench(running.world, running.layout)
    )

    assert found.verdict is Verdict.PASSED, found.problem


async def test_what_is_invented_is_only_asked_of_somebody_elses_server(running: Place) -> None:
    async with servers(running, accept) as addresses:
        world = as_somebody_elses(running.world, addresses)
        found = await results(CASES, Bench(world, running.layout))

    assert {one.case.fidelity for one in found if one.level is Level.SHOULD} == {Fidelity.INVENTED}
    assert {one.case.fidelity for one in found if one.counts_against} == {
        Fidelity.INFERRED,
        Fidelity.DOCUMENTED,
    }


async def test_a_server_that_is_not_there_refuses_nobody(running: Place) -> None:
    nowhere = {
        (seat.name, domain): "127.0.0.1:1" for seat in running.world.seats for domain in seat.listen
    }
    closed = tuple(
        case for case in CASES if any(isinstance(one.expect, NoConnection) for one in case.steps)
    )
    found = await results(closed, Bench(running.world, running.layout, nowhere))

    assert Counter(one.verdict for one in found) == {Verdict.FAILED: len(closed)}


async def test_a_known_failure_does_not_count_until_it_passes(running: Place) -> None:
    known = {CHECK_DIGIT.id: "not written yet"}
    good = Bench(running.world, running.layout)
    (passing,) = await results((CHECK_DIGIT,), good, known)
    assert (passing.verdict, passing.counts_against) == (Verdict.PASSED_THOUGH_KNOWN, True)

    async with servers(running, accept) as addresses:
        lax = Bench(running.world, running.layout, addresses)
        (failing,) = await results((CHECK_DIGIT,), lax, known)
    assert (failing.verdict, failing.counts_against) == (Verdict.KNOWN_FAILURE, False)


async def test_a_case_is_run_on_the_wanted_seat_alone(running: Place) -> None:
    bench, wanted = Bench(running.world, running.layout), running.world.seat(f"municipal-cs.{WARD}")
    found = [one async for one in run(CASES, bench, wanted=wanted)]

    assert {one.seat for one in found} == {wanted.name}
    assert len(found) == sum(case.seat == "municipal-cs" for case in CASES)
