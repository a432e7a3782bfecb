"""What identity information a seat has provided, and to whom (提供・移転の記録; PRV-11, PRV-12).

Each record is a leaf of the seat's log, written in the transaction that knows how the provision
ended; the log shows when it was altered, as those of exchanges do (`record_log`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from renkei.codes import ResidentRecordCode
from renkei_server.domain.world import Clock
from renkei_server.store.engine import record_log
from renkei_server.store.engine.codecs import document
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.record_log import RecordLog

TABLES = record_log.TABLES


@dataclass(frozen=True, slots=True)
class IdentityProvision:
    """One provision, or the refusal of one (the form is invented); its leaf says when it was."""

    request_id: str
    """With which it was provided, or asked for."""
    receiver: str
    """Role and institution: "prefecture-server.130001"."""
    method: str
    """The path of the method by which."""
    person: ResidentRecordCode | None
    """Nobody where it was refused, and not said by a code of whom."""
    operator: str = ""
    """Who had it done; nobody where a seat did it by itself."""
    refused: str = ""
    """The reason's name; empty where it was provided."""
    affair: str = ""
    """For which it was asked, where somebody asked."""
    case_reference: str = field(default="", repr=False)


_NOBODY: Final = b"nobody"
"""In place of a code, by which those are found that name nobody."""

CONTENT: Final = document(IdentityProvision)
"""What a leaf says, as JSON."""


@dataclass(frozen=True, slots=True)
class Provided:
    """One that was recorded, and when it was."""

    at: datetime
    provision: IdentityProvision


@dataclass(frozen=True, slots=True)
class IdentityProvisions:
    """The provisions of one seat."""

    log: RecordLog
    clock: Clock

    def add(self, connection: Connection, provision: IdentityProvision) -> None:
        """Record one, or the refusal of one."""
        self.log.append(
            connection,
            CONTENT.write(provision),
            person=_key(provision.person),
            shown=False,
            at=self.clock.now(),
        )

    def of(self, connection: Connection, person: ResidentRecordCode | None) -> Sequence[Provided]:
        """All that is kept about a person, or that names nobody, oldest first. Raises InvalidTag for what is damaged."""
        return [
            Provided(one.at, CONTENT.read(one.content))
            for one in self.log.concerning(connection, _key(person))
        ]


def _key(person: ResidentRecordCode | None) -> bytes:
    return person.digits.encode("ascii") if person else _NOBODY
