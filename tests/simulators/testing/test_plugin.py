"""`renkei_world`: a fixture for other people's tests, tried in a session of its own."""

from importlib.metadata import entry_points

import pytest
from tests.guides import blocks

pytestmark = pytest.mark.world

_TESTS = """
import time
import uuid
from datetime import timedelta

import pytest

from renkei.type.v1.codes_pb2 import LocalAddressNumber
from renkei.ward.v1 import resident_record_pb2 as pb2
from renkei.ward.v1.resident_record_pb2_grpc import ResidentRecordServiceStub

SEAT, TERMINAL = "resident-record.131148", "ward-terminal.131148"


def ask(world):
    stub = ResidentRecordServiceStub(world.channel(TERMINAL, SEAT))
    digits = next(one.local_address_number for one in world.people if one.kind == "resident")
    request = pb2.RequestCodeAcquisitionRequest(
        sender="131148",
        request_id=str(uuid.uuid4()),
        local_address_number=LocalAddressNumber(digits=digits),
        operator_session=world.session(TERMINAL),
    )
    stub.RequestCodeAcquisition(request, timeout=5)


def test_time_passes_as_a_test_wants(renkei_world):
    renkei_world.advance(timedelta(days=3) - timedelta(seconds=10))
    assert '"offset_seconds": 2591' in (renkei_world.data / "clock.json").read_text()


def test_the_clock_is_back(renkei_world):
    assert '"offset_seconds": 0.0' in (renkei_world.data / "clock.json").read_text()


def test_a_reset_takes_less_than_a_tenth_of_a_second(renkei_world):
    taken = []
    for _ in range(5):
        ask(renkei_world)
        begun = time.process_time()
        renkei_world.reset()
        taken.append(time.process_time() - begun)
    assert min(taken) < 0.1, taken


def test_what_is_not_there_is_named(renkei_world):
    with pytest.raises(Exception, match="has no caller nobody; it has .*ward-terminal.131148"):
        renkei_world.caller("nobody")
    with pytest.raises(Exception, match="has no seat nobody"):
        renkei_world.address("nobody")
"""
"""Beside those of the guide."""


def test_the_guide_s_tests_and_others_have_a_world_that_is_fresh_for_each(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    acquires, looks = blocks("test-with-pytest.md", "python")
    (changes,) = blocks("change-a-record.md", "python")
    (searches,) = blocks("search-identities.md", "python")
    pytester.makepyfile(
        test_1=acquires, test_2=looks, test_3=_TESTS, test_4=changes, test_5=searches
    )

    told = pytester.runpytest_subprocess("-p", "renkei_simulators.testing.plugin")

    told.assert_outcomes(passed=8)
    assert "BlockingIOError" not in told.stderr.str()


def test_a_session_that_wants_no_world_reads_nothing_of_it(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile("import sys\n\ndef test_nothing():\n    assert 'grpc' not in sys.modules\n")

    told = pytester.runpytest_subprocess("-p", "renkei_simulators.testing.plugin")

    told.assert_outcomes(passed=1)


def test_pytest_finds_the_plugin_by_itself() -> None:
    found = {one.value for one in entry_points(group="pytest11") if one.name == "renkei"}

    assert found == {"renkei_simulators.testing.plugin"}
