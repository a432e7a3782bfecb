"""The reconciliation of records: what every party of an exchange has recorded of it (F2.10).

Inquirer, provider and network each keep the record, word by word the same, and answer for it with a
log of their own (documented: that all three keep it; invented: that they are compared).

- What was provided or answered with nothing is in all three logs.
- What was not permitted, or cancelled before anybody was told, is at inquirer and network alone.
- What expired, or could not be delivered, may be missing at the provider, which may never have
  been told.
- What was recorded of an answer that could not be delivered, or came too late, stands before the
  record that counts: the last one.
- A record whose years are over is not missed.
- A party whose server is somebody else's is not looked into, and not held against the others.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import Enum

from renkei.answers import Outcome
from renkei.codes import Institution
from renkei.exchange_records import ExchangeRecord
from renkei.networks import JUKINET, LINKAGE
from renkei.roles import EXCHANGING
from renkei.wire.exchange_records import content_of, record_of
from renkei_pki.identity import Identity
from renkei_pki.log_check import YEARS, Fault, check, years_before
from renkei_pki.log_export import Entry, Whole
from renkei_pki.signing import PUBLIC_KEY, VerifyingKey
from renkei_server.process.machine import MachineIds, WorldClock
from renkei_server.roles.own_keys import OwnKeys
from renkei_server.store.engine.record_log import RecordLog
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import SeatPlan, World, WorldError
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.provision import inspect

NETWORK = "provision-network"

KEEPERS = (*EXCHANGING, NETWORK)
"""The roles that keep a log of exchanges."""

PROVIDERS = ("municipal-cs", "prefecture-server", "national-server")
"""The roles that keep a log of provisions of identity information (PRV-11)."""

_AT_TWO = (Outcome.NOT_PERMITTED, Outcome.CANCELLED)
_WITHOUT_ANSWER = (Outcome.EXPIRED, Outcome.UNDELIVERABLE)


class Kind(Enum):
    """How parties disagree; the value tells it."""

    MISSING = "has no record of it"
    SURPLUS = "has a record of it and no part in it"
    DOUBLED = "has more than one record of it"
    DIFFERS = "has recorded something else than the network, or else than the first of the parties"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One finding: which exchange, whose log, and what of it. It names no person."""

    exchange: str
    seat: str
    kind: Kind
    parts: tuple[str, ...] = ()
    """The fields of the record that differ."""


@dataclass(frozen=True, slots=True)
class Log:
    """One party's log as it is now: its faults, and what it says."""

    seat: str
    size: int
    faults: tuple[Fault, ...]
    records: tuple[ExchangeRecord, ...]
    unreadable: tuple[int, ...]
    """Leaves that are no record of an exchange."""


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What the comparison found: how many exchanges agree, and every disagreement."""

    logs: tuple[Log, ...]
    agreed: int
    disagreements: tuple[Disagreement, ...]

    @property
    def sound(self) -> bool:
        """Whether every log is whole and every exchange agrees."""
        faulty = any(log.faults or log.unreadable for log in self.logs)
        return not faulty and not self.disagreements


def audit_records(world: World, layout: Layout) -> Reconciliation:
    """Read and verify every log of a world, and compare them. The world must be quiet."""
    now = WorldClock(layout.clock).now()
    seats = [one for one in world.seats if one.role in KEEPERS and not one.external]
    logs = tuple(read_log(world, layout, seat, now) for seat in seats)
    held = {log.seat: log.records for log in logs}
    agreed, found = reconcile(held, kept_since=years_before(now, YEARS))
    return Reconciliation(logs, agreed, found)


def read_log(world: World, layout: Layout, seat: SeatPlan, now: datetime) -> Log:
    """One party's log, verified as somebody from outside would."""
    lines = list(export_log(world, layout, seat, now, contents=True))
    public = seat_config(world, layout, seat).record_key.with_name(PUBLIC_KEY)
    report = check(lines, VerifyingKey.load(public))
    records, unreadable = [], []
    for entry in map(Entry.parse, lines[1:]):
        if isinstance(entry.body, Whole):
            try:
                records.append(record_of(entry.body.content))
            except ValueError:
                unreadable.append(entry.index)
    return Log(seat.name, len(lines) - 1, report.faults, tuple(records), tuple(unreadable))


def export_log(
    world: World, layout: Layout, seat: SeatPlan, now: datetime, *, contents: bool
) -> Iterator[str]:
    """The lines of a log's export, under a head that is signed now.

    Raises WorldError for a seat that keeps no log, or is somebody else's.
    """
    if seat.role not in (*KEEPERS, *PROVIDERS) or seat.external:
        keepers = ", ".join((*KEEPERS, *PROVIDERS))
        msg = f"{seat.name} keeps no log of records here; these do: {keepers}"
        raise WorldError(msg, f"{seat.name}はここで記録を持ちません。持つのは{keepers}です。")
    config = seat_config(world, layout, seat)
    with OwnKeys.opened(config) as keys:
        key = keys.signing_key(config.record_key)
    network = JUKINET if seat.role in PROVIDERS else LINKAGE
    origin = Identity(network, seat.institution, seat.role)
    with inspect(world, layout, seat) as look:
        log = RecordLog(look.sealer, MachineIds(), origin)
        signed = look.read(lambda connection: log.head(connection, key, at=now))
        yield from look.read(lambda connection: log.export(connection, signed, contents=contents))


def reconcile(
    held: Mapping[str, Iterable[ExchangeRecord]], *, kept_since: datetime
) -> tuple[int, tuple[Disagreement, ...]]:
    """Compare what parties have recorded, by seat; how many exchanges agree, and what does not."""
    exchanges: defaultdict[str, list[tuple[str, ExchangeRecord]]] = defaultdict(list)
    for seat, records in held.items():
        for record in records:
            exchanges[record.exchange_id.text].append((seat, record))
    agreed, found, parties = 0, [], _Parties.of(held)
    for exchange, told in sorted(exchanges.items()):
        disagreements = [*_of_exchange(exchange, told, parties, kept_since)]
        agreed += not disagreements
        found += disagreements
    return agreed, tuple(found)


@dataclass(frozen=True, slots=True)
class _Parties:
    """The seats whose logs are at hand: the network's, and each organisation's by its name."""

    network: frozenset[str]
    organisations: Mapping[str, str]

    @classmethod
    def of(cls, seats: Iterable[str]) -> "_Parties":
        named = [(seat, *seat.split(".", 1)) for seat in seats]
        return cls(
            frozenset(seat for seat, role, _ in named if role == NETWORK),
            {institution: seat for seat, role, institution in named if role != NETWORK},
        )

    def expected(self, record: ExchangeRecord) -> tuple[set[str], set[str]]:
        """The seats that must have a record like this one, and those that may."""
        must, provider = {*self.network, *self._at(record.terms.inquirer)}, set[str]()
        if record.outcome not in _AT_TWO:
            provider = {*self._at(record.terms.provider)}
        if record.outcome in _WITHOUT_ANSWER:
            return must, must | provider
        return must | provider, must | provider

    def _at(self, institution: Institution) -> Iterator[str]:
        if institution.name in self.organisations:
            yield self.organisations[institution.name]


def _of_exchange(
    exchange: str,
    told: Sequence[tuple[str, ExchangeRecord]],
    parties: _Parties,
    kept_since: datetime,
) -> Iterator[Disagreement]:
    held: defaultdict[str, list[ExchangeRecord]] = defaultdict(list)
    for seat, record in told:
        held[seat].append(record)
    counts = {seat: records[-1] for seat, records in held.items()}
    first = next((one for seat, one in counts.items() if seat in parties.network), told[-1][1])
    must, may = parties.expected(first)
    if (first.answered_at or first.asked_at) >= kept_since:
        for seat in sorted(must - held.keys()):
            yield Disagreement(exchange, seat, Kind.MISSING)
    for seat, records in sorted(held.items()):
        if seat not in may:
            yield Disagreement(exchange, seat, Kind.SURPLUS)
        if _is_doubled(records):
            yield Disagreement(exchange, seat, Kind.DOUBLED)
    for seat, record in counts.items():
        if parts := _differing(first, record):
            yield Disagreement(exchange, seat, Kind.DIFFERS, parts)


def _is_doubled(records: Sequence[ExchangeRecord]) -> bool:
    """Whether there are more than the one that counts, and that of its answer before it."""
    *before, last = records
    superseded = last.outcome in _WITHOUT_ANSWER and all(one.outcome.of_provider for one in before)
    return len(before) > 1 or (bool(before) and not superseded)


def _differing(first: ExchangeRecord, other: ExchangeRecord) -> tuple[str, ...]:
    """The fields in which two records differ, those of the terms by themselves."""
    if content_of(first) == content_of(other):
        return ()
    parts = [
        (one.name, getattr(first, one.name), getattr(other, one.name))
        for one in fields(first)
        if one.name != "terms"
    ]
    parts += [
        (f"terms.{one.name}", getattr(first.terms, one.name), getattr(other.terms, one.name))
        for one in fields(first.terms)
    ]
    return tuple(name for name, ours, theirs in parts if ours != theirs)
