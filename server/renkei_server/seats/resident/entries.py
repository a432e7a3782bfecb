"""An entry as the register holds it."""

from renkei.change_reasons import ReasonList
from renkei.persons import FourAttributes
from renkei.residents import ResidentEntry
from renkei_server.store.persons.residents import ResidentRecord


def record_of(entry: ResidentEntry, held: ResidentRecord | None) -> ResidentRecord:
    """A person's record from now on, after what the register held."""
    items, kind = entry.items, entry.items.reason.list
    was_removed = held is not None and held.removed
    return ResidentRecord(
        local_address_number=entry.person,
        resident_record_code=items.resident_record_code,
        individual_number=items.individual_number,
        attributes=_attributes_of(entry),
        removed=kind is ReasonList.REMOVAL or (was_removed and kind is not ReasonList.ENTRY),
        items=items,
        municipal=entry.municipal,
        household=entry.household,
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
