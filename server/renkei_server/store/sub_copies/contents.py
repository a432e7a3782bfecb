"""What a version of a sub-copy holds, closed to all but the organisation's own key (MS-8, STO-12).

Rules:
- Each version has a data key of its own, wrapped under a key of the organisation.
- What it encrypts is bound to organisation, person, record and version, and its wrap to the
  organisation's key as well.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final

from renkei.sub_copies import Items, NullReason, RecordName
from renkei_server.store.engine.boxes import KEY_BYTES, NONCE_BYTES, Box
from renkei_server.store.engine.codecs import Codec, document

Draw = Callable[[int], bytes]
"""Gives so many random bytes, never the same again."""

ITEMS: Final[Codec[Items]] = document(dict[str, str | NullReason])
"""Items as they are encrypted: JSON, and for a null the number of its reason."""


@dataclass(frozen=True, slots=True)
class Key:
    """One of the organisation's keys, by its number."""

    number: int
    box: Box = field(repr=False)


def place_of(organisation: str, person: bytes, name: RecordName, version: int) -> bytes:
    """What a content is bound to; the person by their blind index."""
    parts = (organisation, person.hex(), name.information_code, name.record_key, str(version))
    return "|".join(parts).encode()


def drawn_for(count: int) -> Draw:
    """Random bytes for so many closings, drawn in one go: each draw is a wait."""
    return BytesIO(os.urandom(count * (KEY_BYTES + 2 * NONCE_BYTES))).read


def close(items: Items, place: bytes, key: Key, draw: Draw = os.urandom) -> tuple[bytes, bytes]:
    """A data key, wrapped, and what it encrypts; they need as much as was `drawn_for` one."""
    data_key = draw(KEY_BYTES)
    wrapped = key.box.close(data_key, _wrap_place(place, key), draw)
    return wrapped, Box(data_key).close(ITEMS.write(items), place, draw)


def open_(wrapped: bytes, content: bytes, place: bytes, key: Key) -> Items:
    """What was closed; raises InvalidTag where it is not what was closed there."""
    data_key = key.box.open(wrapped, _wrap_place(place, key))
    return ITEMS.read(Box(data_key).open(content, place))


def wrap_anew(wrapped: bytes, place: bytes, old: Key, new: Key) -> bytes:
    """The data key, wrapped under another key of the organisation; raises as `open_` does."""
    data_key = old.box.open(wrapped, _wrap_place(place, old))
    return new.box.close(data_key, _wrap_place(place, new))


def _wrap_place(place: bytes, key: Key) -> bytes:
    return place + b"|%d" % key.number
