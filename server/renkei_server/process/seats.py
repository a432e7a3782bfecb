"""The seats of one process: each is opened, closed and opened again apart from the others.

Rules:
- A seat that cannot be opened is told by its name, with the reason, and stops no other.
- A seat is asked whether it is well as any caller would ask it: over its own listeners.
- What happens to one seat is done before the next command is.
"""

import asyncio
import sys
import traceback
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, replace

from renkei import reasons
from renkei.refusals import Refusal
from renkei_clients.health import health_of
from renkei_pki.identity import Identity
from renkei_server.config import SeatConfig
from renkei_server.process.owner import RESTART, TELL, Reports, SeatReport
from renkei_server.process.serving import RunningSeat, running


class Seats:
    """Runs the seats of one process."""

    def __init__(self, configs: Sequence[SeatConfig]) -> None:
        self._configs = {config.name: config for config in configs}
        self._opened: dict[str, AsyncExitStack] = {}
        self._running: dict[str, RunningSeat] = {}
        self._reports: dict[str, SeatReport] = {}
        self._turn = asyncio.Lock()
        self._tried = asyncio.Event()
        self._opened_all = asyncio.Event()

    async def open(self) -> bool:
        """Open every seat that can be opened; return whether any could."""
        async with self._turn:
            opened = [seat for one in self._configs.values() if (seat := await self._open(one))]
            self._opened_all.set()  # now they can ask each other what they remember
            await asyncio.gather(*(self._look_at(seat) for seat in opened))
        self._tried.set()
        return bool(opened)

    async def close(self) -> None:
        """Close every seat."""
        async with self._turn:
            await asyncio.gather(*(self._close(name) for name in list(self._opened)))

    async def answer(self, command: str, seat: str) -> Reports:
        """Do what the owner asks. Raises LookupError for what no process does, or no such seat."""
        await self._tried.wait()
        if command == RESTART:
            # whoever stops waiting for the answer leaves no seat half-way
            return {seat: await asyncio.shield(self._restart(self._configs[seat]))}
        if command == TELL:
            return {name: await self._told(name, one) for name, one in self._reports.items()}
        raise LookupError(command)

    async def _told(self, name: str, report: SeatReport) -> SeatReport:
        """How a seat stands, with what it owes at this moment."""
        if (seat := self._running.get(name)) is None:
            return report
        try:
            set_back = await seat.neighbours.told()
        except Refusal:  # its store is away
            set_back = {}
        owed = [asdict(one) for one in seat.dispatcher.owed()]
        return replace(report, owed=owed, set_back=set_back)

    async def _restart(self, config: SeatConfig) -> SeatReport:
        async with self._turn:
            await self._close(config.name)
            if (seat := await self._open(config)) is not None:
                await self._look_at(seat)
        return self._reports[config.name]

    async def _open(self, config: SeatConfig) -> RunningSeat | None:
        stack = AsyncExitStack()
        try:
            seat = await stack.enter_async_context(
                running(config, config.peers, beside=self._opened_all)
            )
        except Exception as fault:
            self._reports[config.name] = report = _why(fault)
            sys.stderr.write(f"renkei: {config.name}: {report.english}\n{report.japanese}\n")
            return None
        self._opened[config.name] = stack
        self._running[config.name] = seat
        return seat

    async def _close(self, name: str) -> None:
        self._running.pop(name, None)
        if (stack := self._opened.pop(name, None)) is not None:
            try:
                await stack.aclose()
            except Exception:  # such as a full disk: what it held is let go of all the same
                traceback.print_exc()

    async def _look_at(self, seat: RunningSeat) -> None:
        """Ask each of the seat's listeners whether it is well, once it serves its callers."""
        await asyncio.wait([seat.opening])
        answers = await asyncio.gather(*(_health(seat, domain) for domain in seat.addresses))
        told = dict(zip(seat.addresses, answers, strict=True))
        self._reports[seat.config.name] = SeatReport(told, upgraded=seat.store.upgraded or ())


async def _health(seat: RunningSeat, domain: str) -> str:
    config = seat.config
    own = seat.keys.calls_with(domain)()
    server = Identity(domain, config.institution, config.role)
    return await health_of(own, server, seat.addresses[domain])


def _why(fault: Exception) -> SeatReport:
    """Why a seat could not be opened; of a fault of ours no text is told, but where it arose."""
    if isinstance(fault, FileNotFoundError):
        fault = Refusal(reasons.SEAT_INCOMPLETE, f"{fault.filename}: {fault.strerror}")
    if isinstance(fault, Refusal):
        return SeatReport({}, str(fault), fault.reason.japanese)
    traceback.print_exception(fault)
    kind = type(fault).__name__
    return SeatReport(
        {},
        f"it met a fault ({kind}) as it was opened; what its process wrote on stderr tells where",
        f"起動中に障害（{kind}）が発生しました。詳細はプロセスの標準エラー出力にあります。",
    )
