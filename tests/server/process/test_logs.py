"""Log lines: one JSON object each; what has no form of its own is told by its type alone."""

import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

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


# A disk that is full


def test_a_line_that_cannot_be_written_changes_nothing_else() -> None:
    with open_log(Path("/dev/full"), "a-seat.131148", SetClock()) as log:
        log.info("lost")


def test_a_line_after_the_end_changes_nothing_else(tmp_path: Path) -> None:
    """A call may come to its end after its seat's log was closed."""
    with open_log(tmp_path / "log.jsonl", "a-seat.131148", SetClock()) as log:
        pass

    log.info("rpc_answered")


@pytest.mark.parametrize("unfit", ["\ud800", 1 << 70, float("nan")])
def test_a_line_that_cannot_be_put_into_words_changes_nothing_else(
    tmp_path: Path, unfit: object
) -> None:
    file = tmp_path / "log.jsonl"
    with open_log(file, "a-seat.131148", SetClock()) as log:
        log.info("told", unfit=unfit)
        log.info("told_next")

    *_, last = file.read_text(encoding="utf-8").splitlines()
    assert json.loads(last)["event"] == "told_next"


def test_once_there_is_room_again_the_log_tells_how_many_lines_it_lacks(tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    with open_log(file, "a-seat.131148", SetClock()) as log:
        log.info("before")
        with no_room_but(5, file):
            log.info("torn")
            log.info("lost")
        log.info("after")

    lines = file.read_text().splitlines()
    whole = [json.loads(line) for line in (lines[0], *lines[2:])]
    assert len(lines[1]) == 5
    assert [line["event"] for line in whole] == ["before", "log_lines_lost", "after"]
    assert whole[1]["lines"] == 2


@contextmanager
def no_room_but(more: int, file: Path) -> Iterator[None]:
    """Let no file of this process grow beyond what this one is, and so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size + more, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
