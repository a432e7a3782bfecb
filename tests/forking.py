"""Processes forked from one that has imported all they need: each starts in milliseconds."""

import multiprocessing
import os
import pkgutil
import sys
from collections.abc import Callable
from multiprocessing import reduction
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired
from tempfile import TemporaryDirectory
from typing import Any

import renkei_server
from renkei_server.__main__ import main

_SECONDS = 60.0

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(
    [
        "uvloop",
        *(one.name for one in pkgutil.walk_packages(renkei_server.__path__, "renkei_server.")),
        "renkei_simulators.cli",
        "tests.server.store.migrating",
        "tests.server.store.working",
    ]
)


class Forked:
    """A process that runs a function; to be used as `subprocess.Popen` is."""

    def __init__(self, run: Callable[..., object], *arguments: object) -> None:
        """What it writes goes where the tests' own output goes."""
        self._process = _FORKING.Process(target=run, args=arguments, daemon=True)
        self._process.start()

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        """Its exit status, once it has ended."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; raises TimeoutExpired."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise TimeoutExpired(self._process.name, timeout or 0.0)
        return self._process.exitcode

    def terminate(self) -> None:
        """Ask it to end (SIGTERM)."""
        self._process.terminate()

    def kill(self) -> None:
        """End it at once (SIGKILL)."""
        self._process.kill()


class HandedOver:
    """An open file that a forked process is to have too: told it as an argument."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return _handed_over, (reduction.DupFd(self.descriptor),)


def _handed_over(duplicate: Any) -> HandedOver:
    return HandedOver(duplicate.detach())


def serve(config: Path, _errors: Path) -> Forked:
    """What `python -m renkei_server FILE` does."""
    return Forked(main, [str(config)])


def renkei(*arguments: str) -> CompletedProcess[str]:
    """What `renkei …` does, and what it tells."""
    with TemporaryDirectory() as folder:
        told, errors = Path(folder, "told"), Path(folder, "errors")
        status = Forked(_command, arguments, told, errors).wait(_SECONDS)
        return CompletedProcess(arguments, status, told.read_text(), errors.read_text())


def _command(arguments: tuple[str, ...], told: Path, errors: Path) -> None:
    from renkei_simulators import cli

    sys.argv = ["renkei", *arguments]
    for stream, file in ((sys.stdout, told), (sys.stderr, errors)):
        os.dup2(os.open(file, os.O_CREAT | os.O_WRONLY), stream.fileno())
    cli.main()
