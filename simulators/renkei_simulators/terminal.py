"""Where the command writes: a terminal of any encoding, a pipe or a file."""

import io
import json
import os
import sys
from typing import Annotated, Final

import typer

_WIDTH_OF_A_PIPE: Final = "200"
"""No line of a table is longer; nothing is broken for a terminal that is not there."""
_WIDTH_OF_HELP: Final = "80"

AsJson = Annotated[bool, typer.Option("--json", help="For machines.")]


def prepare() -> None:
    """Let no character that an encoding lacks stop a command, and no pipe have narrow tables.

    On a terminal such a character is replaced; files and pipes are UTF-8, whatever the locale.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8", errors="replace")
    if not sys.stdout.isatty():
        os.environ.setdefault("COLUMNS", _WIDTH_OF_A_PIPE)
        os.environ.setdefault("TERMINAL_WIDTH", _WIDTH_OF_HELP)


def write_json(told: object) -> None:
    """Write it for machines."""
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
