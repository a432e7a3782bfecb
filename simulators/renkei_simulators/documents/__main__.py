"""`python -m renkei_simulators.documents [--check]`, in the project's folder: see the package."""

import sys
from pathlib import Path

from renkei_simulators.documents.everything import stale, written
from renkei_simulators.documents.parts import DocumentError


def main(arguments: list[str], root: Path) -> int:
    """Write every part of the documents; with `--check` tell which are not as they should be."""
    try:
        found = stale(root)
        if "--check" in arguments:
            for path in found:
                sys.stderr.write(f"{path} is not what the code says: run `make documents`\n")
            return 1 if found else 0
        for path, text in written(root).items():
            if path in found:
                (root / path).write_text(text, encoding="utf-8")
                sys.stdout.write(f"wrote {path}\n")
    except DocumentError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path.cwd()))
