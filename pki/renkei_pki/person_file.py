"""The file in which a person keeps their own records of exchanges, and what proves them.

It is UTF-8, one JSON object a line (invented). The first names the format and bears the signed head
(`log_heads`) of the information provision network's log, how many records the network shows to this
person in all, and from which number on it was asked; each other is a record:

    {"format": "renkei personal records 1", "head": "...", "shown": 2, "first": 1}
    {"number": 1, "leaf": 0, "at": "2026-11-23T12:00:00Z", "previous": "", "salt": HEX,
     "content": BASE64, "proof": [HEX, ...]}

`content` and `salt` are the person's own secret: without them nobody can tell the record from its
leaf. `previous` is the leaf hash of the record before it, empty for the first.
"""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping

from renkei.personal_records import PersonalRecords, ShownRecord
from renkei_pki.log_heads import read_hash, read_moment, write_moment

_FORMAT = "renkei personal records 1"
_FIRST_LINE = frozenset({"format", "head", "shown", "first"})
_RECORD = frozenset({"number", "leaf", "at", "previous", "salt", "content", "proof"})


def write_lines(told: PersonalRecords) -> Iterator[str]:
    """The lines of the file."""
    head = {"format": _FORMAT, "head": told.head, "shown": told.shown, "first": told.first}
    yield json.dumps(head) + "\n"
    for one in told.records:
        yield json.dumps(_written(one)) + "\n"


def read_lines(lines: Iterable[str]) -> PersonalRecords:
    """Read such a file; raises ValueError with the line that is not of its form."""
    file = iter(lines)
    told = _object(next(file, ""), 1)
    if told.keys() != _FIRST_LINE or told["format"] != _FORMAT:
        msg = "line 1: this is no file of personal records"
        raise ValueError(msg)
    records = tuple(_read(_object(line, number), number) for number, line in enumerate(file, 2))
    head, shown, first = told["head"], told["shown"], told["first"]
    if not isinstance(head, str) or type(shown) is not int or type(first) is not int:
        msg = "line 1: head, shown or first is not of its form"
        raise ValueError(msg)
    return PersonalRecords(head, shown, first, records)


def _written(one: ShownRecord) -> Mapping[str, object]:
    return {
        "number": one.number,
        "leaf": one.leaf,
        "at": write_moment(one.written_at),
        "previous": one.previous.hex(),
        "salt": one.salt.hex(),
        "content": base64.b64encode(one.content).decode(),
        "proof": [step.hex() for step in one.proof],
    }


def _read(told: Mapping[str, object], line: int) -> ShownRecord:
    msg = f"line {line}: this is no record"
    if told.keys() != _RECORD:
        raise ValueError(msg)
    match told:
        case {
            "number": int(number),
            "leaf": int(leaf),
            "at": str(at),
            "previous": str(previous),
            "salt": str(salt),
            "content": str(content),
            "proof": list(proof),
        }:
            try:
                return ShownRecord(
                    number=number,
                    leaf=leaf,
                    written_at=read_moment(at),
                    previous=read_hash(previous) if previous else b"",
                    salt=read_hash(salt),
                    content=base64.b64decode(content, validate=True),
                    proof=tuple(read_hash(step) for step in proof),
                )
            except (TypeError, ValueError):
                raise ValueError(msg) from None
        case _:
            raise ValueError(msg)


def _object(line: str, number: int) -> dict[str, object]:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        msg = f"line {number}: this is no JSON object"
        raise ValueError(msg)
    return told
