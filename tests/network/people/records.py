"""What each party has recorded of an exchange."""

from typing import Protocol

from renkei.exchange_records import ExchangeRecord
from renkei.exchanges import ExchangeId
from renkei_server.process.machine import WorldClock
from renkei_simulators.records_audit import read_log
from renkei_simulators.world.definition import World
from renkei_simulators.world.layout import Layout


class Place(Protocol):
    """A world that runs, wherever."""

    world: World
    layout: Layout


def records_of(place: Place, seat: str, exchange: ExchangeId) -> list[ExchangeRecord]:
    """What one seat has recorded of it; its log is verified on the way."""
    world, layout = place.world, place.layout
    log = read_log(world, layout, world.seat(seat), WorldClock(layout.clock).now())
    assert not log.faults
    return [one for one in log.records if one.exchange_id == exchange]
