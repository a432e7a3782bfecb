"""Acquisitions of codes as the resident record system and the linkage platform follow them.

They know a person by one number of their own (`person`), and how the newest
acquisition for that person stands; never a serial, never a code.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, insert, select, update

from renkei.acquisitions import PENDING, Acquisition, Failure, State
from renkei.codes import IntegratedAddressNumber
from renkei_server.store.engine.columns import blind, drawn_number, table, text
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.passing import Passing, passing
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.sealing import Sealer


def pending(*holding: str) -> Passing:
    """The pending acquisitions of a table, with the columns that they hold until their end.

    Without its serial or its calls one comes to nothing: whoever waits asks again.
    """
    return Passing(
        owed="acquisition of a code",
        where="state",
        among=(State.PENDING.name,),
        left={"state": State.EXPIRED.name, **dict.fromkeys(holding)},
    )


_ACQUISITIONS = table(
    "acquisitions",
    drawn_number(),
    blind("person", index=True),
    text("state"),
    text("failure", optional=True),
    **passing(pending()),
)

TABLES = (_ACQUISITIONS,)

_BEGIN = Guarded(insert(_ACQUISITIONS))
_END = Prepared(
    update(_ACQUISITIONS)
    .where(_ACQUISITIONS.c.number == bindparam("key"))
    .values(state=bindparam("ended"), failure=bindparam("why"))
)
_NEWEST = Guarded(
    select(_ACQUISITIONS.c.state, _ACQUISITIONS.c.failure)
    .where(_ACQUISITIONS.c.person == bindparam("of"))
    .order_by(_ACQUISITIONS.c.number.desc())
    .limit(1)
)


_FORGET = Guarded(delete(_ACQUISITIONS).where(_ACQUISITIONS.c.person == bindparam("of")))


class Acquisitions:
    """Each acquisition that was asked for, by the person's own number."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def begin(self, connection: Connection, person: str) -> str:
        """Record that an acquisition was asked for; return its key."""
        number = connection.draw()
        values = {"number": number, "person": person, **as_columns(PENDING)}
        _BEGIN.put_off(connection, self._sealer, values)
        return str(number)

    def end(self, connection: Connection, key: str, outcome: Acquisition) -> None:
        """Record how an acquisition ended."""
        told = as_columns(outcome)
        _END.run(connection, {"key": int(key), "ended": told["state"], "why": told["failure"]})

    def forget(self, connection: Connection, person: str) -> None:
        """Know nothing any more of what was asked for a person."""
        _FORGET.run(connection, self._sealer, {"of": person})

    def newest(self, connection: Connection, person: str) -> Acquisition | None:
        """How the newest acquisition for the person stands, or None if none was asked for."""
        row = _NEWEST.row(connection, self._sealer, {"of": person})
        return None if row is None else from_columns(*row)


class AcquisitionsByNumber:
    """The same, where whoever asks knows a person by the integrated address number."""

    def __init__(self, acquisitions: Acquisitions) -> None:
        self._acquisitions = acquisitions

    def begin(self, connection: Connection, person: IntegratedAddressNumber) -> str:
        """As `Acquisitions.begin`."""
        return self._acquisitions.begin(connection, person.digits)

    def newest(self, connection: Connection, person: IntegratedAddressNumber) -> Acquisition | None:
        """As `Acquisitions.newest`."""
        return self._acquisitions.newest(connection, person.digits)


@dataclass(frozen=True, slots=True)
class Remembered:
    """Of how many serials an institution was told what became of them, and how many wait."""

    told: int
    """An expiry is not among them."""
    waiting: int


def remembered_of(states: Mapping[str, int]) -> Remembered:
    """The same, of how many acquisitions with a serial stand in each state."""
    told = states.get(State.BOUND.name, 0) + states.get(State.FAILED.name, 0)
    return Remembered(told, states.get(State.PENDING.name, 0))


def as_columns(acquisition: Acquisition) -> dict[str, str | None]:
    """An acquisition as the columns `state` and `failure` hold it."""
    failure = acquisition.failure
    return {"state": acquisition.state.name, "failure": failure.name if failure else None}


def from_columns(state: str, failure: str | None) -> Acquisition:
    """The acquisition that the columns `state` and `failure` hold."""
    return Acquisition(State[state], Failure[failure] if failure else None)
