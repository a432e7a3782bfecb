"""Numbers and codes that name persons, institutions and tasks: parsed once, then trusted.

Each has its own check digit rule; the three modulus-11 rules differ where the
remainder is 0 or 1, so none is shared. Source: spec of the field, section 3 in
`docs/sources.md`. A code shows itself masked: its `repr` never holds a digit
that names a person.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Self

from renkei import reasons
from renkei.reasons import Reason
from renkei.refusals import Refusal


def _weighted(body: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))


def _ascii_digits(text: str, count: int, malformed: Reason) -> str:
    if len(text) != count or not (text.isascii() and text.isdigit()):
        raise Refusal(malformed, f"{len(text)} characters")
    return text


@dataclass(frozen=True, slots=True)
class IndividualNumber:
    """Individual Number (個人番号): twelve ASCII digits."""

    digits: str = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raise MALFORMED_INDIVIDUAL_NUMBER or INDIVIDUAL_NUMBER_CHECK_DIGIT unless text is one."""
        _ascii_digits(text, 12, reasons.MALFORMED_INDIVIDUAL_NUMBER)
        if cls.check_digit(text[:11]) != int(text[11]):
            raise Refusal(reasons.INDIVIDUAL_NUMBER_CHECK_DIGIT)
        return cls(text)

    @staticmethod
    def check_digit(body: str) -> int:
        """Return the digit, 0-9, that completes an eleven-digit body.

        Raises Refusal(MALFORMED_INDIVIDUAL_NUMBER) unless body is eleven ASCII digits.
        Source: Ordinance 85 of 2014, art. 5 (documented).
        """
        _ascii_digits(body, 11, reasons.MALFORMED_INDIVIDUAL_NUMBER)
        remainder = _weighted(body, (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
        return 0 if remainder <= 1 else 11 - remainder


@dataclass(frozen=True, slots=True)
class ResidentRecordCode:
    """Resident record code (住民票コード): eleven ASCII digits."""

    digits: str = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raise MALFORMED_RESIDENT_RECORD_CODE or RESIDENT_RECORD_CODE_CHECK_DIGIT unless text is one."""
        _ascii_digits(text, 11, reasons.MALFORMED_RESIDENT_RECORD_CODE)
        if int(text[10]) not in cls.check_digits(text[:10]):
            raise Refusal(reasons.RESIDENT_RECORD_CODE_CHECK_DIGIT)
        return cls(text)

    @staticmethod
    def check_digits(body: str) -> frozenset[int]:
        """Return the digits that may complete a ten-digit body.

        More than one where the published rule is not known: remainder 0 may be
        0 or 1 (inferred). A maker of codes draws only bodies with one digit.
        Raises Refusal(MALFORMED_RESIDENT_RECORD_CODE) unless body is ten ASCII digits.
        Source: weights confirmed on published samples (inferred).
        """
        _ascii_digits(body, 10, reasons.MALFORMED_RESIDENT_RECORD_CODE)
        remainder = _weighted(body, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
        if remainder == 0:
            return frozenset({0, 1})
        return frozenset({0 if remainder == 1 else 11 - remainder})


@dataclass(frozen=True, slots=True)
class LocalGovernmentCode:
    """Local government code (全国地方公共団体コード): six ASCII digits. It names no person."""

    digits: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raise MALFORMED_INSTITUTION or LOCAL_GOVERNMENT_CODE_CHECK_DIGIT unless text is one."""
        _ascii_digits(text, 6, reasons.MALFORMED_INSTITUTION)
        if cls.check_digit(text[:5]) != int(text[5]):
            raise Refusal(reasons.LOCAL_GOVERNMENT_CODE_CHECK_DIGIT)
        return cls(text)

    @staticmethod
    def check_digit(body: str) -> int:
        """Return the digit, 0-9, that completes a five-digit body; remainder 0 gives 1.

        Raises Refusal(MALFORMED_INSTITUTION) unless body is five ASCII digits.
        Source: verified on the 1,965 published codes (documented).
        """
        _ascii_digits(body, 5, reasons.MALFORMED_INSTITUTION)
        return (11 - _weighted(body, (6, 5, 4, 3, 2)) % 11) % 10


@dataclass(frozen=True, slots=True)
class Institution:
    """An institution (機関): a local government by its code, or a national body by a word."""

    name: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raise MALFORMED_INSTITUTION or LOCAL_GOVERNMENT_CODE_CHECK_DIGIT unless text is one."""
        _judge_institution(text)
        return cls(text)

    @property
    def prefecture(self) -> str:
        """The prefecture in which a municipality lies, or which it is; of a national body none.

        The first two digits name it. Source: the published codes (documented).
        """
        if not self.name.isdigit():
            return ""
        body = f"{self.name[:2]}000"
        return f"{body}{LocalGovernmentCode.check_digit(body)}"

    @property
    def is_prefecture(self) -> bool:
        """Whether it is a prefecture itself."""
        return self.name != "" and self.name == self.prefecture

    def __str__(self) -> str:
        return self.name


@lru_cache(maxsize=4096)
def _judge_institution(name: str) -> None:
    """Each message names some, and there are few: what was judged to be one is known again."""
    if name.isascii() and name.isdigit():
        LocalGovernmentCode.parse(name)
    elif not re.fullmatch(r"[a-z][a-z0-9-]{1,30}", name):
        raise Refusal(reasons.MALFORMED_INSTITUTION)


@dataclass(frozen=True, slots=True)
class LocalAddressNumber:
    """Local address number (宛名番号): fifteen ASCII digits, a municipality's own."""

    digits: str = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raise MALFORMED_LOCAL_ADDRESS_NUMBER unless text is one."""
        return cls(_ascii_digits(text, 15, reasons.MALFORMED_LOCAL_ADDRESS_NUMBER))


@dataclass(frozen=True, slots=True)
class IntegratedAddressNumber:
    """Integrated address number (団体内統合宛名番号): fifteen ASCII digits, an organisation's own."""

    digits: str = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raise MALFORMED_INTEGRATED_ADDRESS_NUMBER unless text is one."""
        return cls(_ascii_digits(text, 15, reasons.MALFORMED_INTEGRATED_ADDRESS_NUMBER))


@dataclass(frozen=True, slots=True)
class ProcessingSerial:
    """Processing serial (処理通番): 128 random bits as 32 hexadecimal digits in upper case (invented)."""

    value: str = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raise MALFORMED_PROCESSING_SERIAL unless text is one."""
        if not re.fullmatch(r"[0-9A-F]{32}", text):
            raise Refusal(reasons.MALFORMED_PROCESSING_SERIAL, f"{len(text)} characters")
        return cls(text)


@dataclass(frozen=True, slots=True)
class LinkageCode:
    """Linkage code (符号): 32 bytes, one person at one institution (invented form)."""

    value: bytes = field(repr=False)

    @classmethod
    def parse(cls, value: bytes) -> Self:
        """Raise MALFORMED_LINKAGE_CODE unless value is 32 bytes."""
        if len(value) != 32:
            raise Refusal(reasons.MALFORMED_LINKAGE_CODE, f"{len(value)} bytes")
        return cls(value)
