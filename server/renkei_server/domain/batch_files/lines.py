"""Lines of a file: each ends with CRLF, is UTF-8, and is no longer than its form allows.

Rules:
- Every line ends with CRLF, the last one too; there is no header (MSG: `documented`).
- No byte order mark, no CR or LF elsewhere (`invented`, strict).
- UTF-8 (`inferred`: MSG reads the files as a browser does that is told nothing else).
- A line that is cut off or too long ends the reading: what follows cannot be told apart.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from renkei import reasons
from renkei_server.domain.batch_files.faults import Fault, Parsed

_CR, _LF = b"\r", b"\n"
END: Final = "\r\n"


def read_lines(chunks: Iterable[bytes], longest: int) -> Iterator[Parsed[str] | Fault]:
    """Each line without its end; holds one chunk and at most `longest` bytes at once."""
    rest, number = b"", 0
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(_LF)
        for line in whole:
            number += 1
            yield _line(number, line, longest)
        if len(rest) > longest + len(_CR):
            yield _too_long(number + 1, longest)
            return
    if rest:
        yield Fault(number + 1, "", reasons.BATCH_LINE_END, "cut off")


def _line(number: int, line: bytes, longest: int) -> Parsed[str] | Fault:
    if not line.endswith(_CR) or _CR in line[:-1]:
        return Fault(number, "", reasons.BATCH_LINE_END)
    if len(line) > longest + len(_CR):
        return _too_long(number, longest)
    try:
        text = line[:-1].decode("utf-8")
    except UnicodeDecodeError as error:
        return Fault(number, "", reasons.BATCH_ENCODING, f"byte {error.start + 1}")
    if text.startswith("\ufeff"):
        return Fault(number, "", reasons.BATCH_ENCODING, "a byte order mark")
    return Parsed(number, text)


def _too_long(number: int, longest: int) -> Fault:
    return Fault(number, "", reasons.BATCH_LINE_TOO_LONG, f"over {longest} bytes")
