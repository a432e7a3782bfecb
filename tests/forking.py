"""Server processes forked from one that has imported all they need: each starts in milliseconds."""

import multiprocessing
import pkgutil
from pathlib import Path
from subprocess import TimeoutExpired

import renkei_server
from renkei_server.__main__ import main

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(
    [
        "uvloop",
        *(one.name for one in pkgutil.walk_packages(renkei_server.__path__, "renkei_server.")),
    ]
)


class Forked:
    """A process that does what `python -m renkei_server FILE` does."""

    def __init__(self, config: Path, _errors: Path) -> None:
        """What it writes beside its log goes where the tests' own errors go."""
        self._process = _FORKING.Process(target=main, args=([str(config)],), daemon=True)
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
            raise TimeoutExpired("renkei_server", timeout or 0.0)
        return self._process.exitcode

    def terminate(self) -> None:
        """Ask it to end (SIGTERM)."""
        self._process.terminate()

    def kill(self) -> None:
        """End it at once (SIGKILL)."""
        self._process.kill()
