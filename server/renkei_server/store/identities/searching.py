"""Finding in an identity file exactly those whom a search looks for (CS-4, NS-4, PS-3; PRV-16).

An index narrows to few: one code, one number, those born on one day, those at one address. Of them
the plain filter of the domain takes those who fit.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from renkei.codes import IndividualNumber, ResidentRecordCode
from renkei.identity_search import Attributes, Criteria
from renkei_server.domain.identity_changes import HeldIdentity
from renkei_server.domain.identity_search import fits, is_asked_for
from renkei_server.domain.search_forms import search_form
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.files import Key
from renkei_server.store.identities.identity_file import (
    BY_ADDRESS,
    BY_BIRTH,
    BY_CODE,
    BY_NUMBER,
    IdentityFile,
    birth_key,
)


def search(
    connection: Connection, file: IdentityFile, criteria: Criteria, today: date
) -> list[HeldIdentity]:
    """Everybody who fits, in the order of their codes, once each.

    Raises ValueError for attributes by which nobody may be looked for.
    """
    index, value = _narrowest(criteria)
    found = {
        held.items.resident_record_code: held
        for held in _fitting(connection, file, criteria, index, value)
        if is_asked_for(criteria, held, today)
    }
    return sorted(found.values(), key=lambda held: held.items.resident_record_code.digits)


def _fitting(
    connection: Connection,
    file: IdentityFile,
    criteria: Criteria,
    index: Key[HeldIdentity, Any],
    value: object,
) -> Iterator[HeldIdentity]:
    now: Iterable[HeldIdentity] = file.find_all(connection, index, value)
    yield from (held for held in now if fits(criteria.key, held.items))
    if criteria.earlier:
        for version, held in file.find_former(connection, index, value):
            if fits(criteria.key, version.items):
                yield held


def _narrowest(criteria: Criteria) -> tuple[Key[HeldIdentity, Any], object]:
    match criteria.key:
        case ResidentRecordCode() as code:
            return BY_CODE, code
        case IndividualNumber() as number:
            return BY_NUMBER, number
        case Attributes(birth=birth, address=address):
            if birth is not None and (day := birth_key(birth)) is not None:
                return BY_BIRTH, day
            if form := search_form(address):
                return BY_ADDRESS, form
    msg = "nobody is looked for by this"
    raise ValueError(msg)
