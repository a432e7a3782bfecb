"""What a reviewer confirms: exactly what goes out, whose it is, and nothing that can be guessed at."""

from dataclasses import replace
from datetime import date

import pytest

from renkei.answers import Answer
from renkei.codes import IntegratedAddressNumber
from renkei.exchanges import ExchangeId
from renkei.permits import SignedPermit
from renkei.sub_copies import Publication, RecordName, SubCopy
from renkei_server.seats.middle.answering import digest_of

PERMIT = SignedPermit(b"claims", b"signature")
TARO, HANAKO = (IntegratedAddressNumber(f"{number:015}") for number in (1, 2))
RECORD = SubCopy(
    RecordName("TM90000000000001"), 1, Publication(date(2026, 4, 1)), {"DI90000000000101": "1"}
)
ANSWER = Answer.of(ExchangeId("5b7c1a52-6f0e-4b8e-9d2f-3a8f3f0f7c11"), (RECORD,))


def test_the_same_review_has_the_same_digest() -> None:
    digests = {digest_of(PERMIT, [TARO, HANAKO], ANSWER) for _ in range(2)}

    assert [len(one) for one in digests] == [32]


@pytest.mark.parametrize(
    "other",
    [
        digest_of(PERMIT, [TARO], ANSWER),
        digest_of(PERMIT, [HANAKO, TARO], ANSWER),
        digest_of(PERMIT, [TARO, HANAKO], replace(ANSWER, records=())),
        digest_of(replace(PERMIT, signature=b"another"), [TARO, HANAKO], ANSWER),
    ],
    ids=["of fewer persons", "in another order", "with other records", "under another permit"],
)
def test_another_review_has_another_digest(other: bytes) -> None:
    """And none can be made again without the permit's signature, which goes with the decision."""
    assert digest_of(PERMIT, [TARO, HANAKO], ANSWER) != other
