"""Two identity files that are compared, each in a store of its own, with no network between them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from renkei.change_reasons import ChangeReason
from renkei.codes import Institution, ResidentRecordCode
from renkei.consistency import (
    BucketDigest,
    ComparedPerson,
    Finding,
    PersonComparison,
    PersonDigests,
)
from renkei.identities import IdentityItems, IdentityNotification
from renkei.municipal_items import MunicipalItems
from renkei.persons import Sex
from renkei.recorded_days import RecordedDay
from renkei_server.dispatch.answering_comparisons import Answering
from renkei_server.dispatch.comparing import Comparing
from renkei_server.domain.identity_changes import HeldIdentity
from renkei_server.store.engine import operations
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.files import SealedFile
from renkei_server.store.engine.histories import Change
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store, tables
from renkei_server.store.identities import identity_file, incoming
from renkei_server.store.identities.compared import BEYOND
from renkei_server.store.identities.departed import Departed
from renkei_server.store.identities.file_side import FileSide, TellingFile
from renkei_server.store.identities.identity_file import BY_CODE, take
from renkei_server.store.identities.incoming import Incoming
from tests.server.world import NOON, individual_number, resident_record_code

T = TypeVar("T")

WARD, NEIGHBOUR = Institution("131148"), Institution("131130")
TABLES = (*identity_file.TABLES, *incoming.TABLES)

DAY = RecordedDay(2026, 4, 1)
OWN = MunicipalItems(0, 0, "", "1640001", DAY, DAY, date(2026, 4, 1), "operator", "terminal")


def code_of(number: int) -> ResidentRecordCode:
    return resident_record_code(number + 1)


def person(number: int, *, municipality: Institution = WARD, **items: object) -> HeldIdentity:
    """Somebody who lives there."""
    told = IdentityItems(
        resident_record_code=code_of(number),
        name="山田　花子",
        furigana="ヤマダ　ハナコ",
        birth=RecordedDay(1970, 1, 31),
        sex=Sex.FEMALE,
        address="東京都中野区中野",
        individual_number=individual_number(number + 1),
        reason=ChangeReason.MOVED_IN,
        changed_on=DAY,
    )
    return HeldIdentity(replace(told, **items), municipality, entered_on=DAY)  # type: ignore[arg-type]


class End:
    """One file."""

    def __init__(self, place: Place) -> None:
        self.sealer = Sealer(b"k" * 32)
        self.store = Store(
            place,
            self.sealer,
            tables(operations.TABLES, TABLES),
            operations=OperationLog(self.sealer),
        )
        self.file = SealedFile(identity_file.FORM, self.sealer)
        self.departed, self.incoming = Departed(self.sealer), Incoming(self.sealer)
        self.owed: set[ResidentRecordCode] = set()

    def side(self, municipality: Institution = WARD, kind: int = BEYOND) -> FileSide:
        return FileSide(
            sealer=self.sealer,
            file=self.file,
            departed=self.departed,
            incoming=self.incoming,
            municipality=municipality,
            kind=kind,
        )

    def telling(self, municipality: Institution = WARD) -> TellingFile:
        return TellingFile(
            side=self.side(municipality), is_owed=lambda _c, _m, code, _s: code in self.owed
        )

    def hold(self, *persons: HeldIdentity) -> None:
        self.store.write_now(lambda connection: self.file.add_each(connection, persons))

    def find(self, number: int) -> HeldIdentity:
        held = self.store.read_now(lambda tx: self.file.find(tx, BY_CODE, code_of(number)))
        assert held is not None
        return held

    def change(self, number: int, **items: object) -> None:
        """Somebody else changed the file."""
        was = self.find(number)
        now = replace(was, items=replace(was.items, **items))  # type: ignore[arg-type]
        change = Change(NOON, "planted")
        self.store.write_now(lambda connection: self.file.replace(connection, was, now, change))

    def lose(self, number: int) -> None:
        was, change = self.find(number), Change(NOON, "planted")
        self.store.write_now(lambda connection: self.file.forget(connection, was, change))

    def take(self, *notifications: IdentityNotification) -> None:
        """Take notifications as a hop beyond the municipality does."""

        def apply(connection: Connection) -> None:
            for one in notifications:
                take(
                    connection,
                    self.file,
                    self.departed,
                    self.incoming,
                    one,
                    lambda _one, _holders: None,
                    at=NOON,
                )

        self.store.write_now(apply)

    def empty(self) -> None:
        """Hold nobody any more."""

        def erase(connection: Connection) -> None:
            for table in TABLES:
                connection.execute(table.delete())

        self.store.write_now(erase)


def nothing() -> None:
    """Nothing happens meanwhile."""


@dataclass
class Peer:
    """The other end as it is asked; before and after each answer something may happen."""

    answering: Answering
    before: Callable[[], object] = nothing
    after: Callable[[], object] = nothing
    calls: list[str] = field(default_factory=list)

    async def list_bucket_digests(self) -> Mapping[int, BucketDigest]:
        return await self._asked("buckets", self.answering.buckets)

    async def list_person_digests(self, buckets: Sequence[int]) -> PersonDigests:
        return await self._asked("persons", lambda: self.answering.persons(buckets))

    async def compare_persons(
        self, persons: Sequence[ComparedPerson]
    ) -> Sequence[PersonComparison]:
        return await self._asked("compare", lambda: self.answering.compare(persons))

    async def _asked(self, what: str, ask: Callable[[], Awaitable[T]]) -> T:
        self.calls.append(what)
        self.before()
        answer = await ask()
        self.after()
        return answer


Findings = dict[ResidentRecordCode, tuple[Finding, tuple[str, ...]]]


@dataclass
class Compared:
    """What was found, and what it cost."""

    findings: Findings
    persons: int
    calls: int


async def compared(
    here: End, there: End, municipality: Institution = WARD, **told: object
) -> Compared:
    """Compare two files of a municipality from one end to the other."""
    peer = Peer(Answering(there.store, there.side(municipality)), **told)  # type: ignore[arg-type]
    comparing = Comparing(here.store, here.telling(municipality), peer)
    left, findings, persons = list((await comparing.sums()).differing), Findings(), 0
    while left:
        step = await comparing.step(left)
        left, persons = left[step.answered :], persons + step.compared
        for one in step.found:
            assert one.resident_record_code not in findings, "each person is told once"
            findings[one.resident_record_code] = (one.finding, one.differing)
    return Compared(findings, persons, len(peer.calls))


def two_ends(folder: Path) -> tuple[End, End]:
    return End(folder / "here.db"), End(folder / "there.db")
