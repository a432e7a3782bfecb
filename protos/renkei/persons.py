"""What a register says of a person: the four attributes (基本4情報).

Source: Resident Register Act, art. 30-6 (documented). The bounds on lengths are
invented. Values show themselves masked.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from renkei import reasons
from renkei.refusals import Refusal
from renkei.texts import is_plain, shows_something

_OLDEST_YEAR, _LATEST_YEAR = 1850, 2200
_NAME_LIMIT, _ADDRESS_LIMIT = 200, 300


class Sex(Enum):
    """Sex as the register holds it."""

    MALE = 1
    FEMALE = 2


@dataclass(frozen=True, slots=True)
class FourAttributes:
    """Name (with its reading), date of birth, sex and address of one person."""

    name: str = field(repr=False)
    furigana: str = field(repr=False)
    birth_date: date = field(repr=False)
    sex: Sex = field(repr=False)
    postal_code: str = field(repr=False)
    address: str = field(repr=False)

    def __post_init__(self) -> None:
        """Raise MALFORMED_ATTRIBUTES with the field unless every attribute is of its form."""
        _require(shows_something(self.name) and len(self.name) <= _NAME_LIMIT, "name.text")
        _require(len(self.furigana) <= _NAME_LIMIT, "name.furigana")
        for text, place in (
            (self.name, "name.text"),
            (self.furigana, "name.furigana"),
            (self.address, "address.text"),
        ):
            _require(is_plain(text), place)
        _require(_OLDEST_YEAR <= self.birth_date.year <= _LATEST_YEAR, "birth_date.year")
        _require(
            not self.postal_code
            or (
                len(self.postal_code) == 7
                and self.postal_code.isascii()
                and self.postal_code.isdigit()
            ),
            "address.postal_code",
        )
        _require(
            shows_something(self.address) and len(self.address) <= _ADDRESS_LIMIT, "address.text"
        )


def _require(holds: bool, place: str) -> None:  # noqa: FBT001 - reads as a sentence where it stands
    if not holds:
        raise Refusal(reasons.MALFORMED_ATTRIBUTES, "", place)
