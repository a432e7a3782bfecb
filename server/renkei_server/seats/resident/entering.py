"""How an entry takes effect: the register's record, and what the network is owed of it (F3.1, F13.1)."""

from collections.abc import Callable
from dataclasses import dataclass

from renkei import reasons
from renkei.change_reasons import OF_THE_HOUSEHOLD, ReasonList
from renkei.codes import Institution, LocalAddressNumber
from renkei.identities import IdentityNotification
from renkei.refusals import Refusal
from renkei.residents import ResidentEntry
from renkei_server.domain.identity_changes import NUMBER_CHANGES
from renkei_server.domain.world import Clock
from renkei_server.seats.resident.entries import record_of
from renkei_server.seats.resident.tasks import CHANGE_NUMBER
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.histories import Change
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.identities.notified import Notified
from renkei_server.store.identities.outgoing import Owed
from renkei_server.store.persons.changed_numbers import ChangedNumbers
from renkei_server.store.persons.residents import (
    BY_LOCAL_ADDRESS_NUMBER,
    ResidentRecord,
    Residents,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entering:
    """What is written in the register."""

    here: Institution
    residents: Residents
    notified: Notified
    owe: Callable[[Connection, Owed, str], None]
    """Owes the municipal CS a notification, because of a request of this id."""
    changed: ChangedNumbers
    outbox: Outbox
    clock: Clock

    def judge(self, connection: Connection, entry: ResidentEntry) -> ResidentRecord | None:
        """What the register holds of the person; raises what forbids the entry there.

        Raises LOCAL_ADDRESS_NUMBER_HELD and RESIDENT_ALREADY where somebody is entered,
        PERSON_NOT_HELD where a record changes.
        """
        held = self.residents.find(connection, BY_LOCAL_ADDRESS_NUMBER, entry.person)
        if entry.items.reason.list is not ReasonList.ENTRY:
            if held is None:
                raise Refusal(reasons.PERSON_NOT_HELD, "", "entry.local_address_number")
        elif held is not None:
            if held.resident_record_code != entry.items.resident_record_code:
                raise Refusal(reasons.LOCAL_ADDRESS_NUMBER_HELD, "", "entry.local_address_number")
            if not held.removed and not self._is_stopped(connection, entry.person):
                raise Refusal(reasons.RESIDENT_ALREADY, "", "entry.local_address_number")
        return held

    def write(self, connection: Connection, entry: ResidentEntry, cause: str) -> None:
        """Let an entry take effect, because of a request of this id; raises what `judge` raises.

        Raises RESIDENT_RECORD_CODE_HELD where the network knows another person by the code.
        """
        held = self.judge(connection, entry)
        if held is None:
            self.residents.add(connection, record_of(entry, None))
        else:
            change = Change(self.clock.now(), entry.items.reason.name)
            self.residents.replace(connection, held, record_of(entry, held), change)
            self._change_number(connection, entry, cause)
        if entry.items.reason not in OF_THE_HOUSEHOLD:  # INP-25
            code = entry.items.resident_record_code
            sequence, supersedes = self.notified.next(connection, entry.person, code)
            notification = IdentityNotification(
                self.here, sequence, entry.items, entry.change_information, supersedes
            )
            self.owe(connection, Owed(notification, entry.municipal), cause)

    def versions(self, connection: Connection, person: LocalAddressNumber) -> int:
        """How many earlier versions the register holds of somebody."""
        return len(self.residents.earlier(connection, BY_LOCAL_ADDRESS_NUMBER, person))

    def _change_number(self, connection: Connection, entry: ResidentEntry, cause: str) -> None:
        """F13.1: where a number was changed the linkage platform is to know the person by the new."""
        old = entry.change_information.previous_individual_number
        if old is not None and entry.items.reason in NUMBER_CHANGES:
            self.changed.add(connection, entry.person, old)
            person = {"person": entry.person.digits}
            self.outbox.put(connection, CHANGE_NUMBER, cause=cause, content=person)

    def _is_stopped(self, connection: Connection, person: LocalAddressNumber) -> bool:
        standing = self.notified.of(connection, person)
        return standing is not None and standing.stopped_at > 0
