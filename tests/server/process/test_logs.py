"""Log lines: one JSON object each; what has no form of its own is told by its type alone."""

import json
from pathlib import Path

from renkei_server.process.logs import open_log
from tests.server.world import NOON, SetClock


class Person:
    """Somebody whose repr would name them."""

    def __repr__(self) -> str:
        return "山田　花子"


def test_a_line_is_one_object_with_its_event_level_seat_and_time(tmp_path: Path) -> None:
    file = tmp_path / "seat.jsonl"

    with open_log(file, "middle-server.131148", SetClock()) as log:
        log.info("notice_recorded", steps=["F1.3"], milliseconds=0.25, name="全国サーバ")
        log.debug("not_told")

    (line,) = file.read_text(encoding="utf-8").splitlines()
    assert json.loads(line) == {
        "seat": "middle-server.131148",
        "event": "notice_recorded",
        "level": "info",
        "at": NOON.isoformat(timespec="microseconds"),
        "steps": ["F1.3"],
        "milliseconds": 0.25,
        "name": "全国サーバ",
    }
    assert "全国サーバ" in line


def test_no_repr_gets_into_a_line(tmp_path: Path) -> None:
    file = tmp_path / "seat.jsonl"

    with open_log(file, "middle-server.131148", SetClock()) as log:
        log.info("met", whom=Person(), many=[Person()])

    told = json.loads(file.read_text(encoding="utf-8"))
    assert (told["whom"], told["many"]) == ("Person", ["Person"])


def test_lines_of_an_earlier_run_stay(tmp_path: Path) -> None:
    file = tmp_path / "seat.jsonl"

    for _ in range(2):
        with open_log(file, "middle-server.131148", SetClock()) as log:
            log.info("seat_opened")

    assert len(file.read_text(encoding="utf-8").splitlines()) == 2
