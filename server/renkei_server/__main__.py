"""Run the seats of a config file: `python -m renkei_server FILE`."""

import os
import sys
from pathlib import Path

from renkei.refusals import Refusal
from renkei_pki.files import ONLY_OURS
from renkei_server.process.program import run, serve


def main(arguments: list[str]) -> int:
    """Serve until told to stop; return the exit status. Why a start is refused is told on stderr."""
    os.umask(ONLY_OURS)
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m renkei_server FILE\n")
        return 2
    try:
        opened = run(serve(Path(arguments[0])))
    except Refusal as refusal:
        sys.stderr.write(f"renkei: {refusal}\n{refusal.reason.japanese}\n")
        return 1
    return 0 if opened else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
