"""The commands of a guide, to be run as they are written."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
_SECONDS = 60


def commands(guide: str) -> list[str]:
    """The shell blocks of a guide, in its order."""
    return blocks(guide, "sh")


def blocks(guide: str, language: str) -> list[str]:
    """The blocks of a guide that are written in a language, in its order."""
    text = (ROOT / "docs" / "guides" / guide).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)


def project(folder: Path) -> Path:
    """A folder that looks to a guide's commands as the project's own does."""
    (folder / ".venv").symlink_to(BIN.parent)
    (folder / "docs").symlink_to(ROOT / "docs")
    return folder


def shell(folder: Path, *blocks: str) -> subprocess.CompletedProcess[str]:
    """Give blocks in one shell, in this folder."""
    return subprocess.run(
        ["/bin/bash", "-c", f'PATH="{BIN}:$PATH"\n' + "\n".join(blocks)],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
