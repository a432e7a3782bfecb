"""The form in which a name, a reading or an address is searched: what is alike has the same (CS-4).

Steps, by what the standard says is ignored:
1. both widths alike, compatibility characters and selectors (IVS) taken away
2. spaces between the parts of a name
3. hiragana as katakana, voicing (濁音, 半濁音) and small kana
4. a variant as its common form
5. all dashes alike, the long-vowel mark among them: after kana it lengthens, and is ignored
6. ウ after a kana of the o row as オ

Source: the standard specification of resident record systems, 2.1.2 and 2.1.3 (documented for the
register; that the municipal CS searches so too is inferred).
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final

from renkei_server.domain.common_forms import COMMON_FORMS

_SMALL: Final = dict(
    zip(
        "ァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ",
        "アイウエオツヤユヨワカケクシストヌハヒフヘホムラリルレロ",
        strict=True,
    )
)
_HIRAGANA, _TO_KATAKANA = (*range(0x3041, 0x3097), 0x309D), 0x60
_VOICING: Final = "\u3099\u309a\u309b\u309c"
_SPACES: Final = " \u3000"
_DASHES: Final = "-\u02d7\u2010\u2012\u2013\u2014\u2015\u2043\u2212\u2500\u2501ー"
_SELECTORS: Final = (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))

_AFTER_KANA = re.compile("(?<=[ァ-ヺヽヾ])-+")
_LENGTHENED = re.compile("[オコソトノホモヨロヲ]ウ+")


def _alike() -> Iterator[tuple[int, str | None]]:
    yield from COMMON_FORMS.items()
    yield from ((one, None) for one in (*_SELECTORS, *map(ord, _VOICING + _SPACES)))
    yield from ((ord(one), "-") for one in _DASHES)
    yield from ((ord(small), large) for small, large in _SMALL.items())
    for hiragana in _HIRAGANA:
        katakana = chr(hiragana + _TO_KATAKANA)
        yield hiragana, _SMALL.get(katakana, katakana)


_ALIKE: Final[Mapping[int, str | None]] = dict(_alike())


def search_form(text: str) -> str:
    """The form by which a text is found; that of a form is itself. It may be empty."""
    taken_apart = unicodedata.normalize("NFKD", text)
    alike = unicodedata.normalize("NFC", taken_apart.translate(_ALIKE))
    short = _AFTER_KANA.sub("", alike)
    return _LENGTHENED.sub(lambda found: found[0].replace("ウ", "オ"), short)
