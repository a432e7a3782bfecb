"""The READMEs' drawing is what the doors judge by."""

import re

from renkei.networks import JUKINET, WARD
from renkei.roles import Name
from renkei_server.door.connections import TABLE, Row, Scope
from renkei_simulators.documents.drawing import who_calls_whom

NOTHING = Name("", "")


def test_each_pair_on_a_network_is_one_arrow() -> None:
    drawn = re.findall(r"^  ([\w& -]+) (-->|==>|-\.->) ([\w-]+)$", who_calls_whom(), re.MULTILINE)
    pairs = [(one, arrow, seat) for callers, arrow, seat in drawn for one in callers.split(" & ")]

    assert len(pairs) == len(set(pairs))
    assert len(pairs) == len({(row.caller, row.seat, row.network) for row in TABLE})


def test_a_row_that_is_added_or_left_out_changes_the_drawing() -> None:
    assert who_calls_whom(rows=TABLE[1:]) != who_calls_whom()


def test_two_services_of_one_pair_share_an_arrow() -> None:
    rows = [
        Row(caller, WARD, Scope.OWN, "resident-record", service, NOTHING)
        for caller, service in (("kiosk", "a"), ("kiosk", "b"), ("department-*", "a"))
    ]

    assert "\n  kiosk & department-any --> resident-record\n" in who_calls_whom(rows=rows)


def test_an_arrow_has_the_colour_of_its_network_wherever_its_row_stands() -> None:
    rows = [
        Row("a", JUKINET, Scope.ANY, "b", "s", NOTHING),
        Row("a", WARD, Scope.OWN, "c", "s", NOTHING),
        Row("d", WARD, Scope.OWN, "c", "s", NOTHING),
    ]

    assert who_calls_whom(rows=rows).splitlines()[-5:-1] == [
        "  a & d --> c",
        "  a ==> b",
        "  linkStyle 0,1 stroke:#2e7d32",
        "  linkStyle 2 stroke:#1565c0",
    ]


def test_every_purpose_is_told_in_japanese() -> None:
    assert all(not row.purpose.japanese.isascii() for row in TABLE)
