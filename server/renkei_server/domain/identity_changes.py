"""Whether a change of identity information may be applied, and what a file holds after it (F3).

`judge_at_municipality` is the municipal CS's (F3.3), `judge_beyond` the prefecture's and the
nation's (F3.6, F3.8). The steps are those of the checks below, in their order; each refuses with a
reason of its own. Nothing here reads a clock or a store.

Source: INP-04, INP-05, INP-09, INP-15, INP-25 and the standard specification of resident record
systems, 4.0.3 (documented); which reasons may touch a removed record, and what change information
each wants, is inferred.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from renkei import reasons
from renkei.change_reasons import OF_THE_HOUSEHOLD, ChangeReason, ReasonList
from renkei.codes import Institution
from renkei.identities import IdentityItems, IdentityNotification
from renkei.municipal_items import MunicipalItems
from renkei.recorded_days import RecordedDay
from renkei.refusals import Refusal

_ITEMS: Final = "notification.items"
_INFORMATION: Final = "notification.change_information"
"""Where a request has them."""

PLANNED: Final = frozenset({ChangeReason.MOVED_OUT, ChangeReason.MOVED_ABROAD})
"""Whose day may lie ahead."""

DAY_MAY_BE_UNKNOWN: Final = frozenset(
    {ChangeReason.BIRTH, ChangeReason.DEATH, ChangeReason.REMOVED_EX_OFFICIO}
)
"""Whose day may be none of the calendar; at an ex officio removal it is a disappearance."""

ON_REMOVED: Final = frozenset(
    {
        ChangeReason.CORRECTED_EX_OFFICIO,
        ChangeReason.ERROR_CORRECTED,
        ChangeReason.MINOR_CORRECTION,
        ChangeReason.CORRECTED_BY_CANCELLATION,
    }
)
"""The corrections that may touch the record of somebody who was removed."""

CODE_CHANGES: Final = frozenset({ChangeReason.RESIDENT_RECORD_CODE_CHANGED})
NUMBER_CHANGES: Final = frozenset(
    {ChangeReason.INDIVIDUAL_NUMBER_CHANGED, ChangeReason.INDIVIDUAL_NUMBER_CORRECTED}
)


@dataclass(frozen=True, slots=True)
class HeldIdentity:
    """What a file holds of one person now."""

    items: IdentityItems
    municipality: Institution | None = field(repr=False)
    """Where the person lives, or lived last; None where nobody has told it yet."""
    entered_on: RecordedDay | None = None
    """The day of the entry by which they came to live there, if it was told."""
    leaves_on: RecordedDay | None = None
    """The day of the removal, which may be planned; None for a resident."""
    municipal: MunicipalItems | None = None
    """What a municipality's own file keeps beside."""
    removed_by: ChangeReason | None = field(default=None, repr=False)
    """Why they were removed; None for a resident, and where it is not known any more."""

    @property
    def removed_on(self) -> date | None:
        """The last day that the removal can have been of; None for a resident (STO-02, STO-07)."""
        return None if self.leaves_on is None else self.leaves_on.latest

    def is_removed(self, today: date) -> bool:
        """Whether they are no resident there any more: a planned day turns by itself (F3.11)."""
        return self.leaves_on is not None and self.leaves_on.earliest <= today


@dataclass(frozen=True, slots=True)
class Holders:
    """What a file holds that a notification may touch: None where nobody is there."""

    person: HeldIdentity | None
    """Whoever is known by the code that the person had until now."""
    of_code: HeldIdentity | None
    """Whoever else has the code that the person is to have."""
    of_number: HeldIdentity | None
    """Whoever has the Individual Number that the person is to have."""
    refused_beyond: bool = False
    """Whether it supersedes what this hop had applied and another one beyond has refused."""


def judge_at_municipality(
    notification: IdentityNotification,
    municipal: MunicipalItems,
    holders: Holders,
    today: date,
) -> None:
    """Raise the first of the municipal CS's checks that does not hold."""
    items, held = notification.items, holders.person
    # 1 a change of the household alone does not come here (INP-25)
    if items.reason in OF_THE_HOUSEHOLD:
        raise Refusal(reasons.REASON_NOT_FOR_NETWORK, "", f"{_ITEMS}.reason")
    # 2 its day is of the calendar, and not ahead, but where it may be
    if items.reason not in DAY_MAY_BE_UNKNOWN:
        items.changed_on.require_certain(f"{_ITEMS}.changed_on")
    _require_not_ahead(items, today)
    # 3 nobody is entered twice (INP-04), nobody is born with a code that is there; what another hop
    # refused may come again
    if items.reason.list is ReasonList.ENTRY and not holders.refused_beyond:
        born = items.reason is ChangeReason.BIRTH
        if held is not None and (born or not held.is_removed(today)):
            raise Refusal(reasons.RESIDENT_ALREADY, "", f"{_ITEMS}.resident_record_code")
    # 4 who is removed is not removed again, nor corrected but by the office
    is_for_residents = items.reason.list is not ReasonList.ENTRY and items.reason not in ON_REMOVED
    if is_for_residents and held is not None and held.is_removed(today):
        raise Refusal(reasons.RESIDENT_NO_MORE, "", f"{_ITEMS}.resident_record_code")
    # 5 a move within changes the address and what follows from it (INP-05)
    if items.reason is ChangeReason.MOVED_WITHIN and held is not None:
        changed = (*_differing(held.items, items, _STAY), *_other_municipal(held, municipal))
        if changed:
            raise Refusal(reasons.OTHER_ITEMS_CHANGED, "", *changed)
    judge_beyond(notification, holders, today)


def judge_beyond(notification: IdentityNotification, holders: Holders, today: date) -> None:
    """Raise the first of the checks that hold at every hop and does not."""
    # nobody is claimed for years to come; clocks of two seats may differ by midnight
    _require_not_ahead(notification.items, today + timedelta(days=1))
    items, information = notification.items, notification.change_information
    held = holders.person
    # 6 the change information is what the reason wants
    wants_code = items.reason in CODE_CHANGES
    wants_number = items.reason in NUMBER_CHANGES
    if wants_code is not (information.previous_resident_record_code is not None):
        place = f"{_INFORMATION}.previous_resident_record_code"
        raise Refusal(reasons.CHANGE_INFORMATION_AT_FAULT, "", place)
    if wants_number is not (information.previous_individual_number is not None):
        place = f"{_INFORMATION}.previous_individual_number"
        raise Refusal(reasons.CHANGE_INFORMATION_AT_FAULT, "", place)
    # 7 the person is matched by code alone (INP-15); only an entry brings a new one
    if held is None and items.reason.list is not ReasonList.ENTRY:
        raise Refusal(reasons.RESIDENT_RECORD_CODE_NOT_HELD, "", f"{_ITEMS}.resident_record_code")
    if wants_code and holders.of_code is not None:
        raise Refusal(reasons.RESIDENT_RECORD_CODE_HELD, "", f"{_ITEMS}.resident_record_code")
    # 8 the number is the person's own (INP-09)
    own_code = notification.known_by
    if held is not None:
        own_code = held.items.resident_record_code
        before = information.previous_individual_number or items.individual_number
        # a change that is sent again may have been applied here, and not further on
        again = notification.supersedes and items.individual_number == held.items.individual_number
        if before != held.items.individual_number and not again:
            raise Refusal(
                reasons.INDIVIDUAL_NUMBER_NOT_THE_PERSONS, "", f"{_ITEMS}.individual_number"
            )
    other = holders.of_number
    if other is not None and other.items.resident_record_code != own_code:
        raise Refusal(reasons.INDIVIDUAL_NUMBER_HELD_BY_ANOTHER, "", f"{_ITEMS}.individual_number")


def _require_not_ahead(items: IdentityItems, today: date) -> None:
    if items.changed_on.earliest > today and items.reason not in PLANNED:
        raise Refusal(reasons.CHANGE_IN_THE_FUTURE, "", f"{_ITEMS}.changed_on")


def applied(
    notification: IdentityNotification,
    held: HeldIdentity | None,
    municipal: MunicipalItems | None = None,
) -> HeldIdentity | None:
    """What the file holds of the person from now on; None where it stays as it is.

    The latest moving-in decides where a person lives; what another municipality tells of its own
    record afterwards changes that municipality's history alone (F3.8).
    """
    items, origin = notification.items, notification.origin
    kind = items.reason.list
    if kind is ReasonList.ENTRY:
        if held is not None and _came_later(held, items, origin):
            return None
        return HeldIdentity(items, origin, entered_on=items.changed_on, municipal=municipal)
    if held is None or held.municipality not in (None, origin):
        return None
    if kind is ReasonList.REMOVAL:
        return replace(
            held,
            items=items,
            municipality=origin,
            leaves_on=items.changed_on,
            municipal=municipal,
            removed_by=items.reason,
        )
    return replace(held, items=items, municipality=origin, municipal=municipal)


def _came_later(held: HeldIdentity, items: IdentityItems, origin: Institution) -> bool:
    """Whether the person has moved on since, to another municipality."""
    return (
        held.municipality != origin
        and held.entered_on is not None
        and held.entered_on.earliest > items.changed_on.latest
    )


_STAY: Final = {
    "resident_record_code": f"{_ITEMS}.resident_record_code",
    "name": f"{_ITEMS}.name.text",
    "furigana": f"{_ITEMS}.name.furigana",
    "birth": f"{_ITEMS}.birth",
    "sex": f"{_ITEMS}.sex",
    "individual_number": f"{_ITEMS}.individual_number",
    "former_surname": f"{_ITEMS}.former_surname.text",
    "former_surname_furigana": f"{_ITEMS}.former_surname.furigana",
}
"""The items that a move within does not change, and where they stand on the wire."""

_STAY_AT_MUNICIPALITY: Final = {
    name: f"municipal_items.{name}"
    for name in (
        "name_unregistered_characters",
        "became_resident_on",
        "previous_municipality",
        "previous_address",
        "previous_address_unregistered_characters",
    )
}
"""Likewise of the municipality's own items."""


def _differing(one: object, other: object, places: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(
        place for name, place in places.items() if getattr(one, name) != getattr(other, name)
    )


def _other_municipal(held: HeldIdentity, municipal: MunicipalItems) -> tuple[str, ...]:
    if held.municipal is None:
        return ()
    return _differing(held.municipal, municipal, _STAY_AT_MUNICIPALITY)
