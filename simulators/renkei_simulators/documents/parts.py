"""A part of a document, between two markers that bear its name."""

from dataclasses import dataclass


class DocumentError(Exception):
    """A document cannot be written as told; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Part:
    """What stands in a document between the markers of this name."""

    document: str
    """The path in the project, such as `docs/ports.md`."""
    name: str
    text: str

    def put_into(self, document: str) -> str:
        """The document with this part in its place. Raises DocumentError where it has none."""
        start, end = (f"<!-- {self.name}:{which} -->" for which in ("start", "end"))
        before, opened, rest = document.partition(start)
        _, closed, after = rest.partition(end)
        if not (opened and closed):
            msg = f"{self.document} has no place for {self.name}: {start} and then {end}"
            raise DocumentError(msg)
        return f"{before}{start}\n{self.text}\n{end}{after}"
