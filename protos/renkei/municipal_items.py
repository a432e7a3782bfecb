"""What a municipality's own identity file keeps beside the items that it tells; it goes no further.

Source: the items of the standard's list (from memory, inferred); lengths are inferred.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Final

from renkei import reasons
from renkei.characters import judge_optional_text, unregistered_in
from renkei.codes import LocalGovernmentCode
from renkei.identities import ADDRESS_LIMIT, IdentityItems
from renkei.reasons import Reason
from renkei.recorded_days import RecordedDay
from renkei.refusals import Refusal

DETAIL_LIMIT: Final = 100
_SEVEN_DIGITS = re.compile("(?:[0-9]{7})?", re.ASCII)
_ID = re.compile("[!-~]{1,20}", re.ASCII)


@dataclass(frozen=True, slots=True)
class MunicipalItems:
    """Those items of one person."""

    name_unregistered_characters: int = field(repr=False)
    address_unregistered_characters: int = field(repr=False)
    town_code: str = field(repr=False)
    postal_code: str = field(repr=False)
    became_resident_on: RecordedDay
    address_fixed_on: RecordedDay
    notified_on: date = field(repr=False)
    operator_id: str = field(repr=False)
    terminal_id: str = field(repr=False)
    previous_municipality: str = field(default="", repr=False)
    previous_address: str = field(default="", repr=False)
    previous_address_unregistered_characters: int = field(default=0, repr=False)
    reason_detail: str = field(default="", repr=False)

    def judges(self, items: IdentityItems) -> Sequence[Callable[[], None]]:
        """A judge of each of them, beside the items that they are told with (INP-06).

        Each raises with the item's place on the wire.
        """
        return (
            partial(_count, items.name, self.name_unregistered_characters, "name"),
            partial(_count, items.address, self.address_unregistered_characters, "address"),
            partial(
                _count,
                self.previous_address,
                self.previous_address_unregistered_characters,
                "previous_address",
            ),
            partial(_form, _SEVEN_DIGITS, self.town_code, reasons.MALFORMED_TOWN_CODE, "town_code"),
            partial(
                _form,
                _SEVEN_DIGITS,
                self.postal_code,
                reasons.MALFORMED_POSTAL_CODE,
                "postal_code",
            ),
            partial(_form, _ID, self.operator_id, reasons.CHARACTER_NOT_ALLOWED, "operator_id"),
            partial(_form, _ID, self.terminal_id, reasons.CHARACTER_NOT_ALLOWED, "terminal_id"),
            partial(judge_optional_text, self.previous_address, ADDRESS_LIMIT, "previous_address"),
            partial(judge_optional_text, self.reason_detail, DETAIL_LIMIT, "reason_detail"),
            self._judge_municipality,
        )

    def _judge_municipality(self) -> None:
        if self.previous_municipality:
            try:
                LocalGovernmentCode.parse(self.previous_municipality)
            except Refusal as refusal:
                raise refusal.within("previous_municipality") from None


def _count(text: str, told: int, item: str) -> None:
    found = unregistered_in(text)
    if told != found:
        raise Refusal(
            reasons.UNREGISTERED_CHARACTERS_MISCOUNTED,
            f"{told} told, {found} found",
            f"{item}_unregistered_characters",
        )


def _form(form: re.Pattern[str], text: str, malformed: Reason, place: str) -> None:
    if not form.fullmatch(text):
        raise Refusal(malformed if text else reasons.FIELD_MISSING, "", place)
