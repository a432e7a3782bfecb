"""`renkei doctor` names whatever keeps a world from working, and what to do about it."""

import json
import socket
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from tests.ports import on_free_ports
from tests.worlds import Worlds, seat
from typer.testing import CliRunner

from renkei.networks import JUKINET, ward
from renkei_pki.authority import Authority
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_server.process.machine import set_world_clock
from renkei_server.store.engine.form import STAMP
from renkei_simulators.cli import app
from renkei_simulators.doctor import folder, listening, machine
from renkei_simulators.doctor.finding import Finding, Mark
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import World
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.provision import open_store

CODE = "131148"
CS = Identity(JUKINET, CODE, "municipal-cs")
REGISTER = f"resident-record.{CODE}"

WORLD = (
    'name = "looked at"\ntest = true\nseed = 5\ntoday = 2026-11-23\n'
    f'municipality = [{{ code = "{CODE}", name = "中野区", residents = 2 }}]\n'
    + seat("resident-record", CODE, "ward")
    + seat("municipal-cs", CODE, "ward", "jukinet")
    + seat("linkage-platform", CODE, "ward")
    + 'external = "127.0.0.1:1"\n'
)


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Ill:
    """A world that does not run, for a test to spoil."""

    world: World
    layout: Layout

    def told(self) -> dict[str, list[dict[str, str]]]:
        """What the command tells of it, by how it stands."""
        command = ["doctor", "--json", "--data", str(self.layout.root)]
        told = CliRunner().invoke(app, command)
        rows: list[dict[str, str]] = json.loads(told.stdout)
        by_mark = {one.value: [row for row in rows if row["mark"] == one.value] for one in Mark}
        assert told.exit_code == bool(by_mark["fault"])
        return by_mark


@pytest.fixture
def ill(worlds: Worlds) -> Iterator[Ill]:
    with worlds.copied(on_free_ports(WORLD), None) as (world, layout):
        yield Ill(world, layout)


def faults(found: Iterable[Finding]) -> list[Finding]:
    return [one for one in found if one.mark is Mark.FAULT]


def test_a_sound_world_has_no_fault_and_every_line_that_is_not_well_says_what_to_do(
    ill: Ill,
) -> None:
    told = ill.told()

    assert told["fault"] == []
    assert [one for one in told["look"] if not one["do"]] == []
    assert {one["subject"] for one in told["look"]} == {"processes", "your servers"}
    assert {one["subject"] for one in told["well"]} == {
        *("versions", "locale", "disk", "clock"),
        *("certificates", "revocation", "databases", "ports"),
    }


def test_a_folder_without_a_world_is_told_how_to_get_one(tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["doctor", "--json", "--data", str(tmp_path / "none")])
    (world,) = [one for one in json.loads(told.stdout) if one["subject"] == "world"]

    assert (world["mark"], world["do"]) == (
        "look",
        f"`renkei up --data {tmp_path / 'none'}` makes one",
    )


def test_a_certificate_that_ran_out_is_named_with_the_command_that_renews_it(ill: Ill) -> None:
    authority = Authority.load(ill.layout.authority(JUKINET))
    old = authority.issue(CS, now=now() - timedelta(days=2), lifetime=timedelta(days=1))
    old.renew(ill.layout.certificate(f"municipal-cs.{CODE}", CS))

    (found,) = ill.told()["fault"]
    assert found["subject"] == "certificates"
    assert "ran out at" in found["says"]
    assert f"renkei pki rotate municipal-cs.{CODE}" in found["do"]


def test_a_certificate_that_names_somebody_else_or_has_another_key_is_named(ill: Ill) -> None:
    authority = Authority.load(ill.layout.authority(JUKINET))
    where = ill.layout.certificate(f"municipal-cs.{CODE}", CS)
    authority.issue(Identity(JUKINET, CODE, "national-server"), now=now()).renew(where)
    terminal = ill.layout.caller(Identity(ward(CODE), CODE, "ward-terminal"))
    key = Credentials.load(where).key_pem
    replace(Credentials.load(terminal), key_pem=key).renew(terminal)

    told = [one["says"] for one in ill.told()["fault"]]
    assert len(told) == 2
    assert any("it names" in one for one in told)
    assert any("the key is not the certificate's" in one for one in told)


def test_a_certificate_that_soon_runs_out_is_no_fault_yet(ill: Ill) -> None:
    in_eighty_days = now() + timedelta(days=80)

    found = list(folder.certificates(ill.world, ill.layout, in_eighty_days))

    assert [one.mark for one in found] == [Mark.LOOK]
    assert "good for 9 days at least" in found[0].says


def test_a_revocation_list_that_is_damaged_or_out_of_date_is_named(ill: Ill) -> None:
    later = list(folder.revocation_lists(ill.world, ill.layout, now() + timedelta(days=31)))
    assert "out of date: nobody is let in" in later[0].says

    (ill.layout.authority(JUKINET) / "crl.pem").write_text("nothing")
    (found,) = ill.told()["fault"]
    assert "the list of jukinet" in found["says"]
    assert "renkei pki rotate" in found["do"]


def test_a_database_of_a_newer_version_is_named_in_both_languages(ill: Ill) -> None:
    store = open_store(seat_config(ill.world, ill.layout, ill.world.seat(REGISTER)))
    store.write_now(lambda connection: connection.execute(update(STAMP).values(revision=999)))
    store.close()

    (found,) = ill.told()["fault"]
    assert "STORE_OF_A_NEWER_VERSION" in found["says"]
    assert not found["says"].isascii()


def test_a_port_that_somebody_else_has_is_named(ill: Ill) -> None:
    address = next(iter(ill.world.seat(REGISTER).listen.values()))
    with closing(socket.create_server(("127.0.0.1", int(address.rpartition(":")[2])))):
        (found,) = ill.told()["fault"]

    assert f"{REGISTER} cannot listen on {address}" in found["says"]


def test_a_world_that_does_not_run_is_told_how_to_start(ill: Ill) -> None:
    (found,) = folder.processes(ill.layout)

    assert found.mark is Mark.LOOK
    assert f"`renkei up --data {ill.layout.root}`" in found.do


def test_a_world_whose_time_was_moved_is_told_and_a_machine_in_the_past_is_a_fault(
    ill: Ill,
) -> None:
    set_world_clock(ill.layout.clock, timedelta(days=3))

    (moved,) = machine.clock(ill.layout, now())
    assert (moved.mark, moved.subject) == (Mark.LOOK, "clock")
    (past,) = machine.clock(ill.layout, now() - timedelta(days=1))
    assert past.mark is Mark.FAULT


@pytest.mark.parametrize(("encoding", "mark"), [("utf-8", Mark.WELL), ("ascii", Mark.LOOK)])
def test_a_terminal_without_japanese_is_told(encoding: str, mark: Mark) -> None:
    assert [one.mark for one in machine.text(encoding)] == [mark]


def test_each_listener_of_a_running_world_is_told_with_its_own_name(worlds: Worlds) -> None:
    with worlds.supervised(WORLD) as up:
        up.supervisor.reports(seconds=30)
        found = list(listening.listeners(up.world, up.layout))
        gone = list(listening.external(up.world, up.layout, runs=True))
        register = up.world.seat(REGISTER).listen
        another = [
            replace(one, external=register) if one.external else one for one in up.world.seats
        ]
        others = replace(up.world, seats=tuple(another))
        wrong = list(listening.external(others, up.layout, runs=True))

    assert {one.mark for one in found} == {Mark.WELL}
    assert len(found) == 3
    assert "its name is municipal-cs.131148.jukinet.renkei.test" in found[-1].says
    assert [one.mark for one in (*gone, *wrong)] == [Mark.FAULT, Mark.FAULT]
    assert "nothing listens at 127.0.0.1:1" in gone[0].says
    assert "which is not the server that is meant" in wrong[0].says
