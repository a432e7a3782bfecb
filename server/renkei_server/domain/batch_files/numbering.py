"""How files of one run are split, named and told complete, and how records are numbered.

Rules:
- Lines of inquiry go out as `JOB_YYYYMMDDhhmmss_0001.DAT`, numbered from 1; messages of
  registration as `DBM_20113_..._000.xml` with their attachment, numbered from 0 (MSG:
  `documented`, the bounds of each part `invented`).
- A run is whole when every number is there once, up to the total (`invented`: no field that
  tells the total was found, so whoever closes the run tells it).
- A record identification number (レコード識別番号) occurs once in a run (`documented`, as the
  message that it exists already); it is counted from 1 and has at most seven digits (`invented`).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final, Self, TypeVar

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.domain.days import JAPAN

T = TypeVar("T")

LARGEST_RECORD_NUMBER: Final = 9_999_999
_LINE_FILE = re.compile(r"([0-9A-Z]{1,12})_([0-9]{14})_([0-9]{4})\.DAT", re.ASCII)
_MESSAGE_FILE = re.compile(
    r"DBM_20113(_ATTACH)?_([0-9A-Z]{16})_([0-9A-Za-z-]{1,20})_([0-9A-Za-z]{1,8})_([0-9]{3})\.xml",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class LineFileName:
    """The name of a file of lines: job, when the run was made, and the number from 1."""

    job: str
    made_at: str
    number: int

    @classmethod
    def parse(cls, name: str) -> Self:
        """Raise MALFORMED_BATCH_FILE_NAME unless it is one."""
        match = _LINE_FILE.fullmatch(name)
        if match is None or match[3] == "0000":
            raise Refusal(reasons.MALFORMED_BATCH_FILE_NAME)
        try:
            datetime.strptime(match[2], "%Y%m%d%H%M%S").replace(tzinfo=JAPAN)
        except ValueError:
            raise Refusal(reasons.MALFORMED_BATCH_FILE_NAME, "no such time") from None
        return cls(match[1], match[2], int(match[3]))

    def __str__(self) -> str:
        return f"{self.job}_{self.made_at}_{self.number:04}.DAT"


@dataclass(frozen=True, slots=True)
class MessageFileName:
    """The name of a registration's message or attachment, and its number from 0."""

    attachment: bool
    information_code: str
    destination: str
    data_set: str
    number: int

    @classmethod
    def parse(cls, name: str) -> Self:
        """Raise MALFORMED_BATCH_FILE_NAME unless it is one."""
        match = _MESSAGE_FILE.fullmatch(name)
        if match is None:
            raise Refusal(reasons.MALFORMED_BATCH_FILE_NAME)
        return cls(match[1] is not None, match[2], match[3], match[4], int(match[5]))

    def __str__(self) -> str:
        kind = "_ATTACH" if self.attachment else ""
        parts = f"{self.information_code}_{self.destination}_{self.data_set}"
        return f"DBM_20113{kind}_{parts}_{self.number:03}.xml"


def split(records: Iterable[T], per_file: int) -> Iterator[tuple[int, Iterator[T]]]:
    """The records of each file in turn, counted from 0; each must be used up before the next."""
    by_file = groupby(enumerate(records), key=lambda counted: counted[0] // per_file)
    return ((number, (record for _, record in counted)) for number, counted in by_file)


def require_whole(numbers: Iterable[int], *, first: int, total: int) -> None:
    """Raise BATCH_FILES_NOT_WHOLE unless `total` numbers follow each other from `first` on."""
    there = sorted(numbers)
    if there != list(range(first, first + total)):
        detail = f"{len(there)} files, {len(set(there))} different numbers, expected {total}"
        raise Refusal(reasons.BATCH_FILES_NOT_WHOLE, detail)


class RecordNumbers:
    """The record identification numbers that a run has had: one bit each, 1.25 MB at most."""

    def __init__(self) -> None:
        self._had = bytearray()

    def add(self, number: int) -> None:
        """Raise BATCH_RECORD_REPEATED where the run had it before."""
        byte, bit = number >> 3, 1 << (number & 7)
        if byte >= len(self._had):
            self._had.extend(bytes(byte + 1 - len(self._had)))
        if self._had[byte] & bit:
            raise Refusal(reasons.BATCH_RECORD_REPEATED)
        self._had[byte] |= bit
