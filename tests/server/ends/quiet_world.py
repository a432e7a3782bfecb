"""A world of real seats in one process, where nothing happens unless a test makes it happen.

Its seats are assembled as a server's are, each with its store, its door and its dispatcher; what they
say to each other goes from door to door, and may be lost, come twice, or never come.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum, auto

import structlog
from google.protobuf.message import Message

from renkei import reasons
from renkei.contract import Method, method_of
from renkei.refusals import Refusal
from renkei_clients.channel import Channel
from renkei_pki.identity import Identity
from renkei_server.config import SeatConfig
from renkei_server.dispatch.dispatcher import Dispatcher
from renkei_server.dispatch.lanes import Held
from renkei_server.dispatch.pace import Pace
from renkei_server.door.caller import Callers
from renkei_server.door.door import Door
from renkei_server.door.passage import Passages, begin
from renkei_server.process.machine import MachineIds
from renkei_server.roles.bills import assemble, metadata_of
from renkei_server.roles.own_keys import OwnKeys
from renkei_server.roles.parts import Parts
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.outbox import Outbox, Task
from renkei_server.store.engine.receipts import Receipts
from renkei_server.store.engine.run_digests import SeatRun
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import World
from renkei_simulators.world.layout import Layout
from tests.server.world import SetClock


class Line(Enum):
    """What becomes of one message and its answer."""

    GOOD = auto()
    LOST = auto()
    ANSWER_LOST = auto()
    TWICE = auto()


Fate = Callable[[str, Message], Line]
"""Says it by the peer's name and what it is to be told."""


def good(_peer: str, _request: Message) -> Line:
    """Everything arrives."""
    return Line.GOOD


class Wire(Channel):
    """A channel from one seat to another's door."""

    def __init__(
        self, world: "QuietWorld", caller: Identity, seat: str, fate: Fate | None = None
    ) -> None:
        """Its own `fate`, or else the world's."""
        self._fate = fate
        self._world = world
        self._caller = caller
        self._seat = seat

    async def call(self, request: Message, *, seconds: float | None = None) -> Message:  # noqa: ARG002 - nothing takes time here
        fate = (self._fate or self._world.fate)(self._seat, request)
        if fate is Line.LOST or self._seat not in self._world.seats:
            raise Refusal(reasons.PEER_UNREACHABLE)
        told = type(request)()
        told.CopyFrom(request)
        method = method_of(type(request))
        if method.sender is not None:
            setattr(told, method.sender, self._caller.institution)
        seat = self._world.seats[self._seat]
        answer = await seat.hear(self._caller, method, told)
        if fate is Line.TWICE:
            answer = await seat.hear(self._caller, method, told)
        if fate is Line.ANSWER_LOST:
            raise Refusal(reasons.PEER_UNREACHABLE)
        return answer


@dataclass(frozen=True, slots=True)
class QuietSeat:
    """One seat: what it keeps, whom it answers, and what it would do by itself."""

    store: Store
    outbox: Outbox
    doors: Mapping[str, Door]
    dispatcher: Dispatcher
    chores: Sequence[Callable[[], object]]

    async def hear(self, caller: Identity, method: Method, request: Message) -> Message:
        """Answer one request as the door does behind its listener. Raises its refusal."""
        door = self.doors[caller.domain]
        entry = door._entries[method.path]
        refused: list[Refusal] = []

        async def refuse(refusal: Refusal, _incident: str) -> None:
            refused.append(refusal)

        raw = b""
        async with door._passages.let_through(method.path, method.steps, refuse) as passage:
            call = begin(passage, caller)
            entry.admit(caller)
            raw = await door._do(entry, request.SerializeToString(), passage, call)
        for refusal in refused:
            raise refusal
        answer: Message = method.response()
        answer.ParseFromString(raw)
        return answer

    def owed(self) -> list[Task]:
        """Every call that it owes."""
        kinds = (lane.kind for lane in self.dispatcher._lanes)
        return [
            task
            for kind in kinds
            for task in self.store.read_now(
                lambda tx, kind=kind: self.outbox.after(tx, kind, 0, 99)
            )
        ]

    async def work(self, choose: Callable[[int], int]) -> bool:
        """Try one of the calls that it owes, once; whether there is one."""
        owed = self.owed()
        if not owed:
            return False
        await self._attempt(owed[choose(len(owed))])
        return True

    async def work_through(self) -> None:
        """Try each call that it owes now, once."""
        for task in self.owed():
            await self._attempt(task)

    async def _attempt(self, task: Task) -> None:
        lane = next(one for one in self.dispatcher._lanes if one.kind == task.kind)
        await self.dispatcher._make(lane, Held(0.0, task.number, 0.0, task))
        lane.forget()

    async def keep_house(self) -> None:
        """Do what it does regularly, once."""
        for chore in self.chores:
            await chore()  # type: ignore[misc]  # each is awaitable


class QuietWorld:
    """Every seat of a world; `stack` closes them."""

    def __init__(self, world: World, layout: Layout, stack: ExitStack) -> None:
        self.world = world
        self.layout = layout
        self.clock = SetClock(datetime.now(UTC))
        self.fate: Fate = good
        self._stack = stack
        self.seats: dict[str, QuietSeat] = {}
        for plan in world.seats:
            config = seat_config(world, layout, plan)
            self.seats[plan.name] = self._open(config, stack)

    def restart(self, name: str) -> None:
        """Close a seat and start it again."""
        self.seats[name].store.close()
        self.seats[name] = self._open(self.config(name), self._stack)

    def config(self, name: str) -> SeatConfig:
        """What a seat is told at its start."""
        return seat_config(self.world, self.layout, self.world.seat(name))

    def now(self) -> datetime:
        """The world's time."""
        return self.clock.now()

    async def rest(self, fate: Fate = good) -> None:
        """Let everything be done that can be, while every line is good, or as is told."""
        self.fate = fate
        for _ in range(200):
            worked = [await seat.work(lambda _: 0) for seat in self.seats.values()]
            await self.keep_house()
            if not any(worked):
                return
        owed = {name: [task.kind for task in seat.owed()] for name, seat in self.seats.items()}
        raise AssertionError(owed)

    async def keep_house(self) -> None:
        """Let each seat do once what it does regularly."""
        for seat in self.seats.values():
            await seat.keep_house()

    def client(self, domain: str, caller: str, seat: str) -> Channel:
        """A caller's channel to a seat, over a good line."""
        role, _, institution = caller.partition(".")
        return Wire(self, Identity(domain, institution, role), seat, good)

    def pass_time(self, by: timedelta) -> None:
        """Let time pass in the world."""
        self.clock.go_ahead(by)

    def _open(self, config: SeatConfig, stack: ExitStack) -> QuietSeat:
        sealer, ids = Sealer.load(config.key), MachineIds()
        store = Store(
            config.place, sealer, metadata_of(config.role), operations=OperationLog(sealer)
        )
        stack.callback(store.close)
        outbox, log = Outbox(sealer, ids), structlog.wrap_logger(None, processors=[_drop])

        def connect(domain: str, role: str, institution: str) -> Channel:
            own = Identity(domain, config.institution, config.role)
            return Wire(self, own, f"{role}.{institution}")

        receipts = Receipts(sealer, SeatRun.drawn(ids))
        parts = Parts(config, OwnKeys(config), store, outbox, receipts, self.clock, ids, connect)
        seat = assemble(parts)
        doors = {
            domain: Door(
                listener=parts.identity(domain),
                services=services,
                standard={},
                passages=Passages(
                    callers=Callers(
                        domain=domain, revocations=parts.revocations(domain), clock=self.clock
                    ),
                    store=store,
                    clock=self.clock,
                    log=log,
                ),
                receipts=receipts,
            )
            for domain, services in seat.services.items()
            if services
        }
        dispatcher = Dispatcher(
            store=store,
            outbox=outbox,
            routes=seat.routes,
            clock=self.clock,
            log=log,
            pace=Pace(repeats=0.0),
        )
        return QuietSeat(store, outbox, doors, dispatcher, seat.regularly)


def _drop(*_: object) -> Mapping[str, object]:
    raise structlog.DropEvent
