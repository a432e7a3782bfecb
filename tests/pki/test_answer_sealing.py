"""Answers that the inquirer alone opens: the network sees neither them nor who they are about."""

from dataclasses import replace
from pathlib import Path

import pytest
from google.protobuf.message import DecodeError
from hypothesis import given, settings
from hypothesis import strategies as st

from renkei import reasons
from renkei.exchanges import Exchange, ExchangeId
from renkei.limits import MESSAGE_LIMIT
from renkei.linkage.v1 import exchange_pb2
from renkei.refusals import Refusal
from renkei.sealed_answers import KeyRecord, PublicKey, SealedAnswer, Suite
from renkei.type.v1 import sealed_answer_pb2
from renkei.wire import sealed_answers as wire_sealed_answers
from renkei_pki.answer_keys import AnswerKey, AnswerKeys, encrypt
from renkei_pki.answer_sealing import open_answer
from renkei_pki.published_keys import publish
from renkei_simulators.separation.forms import forms

from .linkage_network import (
    ANOTHER_ID,
    ANSWER,
    BOTH,
    EXCHANGE,
    LIFETIME,
    NENKIN,
    NOW,
    ONE_EACH,
    SHIBUYA,
    Network,
    altered,
    found,
    reason_of,
    sealed_to,
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Network:
    """One that stays as it is."""
    return found(tmp_path_factory.mktemp("linkage"))


# Which suite is used


@pytest.mark.parametrize(
    ("listed", "known", "used"),
    [
        pytest.param(BOTH, BOTH, Suite.MLKEM768_X25519, id="both know the hybrid"),
        pytest.param(BOTH, (Suite.X25519,), Suite.X25519, id="the provider does not know it"),
        pytest.param((Suite.X25519,), BOTH, Suite.X25519, id="the inquirer does not know it"),
        pytest.param(BOTH[::-1], BOTH, Suite.X25519, id="the inquirer prefers the other"),
    ],
)
def test_the_preferred_suite_that_both_know_is_used(
    shared: Network, listed: tuple[Suite, ...], known: tuple[Suite, ...], used: Suite
) -> None:
    record = shared.record(suites=listed)

    sealed = sealed_to(record, known=known)

    assert sealed.key_id == record.newest(used).key_id
    assert open_answer(sealed, shared.keys, EXCHANGE) == ANSWER


def test_nothing_falls_back_to_a_suite_that_the_record_does_not_list(shared: Network) -> None:
    hybrid_alone = shared.record(suites=(Suite.MLKEM768_X25519,))

    assert reason_of(lambda: sealed_to(hybrid_alone, known={Suite.X25519})) is (
        reasons.NO_SUITE_IN_COMMON
    )


# Sealing and opening


@pytest.mark.parametrize("suite", ONE_EACH)
@settings(max_examples=30)
@given(answer=st.binary(max_size=5000))
def test_the_inquirer_opens_what_the_provider_sealed(
    shared: Network, suite: Suite, answer: bytes
) -> None:
    sealed = sealed_to(shared.record(suites=(suite,)), answer)

    assert open_answer(sealed, shared.keys, EXCHANGE) == answer


@pytest.mark.parametrize("answer", [b"", b"\x80", b"\x80\0\0", b"\0" * 9, b"x" * 1023, b"x" * 1024])
def test_an_answer_keeps_its_end(shared: Network, answer: bytes) -> None:
    sealed = sealed_to(shared.record(), answer)

    assert open_answer(sealed, shared.keys, EXCHANGE) == answer


@pytest.mark.parametrize("suite", ONE_EACH)
def test_what_another_product_seals_by_the_words_of_the_contract_opens(
    shared: Network, suite: Suite
) -> None:
    filled = b"an answer\x80" + bytes(1014)

    assert open_answer(sealed_by_hand(shared, suite, filled), shared.keys, EXCHANGE) == b"an answer"


@pytest.mark.parametrize("filled", [b"", bytes(1024), b"an answer", b"\x80" + b"\0" * 9 + b"x"])
def test_an_answer_that_was_not_filled_up_as_agreed_is_refused(
    shared: Network, filled: bytes
) -> None:
    sealed = sealed_by_hand(shared, Suite.X25519, filled)

    assert reason_of(lambda: open_answer(sealed, shared.keys, EXCHANGE)) is (
        reasons.ANSWER_NOT_OPENED
    )


@pytest.mark.parametrize("suite", ONE_EACH)
def test_no_altered_byte_of_a_sealed_answer_opens(shared: Network, suite: Suite) -> None:
    sealed = sealed_to(shared.record(suites=(suite,)))
    told = wire_sealed_answers.write_sealed_answer(sealed).SerializeToString()

    for place in range(len(told)):
        assert not opens(altered(told, place, 0x01), shared), place


@settings(max_examples=50)
@given(place=st.integers(0, 10_000), change=st.integers(1, 255))
def test_no_byte_altered_at_random_opens(shared: Network, place: int, change: int) -> None:
    sealed = sealed_to(shared.record())
    told = wire_sealed_answers.write_sealed_answer(sealed).SerializeToString()

    assert not opens(altered(told, place % len(told), change), shared)
    assert not opens(told[: place % len(told)], shared)


@pytest.mark.parametrize("suite", ONE_EACH)
def test_the_network_sees_no_form_of_the_plaintext(shared: Network, suite: Suite) -> None:
    record = shared.record(suites=(suite,))
    published = wire_sealed_answers.write_published_keys(publish(record, shared.credentials))
    sealed = wire_sealed_answers.write_sealed_answer(sealed_to(record))
    seen = published.SerializeToString() + sealed.SerializeToString()

    for value in (*ANSWER.decode().split(), ANSWER):
        assert [name for name, form in forms(value) if form in seen] == []


def test_the_network_does_not_see_that_two_answers_are_the_same(shared: Network) -> None:
    one, other = (sealed_to(shared.record()) for _ in range(2))

    assert not runs(one.ciphertext) & runs(other.ciphertext)


@settings(max_examples=30)
@given(length=st.integers(0, 20_000))
def test_a_length_tells_the_bucket_alone(shared: Network, length: int) -> None:
    record = shared.record(suites=(Suite.X25519,))
    seen = len(sealed_to(record, b"x" * length).ciphertext) - 32 - 16

    assert seen & (seen - 1) == 0
    assert max(length + 1, 1024) <= seen <= max(2 * length, 1024)


@pytest.mark.parametrize("suite", ONE_EACH)
@pytest.mark.parametrize("length", [2**19, MESSAGE_LIMIT - 9_000])
def test_an_answer_that_fits_into_a_message_is_not_filled_up_beyond_it(
    shared: Network, suite: Suite, length: int
) -> None:
    sealed = sealed_to(shared.record(suites=(suite,)), b"x" * length)

    message = exchange_pb2.DeliverAnswerRequest(
        answer=wire_sealed_answers.write_sealed_answer(sealed)
    )
    assert message.ByteSize() < MESSAGE_LIMIT - 4096
    assert open_answer(sealed, shared.keys, EXCHANGE) == b"x" * length


def test_an_answer_that_no_message_holds_is_refused_before_it_is_sealed(shared: Network) -> None:
    refused = reason_of(lambda: sealed_to(shared.record(), b"x" * MESSAGE_LIMIT))

    assert refused is reasons.MESSAGE_TOO_LARGE


def test_an_answer_of_another_exchange_is_refused(shared: Network) -> None:
    sealed = sealed_to(shared.record())

    assert reason_of(
        lambda: open_answer(sealed, shared.keys, replace(EXCHANGE, id=ANOTHER_ID))
    ) is (reasons.ANSWER_OF_ANOTHER_EXCHANGE)


@pytest.mark.parametrize(
    "other",
    [replace(EXCHANGE, id=ANOTHER_ID), replace(EXCHANGE, provider=SHIBUYA)],
    ids=["exchange", "provider"],
)
def test_an_answer_under_a_false_label_does_not_open(shared: Network, other: Exchange) -> None:
    sealed = sealed_to(shared.record())
    relabelled = replace(sealed, exchange_id=other.id)

    assert reason_of(lambda: open_answer(relabelled, shared.keys, other)) is (
        reasons.ANSWER_NOT_OPENED
    )


def test_the_right_key_opens_nothing_for_another_inquirer(shared: Network) -> None:
    sealed = sealed_to(shared.record())
    other = replace(EXCHANGE, inquirer=SHIBUYA)
    as_another = replace(shared.keys, organisation=SHIBUYA)

    assert reason_of(lambda: open_answer(sealed, shared.keys, other)) is (
        reasons.ANSWER_OF_ANOTHER_EXCHANGE
    )
    assert reason_of(lambda: open_answer(sealed, as_another, other)) is reasons.ANSWER_NOT_OPENED


def test_another_organisations_key_opens_nothing(shared: Network, tmp_path: Path) -> None:
    sealed = sealed_to(shared.record())
    key = AnswerKey.create(tmp_path, Suite.MLKEM768_X25519, now=NOW)
    theirs = AnswerKeys(NENKIN, (key,))
    relabelled = replace(sealed, key_id=key.public.key_id)

    assert reason_of(lambda: open_answer(sealed, theirs, EXCHANGE)) is reasons.ANSWER_KEY_UNKNOWN
    assert reason_of(lambda: open_answer(relabelled, theirs, EXCHANGE)) is (
        reasons.ANSWER_NOT_OPENED
    )


def test_nothing_is_sealed_to_another_organisations_keys(shared: Network) -> None:
    theirs = replace(shared.record(), organisation=SHIBUYA)

    assert reason_of(lambda: sealed_to(theirs)) is (reasons.PUBLISHED_KEYS_OF_ANOTHER)


@pytest.mark.parametrize(
    "key",
    [
        PublicKey(Suite.X25519, b""),
        PublicKey(Suite.X25519, bytes(32)),
        PublicKey(Suite.X25519, b"x" * 33),
        PublicKey(Suite.MLKEM768_X25519, b"x" * 32),
        PublicKey(Suite.MLKEM768_X25519, b"\xff" * 1216),
        PublicKey(Suite.MLKEM768_X25519, bytes(1216)),
    ],
    ids=lambda key: f"{key.suite.name} {len(key.value)} {key.value[:1].hex()}",
)
def test_nothing_is_sealed_to_what_is_no_key(key: PublicKey) -> None:
    record = KeyRecord(NENKIN, 1, (key.suite,), (key,), NOW, NOW + LIFETIME)

    assert reason_of(lambda: sealed_to(record)) is (reasons.PUBLISHED_KEYS_MALFORMED)


def sealed_by_hand(network: Network, suite: Suite, filled: bytes) -> SealedAnswer:
    key = network.record().newest(suite)
    info = (
        b"renkei sealed answer 1\n5b7c1a52-6f0e-4b8e-9d2f-3a8f3f0f7c11\n131148\nnenkin\n"
        + key.key_id.encode()
    )
    return SealedAnswer(EXCHANGE.id, key.key_id, encrypt(filled, key, info=info))


def opens(told: bytes, network: Network) -> bool:
    """Whether the inquirer gets an answer out of these bytes."""
    try:
        message = sealed_answer_pb2.SealedAnswer.FromString(told)
        exchange_id = ExchangeId.parse(message.exchange_id)
        sealed = SealedAnswer(exchange_id, message.key_id, message.ciphertext)
        open_answer(sealed, network.keys, EXCHANGE)
    except (DecodeError, Refusal):
        return False
    return True


def runs(value: bytes) -> set[bytes]:
    return {value[start : start + 6] for start in range(len(value) - 5)}
