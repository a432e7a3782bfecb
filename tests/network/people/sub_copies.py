"""A sub-copy as tests register it."""

from datetime import date

from renkei.sub_copies import Items, NullReason, Publication, RecordName, SubCopy

HOUSEHOLD = RecordName("TM90000000000001")
ALWAYS = Publication(date(2026, 4, 1))
IS_HEAD, NAME, RELATIONSHIP = (f"DI90000000000{number}" for number in (101, 102, 103))
ITEMS: Items = {IS_HEAD: "0", NAME: "山田　花子", RELATIONSHIP: NullReason.NOT_ACCEPTABLE}


def sub_copy(items: Items = ITEMS) -> SubCopy:
    """Household information with these items."""
    return SubCopy(HOUSEHOLD, 1, ALWAYS, items)
