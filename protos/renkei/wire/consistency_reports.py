"""Reports of comparisons (F9)."""

from enum import Enum
from typing import TypeVar

from renkei import reasons
from renkei.consistency import Finding, Peer, State, item_named
from renkei.consistency_reports import Difference, Found, Part, Report, Run
from renkei.jukinet.v1 import consistency_check_pb2 as jukinet_pb2
from renkei.refusals import Refusal
from renkei.type.v1 import consistency_pb2 as pb2
from renkei.ward.v1 import consistency_check_pb2 as ward_pb2
from renkei.wire.codes import (
    read_institution,
    read_resident_record_code,
    write_resident_record_code,
)
from renkei.wire.times import read_time, write_time

E = TypeVar("E", bound=Enum)


def write_run(run: Run) -> pb2.ConsistencyRun:
    """Write how a run stands."""
    return pb2.ConsistencyRun(
        run=run.number,
        started_at=write_time(run.started_at),
        ends_by=write_time(run.ends_by),
        regular=run.regular,
        parts=map(_write_part, run.parts),
    )


def _write_part(part: Part) -> pb2.ConsistencyPart:
    return pb2.ConsistencyPart(
        peer=pb2.ConsistencyPeer.Name(part.peer.value),
        municipality=part.municipality.name,
        state=pb2.ConsistencyState.Name(part.state.value),
        failed=part.failed,
        persons=part.persons,
        differing_buckets=part.differing_buckets,
        buckets_done=part.buckets_done,
        compared=part.compared,
        calls=part.calls,
        not_comparable=part.not_comparable,
        found=[
            pb2.ConsistencyCount(
                finding=pb2.ConsistencyFinding.Name(Finding[name].value), persons=count
            )
            for name, count in part.found.items()
        ],
    )


def write_difference(one: Difference) -> pb2.ConsistencyDifference:
    """Write what was found of one person."""
    return pb2.ConsistencyDifference(
        number=one.number,
        peer=pb2.ConsistencyPeer.Name(one.peer.value),
        municipality=one.municipality.name,
        finding=pb2.ConsistencyFinding.Name(one.found.finding.value),
        resident_record_code=write_resident_record_code(one.found.resident_record_code),
        differing=one.found.differing,
    )


def read_report(
    response: ward_pb2.GetConsistencyReportResponse | jukinet_pb2.GetConsistencyReportResponse,
) -> Report:
    """Read a report."""
    return Report(
        _read_run(response.run), list(map(_read_difference, response.differences)), response.more
    )


def _read_run(told: pb2.ConsistencyRun) -> Run:
    return Run(
        told.run,
        read_time(told, "started_at"),
        read_time(told, "ends_by"),
        told.regular,
        tuple(map(_read_part, told.parts)),
    )


def _read_part(told: pb2.ConsistencyPart) -> Part:
    failed = reasons.NAMED.get(told.failed, reasons.MALFORMED_ANSWER).name if told.failed else ""
    return Part(
        _read_enum(Peer, told.peer),
        read_institution(told.municipality, "municipality"),
        _read_enum(State, told.state),
        failed,
        told.persons,
        told.differing_buckets,
        told.buckets_done,
        told.compared,
        told.calls,
        told.not_comparable,
        {_read_enum(Finding, one.finding).name: one.persons for one in told.found},
    )


def _read_difference(told: pb2.ConsistencyDifference) -> Difference:
    return Difference(
        told.number,
        _read_enum(Peer, told.peer),
        read_institution(told.municipality, "municipality"),
        Found(
            _read_enum(Finding, told.finding),
            read_resident_record_code(told),
            tuple(map(item_named, told.differing)),
        ),
    )


def _read_enum(kind: type[E], number: int) -> E:
    try:
        return kind(number)
    except ValueError:
        raise Refusal(reasons.MALFORMED_ANSWER) from None
