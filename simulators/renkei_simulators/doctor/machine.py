"""What the machine gives: versions, the terminal's text, the disk, its clock."""

import os
import shutil
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.metadata import metadata, version
from pathlib import Path
from typing import Final

from cryptography import x509

from renkei_pki.authority import ROOT
from renkei_server.process.machine import WorldClock
from renkei_simulators.doctor.finding import Finding, fault, look, well
from renkei_simulators.world.layout import Layout

_PACKAGES: Final = ("grpcio", "protobuf", "cryptography", "sqlalchemy")
_TRIED: Final = "Programming Language :: Python :: 3."

_LITTLE: Final = 500_000_000
_TOO_LITTLE: Final = 50_000_000
"""Bytes; the default world takes some 20 MB at its start, and grows with what it is asked."""


def versions() -> Iterator[Finding]:
    """Of Renkei, of Python, and of the packages on which it stands."""
    python = f"{sys.version_info[0]}.{sys.version_info[1]}"
    classifiers = metadata("renkei").get_all("Classifier") or []
    tried = [one.rpartition(" ")[2] for one in classifiers if one.startswith(_TRIED)]
    told = ", ".join(f"{one} {version(one)}" for one in _PACKAGES)
    says = f"renkei {version('renkei')}, Python {sys.version.split()[0]}, {told}"
    if python in tried:
        yield well("versions", says)
    else:
        yield look(
            "versions", says, f"Renkei is tried with Python {', '.join(tried)}: take one of them"
        )


def text(encoding: str) -> Iterator[Finding]:
    """Whether what is told can be shown."""
    try:
        "連携".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        yield look(
            "locale",
            f"output in {encoding} has no Japanese: it is shown as other characters",
            "set LC_ALL=C.UTF-8, or PYTHONIOENCODING=utf-8",
        )
    else:
        yield well("locale", f"output in {encoding} has Japanese")


def disk(layout: Layout) -> Iterator[Finding]:
    """Whether the world's folder can be written to, and how much room there is."""
    folder = _nearest(layout.root)
    if not os.access(folder, os.W_OK | os.X_OK):
        yield fault(
            "disk", f"{folder} cannot be written to", "name another folder with --data, or own it"
        )
        return
    free = shutil.disk_usage(folder).free
    says = f"{free // 1_000_000:,} MB free at {folder}"
    if free < _TOO_LITTLE:
        yield fault("disk", says, "make room: commits fail on a full disk")
    elif free < _LITTLE:
        yield look("disk", says, "make room before a large load")
    else:
        yield well("disk", says)


def clock(layout: Layout, now: datetime) -> Iterator[Finding]:
    """Whether the machine's time can be true, and how far the world's is from it."""
    for path in sorted(layout.authority("").glob(f"*/{ROOT}")):
        made = x509.load_pem_x509_certificate(path.read_bytes()).not_valid_before_utc
        if now < made:
            yield fault(
                "clock",
                f"this machine's time is {now:%Y-%m-%d %H:%M} UTC, before the world was made",
                "set the machine's clock right: no certificate is good until then",
            )
            return
    if not layout.clock.exists():
        yield well("clock", f"{now:%Y-%m-%d %H:%M} UTC by this machine")
        return
    world = WorldClock(layout.clock)
    ahead = world.now() - world.real()
    if abs(ahead) < timedelta(seconds=1):
        yield well("clock", f"{now:%Y-%m-%d %H:%M} UTC by this machine, and in the world")
    else:
        yield look(
            "clock",
            f"the world's time is {world.now():%Y-%m-%d %H:%M} UTC, this machine's "
            f"{now:%Y-%m-%d %H:%M} UTC",
            "nothing, if somebody meant it: `renkei clock show`, once the world runs, tells more",
        )


def _nearest(folder: Path) -> Path:
    """The folder itself, or the nearest above it that exists."""
    while not folder.exists():
        folder = folder.parent
    return folder
