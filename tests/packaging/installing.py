"""A fresh virtual environment with the wheel and what it asks for, and nothing else.

Nothing is fetched: what the wheel asks for lies in the environment of these tests, and is linked.
"""

import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterable
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

_SHARED = "google"
"""A folder into which several distributions put packages."""


def closure(wanted: str) -> dict[str, Distribution]:
    """What installing this brings, by name, as far as it is installed here."""
    found: dict[str, Distribution] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [Requirement(wanted)]
    while waiting:
        one = waiting.pop()
        for extra in one.extras | {""}:
            if (one.name, extra) in seen:
                continue
            seen.add((one.name, extra))
            found[one.name] = distribution(one.name)
            for line in found[one.name].requires or ():
                needed = Requirement(line)
                if needed.marker is None or needed.marker.evaluate({"extra": extra}):
                    waiting.append(needed)
    return found


def install(wheel: Path, wanted: str, folder: Path) -> Path:
    """An environment as `pip install` of this would make it; return its folder of programs."""
    venv.create(folder, with_pip=False, symlinks=True)
    bin_folder = folder / "bin"
    (site,) = folder.glob("lib/python*/site-packages")
    for one in closure(wanted).values():
        if one.name != "renkei":
            _link(one, site)
    pip = [sys.executable, "-m", "pip", "--python", bin_folder / "python", "install", "--quiet"]
    offline = ["--no-index", "--no-deps", "--no-compile", "--disable-pip-version-check"]
    subprocess.run([*pip, *offline, wheel], check=True, capture_output=True)
    return bin_folder


def _link(one: Distribution, site: Path) -> None:
    here = Path(sysconfig.get_paths()["purelib"])
    for name in _tops(one):
        target = site / name
        if not target.exists():
            target.parent.mkdir(exist_ok=True)
            target.symlink_to(here / name)


def _tops(one: Distribution) -> Iterable[str]:
    for file in one.files or ():
        if file.parts[0] not in ("..", "__pycache__"):
            yield "/".join(file.parts[: 2 if file.parts[0] == _SHARED else 1])


def environment() -> dict[str, str]:
    """What a shell has that knows nothing of this project."""
    kept = ("HOME", "LANG", "PATH", "TMPDIR")
    return {name: os.environ[name] for name in kept if name in os.environ}
