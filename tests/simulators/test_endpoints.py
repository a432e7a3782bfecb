"""What `renkei status` says of seats beside their listeners."""

from dataclasses import asdict

import pytest

from renkei import reasons
from renkei_server.dispatch.owed import Owed
from renkei_server.process.owner import SeatReport
from renkei_simulators.endpoints import tell_owed

SILENT = reasons.PEER_UNREACHABLE
OWED = Owed(
    "announce",
    3,
    "2026-11-23T12:00:00+00:00",
    SILENT.name,
    "middle-server.131148",
    SILENT.english,
    SILENT.japanese,
)


def test_what_a_seat_owes_is_told_with_since_when_to_whom_and_why(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tell_owed(
        {
            "provision-network.ipn": SeatReport({}, owed=[asdict(OWED)]),
            "national-server.jlis": SeatReport({}),
        }
    )

    assert capsys.readouterr().out == (
        "provision-network.ipn owes 3 × announce since 2026-11-23T12:00:00+00:00: "
        f"PEER_UNREACHABLE middle-server.131148. {SILENT.english} {SILENT.japanese}\n"
    )
