"""The services by which a test world is controlled; no other world has them."""

from collections.abc import Mapping, Sequence

from renkei.networks import CONTROL
from renkei_server.config import SeatConfig
from renkei_server.dispatch.dispatcher import Dispatcher
from renkei_server.door.door import Service
from renkei_server.process.machine import WorldClock
from renkei_server.seats.control.clock import ClockService
from renkei_server.seats.control.moves import Moves
from renkei_server.seats.control.snapshots import Snapshots
from renkei_server.seats.control.state import StateService
from renkei_server.store.engine.store import Store


def control(
    config: SeatConfig, store: Store, clock: WorldClock, dispatcher: Dispatcher
) -> Mapping[str, Sequence[Service]]:
    """By trust domain. Raises ValueError where a seat of no test world listens for control."""
    if CONTROL not in config.networks:
        return {}
    if not config.test:
        msg = f"{config.name} has a listener for control, and its world is no test world"
        raise ValueError(msg)
    snapshots = Snapshots(store, config.snapshots)
    snapshots.clear(upgraded=store.upgraded is not None)
    snapshots.save_initial()
    return {
        CONTROL: (
            ClockService(clock=clock, moves=Moves(config.clock.with_name("clock-moves.json"))),
            StateService(
                snapshots=snapshots, work=dispatcher, moves=Moves(config.folder / "moves.json")
            ),
        )
    }
