"""Databases that cannot be used, as who starts a world meets them: a sentence in two languages."""

import os
import secrets
import shutil
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from subprocess import CompletedProcess
from urllib.parse import urlsplit

import pytest

from renkei import reasons
from renkei.reasons import Reason
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import World
from renkei_simulators.world.provision import provision
from tests.forking import Forked, renkei
from tests.ports import free_port, on_free_ports
from tests.postgresql import Cluster
from tests.server.store.test_bad_databases import changed
from tests.worlds import Worlds, seat, stored_at

from .small_world import WARD

pytestmark = pytest.mark.world

SEAT = f"resident-record.{WARD}"
WORLD = f"""
name = "one seat"
test = true
seed = 5
today = 2026-11-23
municipality = [{{ code = "{WARD}", name = "中野区", residents = 20 }}]
{seat("resident-record", WARD, "ward")}
"""


def _usual(url: str) -> str:
    return url


TROUBLES: list[tuple[Reason, Callable[[str], str]]] = [
    (reasons.STORE_URL_MALFORMED, lambda url: url.replace("postgresql:", "mysql:")),
    (reasons.STORE_LOGIN_REFUSED, lambda url: changed(url, user="nobody")),
    (reasons.STORE_DATABASE_MISSING, lambda url: changed(url, database="missing")),
    (reasons.STORE_NOT_REACHED, lambda url: changed(url, port=str(free_port()))),
    (reasons.STORE_READ_ONLY, _usual),
]


def up(file: Path, data: Path) -> CompletedProcess[str]:
    return renkei("up", "--world", str(file), "--data", str(data))


def is_told(told: CompletedProcess[str], reason: Reason, password: str) -> bool:
    said = told.stdout + told.stderr
    return (
        told.returncode == 1
        and reason.english in said
        and reason.japanese in said
        and "Traceback" not in said
        and password not in said
    )


@pytest.mark.parametrize(("reason", "wrong"), TROUBLES, ids=[one.name for one, _ in TROUBLES])
def test_a_world_is_not_made_in_a_database_that_cannot_be_used_and_is_made_once_it_can(
    postgresql: Cluster,
    database_url: str,
    tmp_path: Path,
    reason: Reason,
    wrong: Callable[[str], str],
) -> None:
    file, data = tmp_path / "world.toml", tmp_path / "data"
    file.write_text(stored_at(wrong(database_url), on_free_ports(WORLD)), encoding="utf-8")
    read_only = reason is reasons.STORE_READ_ONLY
    trouble: AbstractContextManager[None] = (
        postgresql.read_only(database_url) if read_only else nullcontext()
    )
    password = urlsplit(database_url).password
    assert password is not None

    with trouble:
        assert is_told(up(file, data), reason, password)

    assert not data.exists()
    provision(World.parse(stored_at(database_url, on_free_ports(WORLD))), data)


@pytest.mark.parametrize("reason", [reasons.STORE_READ_ONLY, reasons.STORE_FULL], ids=str)
def test_a_seat_does_not_start_on_a_database_that_takes_nothing(
    worlds: Worlds, postgresql: Cluster, tmp_path: Path, reason: Reason
) -> None:
    with worlds.copied(on_free_ports(WORLD), postgresql) as (world, layout):
        url, trouble = (
            world.store_url,
            {
                reasons.STORE_READ_ONLY: Cluster.read_only,
                reasons.STORE_FULL: Cluster.full,
            },
        )
        with trouble[reason](postgresql, url):
            told = start(layout.process(world.seat(SEAT).process), tmp_path)

        password = urlsplit(url).password
        assert password is not None
        assert is_told(told, reason, password)
        logs = [one.read_text() for one in layout.logs.iterdir()]
        assert [one for one in logs if password in one] == []


def test_a_seat_that_runs_is_not_started_a_second_time(worlds: Worlds, tmp_path: Path) -> None:
    with worlds.supervised(WORLD) as run:
        process = run.world.seat(SEAT).process
        log = seat_config(run.world, run.layout, run.world.seat(SEAT)).log
        while not (log.exists() and "seat_opened" in log.read_text()):
            assert run.supervisor.process_ids
            os.sched_yield()

        another = run.layout.process("another")
        shutil.copyfile(run.layout.process(process), another)
        told = start(another, tmp_path)

        assert is_told(told, reasons.SEAT_RUNS_ALREADY, secrets.token_hex())
        assert process in run.supervisor.process_ids


def start(config: Path, folder: Path) -> CompletedProcess[str]:
    """What `python -m renkei_server FILE` tells as it ends by itself."""
    errors = folder / "errors"
    status = Forked(_serve, config, errors).wait(60.0)
    return CompletedProcess([str(config)], status, "", errors.read_text())


def _serve(config: Path, errors: Path) -> None:
    from renkei_server.__main__ import main

    os.dup2(os.open(errors, os.O_CREAT | os.O_WRONLY), sys.stderr.fileno())
    sys.exit(main([str(config)]))
