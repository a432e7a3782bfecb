"""An identity file (本人確認情報ファイル): a municipality's, a prefecture's or the nation's.

Who was removed stays in it; each earlier version stays in its history, and so does what another
municipality told of a person who had moved on (F3.8).

A person is found by code and by number, and among those who were born on one day, or who live at
one address: nobody is found by a name alone (`searching`).
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeAlias

from renkei.codes import IndividualNumber, Institution, ResidentRecordCode
from renkei.identities import IdentityNotification
from renkei.municipal_items import MunicipalItems
from renkei.recorded_days import RecordedDay
from renkei_server.domain.identity_changes import HeldIdentity, Holders, applied
from renkei_server.domain.identity_search import Day, day_form
from renkei_server.domain.search_forms import search_form
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.files import FileForm, Key, SealedFile
from renkei_server.store.engine.histories import Change
from renkei_server.store.identities.compared import BY_BUCKET, SUMS
from renkei_server.store.identities.departed import TABLES as DEPARTED
from renkei_server.store.identities.departed import Departed
from renkei_server.store.identities.incoming import Incoming

BY_CODE = Key[HeldIdentity, ResidentRecordCode](
    "resident_record_code", lambda held: held.items.resident_record_code
)
BY_NUMBER = Key[HeldIdentity, IndividualNumber](
    "individual_number", lambda held: held.items.individual_number
)
BY_BIRTH = Key[HeldIdentity, Day]("birth", lambda held: birth_key(held.items.birth), shared=True)
BY_ADDRESS = Key[HeldIdentity, str](
    "address", lambda held: search_form(held.items.address) or None, shared=True
)


def birth_key(birth: RecordedDay) -> Day | None:
    """By what those born on a day are found; nobody is found by one of which nothing is known."""
    return day_form(birth) if birth.year else None


FORM: Final = FileForm(
    "identities",
    HeldIdentity,
    BY_CODE,
    BY_NUMBER,
    BY_BIRTH,
    BY_ADDRESS,
    BY_BUCKET,
    history=True,
    sums=SUMS,
    ends=lambda held: held.removed_on,
)
TABLES: Final = (*FORM.tables, *DEPARTED, *SUMS.tables)

IdentityFile: TypeAlias = SealedFile[HeldIdentity]
"""The persons of one file."""


def holders_of(
    file: IdentityFile,
    connection: Connection,
    notification: IdentityNotification,
    known_by: ResidentRecordCode,
) -> Holders:
    """Whom the file holds of those that a notification may touch; `known_by`: see `Incoming`."""
    items = notification.items
    code = items.resident_record_code
    return Holders(
        person=file.find(connection, BY_CODE, known_by),
        of_code=None if known_by == code else file.find(connection, BY_CODE, code),
        of_number=file.find(connection, BY_NUMBER, items.individual_number),
    )


def known_at(
    file: IdentityFile, connection: Connection, held: HeldIdentity
) -> Collection[tuple[Institution, ResidentRecordCode]]:
    """By which codes which municipalities have told of a person whom a file holds."""
    code = held.items.resident_record_code
    versions = (held, *(one.record for one in file.earlier(connection, BY_CODE, code)))
    return {
        (one.municipality, one.items.resident_record_code)
        for one in versions
        if one.municipality is not None
    }


Judge = Callable[[IdentityNotification, Holders], None]
"""Raises where a hop does not take a notification."""


def take(
    connection: Connection,
    file: IdentityFile,
    departed: Departed,
    incoming: Incoming,
    notification: IdentityNotification,
    judge: Judge,
    *,
    at: datetime,
    municipal: MunicipalItems | None = None,
    goes_on: bool = False,
) -> tuple[HeldIdentity | None, HeldIdentity | None]:
    """Apply a notification to a file: in its order, and if the judge raises nothing.

    Returns what the file held of the person, and what it holds from now on; None where it stays as
    it is. Raises SEQUENCE_NOT_EXPECTED, and what the judge raises. `goes_on`: see
    `Holders.refused_beyond`.
    """
    last = incoming.judge(connection, notification)
    known_by = incoming.known_by(connection, notification)
    found = holders_of(file, connection, notification, known_by)
    holders = replace(found, refused_beyond=goes_on)
    judge(notification, holders)
    items, was = notification.items, holders.person
    now = applied(notification, was, municipal)
    change = Change(at, items.reason.name)
    if was is None:
        if now is not None:
            file.add(connection, now)
    elif now is not None:
        file.replace(connection, was, now, change)
    else:
        elsewhere = HeldIdentity(items, notification.origin, leaves_on=items.changed_on)
        file.note(connection, was, elsewhere, change)
    departed.told(connection, notification, was, now, known_by)
    incoming.applied(connection, notification, last)
    return was, now
