"""The placeholders of a case: a small fixed vocabulary, so that a case names no world (invented).

`${request_id}` in a request is filled when the case runs. Within one case the same
placeholder is the same value in every step; the next run of the case draws anew what is drawn.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

_PLACEHOLDER = re.compile(r"\$\{([^}]*)\}")


@dataclass(frozen=True, slots=True)
class Word:
    """What a placeholder stands for, and a value of the same form for checking a case."""

    meaning: str
    sample: str


VOCABULARY: Mapping[str, Word] = MappingProxyType(
    {
        "institution": Word(
            "the institution that asks: the seat's own, or the world's first municipality "
            "where the seat serves the whole nation",
            "131148",
        ),
        "institution:other": Word("the code of another local government", "011002"),
        "request_id": Word("a UUID", "00000000-0000-4000-8000-000000000001"),
        "request_id:second": Word("another UUID", "00000000-0000-4000-8000-000000000002"),
        "individual_number:known": Word(
            "the number of a resident whom the national server knows", "123456789018"
        ),
        "individual_number:second": Word("the number of another such resident", "111111111118"),
        "individual_number:unknown": Word(
            "a number of good form that the national server does not hold", "222222222226"
        ),
        "individual_number:bad_check_digit": Word(
            "a known number with another last digit", "123456789017"
        ),
        "individual_number:full_width": Word(
            "a known number in full-width digits", "１２３４５６７８９０１８"
        ),
        "local_address_number:known": Word(
            "the municipality's own number of the known resident", "000000000000018"
        ),
        "resident_record_code:known": Word("the code of the known resident", "12345678903"),
        "serial:fresh": Word(
            "a processing serial that the world's provision network has just issued to "
            "`${institution}`",
            "0123456789ABCDEF0123456789ABCDEF",
        ),
        "serial:unissued": Word(
            "a processing serial of good form that was never issued",
            "FEDCBA9876543210FEDCBA9876543210",
        ),
    }
)
"""Every placeholder, without its `${}`."""

SAMPLES: Mapping[str, str] = MappingProxyType(
    {name: word.sample for name, word in VOCABULARY.items()}
)


def placeholders(told: object) -> set[str]:
    """The names of all placeholders in a text, or in a tree of tables, lists and texts."""
    return {name for text in _texts(told) for name in _PLACEHOLDER.findall(text)}


def fill_table(told: Mapping[str, object], values: Mapping[str, str]) -> dict[str, object]:
    """The same table with each placeholder's value in its place; raises KeyError for one without."""
    return {name: _filled(value, values) for name, value in told.items()}


def fill_text(text: str, values: Mapping[str, str]) -> str:
    """A text with each placeholder's value in its place; raises KeyError for one without."""
    return _PLACEHOLDER.sub(lambda found: values[found[1]], text)


def _filled(told: object, values: Mapping[str, str]) -> object:
    if isinstance(told, str):
        return fill_text(told, values)
    if isinstance(told, Mapping):
        return fill_table(told, values)
    if isinstance(told, list):
        return [_filled(one, values) for one in told]
    return told


def _texts(told: object) -> Iterator[str]:
    if isinstance(told, str):
        yield told
    elif isinstance(told, Mapping):
        for value in told.values():
            yield from _texts(value)
    elif isinstance(told, list):
        for value in told:
            yield from _texts(value)
