"""Every part of a document that is written from the code."""

from pathlib import Path
from typing import Final

from renkei_simulators.documents.connections import connections
from renkei_simulators.documents.coverage import coverage, sentence, summary
from renkei_simulators.documents.drawing import who_calls_whom
from renkei_simulators.documents.functions import refuse_missing_tests, systems
from renkei_simulators.documents.languages import Language
from renkei_simulators.documents.parts import DocumentError, Part
from renkei_simulators.documents.ports import ports
from renkei_simulators.documents.reasons import reasons
from renkei_simulators.documents.seats import callers, seats

EXAMPLES: Final = ("docs/examples/acquire.py", "docs/examples/acquire_typed.py")
"""What the guide for clients shows as it is."""

_CLIENT_GUIDE: Final = "docs/guides/test-my-client.md"


def parts(root: Path) -> list[Part]:
    """Every part. Raises DocumentError where the project under root lacks what one speaks of."""
    functions = systems()
    found = [
        *(Part(one.value, "who-calls-whom", who_calls_whom(one)) for one in Language),
        *(Part(one.value, "coverage", sentence(functions, one)) for one in Language),
        Part("docs/coverage.md", "summary", summary(functions)),
        Part("docs/coverage.md", "coverage", coverage(functions)),
        Part("docs/ports.md", "ports", ports()),
        Part("docs/reasons.md", "reasons", reasons()),
        Part("docs/who-calls-whom.md", "who-calls-whom", connections()),
        Part("docs/guides/run-a-world.md", "seats", seats()),
        Part("docs/guides/run-a-world.md", "callers", callers()),
        *(_example(root, _CLIENT_GUIDE, path) for path in EXAMPLES),
    ]
    refuse_missing_tests(functions, root)
    return found


def _example(root: Path, document: str, path: str) -> Part:
    return Part(document, Path(path).name, f"```python\n{_read(root, path)}```")


def written(root: Path) -> dict[str, str]:
    """Each document, by its path, as it is with its parts written anew."""
    found: dict[str, str] = {}
    for part in parts(root):
        text = found.get(part.document) or _read(root, part.document)
        found[part.document] = part.put_into(text)
    return found


def stale(root: Path) -> list[str]:
    """The documents that are not what the code says."""
    return [path for path, text in written(root).items() if text != _read(root, path)]


def _read(root: Path, path: str) -> str:
    try:
        return (root / path).read_text(encoding="utf-8")
    except OSError as error:
        msg = f"{path} cannot be read: run this where the project lies"
        raise DocumentError(msg) from error
