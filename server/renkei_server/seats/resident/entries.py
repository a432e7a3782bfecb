"""An entry as the register holds it."""

from dataclasses import replace

from renkei.change_reasons import OF_THE_HOUSEHOLD, ReasonList
from renkei.identities import IdentityItems
from renkei.municipal_items import MunicipalItems
from renkei.persons import FourAttributes
from renkei.residents import ResidentEntry
from renkei_server.store.persons.residents import ResidentRecord


def record_of(entry: ResidentEntry, held: ResidentRecord | None) -> ResidentRecord:
    """A person's record from now on, after what the register held."""
    items, kind = entry.items, entry.items.reason.list
    removed_on = None
    if kind is ReasonList.REMOVAL:
        removed_on = items.changed_on.latest
    elif kind is ReasonList.CORRECTION and held is not None:
        removed_on = held.removed_on
    told, municipal = _told_last(entry, held)
    return ResidentRecord(
        local_address_number=entry.person,
        resident_record_code=items.resident_record_code,
        individual_number=items.individual_number,
        attributes=_attributes_of(entry),
        removed_on=removed_on,
        items=told,
        municipal=municipal,
        household=entry.household,
    )


def _told_last(
    entry: ResidentEntry, held: ResidentRecord | None
) -> tuple[IdentityItems | None, MunicipalItems | None]:
    """What the network keeps too: a change of the household alone tells it nothing (INP-25).

    So why and when, who noted it and where stay as they were told last; the items are the entry's.
    """
    if entry.items.reason not in OF_THE_HOUSEHOLD:
        return entry.items, entry.municipal
    if held is None or held.items is None or held.municipal is None:
        return None, None
    before, own = held.items, held.municipal
    return (
        replace(entry.items, reason=before.reason, changed_on=before.changed_on),
        replace(
            entry.municipal,
            notified_on=own.notified_on,
            operator_id=own.operator_id,
            terminal_id=own.terminal_id,
            reason_detail=own.reason_detail,
        ),
    )


def _attributes_of(entry: ResidentEntry) -> FourAttributes | None:
    """The four attributes as other networks take them; none for whom no birth date is known."""
    items = entry.items
    if (birth := items.birth.certain) is None:
        return None
    return FourAttributes(
        name=items.name,
        furigana=items.furigana,
        birth_date=birth,
        sex=items.sex,
        postal_code=entry.municipal.postal_code,
        address=items.address,
    )
