"""Why a record of the register changes (異動事由), in three lists, and whom each reason reaches.

Source: the standard specification of resident record systems, 1.2.2 (documented classes); the
numbers are invented. Whom a reason reaches is one table: that those of the household alone reach no
municipal CS is documented (INP-25), every other cell is inferred.
"""

from collections.abc import Mapping
from enum import Enum, auto
from types import MappingProxyType
from typing import Final


class ReasonList(Enum):
    """Which of the three lists a reason stands in; none stands in two."""

    ENTRY = "記載"
    REMOVAL = "消除"
    CORRECTION = "修正"


class Receiver(Enum):
    """Who is told of a change by the register."""

    MUNICIPAL_CS = auto()
    SUPPLEMENT = auto()
    """The register supplement (戸籍の附票), of Japanese alone."""
    CONVENIENCE = auto()
    IN_HOUSE = auto()
    LINKAGE = auto()
    """The linkage platform, and through it the sub-copies."""
    IMMIGRATION = auto()
    """The immigration agency, of foreign residents alone."""


class ChangeReason(Enum):
    """One reason; its number is its number on the wire."""

    MOVED_IN = 1
    MOVED_IN_FROM_ABROAD = 2
    BIRTH = 3
    ENTERED_ON_NATURALISATION = 4
    ENTERED_ON_LOSS_OF_NATIONALITY = 5
    ENTERED_EX_OFFICIO = 6
    ENTERED_ON_REMAKING = 7
    ENTERED_ON_RESTORATION = 8
    ENTERED_BY_CANCELLATION = 9

    MOVED_OUT = 21
    MOVED_ABROAD = 22
    DEATH = 23
    REMOVED_ON_NATURALISATION = 24
    REMOVED_ON_LOSS_OF_NATIONALITY = 25
    REMOVED_EX_OFFICIO = 26
    REMOVED_ON_REMAKING = 27
    REMOVED_ON_RESTORATION = 28
    REMOVED_BY_CANCELLATION = 29

    MOVED_WITHIN = 41
    MINOR_CORRECTION = 42
    CORRECTED_EX_OFFICIO = 43
    ERROR_CORRECTED = 44
    INDIVIDUAL_NUMBER_CHANGED = 45
    INDIVIDUAL_NUMBER_CORRECTED = 46
    INDIVIDUAL_NUMBER_ENTERED = 47
    RESIDENT_RECORD_CODE_CHANGED = 48
    RESIDENT_RECORD_CODE_ENTERED = 49
    HOUSEHOLD_SPLIT = 50
    HOUSEHOLDS_MERGED = 51
    HOUSEHOLD_CHANGED = 52
    HEAD_OF_HOUSEHOLD_CHANGED = 53
    FORMER_SURNAME_ENTERED = 54
    FORMER_SURNAME_CHANGED = 55
    FORMER_SURNAME_DELETED = 56
    ALIAS_ENTERED = 57
    ALIAS_DELETED = 58
    CORRECTED_BY_CANCELLATION = 59

    @property
    def list(self) -> ReasonList:
        """The list in which it stands."""
        if self.value <= _LAST_ENTRY:
            return ReasonList.ENTRY
        return ReasonList.REMOVAL if self.value <= _LAST_REMOVAL else ReasonList.CORRECTION

    @property
    def japanese(self) -> str:
        """Its name."""
        return _ROWS[self][0]

    def reaches(self, receiver: Receiver) -> bool:
        """Whether the register tells this receiver of such a change."""
        return receiver in RECEIVERS[self]


_LAST_ENTRY, _LAST_REMOVAL = 20, 40

_C, _S, _V = Receiver.MUNICIPAL_CS, Receiver.SUPPLEMENT, Receiver.CONVENIENCE
_H, _L, _M = Receiver.IN_HOUSE, Receiver.LINKAGE, Receiver.IMMIGRATION
_EVERYBODY = (_C, _S, _V, _H, _L, _M)
_WARD = (_V, _H, _L)

_ROWS: Final[Mapping[ChangeReason, tuple[str, tuple[Receiver, ...]]]] = {
    ChangeReason.MOVED_IN: ("国内転入", _EVERYBODY),
    ChangeReason.MOVED_IN_FROM_ABROAD: ("国外転入等", _EVERYBODY),
    ChangeReason.BIRTH: ("出生", _EVERYBODY),
    ChangeReason.ENTERED_ON_NATURALISATION: ("職権記載（帰化等）", (_C, _S, *_WARD)),
    ChangeReason.ENTERED_ON_LOSS_OF_NATIONALITY: ("職権記載（国籍喪失）", (_C, *_WARD, _M)),
    ChangeReason.ENTERED_EX_OFFICIO: ("職権記載", _EVERYBODY),
    ChangeReason.ENTERED_ON_REMAKING: ("改製", (_C, *_WARD)),
    ChangeReason.ENTERED_ON_RESTORATION: ("再製", (_C, *_WARD)),
    ChangeReason.ENTERED_BY_CANCELLATION: ("異動の取消し（増）", _EVERYBODY),
    ChangeReason.MOVED_OUT: ("国内転出", _EVERYBODY),
    ChangeReason.MOVED_ABROAD: ("国外転出", _EVERYBODY),
    ChangeReason.DEATH: ("死亡", _EVERYBODY),
    ChangeReason.REMOVED_ON_NATURALISATION: ("職権消除（帰化等）", (_C, *_WARD, _M)),
    ChangeReason.REMOVED_ON_LOSS_OF_NATIONALITY: ("職権消除（国籍喪失）", (_C, _S, *_WARD)),
    ChangeReason.REMOVED_EX_OFFICIO: ("職権消除", _EVERYBODY),
    ChangeReason.REMOVED_ON_REMAKING: ("改製", (_C, *_WARD)),
    ChangeReason.REMOVED_ON_RESTORATION: ("再製", (_C, *_WARD)),
    ChangeReason.REMOVED_BY_CANCELLATION: ("異動の取消し（減）", _EVERYBODY),
    ChangeReason.MOVED_WITHIN: ("転居", _EVERYBODY),
    ChangeReason.MINOR_CORRECTION: ("軽微な修正", _EVERYBODY),
    ChangeReason.CORRECTED_EX_OFFICIO: ("職権修正", _EVERYBODY),
    ChangeReason.ERROR_CORRECTED: ("誤記修正", _EVERYBODY),
    ChangeReason.INDIVIDUAL_NUMBER_CHANGED: ("個人番号の変更請求", (_C, *_WARD)),
    ChangeReason.INDIVIDUAL_NUMBER_CORRECTED: ("個人番号の職権修正", (_C, *_WARD)),
    ChangeReason.INDIVIDUAL_NUMBER_ENTERED: ("個人番号の職権記載", (_C, *_WARD)),
    ChangeReason.RESIDENT_RECORD_CODE_CHANGED: ("住民票コードの変更請求", (_C, _S)),
    ChangeReason.RESIDENT_RECORD_CODE_ENTERED: ("住民票コードの職権記載", (_C, _S)),
    ChangeReason.HOUSEHOLD_SPLIT: ("世帯分離", _WARD),
    ChangeReason.HOUSEHOLDS_MERGED: ("世帯合併", _WARD),
    ChangeReason.HOUSEHOLD_CHANGED: ("世帯変更", _WARD),
    ChangeReason.HEAD_OF_HOUSEHOLD_CHANGED: ("世帯主変更", _WARD),
    ChangeReason.FORMER_SURNAME_ENTERED: ("旧氏の記載", (_C, _S, *_WARD)),
    ChangeReason.FORMER_SURNAME_CHANGED: ("旧氏の変更", (_C, _S, *_WARD)),
    ChangeReason.FORMER_SURNAME_DELETED: ("旧氏の削除", (_C, _S, *_WARD)),
    ChangeReason.ALIAS_ENTERED: ("通称の記載", (_C, *_WARD)),
    ChangeReason.ALIAS_DELETED: ("通称の削除", (_C, *_WARD)),
    ChangeReason.CORRECTED_BY_CANCELLATION: ("異動の取消し（修正）", _EVERYBODY),
}

RECEIVERS: Final[Mapping[ChangeReason, frozenset[Receiver]]] = MappingProxyType(
    {reason: frozenset(reached) for reason, (_, reached) in _ROWS.items()}
)
"""Whom each reason reaches."""

OF_THE_HOUSEHOLD: Final = frozenset(
    reason for reason, reached in RECEIVERS.items() if Receiver.MUNICIPAL_CS not in reached
)
"""The reasons that reach no municipal CS (INP-25)."""
