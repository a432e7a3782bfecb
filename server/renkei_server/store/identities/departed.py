"""What a municipality told last of whoever lives elsewhere since (F3.8, F9).

The file of identities holds one version of a person: that of where they live. What they were in the
municipality before is in its history; here it stands as that municipality's own file has it, so
that the two can be compared.
"""

from typing import Final

from renkei.codes import Institution, ResidentRecordCode
from renkei.identities import IdentityNotification
from renkei_server.domain.identity_changes import HeldIdentity, applied
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.files import FileForm, Key, SealedFile
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.identities.compared import BY_BUCKET, SUMS
from renkei_server.store.identities.persons import person_at


def _person(held: HeldIdentity) -> str:
    if held.municipality is None:
        msg = "nobody departed from nowhere"
        raise ValueError(msg)
    return person_at(held.municipality, held.items.resident_record_code)


BY_PERSON = Key[HeldIdentity, str]("person", _person)
FORM: Final = FileForm(
    "departed_identities",
    HeldIdentity,
    BY_PERSON,
    BY_BUCKET,
    sums=SUMS,
    ends=lambda held: held.removed_on,
)
TABLES: Final = FORM.tables


class Departed:
    """Those who live elsewhere since, by the municipality that told of them."""

    def __init__(self, sealer: Sealer) -> None:
        self.file = SealedFile(FORM, sealer)

    def find(
        self, connection: Connection, municipality: Institution, code: ResidentRecordCode
    ) -> HeldIdentity | None:
        """What the municipality told last of somebody who lives elsewhere."""
        return self.file.find(connection, BY_PERSON, person_at(municipality, code))

    def of_bucket(self, connection: Connection, place: str) -> list[HeldIdentity]:
        """Those of one bucket of a municipality."""
        return list(self.file.find_all(connection, BY_BUCKET, place))

    def told(
        self,
        connection: Connection,
        notification: IdentityNotification,
        was: HeldIdentity | None,
        now: HeldIdentity | None,
        known_by: ResidentRecordCode,
    ) -> None:
        """A notification was taken: the person was this in the file, and is that from now on.

        None: the file held nobody before, or stays as it is. `known_by`: see `Incoming`.
        """
        origin = notification.origin
        if was is not None and was.municipality == origin:
            return  # the file itself says what this municipality told last
        before = self.find(connection, origin, known_by)
        if now is not None:
            if was is not None and was.municipality is not None:
                self._put(connection, self.find(connection, was.municipality, _code(was)), was)
            if before is not None:
                self.file.forget(connection, before)
            return
        items = notification.items
        as_told = applied(notification, before)
        self._put(
            connection, before, as_told or HeldIdentity(items, origin, leaves_on=items.changed_on)
        )

    def _put(self, connection: Connection, before: HeldIdentity | None, now: HeldIdentity) -> None:
        if before is None:
            self.file.add(connection, now)
        else:
            self.file.replace(connection, before, now)


def _code(held: HeldIdentity) -> ResidentRecordCode:
    return held.items.resident_record_code
