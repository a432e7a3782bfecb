"""One exchange of information: its name, its parties, and what is asked (F2; 情報照会・情報提供).

An exchange (情報連携) is one inquiry and its answer. Source: the fields of a published program's
inquiry lines (documented); that an exchange is named by a UUID, and the bounds here, are invented.
"""

import re
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Self
from uuid import UUID

from renkei import reasons
from renkei.codes import Institution
from renkei.refusals import Refusal

_CODE = re.compile("[0-9A-Z]{16}", re.ASCII)
_CLASS = re.compile("[0-9]", re.ASCII)
_UUID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ExchangeId:
    """Names one exchange at both institutions and at the network; it says nothing of the person."""

    text: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raise MALFORMED_EXCHANGE_ID unless text is a UUID in its one written form."""
        if not _UUID.fullmatch(text):
            raise Refusal(reasons.MALFORMED_EXCHANGE_ID, f"{len(text)} characters")
        return cls(text)

    @classmethod
    def of(cls, inquirer: Institution, own_id: str) -> Self:
        """The id of the exchange that an inquirer asks for under an id of its own.

        It follows from both, so that nobody can name, or take, what another asks for.
        """
        told = f"renkei exchange 1\n{inquirer}\n{own_id}".encode()
        return cls(str(UUID(bytes=sha256(told).digest()[:16], version=4)))

    @property
    def octets(self) -> bytes:
        """The UUID's 16 bytes."""
        return bytes.fromhex(self.text.replace("-", ""))

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Exchange:
    """An exchange and the two institutions in it."""

    id: ExchangeId
    inquirer: Institution
    provider: Institution


@dataclass(frozen=True, slots=True)
class InquiryTerms:
    """What one institution asks of another, without the person; the codes decide, no item is picked."""

    inquirer: Institution
    inquirer_delegator: Institution | None
    """For whom it inquires (委任元), where not for itself."""
    provider: Institution
    provider_delegator: Institution | None
    """For whom it provides (委任元), where not for itself."""
    affair_code: str
    """事務コード"""
    procedure_code: str
    """事務手続コード"""
    information_code: str
    """特定個人情報名コード"""
    condition_class: str
    """照会条件区分"""
    fiscal_year_class: str
    """照会年度区分"""
    from_date: date | None
    to_date: date | None
    non_disclosure: bool
    """Whether the person is not to be shown that this was asked (不開示)."""

    def __post_init__(self) -> None:
        """Raise MALFORMED_INQUIRY with the field unless every part is of its form."""
        for name in ("affair_code", "procedure_code", "information_code"):
            _require(bool(_CODE.fullmatch(getattr(self, name))), name)
        for name in ("condition_class", "fiscal_year_class"):
            _require(bool(_CLASS.fullmatch(getattr(self, name))), name)
        _require(
            self.from_date is None or self.to_date is None or self.from_date <= self.to_date,
            "to_date",
        )


def _require(holds: bool, place: str) -> None:  # noqa: FBT001 - reads as a sentence where it stands
    if not holds:
        raise Refusal(reasons.MALFORMED_INQUIRY, "", place)
