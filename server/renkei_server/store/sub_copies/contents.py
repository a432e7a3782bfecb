"""What a version of a sub-copy holds, closed to all but the organisation's own key (MS-8, STO-12).

Rules:
- Each version has a data key of its own, wrapped under a key of the organisation.
- What it encrypts is bound to organisation, person, record and version, and its wrap to the
  organisation's key as well.
"""

import json
import os
from dataclasses import dataclass, field

from renkei.sub_copies import Items, NullReason, RecordName
from renkei_server.store.engine.boxes import KEY_BYTES, Box

_JSON = json.JSONEncoder(ensure_ascii=False, check_circular=False)


@dataclass(frozen=True, slots=True)
class Key:
    """One of the organisation's keys, by its number."""

    number: int
    box: Box = field(repr=False)


def place_of(organisation: str, person: bytes, name: RecordName, version: int) -> bytes:
    """What a content is bound to; the person by their blind index."""
    parts = (organisation, person.hex(), name.information_code, name.record_key, str(version))
    return "|".join(parts).encode()


def close(items: Items, place: bytes, key: Key) -> tuple[bytes, bytes]:
    """A data key, wrapped, and what it encrypts."""
    data_key = os.urandom(KEY_BYTES)
    wrapped = key.box.close(data_key, _wrap_place(place, key))
    return wrapped, Box(data_key).close(as_bytes(items), place)


def open_(wrapped: bytes, content: bytes, place: bytes, key: Key) -> Items:
    """What was closed; raises InvalidTag where it is not what was closed there."""
    data_key = key.box.open(wrapped, _wrap_place(place, key))
    return _from_bytes(Box(data_key).open(content, place))


def wrap_anew(wrapped: bytes, place: bytes, old: Key, new: Key) -> bytes:
    """The data key, wrapped under another key of the organisation; raises as `open_` does."""
    data_key = old.box.open(wrapped, _wrap_place(place, old))
    return new.box.close(data_key, _wrap_place(place, new))


def as_bytes(items: Items) -> bytes:
    """Items as they are encrypted."""
    told = {
        code: content if isinstance(content, str) else content.value
        for code, content in items.items()
    }
    return _JSON.encode(told).encode()


def _from_bytes(content: bytes) -> Items:
    return {
        code: told if isinstance(told, str) else NullReason(told)
        for code, told in json.loads(content).items()
    }


def _wrap_place(place: bytes, key: Key) -> bytes:
    return place + b"|%d" % key.number
