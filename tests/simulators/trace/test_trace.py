"""From the lines of all servers comes one sequence: all of the flow, and nothing else of the logs.

The first half writes the logs of a ward's acquisition, line by line as its servers would.
"""

import io
import json
import random
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from renkei.jukinet.v1 import linkage_code_generation_pb2 as _national
from renkei.linkage.v1 import (
    code_acquisition_pb2 as _acquisition,
)
from renkei.linkage.v1 import (
    code_delivery_pb2 as _delivery,
)
from renkei.linkage.v1 import (
    numbering_pb2 as _agency,
)
from renkei.linkage.v1 import (
    processing_serial_pb2 as _serial,
)
from renkei.linkage.v1 import (
    resident_record_code_pb2 as _record_code,
)
from renkei.type.v1 import options_pb2
from renkei.ward.v1 import (
    linkage_code_generation_pb2 as _generation,
)
from renkei.ward.v1 import (
    linkage_code_relay_pb2 as _relay,
)
from renkei.ward.v1 import (
    numbering_pb2 as _numbering,
)
from renkei.ward.v1 import (
    resident_record_pb2 as _record,
)
from renkei_simulators.separation.knowledge import TABLE, Kind, Mark, cell
from renkei_simulators.trace.legs import LEGS, flow_order
from renkei_simulators.trace.page import page, write
from renkei_simulators.trace.parties import Seat
from renkei_simulators.trace.stitching import Hop, NoSuchFlow, Trace, collect
from renkei_simulators.trace.terminal import sequence

START = datetime(2026, 11, 23, 5, 0, 0, 123456, tzinfo=UTC)


@dataclass
class Logs:
    """Log lines by seat, in the order of writing."""

    at: datetime = START
    lines: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def answered(self, at: str, who: str, method: str, request_id: str, **more: Any) -> None:
        """A callee's line: `who` is the caller's SPIFFE path, `domain/institution/role`."""
        domain, institution, role = who.split("/")
        self.lines[at].append(
            {
                "event": "rpc_answered",
                "at": self._later(3.0),
                "seat": at,
                "caller": f"spiffe://{domain}.renkei.test/{institution}/{role}",
                "domain": domain,
                "method": method,
                "steps": [],
                "request_id": request_id,
                "outcome": "OK",
                "milliseconds": 1.5,
                "bytes_in": 123,
                "bytes_out": 2,
            }
            | more
        )

    def called(
        self, by: str, peer: str, method: str, request_id: str, cause: str, **more: Any
    ) -> None:
        """A caller's line; without a task it is of a call made within an RPC."""
        self.lines[by].append(
            {
                "event": "call_answered",
                "at": self._later(0.5),
                "seat": by,
                "peer": peer,
                "method": method,
                "request_id": request_id,
                "cause": cause,
                "outcome": "OK",
                "milliseconds": 2.5,
            }
            | ({"attempt": 1} if "task" in more else {})
            | more
        )

    def write(self, folder: Path) -> Path:
        folder.mkdir(exist_ok=True)
        for seat, lines in self.lines.items():
            text = "".join(json.dumps(line) + "\n" for line in lines)
            (folder / f"{seat}.jsonl").write_text(text)
        return folder

    def _later(self, milliseconds: float) -> str:
        self.at += timedelta(milliseconds=milliseconds)
        return self.at.isoformat().replace("+00:00", "Z")


RECORD = "/renkei.ward.v1.ResidentRecordService/RequestCodeAcquisition"
NUMBER = "/renkei.ward.v1.NumberingService/NumberPerson"
ACQUIRE = "/renkei.linkage.v1.CodeAcquisitionService/AcquireCode"
SERIAL = "/renkei.linkage.v1.ProcessingSerialService/IssueProcessingSerial"
RELAY = "/renkei.ward.v1.LinkageCodeRelayService/RelayLinkageCodeGeneration"
GENERATE = "/renkei.ward.v1.LinkageCodeGenerationService/GenerateLinkageCode"
NATIONAL = "/renkei.jukinet.v1.LinkageCodeGenerationService/GenerateLinkageCode"
REPORT = "/renkei.linkage.v1.ResidentRecordCodeService/ReportResidentRecordCode"
DELIVER = "/renkei.linkage.v1.CodeDeliveryService/DeliverCode"
ACQUIRED = "/renkei.linkage.v1.CodeAcquisitionService/GetCodeAcquisition"
OUTCOME = "/renkei.ward.v1.NumberingService/GetNumberingOutcome"


def acquisition(logs: Logs, flow: str, ward: str = "131148") -> None:
    """All lines of one acquisition whose request ids start with `flow`."""
    net = f"ward-{ward}"
    record, platform, cs = (
        f"resident-record.{ward}",
        f"linkage-platform.{ward}",
        f"municipal-cs.{ward}",
    )
    middle, core, national = (
        f"middle-server.{ward}",
        "provision-network.ipn",
        "national-server.jlis",
    )
    logs.answered(record, f"{net}/{ward}/ward-terminal", RECORD, f"{flow}-0", steps=["F1.0"])
    logs.answered(platform, f"{net}/{ward}/resident-record", NUMBER, f"{flow}-1", steps=["F1.1"])
    logs.called(record, platform, NUMBER, f"{flow}-1", f"{flow}-0", task="number")
    logs.answered(
        core, f"linkage/{ward}/middle-server", SERIAL, f"{flow}-4", steps=["F1.4", "F1.5"]
    )
    logs.called(middle, core, SERIAL, f"{flow}-4", f"{flow}-3")
    logs.answered(
        middle,
        f"linkage/{ward}/linkage-platform",
        ACQUIRE,
        f"{flow}-3",
        steps=["F1.3", "F1.6"],
        milliseconds=8.0,
    )
    logs.called(
        platform, middle, ACQUIRE, f"{flow}-3", f"{flow}-1", task="acquire", milliseconds=8.5
    )
    logs.answered(record, f"{net}/{ward}/linkage-platform", RELAY, f"{flow}-7a", steps=["F1.7a"])
    logs.called(platform, record, RELAY, f"{flow}-7a", f"{flow}-1", task="relay")
    logs.answered(cs, f"{net}/{ward}/resident-record", GENERATE, f"{flow}-7b", steps=["F1.7b"])
    logs.called(record, cs, GENERATE, f"{flow}-7b", f"{flow}-7a", task="generate")
    logs.answered(national, f"jukinet/{ward}/municipal-cs", NATIONAL, f"{flow}-8", steps=["F1.8"])
    logs.called(cs, national, NATIONAL, f"{flow}-8", f"{flow}-7b", task="generate")
    logs.answered(
        core, "linkage/jlis/national-server", REPORT, f"{flow}-10", steps=["F1.10", "F1.11"]
    )
    logs.called(national, core, REPORT, f"{flow}-10", f"{flow}-8", task="report")
    logs.answered(
        middle, "linkage/ipn/provision-network", DELIVER, f"{flow}-12", steps=["F1.12", "F1.13"]
    )
    logs.called(core, middle, DELIVER, f"{flow}-12", f"{flow}-10", task="deliver")
    for outcome in ("LATER", "OK"):
        logs.answered(middle, f"linkage/{ward}/linkage-platform", ACQUIRED, "", steps=["F1.14"])
        logs.called(platform, middle, ACQUIRED, "", f"{flow}-1", task="poll", outcome=outcome)
        logs.answered(platform, f"{net}/{ward}/resident-record", OUTCOME, "", steps=["F1.15"])
        logs.called(record, platform, OUTCOME, "", f"{flow}-0", task="poll", outcome=outcome)


EXPECTED = [
    ("F1.0", "ward-terminal", "resident-record", "ward-131148"),
    ("F1.1", "resident-record", "linkage-platform", "ward-131148"),
    ("F1.3", "linkage-platform", "middle-server", "linkage"),
    ("F1.4", "middle-server", "provision-network", "linkage"),
    ("F1.7a", "linkage-platform", "resident-record", "ward-131148"),
    ("F1.7b", "resident-record", "municipal-cs", "ward-131148"),
    ("F1.8", "municipal-cs", "national-server", "jukinet"),
    ("F1.10", "national-server", "provision-network", "linkage"),
    ("F1.12", "provision-network", "middle-server", "linkage"),
    ("F1.14", "linkage-platform", "middle-server", "linkage"),
    ("F1.15", "resident-record", "linkage-platform", "ward-131148"),
]


@pytest.fixture
def logs() -> Logs:
    """The lines of the acquisition `a` and of two others in the same files."""
    logs = Logs()
    acquisition(logs, "b")
    acquisition(logs, "a")
    acquisition(logs, "c", ward="141003")
    return logs


@pytest.fixture
def trace(logs: Logs, tmp_path: Path) -> Trace:
    return collect(logs.write(tmp_path / "logs"), "a-0")


def told(trace: Trace) -> list[tuple[str, str, str, str]]:
    return [(hop.steps[0], hop.caller.role, hop.callee.role, hop.domain) for hop in trace.hops]


def at_step(trace: Trace, step: str) -> Hop:
    return next(hop for hop in trace.hops if step in hop.steps)


# Stitching


def test_a_ward_flow_is_told_in_the_order_of_its_steps_and_without_other_flows(
    trace: Trace,
) -> None:
    assert told(trace) == EXPECTED
    assert all(hop.done for hop in trace.hops)


@given(st.randoms(use_true_random=False))
def test_the_order_of_lines_within_files_does_not_matter(shuffler: random.Random) -> None:
    logs = Logs()
    acquisition(logs, "a")
    acquisition(logs, "b")
    for lines in logs.lines.values():
        shuffler.shuffle(lines)

    with TemporaryDirectory() as folder:
        trace = collect(logs.write(Path(folder)), "a-0")

    assert told(trace) == EXPECTED


def test_a_hop_knows_its_ends_its_steps_and_how_long_it_took(trace: Trace) -> None:
    hop = at_step(trace, "F1.10")

    assert hop.ends == (Seat("national-server", "jlis"), Seat("provision-network", "ipn"))
    assert hop.steps == ("F1.10", "F1.11")
    assert (hop.milliseconds, hop.attempts, hop.outcome) == (2.5, 1, "OK")


def test_polls_are_one_hop_each_whose_last_answer_counts(trace: Trace) -> None:
    polls = [hop for hop in trace.hops if hop.steps in (("F1.14",), ("F1.15",))]

    assert [(hop.steps[0], hop.attempts, hop.outcome) for hop in polls] == [
        ("F1.14", 2, "OK"),
        ("F1.15", 2, "OK"),
    ]


def test_a_poll_that_was_never_answered_for_good_is_left_out(logs: Logs, tmp_path: Path) -> None:
    for lines in logs.lines.values():
        lines[:] = [line for line in lines if line.get("task") != "poll" or line["outcome"] != "OK"]

    trace = collect(logs.write(tmp_path / "logs"), "a-0")

    assert told(trace) == EXPECTED[:-2]


def test_a_retried_hop_is_one_hop_that_tells_its_tries(logs: Logs, tmp_path: Path) -> None:
    cs, national = "municipal-cs.131148", "national-server.jlis"
    line = next(line for line in logs.lines[cs] if line.get("request_id") == "a-8")
    line["attempt"] = 3
    for attempt in (1, 2):
        logs.lines[cs].insert(
            0, line | {"attempt": attempt, "outcome": "LATER", "at": "2026-11-23T05:00:00Z"}
        )

    hop = at_step(collect(logs.write(tmp_path / "logs"), "a-0"), "F1.8")

    assert (hop.caller.role, str(hop.callee)) == ("municipal-cs", national)
    assert (hop.attempts, hop.outcome) == (3, "OK")


def test_a_refused_hop_ends_the_way_there_with_its_reason(tmp_path: Path) -> None:
    trace = refused(tmp_path)

    assert told(trace) == EXPECTED[:8]
    assert trace.hops[-1].outcome == "SERIAL_EXPIRED"


def test_a_call_that_no_server_logged_is_told_by_its_caller_alone(
    logs: Logs, tmp_path: Path
) -> None:
    lines = logs.lines["municipal-cs.131148"]
    lines[:] = [line for line in lines if line["event"] == "call_answered"]

    trace = collect(logs.write(tmp_path / "logs"), "a-0")

    assert told(trace) == EXPECTED


def test_a_line_torn_by_a_killed_server_is_passed_over(logs: Logs, tmp_path: Path) -> None:
    folder = logs.write(tmp_path / "logs")
    with (folder / "municipal-cs.131148.jsonl").open("a") as file:
        file.write('{"event":"rpc_answ\n{"event":"started"}\n[]\n')

    assert told(collect(folder, "a-0")) == EXPECTED


def test_a_request_that_nobody_answered_is_no_flow(logs: Logs, tmp_path: Path) -> None:
    with pytest.raises(NoSuchFlow):
        collect(logs.write(tmp_path / "logs"), "z-0")


# The contract


MODULES: tuple[Any, ...] = (
    *(_record, _numbering, _relay, _generation, _national),
    *(_acquisition, _delivery, _agency, _serial, _record_code),
)
CONTRACT = [
    (method, tuple(method.GetOptions().Extensions[options_pb2.rule].steps))
    for module in MODULES
    for service in module.DESCRIPTOR.services_by_name.values()
    for method in service.methods
]


@pytest.mark.parametrize(("method", "steps"), CONTRACT, ids=lambda part: getattr(part, "name", ""))
def test_a_leg_has_the_steps_that_the_contract_gives_its_method(
    method: Any, steps: tuple[str, ...]
) -> None:
    name = f"/{method.containing_service.full_name}/{method.name}"

    assert set(steps) <= set(LEGS[name].steps if name in LEGS else ())


def test_a_message_carries_nothing_that_an_end_of_it_may_never_see(trace: Trace) -> None:
    for hop in trace.hops:
        leg = LEGS[hop.method]
        for message in filter(None, (leg.asks, leg.answers)):
            for kind in message.carries:
                for seat in hop.ends:
                    assert cell(seat.role, kind).mark is not Mark.NEVER, (message.step, kind, seat)


def test_the_provision_network_alone_meets_record_code_and_code_and_it_meets_no_number() -> None:
    def meets(role: str, *kinds: Kind) -> bool:
        return all(cell(role, kind).mark is not Mark.NEVER for kind in kinds)

    both = {role for role in TABLE if meets(role, Kind.RESIDENT_RECORD_CODE, Kind.LINKAGE_CODE)}

    assert both == {"provision-network"}
    assert not meets("provision-network", Kind.INDIVIDUAL_NUMBER)
    assert not meets("provision-network", Kind.INTEGRATED_ADDRESS_NUMBER)


def test_steps_are_in_the_order_of_the_flow() -> None:
    steps = ["", "F1.15", "F1.7b", "F1.10", "F1.8", "F1.7a", "F1.0"]

    assert sorted(steps, key=flow_order) == ["F1.0", "F1.7a", "F1.7b", "F1.8", "F1.10", "F1.15", ""]


# Telling it


class Reader(HTMLParser):
    """The tags, attributes and texts of a page; an unbalanced tag is kept in `open`."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def refused(folder: Path) -> Trace:
    logs = Logs()
    acquisition(logs, "a")
    for seat, lines in logs.lines.items():
        kept = [line for line in lines if line["request_id"] not in ("a-12", "")]
        logs.lines[seat] = [
            line | {"outcome": "SERIAL_EXPIRED"} if line["request_id"] == "a-10" else line
            for line in kept
        ]
    return collect(logs.write(folder / "refused"), "a-0")


def steps_drawn(text: str) -> list[str]:
    return [value for name, value in Reader(text).attributes if name == "data-step"]


def test_the_page_draws_every_step_of_the_flow_once(trace: Trace) -> None:
    numbers = ["0", "1", "2", "3", "4", "5", "6", "7a", "7b", *map(str, range(8, 16))]

    assert steps_drawn(page(trace)) == [f"F1.{number}" for number in numbers]


def test_the_page_lists_every_hop(trace: Trace) -> None:
    text = page(trace)

    for hop in trace.hops:
        row = f"<td>{hop.caller}</td><td>{hop.callee}</td>"
        assert row in text


def test_the_page_needs_nothing_from_elsewhere(trace: Trace, tmp_path: Path) -> None:
    write(trace, tmp_path / "trace.html")
    text = (tmp_path / "trace.html").read_text(encoding="utf-8")
    reader = Reader(text)

    assert reader.open == []
    assert not {"src", "href", "xlink:href"} & {name for name, _ in reader.attributes}
    assert not re.search(r"https?:|url\(|@import|<script|spiffe:", text)


def test_the_page_escapes_what_stands_in_the_logs(logs: Logs, tmp_path: Path) -> None:
    for lines in logs.lines.values():
        for line in lines:
            if line["event"] == "call_answered" and line["request_id"] == "a-8":
                line["outcome"] = '<script>alert("&")</script>'

    text = page(collect(logs.write(tmp_path / "logs"), "a-0"))

    assert "<script" not in text
    assert Reader(text).open == []


def test_a_refused_hop_is_drawn_with_its_reason_and_nothing_follows_from_it(tmp_path: Path) -> None:
    text = page(refused(tmp_path))

    assert steps_drawn(text)[-1] == "F1.10"
    assert "SERIAL_EXPIRED" in text
    assert "not every hop was done" in text


def test_a_hop_of_another_flow_is_drawn_under_its_methods_name(logs: Logs, tmp_path: Path) -> None:
    method = "/renkei.ward.v1.NoticeService/RecordNotice"
    logs.called("resident-record.131148", "convenience.131148", method, "a-n", "a-0")

    trace = collect(logs.write(tmp_path / "logs"), "a-0")

    assert trace.hops[-1].steps == ()
    assert "RecordNotice" in page(trace)


def test_the_terminal_tells_every_hop_in_order_with_its_outcome(
    trace: Trace, tmp_path: Path
) -> None:
    drawn = io.StringIO()
    console = Console(width=220, file=drawn)
    console.print(sequence(trace))
    console.print(sequence(refused(tmp_path)))
    text = drawn.getvalue()

    rows = re.findall(r"^ +([\dab/]+) +(\S.*? → .*?)  ", text, re.MULTILINE)[: len(EXPECTED)]
    assert [step for step, _ in rows] == [
        "0",
        "1",
        "3/6",
        "4/5",
        "7a",
        "7b",
        "8",
        "10/11",
        "12/13",
        "14",
        "15",
    ]
    assert rows[7][1] == "National server → Provision network"
    assert "✔ (try 2)" in text
    assert "SERIAL_EXPIRED" in text


def test_a_flow_lasts_from_its_first_beginning_to_its_last_answer(trace: Trace) -> None:
    assert trace.began == min(hop.began for hop in trace.hops)
    assert timedelta(milliseconds=40) < trace.ended - trace.began < timedelta(milliseconds=60)
