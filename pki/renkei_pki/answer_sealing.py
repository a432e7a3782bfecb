"""Answers sealed by the provider, opened by the inquirer alone (F2.8; PRV-05, PRV-09).

Rules:
- The preferred suite of the inquirer's signed record that is known here is used, and no other:
  an answer falls back to X25519 alone only where that record allows it.
- Exchange, provider, inquirer and key are bound into the seal, so that an answer opens in no
  other exchange and for nobody else.
- An answer is filled up to a power of two, 1024 bytes at least, so that its length tells the
  network little; but never beyond what a message holds (invented).
- A seal hides an answer and says nothing of who made it: therefore an answer is signed first
  (`answer_signing`), and names the key to which it is sealed.

What is recorded today must stay closed for as long as a person lives: therefore the hybrid.
HPKE is RFC 9180 (documented); the suites are decided.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from renkei import reasons
from renkei.exchanges import Exchange
from renkei.limits import MESSAGE_LIMIT
from renkei.refusals import Refusal
from renkei.sealed_answers import KeyRecord, PublicKey, SealedAnswer, Suite
from renkei_pki.answer_keys import AnswerKeys, encrypt

KNOWN: Final = frozenset(Suite)

_SEAL_BYTES: Final = {Suite.MLKEM768_X25519: 1088 + 32 + 16, Suite.X25519: 32 + 16}
"""By how much a sealed answer is longer: what encapsulates its key, and its tag."""

_SMALLEST_BYTES: Final = 1024
_LARGEST_BYTES: Final = MESSAGE_LIMIT - 8192
"""So that the seal and what is told beside it fit into a message too."""
_END: Final = b"\x80"


def key_for(
    exchange: Exchange, record: KeyRecord, *, now: datetime, known: Collection[Suite] = KNOWN
) -> PublicKey:
    """To which key of the inquirer's judged record the answer is sealed; `now` is real time.

    Raises PUBLISHED_KEYS_OF_ANOTHER, PUBLISHED_KEYS_OUT_OF_DATE or NO_SUITE_IN_COMMON.
    """
    if record.organisation != exchange.inquirer:
        raise Refusal(reasons.PUBLISHED_KEYS_OF_ANOTHER)
    record.require_valid(now)
    for suite in record.suites:
        if suite in known:
            return record.newest(suite)
    raise Refusal(reasons.NO_SUITE_IN_COMMON)


def seal(signed: bytes, key: PublicKey, exchange: Exchange) -> SealedAnswer:
    """Seal a signed answer to a key of the inquirer's.

    Raises MESSAGE_TOO_LARGE or PUBLISHED_KEYS_MALFORMED.
    """
    ciphertext = encrypt(_fill(signed), key, info=_binding(exchange, key.key_id))
    return SealedAnswer(exchange.id, key.key_id, ciphertext)


def require_openable(sealed: SealedAnswer, record: KeyRecord) -> None:
    """Raise unless an answer may be one that was sealed to a key of this record.

    Whoever passes it on judges by it. Raises ANSWER_KEY_UNKNOWN, or MALFORMED_ANSWER for a length
    that no sealed answer has.
    """
    for key in record.keys:
        if key.key_id == sealed.key_id:
            filled = len(sealed.ciphertext) - _SEAL_BYTES[key.suite]
            if filled < _SMALLEST_BYTES or filled != _filled_size(filled):
                raise Refusal(reasons.MALFORMED_ANSWER, "of no sealed answer's length", "answer")
            return
    raise Refusal(reasons.ANSWER_KEY_UNKNOWN, "", "answer.key_id")


def open_answer(sealed: SealedAnswer, keys: AnswerKeys, exchange: Exchange) -> bytes:
    """The signed answer that was sealed for this exchange; it is not judged here.

    Raises ANSWER_OF_ANOTHER_EXCHANGE, ANSWER_KEY_UNKNOWN or ANSWER_NOT_OPENED.
    """
    if sealed.exchange_id != exchange.id or keys.organisation != exchange.inquirer:
        raise Refusal(reasons.ANSWER_OF_ANOTHER_EXCHANGE)
    key = keys.find(sealed.key_id)
    return _strip(key.decrypt(sealed.ciphertext, info=_binding(exchange, sealed.key_id)))


def _binding(exchange: Exchange, key_id: str) -> bytes:
    """No part holds a line feed, so no two bindings are written alike."""
    parts = (exchange.id.text, exchange.provider.name, exchange.inquirer.name, key_id)
    return "\n".join(("renkei sealed answer 1", *parts)).encode("ascii")


def _fill(answer: bytes) -> bytes:
    ended = answer + _END
    if len(ended) > _LARGEST_BYTES:
        raise Refusal(reasons.MESSAGE_TOO_LARGE, "an answer")  # the network is not told how large
    return ended.ljust(_filled_size(len(ended)), b"\0")


def _filled_size(size: int) -> int:
    return min(max(_SMALLEST_BYTES, 1 << (size - 1).bit_length()), _LARGEST_BYTES)


def _strip(filled: bytes) -> bytes:
    answer, end, zeros = filled.rpartition(_END)
    if not end or zeros.strip(b"\0"):
        raise Refusal(reasons.ANSWER_NOT_OPENED, "not filled up as agreed")
    return answer
