"""A PostgreSQL server of our own, in a temporary folder; both end with whoever started it."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import gettempdir, mkdtemp

import psutil
import psycopg

from tests.ports import free_port
from tests.postgresql import guard
from tests.postgresql.programs import Runner, shipped, within_reach

SUPERUSER = "postgres"
_PREFIX = "renkei-postgresql-"
_SECONDS = 60.0
_A_MOMENT = 0.005
# What is committed outlives the kill of every process, though not the loss of power.
_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
    "shared_buffers": "32MB",
    "io_method": "sync",
    "max_logical_replication_workers": "0",
    "dynamic_shared_memory_type": "mmap",  # in the data folder: it goes with that
    "timezone": "UTC",
}


class Server:
    """One server: on a socket in its folder, and by password on a port of 127.0.0.1.

    Settings are those of postgresql.conf, in place of what tests commonly want. `programs` is the
    folder where PostgreSQL's own are.
    """

    def __init__(self, settings: Mapping[str, str], programs: Path | None = None) -> None:
        """Nothing is started, nor any folder made."""
        self._settings = {**_SETTINGS, **settings}
        self._programs = programs
        self._runner = Runner.unprivileged()
        self._folder: Path | None = None
        self._process: subprocess.Popen[str] | None = None
        self.port = free_port()
        self.password = secrets.token_urlsafe()

    @property
    def folder(self) -> Path:
        """Where all of it lies: `data`, the server's own log, its socket."""
        assert self._folder is not None, "not started yet"
        return self._folder

    @property
    def pid(self) -> int:
        """The process id of the postmaster."""
        assert self._process is not None, "not running"
        return self._process.pid

    @property
    def url(self) -> str:
        """The superuser's URL."""
        return f"postgresql://{SUPERUSER}:{self.password}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it, unless it runs, and wait until it answers.

        Raises RuntimeError with what the server said of itself where it does not.
        """
        if self._process is not None:
            return
        if self._folder is None:
            self._make()
        settings = [f"--{name}={value}" for name, value in self._settings.items()]
        place = ["-D", self.folder / "data", "-k", self.folder, "-h", "127.0.0.1"]
        with (self.folder / "log").open("w") as log:
            self._process = self._runner.popen(
                [self._programs / "postgres", *place, "-p", str(self.port), *settings],
                self.folder,
                stdout=log,
                stderr=log,
            )
        self._tell_guard(self.pid)
        limit = time.monotonic() + _SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > limit:
                self.kill()
                said = (self.folder / "log").read_text()
                raise RuntimeError(f"PostgreSQL does not start:\n{said}")
            time.sleep(_A_MOMENT)

    def stop(self) -> None:
        """End it in good order: connections are cut, what is committed is kept."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._ended(self._process)

    def kill(self) -> None:
        """End all its processes at once (SIGKILL), as a crash does."""
        if self._process is None:
            return
        with suppress(psutil.NoSuchProcess):
            postmaster = psutil.Process(self.pid)
            postmaster.suspend()  # so that it makes no more of them
            children = postmaster.children(recursive=True)
            for child in children:
                child.kill()
            while not all(_gone(child) for child in children):
                time.sleep(_A_MOMENT)
            postmaster.kill()
        self._ended(self._process)

    def close(self) -> None:
        """End it, and leave nothing behind."""
        if self._folder is None:
            return
        if self._process is None and (self.folder / "data" / "postmaster.pid").exists():
            self.start()  # what a killed one holds of the system's memory, the next one releases
        self.stop()
        assert self._guard.stdin is not None
        self._guard.stdin.close()
        self._guard.wait(_SECONDS)
        self._folder = None

    def _make(self) -> None:
        remove_left(self._runner.uid)
        self._folder = Path(mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
        self._guard = subprocess.Popen(
            [sys.executable, "-I", "-S", guard.__file__, self.folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            text=True,
        )
        secret = self.folder / "password"
        secret.write_text(self.password)
        self._runner.own(self.folder)
        self._programs = within_reach(self._programs or shipped(), self._runner, self.folder)
        place = [f"--pgdata={self.folder / 'data'}", "--no-sync", "--no-instructions"]
        admitting = [f"--username={SUPERUSER}", "--auth=scram-sha-256", f"--pwfile={secret}"]
        text = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
        self._runner.run(
            [self._programs / "initdb", *place, *admitting, *text, "--builtin-locale=C.UTF-8"],
            self.folder,
        )
        secret.unlink()

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=int(_SECONDS)).close()
        except psycopg.OperationalError:
            return False
        return True

    def _ended(self, process: subprocess.Popen[str]) -> None:
        process.wait(_SECONDS)
        self._process = None
        self._tell_guard(0)

    def _tell_guard(self, pid: int) -> None:
        assert self._guard.stdin is not None
        print(pid, file=self._guard.stdin, flush=True)


def remove_left(uid: int) -> None:
    """Remove what this user's servers left whose starters and guards were killed together."""
    for folder in Path(gettempdir()).glob(f"{_PREFIX}*"):
        starter = int(folder.name.removeprefix(_PREFIX).split("-")[0])
        with suppress(OSError):  # another process may be removing it
            if folder.stat().st_uid == uid and not psutil.pid_exists(starter):
                guard.remove(folder, _running_in(folder / "data"))


def _running_in(data: Path) -> int:
    """The id of the server that runs on this data folder, 0 if none does."""
    with suppress(OSError, psutil.Error):
        pid = int((data / "postmaster.pid").read_text().split()[0])
        if Path(psutil.Process(pid).cwd()) == data.resolve():
            return pid
    return 0


def _gone(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
