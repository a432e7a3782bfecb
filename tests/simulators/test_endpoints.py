"""What `renkei status` says of seats beside their listeners."""

from dataclasses import asdict

import pytest

from renkei import reasons
from renkei_server.dispatch.owed import Owed
from renkei_server.process.owner import SeatReport
from renkei_simulators.endpoints import tell_owed, tell_set_back

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


def test_who_was_set_back_is_told_with_how_and_with_whom_it_is_not_compared(
    capsys: pytest.CaptureFixture[str],
) -> None:
    at = "2026-11-23T12:00:00+00:00"
    restored = {"at": at, "how": "restored", "forgotten": 0, "owed": "national-server.jlis"}
    tell_set_back(
        {
            "municipal-cs.131148": SeatReport({}, set_back=restored),
            "provision-network.ipn": SeatReport(
                {}, set_back={"at": at, "how": "noticed", "forgotten": 3, "owed": ""}
            ),
            "national-server.jlis": SeatReport({}),
        }
    )

    one, other = capsys.readouterr().out.splitlines()
    assert one.startswith(f"municipal-cs.131148 was set back by renkei restore, {at}; ")
    assert "Not compared yet with national-server.jlis." in one
    assert "未照合の相手：national-server.jlis" in one
    assert "provision-network.ipn was set back by its files" in other
    assert "saw 3 of its tellings that it has forgotten" in other
