"""Run the seats of a config file: `python -m renkei_server FILE`."""

import asyncio
import sys
from pathlib import Path

from renkei_server.process.serving import serve


def main(arguments: list[str]) -> int:
    """Serve until told to stop; return the exit status."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m renkei_server FILE\n")
        return 2
    try:
        import uvloop
    except ImportError:
        asyncio.run(serve(Path(arguments[0])))
    else:
        uvloop.run(serve(Path(arguments[0])))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
