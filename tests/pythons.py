"""`python -m tests.pythons [VERSION ...]`: the quick tests on every Python that we say we run on, where it is found.

Each gets a virtual environment of its own under `build/pythons`, which is kept. One that is not
found is told and passed over; the exit status is 1 where tests fail, or none was found.
"""

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

ROOT = Path(__file__).parents[1]

_CLASSIFIER: Final = "Programming Language :: Python :: 3."
_QUICK: Final = [
    "--quiet",
    "-m",
    "not world and not token",
    "--numprocesses",
    "2",
    "--dist",
    "loadfile",
]
_SLOW: Final = ("tests/network", "tests/simulators/population")


def declared() -> list[str]:
    """The versions that the package names, such as 3.11."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [one.rpartition(" ")[2] for one in project["classifiers"] if one.startswith(_CLASSIFIER)]


def found(version: str) -> str | None:
    """An interpreter of this version that runs: on the path, or among pyenv's."""
    return next((one for one in _candidates(version) if _runs(one, version)), None)


def _candidates(version: str) -> Iterator[str]:
    if on_path := shutil.which(f"python{version}"):
        yield on_path
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from map(str, sorted(pyenv.glob(f"versions/{version}.*/bin/python{version}")))


def _runs(python: str, version: str) -> bool:
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    told = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=False)
    return told.stdout.strip() == version


def _tried(version: str, python: str) -> bool:
    folder = ROOT / "build" / "pythons" / version
    ours = folder / "bin" / "python"
    subprocess.run([python, "-m", "venv", folder], check=True)
    pip = [ours, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, "--editable", f"{ROOT}[dev]"], check=True)
    left_out = [f"--ignore={ROOT / one}" for one in _SLOW]
    return subprocess.run([ours, "-m", "pytest", *_QUICK, *left_out], cwd=ROOT).returncode == 0


def _tell(version: str, what: str) -> None:
    sys.stdout.write(f"Python {version}: {what}\n")
    sys.stdout.flush()


def main(versions: Sequence[str]) -> int:
    """Try these, or each that is declared; return the exit status."""
    results = {}
    for version in versions or declared():
        if python := found(version):
            _tell(version, python)
            results[version] = "passed" if _tried(version, python) else "FAILED"
        else:
            results[version] = "not found"
    for version, result in results.items():
        _tell(version, result)
    return 0 if set(results.values()) in ({"passed"}, {"passed", "not found"}) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
