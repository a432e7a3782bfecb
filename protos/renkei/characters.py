"""What names and addresses are written with on the resident-register network (INP-06).

Every character is kept as it came: MJ characters with their selectors (IVS), and unregistered ones
(外字), which stand as code points for private use and are counted. What is not text at all is
refused.

Source: MJ and IVS documented; that unregistered characters stand as code points for private use,
and which others are refused, is invented.
"""

import re
import unicodedata
from typing import Final

from renkei import reasons
from renkei.refusals import Refusal

SPACES: Final = "\u3000 "
"""Stand between the parts of a name, one at a time: the second between Latin letters."""

_USUAL = (
    "[!-~\u3041-\u3096\u30a1-\u30fe\u4e00-\u9fef\uff0d\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]+"
)
_USUAL_TEXT = re.compile(f"(?:{_USUAL}(?:[{SPACES}]{_USUAL})*)?")
"""Most texts: they hold nothing that would have to be looked at one by one."""
_READING = re.compile("[\u30a1-\u30fa\u30fc\u30fd\u30fe\u3000]*")
_LATER_IDEOGRAPHS = range(0x20000, 0x3FFFE)
"""Planes 2 and 3, whose later characters a standard library may not know yet."""
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_REFUSED_CLASSES = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp", "Zs"})


def unregistered_in(text: str) -> int:
    """How many unregistered characters (外字) a text holds (外字数)."""
    return sum(unicodedata.category(one) == "Co" for one in text)


def judge_text(text: str, limit: int, place: str) -> None:
    """Raise FIELD_MISSING, TEXT_TOO_LONG or CHARACTER_NOT_ALLOWED with the place, unless it is text."""
    if not text:
        raise Refusal(reasons.FIELD_MISSING, "", place)
    judge_optional_text(text, limit, place)


def judge_optional_text(text: str, limit: int, place: str) -> None:
    """The same for what may be empty."""
    if len(text) > limit:
        raise Refusal(reasons.TEXT_TOO_LONG, f"{len(text)} characters of {limit}", place)
    if not _USUAL_TEXT.fullmatch(text):
        _judge_each(text, place)


def _judge_each(text: str, place: str) -> None:
    before = ""
    for one in text:
        if not _may_follow(before, one):
            raise Refusal(reasons.CHARACTER_NOT_ALLOWED, "", place)
        before = one
    if text != text.strip(SPACES):
        raise Refusal(reasons.CHARACTER_NOT_ALLOWED, "a space at an end", place)


def judge_reading(text: str, limit: int, place: str) -> None:
    """Raise as `judge_optional_text`, and for a reading that is not in full-width katakana."""
    judge_optional_text(text, limit, place)
    if not _READING.fullmatch(text):
        raise Refusal(reasons.CHARACTER_NOT_ALLOWED, "not full-width katakana", place)


def _may_follow(before: str, one: str) -> bool:
    if one in SPACES:
        return before not in SPACES
    if any(ord(one) in block for block in _SELECTORS):
        return _is_ideograph(before)
    return ord(one) in _LATER_IDEOGRAPHS or unicodedata.category(one) not in _REFUSED_CLASSES


def _is_ideograph(one: str) -> bool:
    return bool(one) and (
        ord(one) in _LATER_IDEOGRAPHS or unicodedata.name(one, "").startswith("CJK")
    )
