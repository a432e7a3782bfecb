"""The keys to which answers are sealed: an organisation's own, published, and others', judged (F2.8).

Rules:
- An organisation publishes a record of its keys again when they changed, when the certificate
  that signed it was renewed, and long before the record runs out (invented: 30 days, half-way).
- At each start it compares what the network hands out with what it published last, and publishes
  anew where they differ: either of them may have been set back to a backup.
- Another organisation's record is judged before anything is sealed to it, and again after a
  second, so that a revocation counts; an older number than one that was seen is refused.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Final

from renkei import reasons
from renkei.codes import Institution
from renkei.refusals import Refusal
from renkei.sealed_answers import KeyRecord, PublishedKeys, Suite
from renkei.wire.sealed_answers import read_key_record
from renkei_pki.answer_keys import AnswerKeys
from renkei_pki.credentials import Credentials
from renkei_pki.published_keys import KeyJudge, publish
from renkei_server.dispatch.routes import Effect, Route, no_effect
from renkei_server.domain.world import Clock
from renkei_server.peers.exchanges import KeepsKeys
from renkei_server.store.engine.changes import names_of
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox, Task
from renkei_server.store.engine.store import Store
from renkei_server.store.exchanges.published_keys import SEEN_TABLES, OwnRecord, RememberedKeys

PUBLISH = "publish keys"

SUITES: Final = (Suite.MLKEM768_X25519, Suite.X25519)
"""Those that an organisation allows, the preferred one first."""

_GOOD_FOR = timedelta(days=30)
_RENEWED_AFTER = timedelta(days=15)
_LEEWAY = timedelta(minutes=5)
_JUDGED_AGAIN_AFTER = timedelta(seconds=1)
_COMPARED_AGAIN_AFTER = timedelta(seconds=5)
_SEEN: Final = names_of(SEEN_TABLES)


class Publishing:
    """Keeps what an organisation has published up to date."""

    def __init__(
        self,
        *,
        store: Store,
        outbox: Outbox,
        remembered: RememberedKeys,
        keys: Callable[[], AnswerKeys],
        credentials: Callable[[], Credentials],
        directory: KeepsKeys,
        clock: Clock,
    ) -> None:
        self._store = store
        self._outbox = outbox
        self._remembered = remembered
        self._keys = keys
        self._credentials = credentials
        self._directory = directory
        self._clock = clock
        self._compare_at: datetime | None = clock.real()
        """When to compare next; None once the network has what was published."""
        self.route = Route(self._publish)

    async def run_once(self) -> int:
        """Owe the directory a new record where the last one does not do any more; 1 if so."""
        latest = await self._store.look(self._remembered.latest_own)
        if self._is_due(latest):
            return await self._store.write(self.owe, what="owe keys")
        if latest is None or self._compare_at is None or self._clock.real() < self._compare_at:
            return 0
        if await self._store.look(lambda tx: self._outbox.after(tx, PUBLISH, 0, 1)):
            return 0  # what is on its way is compared once it is there
        return await self._compare(latest)

    async def _compare(self, latest: OwnRecord) -> int:
        """Owe a new record where the network hands out another than the latest; 1 if so."""
        self._compare_at = self._clock.real() + _COMPARED_AGAIN_AFTER
        keys = self._keys()
        try:
            told = read_key_record(
                (await self._directory.get_sealing_keys(keys.organisation)).record
            )
        except Refusal as refusal:
            if refusal.reason is not reasons.SEALING_KEYS_NOT_PUBLISHED:
                return 0  # nobody answers: it is compared again
            number = 0
        else:
            number = told.number
            own = {key.public.key_id for key in keys.keys}
            if number == latest.number and {key.key_id for key in told.keys} == own:
                self._compare_at = None
                return 0
        self._compare_at = None
        return await self._store.write(partial(self.owe, above=number), what="owe keys")

    def owe(self, connection: Connection, above: int | None = None) -> int:
        """Number a new record and owe it; 1, or 0 where that was done already.

        `above`: the number that the network hands out, where it is not the latest record.
        """
        latest = self._remembered.latest_own(connection)
        if above is None and not self._is_due(latest):
            return 0
        number = max(latest.number if latest else 0, above or 0) + 1
        not_after = self._clock.real() + _GOOD_FOR
        self._remembered.add_own(connection, OwnRecord(number, self._made_of(), not_after))
        content = {"number": str(number), "not_after": not_after.isoformat()}
        self._outbox.put(connection, PUBLISH, cause="", content=content)
        return 1

    async def _publish(self, task: Task) -> Effect:
        not_after = datetime.fromisoformat(task.content["not_after"])
        record = self._keys().record(
            int(task.content["number"]),
            SUITES,
            not_before=not_after - _GOOD_FOR - _LEEWAY,
            not_after=not_after,
        )
        published = publish(record, self._credentials())
        try:
            await self._directory.publish_sealing_keys(task.request_id, published)
        except Refusal as refusal:
            if refusal.reason is not reasons.PUBLISHED_KEYS_SUPERSEDED:
                raise
            self._compare_at = self._clock.real()  # a newer one is there
        return no_effect

    def _is_due(self, latest: OwnRecord | None) -> bool:
        if latest is None or latest.made_of != self._made_of():
            return True
        return self._clock.real() >= latest.not_after - _RENEWED_AFTER

    def _made_of(self) -> str:
        """Stands for the keys and the certificate that signs them."""
        told = sha256(self._credentials().chain_pem)
        for key in self._keys().keys:
            told.update(key.public.key_id.encode())
        return told.hexdigest()


@dataclass(frozen=True, slots=True)
class _Judged:
    published: PublishedKeys = field(repr=False)
    record: KeyRecord
    at: datetime
    seen: int
    """The last change, when it was judged, of which records were seen."""


@dataclass(frozen=True, slots=True)
class InquirerRecord:
    """A record that may be sealed to, and whether it is newer than all that were seen."""

    keys: KeyRecord
    is_newer: bool = field(default=False, compare=False)


class InquirerKeys:
    """Other organisations' keys, as far as they may be sealed to."""

    def __init__(self, judge: KeyJudge, remembered: RememberedKeys, clock: Clock) -> None:
        self._judge = judge
        self._remembered = remembered
        self._clock = clock
        self._judged: dict[Institution, _Judged] = {}

    def judged(
        self, connection: Connection, published: PublishedKeys, organisation: Institution
    ) -> InquirerRecord:
        """The record, once nothing speaks against it; who goes by it sees it (`see`).

        Raises what `KeyJudge.judge` raises.
        """
        now = self._clock.real()
        known = self._judged.get(organisation)
        if (
            known is not None
            and known.published == published
            and known.at <= now < known.at + _JUDGED_AGAIN_AFTER
            and known.seen == connection.changes.of(_SEEN)
        ):
            return InquirerRecord(known.record)
        seen = connection.changes.of(_SEEN)
        least = self._remembered.highest(connection, organisation)
        record = self._judge.judge(published, organisation, now=now, least=least)
        if record.number > least:
            return InquirerRecord(record, is_newer=True)
        if connection.began_at is None or seen <= connection.began_at:
            self._judged[organisation] = _Judged(published, record, now, seen)
        return InquirerRecord(record)

    def see(self, connection: Connection, judged: InquirerRecord) -> None:
        """Remember a record from now on: an older one is never believed again."""
        if judged.is_newer:
            self._judged.pop(judged.keys.organisation, None)
            self._remembered.see(connection, judged.keys.organisation, judged.keys.number)
