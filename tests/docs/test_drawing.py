"""The READMEs' drawing is what the doors judge by."""

from pathlib import Path

import pytest

from renkei.networks import WARD
from renkei.roles import Name
from renkei_server.door.connections import TABLE, Row, Scope
from renkei_simulators.drawing import END, START, Language, put_into, who_calls_whom

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("language", Language)
def test_a_readme_draws_the_table(language: Language) -> None:
    text = (ROOT / language.value).read_text(encoding="utf-8")

    assert put_into(text, who_calls_whom(language)) == text, (
        "the drawing is out of date: run `python -m renkei_simulators.drawing`"
    )


def test_each_pair_on_a_network_is_one_arrow() -> None:
    arrows = [line for line in who_calls_whom().splitlines() if '|"' in line]

    assert len(arrows) == len({(row.caller, row.seat, row.network) for row in TABLE})


def test_a_row_that_is_added_or_left_out_changes_the_drawing() -> None:
    assert who_calls_whom(rows=TABLE[1:]) != who_calls_whom()


def test_two_purposes_of_one_pair_share_an_arrow() -> None:
    rows = [
        Row("kiosk", WARD, Scope.OWN, "resident-record", service, Name(purpose, "…"))
        for service, purpose in (("a", "see"), ("b", "change"), ("c", "change"))
    ]

    assert 'kiosk -->|"see<br/>change"| resident-record' in who_calls_whom(rows=rows)


def test_every_purpose_is_told_in_japanese() -> None:
    assert all(not row.purpose.japanese.isascii() for row in TABLE)


def test_a_text_without_a_place_for_the_drawing_is_told() -> None:
    with pytest.raises(ValueError, match="no place"):
        put_into(f"{END} {START}", "drawing")
