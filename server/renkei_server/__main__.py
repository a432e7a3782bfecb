"""Run the seats of a config file: `python -m renkei_server FILE`."""

import asyncio
import sys
from pathlib import Path

from renkei.refusals import Refusal
from renkei_server.process.serving import serve


def main(arguments: list[str]) -> int:
    """Serve until told to stop; return the exit status. Why a start is refused is told on stderr."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m renkei_server FILE\n")
        return 2
    try:
        _run(Path(arguments[0]))
    except Refusal as refusal:  # such as a database that another version made
        sys.stderr.write(f"renkei: {refusal}\n{refusal.reason.japanese}\n")
        return 1
    return 0


def _run(path: Path) -> None:
    try:
        import uvloop
    except ImportError:
        asyncio.run(serve(path))
    else:
        uvloop.run(serve(path))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
