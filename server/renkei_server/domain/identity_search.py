"""Who of an identity file is found, and whether anybody may be looked for so (CS-4, NS-4, PS-3).

Rules:
1. Attributes are enough with name and address, or with name and birth date (INP-03).
2. The sex never counts; where it is told it narrows, as every attribute does.
3. What is alike in its search form is the same; a name is the whole name or its reading.
4. Residents are found; the removed, and the dead, where they are asked for.
5. More than a few are told to nobody (USE-13).

`fits` and `is_asked_for` are the plain filter that every answer equals (PRV-16).

Source: INP-03 (inferred: the bracket is read as the full list), PRV-16, USE-13 (documented); that
given name alone is no name here is inferred.
"""

from datetime import date
from typing import Final, Protocol

from renkei import reasons
from renkei.change_reasons import ChangeReason
from renkei.codes import IndividualNumber, ResidentRecordCode
from renkei.facts import FOUND, LIMIT
from renkei.identities import IdentityItems
from renkei.identity_search import (
    MOST_FOUND,
    Attributes,
    Criteria,
    FoundIdentity,
    IdentityStanding,
    Key,
)
from renkei.recorded_days import RecordedDay
from renkei.refusals import Refusal
from renkei_server.domain.identity_changes import HeldIdentity
from renkei_server.domain.search_forms import search_form

_ATTRIBUTES: Final = "criteria.attributes"
"""Where a request has them."""

Day = tuple[int, int, int]


class Asked(Protocol):
    """What says whether others than residents are looked for."""

    @property
    def removed(self) -> bool: ...

    @property
    def dead(self) -> bool: ...


def day_form(day: RecordedDay) -> Day:
    """A day as it is searched: in whichever era, and whatever is told of what is not known."""
    return day.year, day.month, day.day


def judge_criteria(criteria: Criteria) -> None:
    """Raise the refusal that forbids to look for anybody so, with the fields that lack."""
    attributes = criteria.key
    if not isinstance(attributes, Attributes):
        return
    name, birth, address = (f"{_ATTRIBUTES}.{one}" for one in ("name", "birth", "address"))
    if search_form(attributes.name):
        if search_form(attributes.address) or _tells_a_day(attributes.birth):
            return
        by_sex = attributes.sex is not None
        reason = reasons.SEARCH_BY_NAME_AND_SEX if by_sex else reasons.SEARCH_BY_NAME_ALONE
        raise Refusal(reason, "", birth, address)
    if attributes.address or attributes.birth or attributes.sex:
        raise Refusal(reasons.SEARCH_WITHOUT_NAME, "", name)
    raise Refusal(reasons.SEARCH_WITHOUT_CRITERIA, "", name, birth, address)


def fits(key: Key, items: IdentityItems) -> bool:
    """Whether somebody's items are those that are looked for."""
    match key:
        case ResidentRecordCode():
            return items.resident_record_code == key
        case IndividualNumber():
            return items.individual_number == key
        case Attributes(name=name, birth=birth, address=address, sex=sex):
            return (
                (not name or search_form(name) in names_of(items))
                and (birth is None or day_form(birth) == day_form(items.birth))
                and (not address or search_form(address) == search_form(items.address))
                and sex in (None, items.sex)
            )


def names_of(items: IdentityItems) -> tuple[str, ...]:
    """The search forms of the name and of its reading, where there is one."""
    names = search_form(items.name), search_form(items.furigana)
    return tuple(one for one in names if one)


def standing_of(held: HeldIdentity, today: date) -> IdentityStanding:
    """How somebody stands on a day."""
    if not held.is_removed(today):
        return IdentityStanding.RESIDENT
    dead = ChangeReason.DEATH in (held.removed_by, held.items.reason)
    return IdentityStanding.DEAD if dead else IdentityStanding.REMOVED


def is_asked_for(asked: Asked, held: HeldIdentity, today: date) -> bool:
    """Whether those who stand as this one does are looked for."""
    match standing_of(held, today):
        case IdentityStanding.RESIDENT:
            return True
        case IdentityStanding.REMOVED:
            return asked.removed
        case IdentityStanding.DEAD:
            return asked.dead


def judge_found(found: int) -> None:
    """Raise TOO_MANY_FOUND, with how many they are, where so many are told to nobody at once."""
    if found > MOST_FOUND:
        facts = (FOUND.of(found), LIMIT.of(MOST_FOUND))
        raise Refusal(reasons.TOO_MANY_FOUND, f"{found} of {MOST_FOUND}", "criteria", facts=facts)


def told_of(held: HeldIdentity, today: date, *, number: bool) -> FoundIdentity:
    """What is told of one who was found; `number`: with the Individual Number."""
    items = held.items
    return FoundIdentity(
        resident_record_code=items.resident_record_code,
        name=items.name,
        furigana=items.furigana,
        birth=items.birth,
        sex=items.sex,
        address=items.address,
        individual_number=items.individual_number if number else None,
        reason=items.reason,
        changed_on=items.changed_on,
        standing=standing_of(held, today),
        municipality=held.municipality,
        leaves_on=held.leaves_on,
        former_surname=items.former_surname,
        former_surname_furigana=items.former_surname_furigana,
    )


def _tells_a_day(day: RecordedDay | None) -> bool:
    """Whether it tells anything of when: a day of which nothing is known does not count."""
    return day is not None and day.year > 0
