"""XML read as a stream of elements: what is not plain data is refused.

Rules:
- UTF-8, said or not (MSG: `documented`); a byte order mark may stand first, as XML allows.
- No document type, so no entities but the five; elements are nested no deeper than asked for;
  text stands in the innermost elements only; nothing is longer than its bound (`invented`).
- What is wrong is told by line and column of the file.
"""

from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.parsers.expat import ExpatError, ParserCreate

from renkei import reasons
from renkei.refusals import Refusal

_BLANK = " \t\r\n"
"""White space by the rules of XML; a no-break space is text."""
LONGEST_TEXT: Final = 64 * 1024
"""The most characters in one element, and bytes in one tag."""

DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>'

_AMPERSAND_FIRST: Final = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"))


@dataclass(frozen=True, slots=True)
class Element:
    """An element that has ended, or with `opened` one that has begun and holds others.

    `depth` is 0 for the outermost. The text is that of an innermost element.
    """

    name: str = field(repr=False)
    depth: int
    attributes: Mapping[str, str] = field(repr=False)
    text: str = field(repr=False, default="")
    opened: bool = False


def read_elements(chunks: Iterable[bytes], deepest: int) -> Iterator[Element]:
    """Elements in the order in which they end; one that holds others also when it begins.

    Raises MALFORMED_BATCH_MESSAGE or BATCH_ENCODING.
    """
    reader = _Reader(deepest)
    for chunk in chunks:
        yield from reader.feed(chunk, final=False)
    yield from reader.feed(b"", final=True)


def escaped(text: str) -> str:
    """The text as it stands in an element or between double quotes."""
    for plain, written in _AMPERSAND_FIRST:
        text = text.replace(plain, written)
    return text


@dataclass(slots=True)
class _Open:
    name: str
    attributes: Mapping[str, str]
    pieces: list[str]
    length: int = 0
    told: bool = False
    stray: bool = False


class _Reader:
    def __init__(self, deepest: int) -> None:
        self._deepest = deepest
        self._open: list[_Open] = []
        self._ready: list[Element] = []
        self._fed = 0
        self._utf_8 = getincrementaldecoder("utf-8")()
        self._parser = ParserCreate("utf-8")
        self._parser.buffer_text = True
        self._parser.XmlDeclHandler = self._declaration
        self._parser.StartDoctypeDeclHandler = self._document_type
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def feed(self, chunk: bytes, *, final: bool) -> Iterator[Element]:
        """What the chunk completes, up to where it is wrong."""
        refusal = self._parse(chunk, final=final)
        ready, self._ready = self._ready, []
        yield from ready
        if refusal is not None:
            raise refusal

    def _parse(self, chunk: bytes, *, final: bool) -> Refusal | None:
        sound, unsound = self._decoded(chunk, final=final)
        try:
            self._parser.Parse(chunk[:sound], final and unsound is None)
        except Refusal as refusal:
            return refusal
        except ExpatError as error:
            where = f"line {error.lineno}, column {error.offset + 1}"
            return Refusal(reasons.MALFORMED_BATCH_MESSAGE, where)
        self._fed += sound
        if self._fed - max(self._parser.CurrentByteIndex, 0) > len(chunk) + LONGEST_TEXT:
            return self._malformed("a tag is too long")
        return unsound

    def _decoded(self, chunk: bytes, *, final: bool) -> tuple[int, Refusal | None]:
        """How much of the chunk is UTF-8, and what the rest is refused for."""
        begun = len(self._utf_8.getstate()[0])
        try:
            self._utf_8.decode(chunk, final)
        except UnicodeDecodeError as error:
            place = error.start - begun
            where = f"byte {self._fed + place + 1}"
            return max(place, 0), Refusal(reasons.BATCH_ENCODING, where)
        return len(chunk), None

    def _malformed(self, what: str) -> Refusal:
        parser = self._parser
        where = f"line {parser.CurrentLineNumber}, column {parser.CurrentColumnNumber + 1}"
        return Refusal(reasons.MALFORMED_BATCH_MESSAGE, f"{where}: {what}")

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() != "utf-8":
            raise Refusal(reasons.BATCH_ENCODING, "another encoding is declared")

    def _document_type(self, *_: object) -> None:
        raise self._malformed("a document type")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) > self._deepest:
            raise self._malformed("nested too deep")
        if self._open:
            above = self._open[-1]
            if above.stray or "".join(above.pieces).strip(_BLANK):
                raise self._malformed("text beside elements")
            above.pieces.clear()
            if not above.told:
                above.told = True
                depth = len(self._open) - 1
                self._ready.append(Element(above.name, depth, above.attributes, opened=True))
        self._open.append(_Open(name, attributes, []))

    def _text(self, text: str) -> None:
        current = self._open[-1]
        if current.told:
            current.stray = current.stray or bool(text.strip(_BLANK))
            return
        current.length += len(text)
        if current.length > LONGEST_TEXT:
            raise self._malformed("too much text")
        current.pieces.append(text)

    def _end(self, _name: str) -> None:
        ended = self._open.pop()
        if ended.stray:
            raise self._malformed("text beside elements")
        text = "" if ended.told else "".join(ended.pieces)
        self._ready.append(Element(ended.name, len(self._open), ended.attributes, text))
