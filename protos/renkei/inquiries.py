"""How an inquiry stands, as its inquirer is told (F2.9).

Rules:
- An inquiry has two statuses, as the real interface has: "09" for the line is answered, "01" for
  the information is provided, and only both together are information (MSG: `documented`).
- The other numbers were not found and are `invented`: each outcome has a pair of its own. "14"
  and "15" are of files alone.
- The messages are those seen (`documented`); of what failed at the network, and of what could not
  be delivered, the reason is told (`invented`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from renkei import reasons
from renkei.answers import Outcome
from renkei.exchanges import ExchangeId
from renkei.sub_copies import SubCopy

ANSWERED, PROVIDED = "09", "01"
"""The two statuses that together are information."""

STATUSES: Final[Mapping[Outcome | None, tuple[str, str]]] = MappingProxyType(
    {
        None: ("01", ""),
        Outcome.PROVIDED: (ANSWERED, PROVIDED),
        Outcome.EVERY_ITEM_NULL: (ANSWERED, "02"),
        Outcome.NO_SUB_COPY: (ANSWERED, "03"),
        Outcome.NOT_PUBLISHED: (ANSWERED, "04"),
        Outcome.PROVIDER_CODE_NOT_ACQUIRED: (ANSWERED, "05"),
        Outcome.WITHHELD: (ANSWERED, "06"),
        Outcome.NOT_PERMITTED: ("11", ""),
        Outcome.CANCELLED: ("12", ""),
        Outcome.EXPIRED: ("13", ""),
        Outcome.FAILED_AT_NETWORK: ("16", ""),
        Outcome.UNDELIVERABLE: ("17", ""),
    }
)
"""Of the line and of the information, by outcome; None while there is none."""

CODE_NOT_ACQUIRED: Final = "指定された団体内統合宛名番号は符号が未取得です。"
RECORD_EXISTS: Final = "「レコード識別番号」が既に存在しています。"

_FULL_WIDTH = {ordinal: ordinal + 0xFEE0 for ordinal in range(0x21, 0x7F)}


def not_permitted(information_code: str) -> str:
    """The message that this information may not be asked for; its code in full-width letters."""
    code = information_code.translate(_FULL_WIDTH)
    return f"指定された特定個人情報名「{code}」の照会は許可されていません。"


@dataclass(frozen=True, slots=True)
class Inquiry:
    """How one inquiry stands; records only where information was provided and not yet erased."""

    id: ExchangeId
    outcome: Outcome | None
    information_code: str
    refusal: str = ""
    """Why it was not permitted, not delivered, or failed at the network: a reason's name."""
    records: tuple[SubCopy, ...] = field(default=(), repr=False)

    @property
    def detail_status(self) -> str:
        """Of the line (明細単位)."""
        return STATUSES[self.outcome][0]

    @property
    def information_status(self) -> str:
        """Of the information (特定個人情報名単位)."""
        return STATUSES[self.outcome][1]

    @property
    def provided(self) -> bool:
        """Whether it is information."""
        return (self.detail_status, self.information_status) == (ANSWERED, PROVIDED)

    @property
    def message(self) -> str:
        """What is to be said of it, in Japanese; mostly nothing."""
        match self.outcome:
            case Outcome.NOT_PERMITTED:
                return not_permitted(self.information_code)
            case Outcome.FAILED_AT_NETWORK | Outcome.UNDELIVERABLE if self.refusal in reasons.NAMED:
                return reasons.named(self.refusal).japanese
            case _:
                return ""
