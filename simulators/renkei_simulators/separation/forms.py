"""Every form in which a value may lie in a file: text, numbers, codings, plain hashes.

A form shorter than six bytes is left out, and so is a number that fills fewer
than five bytes: those meet by chance. Fidelity: invented.
"""

import base64
import hashlib
import json
import re
import string
from collections.abc import Iterator
from typing import Final

SHORTEST: Final = 6
"""Bytes of the shortest form that is searched."""

_LEAST_NUMBER: Final = 1 << 32
_FULL_WIDTH = {0x20: 0x3000, **{code: code + 0xFEE0 for code in range(0x21, 0x7F)}}
_ENCODINGS = (("utf-8", "utf-8"), ("utf-16-le", "utf-16 LE"), ("utf-16-be", "utf-16 BE"))
_HASHES = ("md5", "sha1", "sha256")
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_PRINTABLE = string.digits + string.ascii_letters + string.punctuation + " "

Form = tuple[str, bytes]


def forms(value: str | bytes) -> Iterator[Form]:
    """Yield each form of a value with its name, no two with the same bytes.

    A number or a hexadecimal identifier comes as text, a linkage code or a
    link id as bytes.
    """
    seen: set[bytes] = set()
    for name, needle in _of_bytes(value) if isinstance(value, bytes) else _of_text(value):
        if len(needle) >= SHORTEST and needle not in seen:
            seen.add(needle)
            yield name, needle


def _of_bytes(value: bytes) -> Iterator[Form]:
    yield "raw", value
    yield "raw reversed", value[::-1]
    yield from _coded(value)
    yield from _escaped(value)
    yield from _hashed(value)


def _of_text(value: str) -> Iterator[Form]:
    for writing, text in _writings(value):
        for encoding, name in _ENCODINGS:
            yield f"{writing}, {name}", text.encode(encoding)
        if not text.isascii():
            yield f"{writing}, JSON escapes", json.dumps(text)[1:-1].encode()
            yield from ((f"{writing}, {name}", form) for name, form in _escaped(text.encode()))
    yield "text reversed", value[::-1].encode()
    yield from _coded(value.encode())
    yield from _hashed(value.encode())
    if value.isascii() and value.isdigit():
        yield from _of_number(value)
    elif re.fullmatch(r"(?:[0-9A-Fa-f]{2}){6,}", value):
        yield from _of_bytes(bytes.fromhex(value))


def _writings(value: str) -> Iterator[tuple[str, str]]:
    """The ways in which people and programs write a text."""
    yield "text", value
    if not value.isascii():
        return
    yield "text lower", value.lower()
    yield "text full width", value.translate(_FULL_WIDTH)
    if value.isdigit():
        groups = [value[start : start + 4] for start in range(0, len(value), 4)]
        yield "text hyphenated", "-".join(groups)
        yield "text spaced", " ".join(groups)
    if re.fullmatch(r"[0-9A-Fa-f]{32}", value):
        parts = (value[:8], value[8:12], value[12:16], value[16:20], value[20:])
        yield "text as UUID", "-".join(parts)
        yield "text as UUID lower", "-".join(parts).lower()


def _coded(data: bytes) -> Iterator[Form]:
    yield "hex", data.hex().encode()
    yield "hex upper", data.hex().upper().encode()
    for shift in range(3):
        core = _base64_core(data, shift)
        yield f"base64 at {shift}", core
        yield f"base64 url-safe at {shift}", core.translate(_URL_SAFE)


def _base64_core(data: bytes, shift: int) -> bytes:
    """The characters that hold bits of the data alone, `shift` bytes into a group of three."""
    first = -(-8 * shift // 6)
    after = 8 * (shift + len(data)) // 6
    return base64.b64encode(bytes(shift) + data)[first:after]


def _escaped(data: bytes) -> Iterator[Form]:
    """Bytes as Python shows them and as protobuf's text format does, alone and inside JSON."""
    octal = "".join(chr(byte) if chr(byte) in _PRINTABLE else f"\\{byte:03o}" for byte in data)
    for name, text in (("Python repr", repr(data)[2:-1]), ("octal escapes", octal)):
        yield name, text.encode()
        yield f"{name} in JSON", text.replace("\\", "\\\\").encode()


def _hashed(data: bytes) -> Iterator[Form]:
    for name in _HASHES:
        digest = hashlib.new(name, data, usedforsecurity=False).digest()
        yield name, digest
        yield f"{name} hex", digest.hex().encode()
        yield f"{name} hex upper", digest.hex().upper().encode()


def _of_number(digits: str) -> Iterator[Form]:
    number = int(digits)
    if number < _LEAST_NUMBER:
        return
    for width in (6, 8):
        if number.bit_length() <= 8 * width:
            yield f"integer of {width} bytes BE", number.to_bytes(width, "big")
            yield f"integer of {width} bytes LE", number.to_bytes(width, "little")
    yield "varint", _varint(number)
    yield "BCD", _nibbles(digits)
    yield "BCD filled", _nibbles(digits + "F")
    yield "packed decimal", _nibbles(digits + "C")


def _varint(number: int) -> bytes:
    groups = bytearray()
    while number > 0x7F:
        groups.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*groups, number])


def _nibbles(text: str) -> bytes:
    return bytes.fromhex(text if len(text) % 2 == 0 else f"0{text}")
