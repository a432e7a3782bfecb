"""A linkage domain with an inquirer in it, for the tests of answers and their keys."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from renkei.codes import Institution
from renkei.exchanges import Exchange, ExchangeId
from renkei.networks import LINKAGE
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei.sealed_answers import KeyRecord, SealedAnswer, Suite
from renkei_pki.answer_keys import AnswerKey, AnswerKeys
from renkei_pki.answer_sealing import KNOWN, key_for, seal
from renkei_pki.authority import ISSUING, REVOCATION_LIST, Authority
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_pki.published_keys import KeyJudge
from renkei_pki.revocation import Revocations

NOW = datetime.now(UTC).replace(microsecond=0)
LIFETIME = timedelta(days=30)
NAKANO, SHIBUYA, NENKIN = map(Institution, ("131148", "131130", "nenkin"))
EXCHANGE = Exchange(ExchangeId.parse("5b7c1a52-6f0e-4b8e-9d2f-3a8f3f0f7c11"), NENKIN, NAKANO)
ANOTHER_ID = ExchangeId.parse("5b7c1a52-6f0e-4b8e-9d2f-3a8f3f0f7c12")
BOTH = (Suite.MLKEM768_X25519, Suite.X25519)
ONE_EACH = [pytest.param(suite, id=suite.name) for suite in Suite]

ANSWER = "山田　花子　東京都中野区中野四丁目　世帯番号 123456789012345".encode()


@dataclass(frozen=True, slots=True)
class Network:
    """The linkage domain of a world, and an inquirer in it with a key of each suite."""

    authority: Authority
    credentials: Credentials
    judge: KeyJudge
    revocations: Revocations
    folder: Path
    keys: AnswerKeys

    def record(self, number: int = 1, suites: tuple[Suite, ...] = BOTH) -> KeyRecord:
        return self.keys.record(number, suites, not_before=NOW, not_after=NOW + LIFETIME)

    def issue(self, institution: str, role: str) -> Credentials:
        return self.authority.issue(Identity(LINKAGE, institution, role), now=NOW)


def found(folder: Path) -> Network:
    """Make a linkage domain in a folder."""
    authority = Authority.create(folder / "pki", LINKAGE, now=NOW)
    credentials = authority.issue(Identity(LINKAGE, NENKIN.name, "agency-linkage"), now=NOW)
    revocations = Revocations(
        folder / "pki" / REVOCATION_LIST, folder / "pki" / ISSUING, now=lambda: NOW
    )
    judge = KeyJudge(credentials.roots_pem, revocations)
    for suite in Suite:
        AnswerKey.create(folder / "keys", suite, now=NOW)
    keys = AnswerKeys.load(folder / "keys", NENKIN)
    return Network(authority, credentials, judge, revocations, folder, keys)


def sealed_to(
    record: KeyRecord,
    content: bytes = ANSWER,
    *,
    now: datetime = NOW,
    known: Collection[Suite] = KNOWN,
) -> SealedAnswer:
    """What a provider seals to an inquirer's record of keys."""
    return seal(content, key_for(EXCHANGE, record, now=now, known=known), EXCHANGE)


def reason_of(act: Callable[[], object]) -> Reason:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.reason


def altered(told: bytes, place: int, change: int) -> bytes:
    damaged = bytearray(told)
    damaged[place] ^= change
    return bytes(damaged)
