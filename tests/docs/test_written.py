"""Tables for readers are what the code says."""

import re

from renkei import reasons
from renkei.networks import CONTROL
from renkei.reasons import control, door
from renkei_server.door.connections import TABLE
from renkei_server.roles.served import SERVED
from renkei_simulators.documents import connections, ports, seats
from renkei_simulators.documents import reasons as told
from renkei_simulators.world.definition import World


def test_every_reason_is_told_once_in_both_languages() -> None:
    rows = [line for line in told.reasons().splitlines() if line.startswith("| `")]

    assert rows == [
        f"| `{one.name}` | `{one.status}` | {'yes' if one.passing else 'no'} "
        f"| {one.english} | {one.japanese} |"
        for one in reasons.NAMED.values()
    ]


def test_reasons_stand_under_their_subject_s_title() -> None:
    titles = [line for line in told.reasons([control, door]).splitlines() if line[:3] == "## "]

    assert titles == [
        "## The control of a test world · 試験用の世界の制御",
        "## Who is calling, at the door · 呼出元の確認",
    ]


def test_every_subject_has_a_title_in_both_languages() -> None:
    titles = re.findall(r"^## (.*) · (.*)$", told.reasons(), re.MULTILINE)

    assert len(titles) == len(reasons.SUBJECTS)
    assert all(not japanese.isascii() for _, japanese in titles)


def test_every_row_of_the_table_is_told() -> None:
    rows = [line for line in connections.connections().splitlines() if line.startswith("| `")]

    assert len(rows) == len(TABLE)
    assert rows[0] == (
        "| `municipal-cs` 市町村CS | anybody's<br>全機関 "
        "| [LinkageCodeGenerationService](../protos/renkei/jukinet/v1/linkage_code_generation.proto)"
        " | linkage-code generation request<br>符号生成要求 |"
    )


def test_every_listener_of_the_default_world_is_told_with_its_name() -> None:
    listed = ports.ports()

    for seat in World.load().seats:
        own = [line for line in listed.splitlines() if f"`{seat.role}.{seat.institution}." in line]
        told_ports = {cell for line in own for cell in re.findall(r"\| (\d+) ", line)}
        assert told_ports == {one.rpartition(":")[2] for one in seat.listen.values()}
        assert len(own) == len(seat.listen) - 1


def test_each_seat_is_controlled_a_thousand_ports_higher() -> None:
    for seat in World.load().seats:
        *listening, control = (int(one.rpartition(":")[2]) for one in seat.listen.values())
        assert list(seat.listen)[-1] == CONTROL
        assert control == listening[0] + 1_000


def test_a_role_is_told_with_the_networks_on_which_it_is_called_and_calls() -> None:
    rows = seats.seats().splitlines()[2:]

    assert len(rows) == len(SERVED)
    assert "| `municipal-cs` | 市町村CS | `ward` | `ward`, `jukinet` |" in rows
    assert (
        "| `agency-linkage` | 機関の連携基盤 | `linkage` | `linkage`, `jukinet` as `agency-terminal` |"
        in rows
    )


def test_every_outside_caller_of_the_default_world_is_told() -> None:
    told_folders = re.findall(r"^\| `(.*?)/`", seats.callers(), re.MULTILINE)

    for one in World.load().callers:
        name = f"{one.role}.INSTITUTION"
        assert {f"{one.role}.{one.institution}", name, f"{name}.NETWORK"} & set(told_folders)
