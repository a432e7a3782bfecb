"""What a user gets by `pip install`: in a fresh environment, from an empty folder."""

import subprocess
from pathlib import Path

import pytest

from tests.ports import on_free_ports
from tests.worlds import seat

from .checkout import held_by_wheel
from .conftest import Built
from .installing import environment, install

_WORLD = (
    'name = "installed"\ntest = true\nseed = 1\ntoday = 2026-11-23\n'
    'municipality = [{ code = "131148", name = "中野区", residents = 3 }]\n'
    + seat("resident-record", "131148", "ward")
)


def run(program: Path, *arguments: str, at: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [program, *arguments],
        cwd=at,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def server(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of `pip install renkei[server]`."""
    return install(built.wheel, "renkei[server]", tmp_path_factory.mktemp("server") / "venv")


@pytest.fixture(scope="module")
def client(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of `pip install renkei`."""
    return install(built.wheel, "renkei", tmp_path_factory.mktemp("client") / "venv")


@pytest.mark.world
def test_what_is_installed_for_servers_runs_a_world_from_an_empty_folder(
    server: Path, tmp_path: Path
) -> None:
    (tmp_path / "world.toml").write_text(on_free_ports(_WORLD), encoding="utf-8")
    renkei = server / "renkei"

    try:
        up = run(renkei, "up", "--world", "world.toml", "--detach", "--wait", at=tmp_path)
        commands = (["status"], ["doctor"], ["audit", "separation"])
        told = [run(renkei, *command, at=tmp_path) for command in commands]
    finally:
        down = run(renkei, "down", at=tmp_path)
    again = run(renkei, "up", "--world", "nowhere.toml", "--detach", at=tmp_path)

    assert (up.returncode, up.stderr) == (0, "")
    assert "The world goes on without this command" in up.stdout
    assert [(one.returncode, one.stderr) for one in (*told, down)] == [(0, "")] * 4
    assert "The world has stopped" in (tmp_path / "renkei-data/logs/up.log").read_text()
    assert again.returncode == 1
    assert "nowhere.toml" in again.stderr


def test_the_command_tells_its_version_and_all_of_its_parts(server: Path, tmp_path: Path) -> None:
    told = run(server / "renkei", "--version", at=tmp_path)
    parts = run(server / "renkei", at=tmp_path)

    assert told.stdout == "renkei 0.1.0\n"
    assert " conformance " in parts.stdout + parts.stderr


def test_a_shell_completes_the_command(server: Path, tmp_path: Path) -> None:
    words = {"COMP_WORDS": "renkei pki ins", "COMP_CWORD": "2", "_RENKEI_COMPLETE": "complete_bash"}
    told = subprocess.run(
        [server / "renkei"],
        cwd=tmp_path,
        env=environment() | words,
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.split() == ["inspect"]


def test_the_command_alone_says_what_to_install_in_both_languages(
    client: Path, tmp_path: Path
) -> None:
    told = run(client / "renkei", "up", at=tmp_path)

    assert told.returncode == 1
    assert told.stderr == (
        "renkei: this command needs a package that is not installed (typer): "
        "pip install 'renkei[server]'\n"
        "このコマンドに必要なパッケージ（typer）がインストールされていません。"
        "pip install 'renkei[server]' を実行してください。\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_client_needs_no_more_than_the_package_itself(
    built: Built, client: Path, tmp_path: Path
) -> None:
    names = {name for name, _ in held_by_wheel(built.wheel) if name.endswith(".py")}
    modules = [
        name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for name in sorted(names)
        if name.startswith(("renkei/", "renkei_clients/"))
    ]
    told = run(client / "python", "-c", f"import {', '.join(modules)}", at=tmp_path)

    assert modules
    assert (told.returncode, told.stderr) == (0, "")
