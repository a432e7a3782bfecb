"""A checkout in which somebody worked, and what is built of it."""

import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from pathspec import GitIgnoreSpec

ROOT = Path(__file__).parents[2]

PACKAGES = {
    "protos/renkei",
    "pki/renkei_pki",
    "clients/renkei_clients",
    "server/renkei_server",
    "simulators/renkei_simulators",
}

SECRET = b"planted " * 4

LOOSE = ("my-key.pem", "backup.key", "request.csr", "log.jsonl", "store.db", "operator-session.bin")
"""Files that the guides' commands leave wherever they are told to."""

OF_A_WORLD = ("world.toml", "people.csv", "clock.json", "key.pem", "store.key", "README.md")
"""Files of a world's folder, and of folders in it."""


def copied(folder: Path) -> Path:
    """Our own checkout, without what git ignores."""
    ignored = GitIgnoreSpec.from_lines([".git", *(ROOT / ".gitignore").read_text().splitlines()])

    def leave(where: str, names: list[str]) -> list[str]:
        here = Path(where).relative_to(ROOT)
        return [
            name
            for name in names
            if ignored.match_file(f"{here / name}{'/' * (ROOT / here / name).is_dir()}")
        ]

    shutil.copytree(ROOT, folder, ignore=leave)
    return folder


def folders(checkout: Path) -> list[Path]:
    """Every folder of a checkout."""
    return [checkout, *(one for one in checkout.rglob("*") if one.is_dir())]


def plant(checkout: Path) -> None:
    """Leave keys and worlds in every folder, under the guide's name and another."""
    everywhere = folders(checkout)
    for folder in everywhere:
        for name in LOOSE:
            (folder / name).write_bytes(SECRET)
    for world in (checkout / "renkei-data", *(one / "trial" for one in everywhere)):
        world.mkdir()
        for name in OF_A_WORLD:
            (world / name).write_bytes(SECRET)


def build(checkout: Path, into: Path) -> tuple[Path, Path]:
    """An sdist and a wheel, by the backend that is installed here."""
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(into)]
    subprocess.run(command, cwd=checkout, check=True, capture_output=True)
    (sdist,), (wheel,) = into.glob("*.tar.gz"), into.glob("*.whl")
    return sdist, wheel


def held_by_sdist(sdist: Path) -> Iterator[tuple[str, bytes]]:
    """The files of an sdist, by their names in the checkout."""
    with tarfile.open(sdist) as archive:
        for member in archive:
            if (file := archive.extractfile(member)) is not None:
                yield member.name.partition("/")[2], file.read()


def held_by_wheel(wheel: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a wheel, by the names under which they are installed."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            yield name, archive.read(name)
