"""Texts that persons read: what may stand in one, at every door alike."""

import re
from typing import Final

_NOT_PLAIN: Final = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\ufffe\\uffff]")
"""Control characters, half surrogate pairs, and what XML cannot hold."""


def is_plain(text: str) -> bool:
    """Whether every character may stand in a text, in a file of any kind too."""
    return _NOT_PLAIN.search(text) is None


def shows_something(text: str) -> bool:
    """Whether it is more than blanks, ideographic ones among them."""
    return bool(text.strip())
