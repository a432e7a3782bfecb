"""Permits, keys and sealed answers on the wire: read as written, and nothing altered is taken."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from google.protobuf.message import DecodeError, Message
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st

from renkei import reasons
from renkei.codes import Institution, LinkageCode
from renkei.exchanges import ExchangeId, InquiryTerms
from renkei.permits import Permit, Side
from renkei.refusals import Refusal
from renkei.sealed_answers import KeyRecord, PublicKey, PublishedKeys, SealedAnswer, Suite
from renkei.type.v1 import permit_pb2, sealed_answer_pb2
from renkei.wire import exchanges as wire_exchanges
from renkei.wire import permits as wire_permits
from renkei.wire import sealed_answers as wire_sealed_answers
from renkei.wire.times import write_time
from renkei_pki.signing import SigningKey, VerifyingKey

from .conftest import refusal_of

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NAKANO, SHIBUYA, NENKIN = map(Institution, ("131148", "131130", "nenkin"))
SIGNED_AS = b"renkei permit 1\0"

codes = st.from_regex(r"[0-9A-Z]{16}", fullmatch=True)
classes = st.sampled_from("0123456789")
days = st.none() | st.dates(date(1850, 1, 1), date(2200, 12, 31))
institutions = st.sampled_from([NAKANO, SHIBUYA, NENKIN])
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is given apart
exchange_ids = st.uuids().map(lambda uuid: ExchangeId.parse(str(uuid)))


@st.composite
def inquiry_terms(draw: st.DrawFn) -> InquiryTerms:
    first, last = draw(days), draw(days)
    if first and last:
        first, last = min(first, last), max(first, last)
    return InquiryTerms(
        draw(institutions),
        draw(st.none() | institutions),
        draw(institutions),
        draw(st.none() | institutions),
        *(draw(codes) for _ in range(3)),
        *(draw(classes) for _ in range(2)),
        first,
        last,
        draw(st.booleans()),
    )


PERMITS = st.builds(
    Permit,
    exchange_id=exchange_ids,
    world=st.text(min_size=1, max_size=40),
    side=st.sampled_from(Side),
    code=st.binary(min_size=32, max_size=32).map(LinkageCode.parse),
    terms=inquiry_terms(),
    legal_table=st.text(max_size=10),
    legal_item=st.text(max_size=10),
    not_before=moments,
    not_after=moments,
    commitment=st.binary(min_size=32, max_size=32),
)

SOME_TERMS = InquiryTerms(
    inquirer=NENKIN,
    inquirer_delegator=None,
    provider=NAKANO,
    provider_delegator=None,
    affair_code="JM90000000073000",
    procedure_code="JT90000000073001",
    information_code="TM90000000000001",
    condition_class="0",
    fiscal_year_class="0",
    from_date=date(2025, 4, 1),
    to_date=date(2026, 3, 31),
    non_disclosure=True,
)
SOME_PERMIT = Permit(
    exchange_id=ExchangeId.parse("5b7c1a52-6f0e-4b8e-9d2f-3a8f3f0f7c11"),
    world="world-1",
    side=Side.PROVIDER,
    code=LinkageCode.parse(bytes(range(32))),
    terms=SOME_TERMS,
    legal_table="2024",
    legal_item="73",
    not_before=NOON,
    not_after=NOON,
    commitment=b"c" * 32,
)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> SigningKey:
    """The network's permit key."""
    return SigningKey.create(key_path(tmp_path_factory))


@pytest.fixture(scope="module")
def public(key: SigningKey, tmp_path_factory: pytest.TempPathFactory) -> VerifyingKey:
    """Its public half."""
    del key  # it must be there
    return VerifyingKey.load(key_path(tmp_path_factory).with_name("public.pem"))


def key_path(factory: pytest.TempPathFactory) -> Path:
    return factory.getbasetemp() / "permit-key" / "key.pem"


def holding(**fields: Message) -> Message:
    """A message that has these fields, as a request will; only reading is tried on it."""
    message = SimpleNamespace(HasField=lambda name: name in fields, **fields)
    return cast("Message", message)


def carried(message: Message) -> Any:
    return type(message).FromString(message.SerializeToString())


def signed(claims: permit_pb2.PermitClaims, key: SigningKey) -> Message:
    """What the network's key signed, whatever it says."""
    told = claims.SerializeToString()
    return holding(permit=permit_pb2.Permit(claims=told, signature=key.sign(SIGNED_AS + told)))


def claims_of(permit: Permit, key: SigningKey) -> permit_pb2.PermitClaims:
    return permit_pb2.PermitClaims.FromString(
        wire_permits.write_permit(wire_permits.sign_permit(permit, key)).claims
    )


# Exchanges and inquiries


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5b7c1a52",
        "5B7C1A52-6F0E-4B8E-9D2F-3A8F3F0F7C11",
        "5b7c1a526f0e4b8e9d2f3a8f3f0f7c11",
        "{5b7c1a52-6f0e-4b8e-9d2f-3a8f3f0f7c11}",
        "urn:uuid:5b7c1a52-6f0e-4b8e-9d2f-3a8f3f0f7c11",
    ],
)
def test_an_exchange_id_has_one_written_form(text: str) -> None:
    assert refusal_of(lambda: ExchangeId.parse(text)).reason is reasons.MALFORMED_EXCHANGE_ID


@given(inquiry_terms())
def test_what_is_asked_is_read_as_it_was_written(terms: InquiryTerms) -> None:
    message = holding(terms=carried(wire_exchanges.write_inquiry_terms(terms)))

    assert wire_exchanges.read_inquiry_terms(message) == terms


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"affair_code": ""}, "affair_code"),
        ({"affair_code": "JM9000000007300"}, "affair_code"),
        ({"procedure_code": "jt90000000073001"}, "procedure_code"),
        ({"information_code": "TM9000000000000１"}, "information_code"),
        ({"condition_class": "10"}, "condition_class"),
        ({"condition_class": "２"}, "condition_class"),
        ({"fiscal_year_class": ""}, "fiscal_year_class"),
        ({"to_date": {"year": 2025, "month": 3, "day": 31}}, "to_date"),
        ({"from_date": {"year": 2025, "month": 2, "day": 29}}, "from_date"),
        ({"to_date": {}}, "to_date"),
        ({"inquirer": ""}, "inquirer"),
        ({"provider": "131149"}, "provider"),
        ({"inquirer_delegator": "MHLW"}, "inquirer_delegator"),
    ],
)
def test_a_wrong_part_of_an_inquiry_is_named_by_its_path(
    changes: dict[str, Any], place: str
) -> None:
    message = wire_exchanges.write_inquiry_terms(SOME_TERMS)
    for field in changes:
        message.ClearField(cast("Any", field))
    message.MergeFrom(permit_pb2.InquiryTerms(**changes))

    refusal = refusal_of(lambda: wire_exchanges.read_inquiry_terms(holding(terms=message)))

    assert refusal.fields == (f"terms.{place}",)
    assert refusal.reason.status == "INVALID_ARGUMENT"


def test_terms_that_hold_more_than_is_known_here_are_read_and_not_remembered() -> None:
    message = permit_pb2.InquiryTerms.FromString(
        wire_exchanges.write_inquiry_terms(SOME_TERMS).SerializeToString()
        + bytes([0xFA, 0x7F, 0xFF, 0x7F])  # a field that nobody knows, of 16,383 bytes
        + bytes(0x3FFF)
    )
    remembered = wire_exchanges._remembered.cache_info().currsize

    assert wire_exchanges.read_inquiry_terms(holding(terms=message)) == SOME_TERMS
    assert wire_exchanges._remembered.cache_info().currsize == remembered


def test_absent_terms_are_missing() -> None:
    refusal = refusal_of(lambda: wire_exchanges.read_inquiry_terms(holding()))

    assert (refusal.reason, refusal.fields) == (reasons.FIELD_MISSING, ("terms",))


@given(moments | st.datetimes(timezones=st.just(UTC)))
def test_a_moment_is_written_as_the_library_writes_it(moment: datetime) -> None:
    expected = Timestamp()
    expected.FromDatetime(moment)

    assert write_time(moment) == expected


# Permits


@given(PERMITS)
def test_a_permit_is_read_as_it_was_written(
    key: SigningKey, public: VerifyingKey, permit: Permit
) -> None:
    message = holding(
        permit=carried(wire_permits.write_permit(wire_permits.sign_permit(permit, key)))
    )

    assert wire_permits.judged(wire_permits.read_permit(message), public) == permit


@given(PERMITS)
def test_a_copy_bears_no_code_but_its_own(key: SigningKey, permit: Permit) -> None:
    told = claims_of(permit, key)

    assert told.code.value == permit.code.value
    assert [field.name for field, _ in told.ListFields() if field.name.endswith("code")] == ["code"]


def hash_of(permit: Permit, key: SigningKey) -> bytes:
    return wire_permits.hash_of(wire_permits.sign_permit(permit, key))


def test_both_copies_of_a_permit_have_one_hash(key: SigningKey) -> None:
    copy = replace(SOME_PERMIT, side=Side.INQUIRER, code=LinkageCode.parse(b"i" * 32))

    assert hash_of(copy, key) == hash_of(SOME_PERMIT, key)


@pytest.mark.parametrize(
    "change",
    [
        {"exchange_id": ExchangeId.parse("5b7c1a52-6f0e-4b8e-9d2f-3a8f3f0f7c12")},
        {"world": "world-2"},
        {"terms": replace(SOME_TERMS, provider=SHIBUYA)},
        {"terms": replace(SOME_TERMS, non_disclosure=False)},
        {"legal_table": "2025"},
        {"legal_item": "132"},
        {"not_before": NOON.replace(hour=11)},
        {"not_after": NOON.replace(hour=13)},
        {"commitment": b"d" * 32},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_permit_that_says_something_else_has_another_hash(
    key: SigningKey, change: dict[str, Any]
) -> None:
    assert hash_of(replace(SOME_PERMIT, **change), key) != hash_of(SOME_PERMIT, key)


def test_an_absent_permit_is_missing(public: VerifyingKey) -> None:
    message = holding(permit=permit_pb2.Permit())

    refusal = refusal_of(lambda: wire_permits.judged(wire_permits.read_permit(message), public))

    assert (refusal.reason, refusal.fields) == (reasons.FIELD_MISSING, ("permit",))


def test_no_altered_byte_of_a_permit_is_accepted(key: SigningKey, public: VerifyingKey) -> None:
    told = wire_permits.write_permit(wire_permits.sign_permit(SOME_PERMIT, key)).SerializeToString()

    for place in range(len(told)):
        for change in (0x01, 0x80, 0xFF):
            assert not readable(altered(told, place, change), public), place


@given(place=st.integers(0, 10_000), change=st.integers(1, 255), cut=st.integers(1, 10_000))
def test_no_permit_that_was_altered_or_cut_at_random_is_accepted(
    key: SigningKey, public: VerifyingKey, place: int, change: int, cut: int
) -> None:
    told = wire_permits.write_permit(wire_permits.sign_permit(SOME_PERMIT, key)).SerializeToString()

    assert not readable(altered(told, place % len(told), change), public)
    assert not readable(told[: -(cut % len(told) or 1)], public)


def test_another_worlds_network_does_not_sign_for_this_one(
    key: SigningKey, public: VerifyingKey, tmp_path: Path
) -> None:
    other = SigningKey.create(tmp_path / "key.pem")
    ours, theirs = (
        wire_permits.write_permit(wire_permits.sign_permit(SOME_PERMIT, one))
        for one in (key, other)
    )
    mixed = permit_pb2.Permit(claims=ours.claims, signature=theirs.signature)

    for permit in (theirs, mixed):
        refusal = refusal_of(
            lambda one=permit: wire_permits.judged(
                wire_permits.read_permit(holding(permit=one)), public
            )
        )
        assert refusal.reason is reasons.PERMIT_SIGNATURE_INVALID


def test_what_the_key_signed_as_something_else_is_no_permit(
    key: SigningKey, public: VerifyingKey
) -> None:
    claims = wire_permits.write_permit(wire_permits.sign_permit(SOME_PERMIT, key)).claims
    message = holding(permit=permit_pb2.Permit(claims=claims, signature=key.sign(claims)))

    refusal = refusal_of(lambda: wire_permits.judged(wire_permits.read_permit(message), public))

    assert refusal.reason is reasons.PERMIT_SIGNATURE_INVALID


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda claims: claims.ClearField("exchange_id"), id="exchange"),
        pytest.param(lambda claims: claims.ClearField("world_id"), id="world"),
        pytest.param(lambda claims: claims.ClearField("side"), id="side"),
        pytest.param(lambda claims: claims.ClearField("code"), id="code"),
        pytest.param(lambda claims: claims.ClearField("terms"), id="terms"),
        pytest.param(lambda claims: claims.ClearField("not_before"), id="not before"),
        pytest.param(lambda claims: claims.ClearField("not_after"), id="not after"),
        pytest.param(lambda claims: setattr(claims, "commitment", b"short"), id="commitment"),
        pytest.param(lambda claims: claims.MergeFromString(b"\xfa\x01\x01x"), id="unknown field"),
        pytest.param(
            lambda claims: claims.terms.to_date.MergeFromString(b"\xfa\x01\x01x"),
            id="unknown field within",
        ),
    ],
)
def test_even_a_signed_permit_must_be_of_its_form(
    key: SigningKey, public: VerifyingKey, spoil: Callable[[permit_pb2.PermitClaims], object]
) -> None:
    claims = claims_of(SOME_PERMIT, key)
    spoil(claims)

    refusal = refusal_of(
        lambda: wire_permits.judged(wire_permits.read_permit(signed(claims, key)), public)
    )

    assert refusal.reason is reasons.PERMIT_SIGNATURE_INVALID


# Keys and sealed answers

A_KEY = PublicKey(Suite.X25519, b"x" * 32)
A_HYBRID_KEY = PublicKey(Suite.MLKEM768_X25519, b"h" * 1216)
RECORD = KeyRecord(
    NENKIN, 3, (Suite.MLKEM768_X25519, Suite.X25519), (A_HYBRID_KEY, A_KEY), NOON, NOON
)


def told_record(**changes: Any) -> sealed_answer_pb2.SealingKeyRecord:
    told = sealed_answer_pb2.SealingKeyRecord.FromString(
        wire_sealed_answers.write_key_record(RECORD)
    )
    for field in changes:
        told.ClearField(cast("Any", field))
    told.MergeFrom(sealed_answer_pb2.SealingKeyRecord(**changes))
    return told


def test_a_record_of_keys_is_read_as_it_was_written() -> None:
    assert (
        wire_sealed_answers.read_key_record(wire_sealed_answers.write_key_record(RECORD)) == RECORD
    )


def test_a_suite_that_is_not_known_here_is_passed_over_with_its_keys() -> None:
    told = told_record()
    told.suites.insert(0, cast("Any", 99))
    told.keys.add(key_id="of another form", suite=cast("Any", 99), public_key=b"?")

    assert wire_sealed_answers.read_key_record(told.SerializeToString()) == RECORD


@pytest.mark.parametrize(
    "changes",
    [
        {"organisation": ""},
        {"number": 0},
        {"suites": []},
        {"suites": [1]},
        {"suites": [1, 2, 2]},
        {"keys": []},
        {"keys": [{"key_id": A_KEY.key_id, "suite": 2, "public_key": A_KEY.value}]},
        {
            "suites": [2],
            "keys": [{"key_id": A_HYBRID_KEY.key_id, "suite": 2, "public_key": A_KEY.value}],
        },
        {"not_before": None},
        {"not_after": None},
    ],
    ids=lambda changes: " ".join(f"{name} {len(str(value))}" for name, value in changes.items()),
)
def test_a_record_in_which_suites_and_keys_do_not_fit_is_malformed(
    changes: dict[str, Any],
) -> None:
    told = told_record(**changes).SerializeToString()

    refusal = refusal_of(lambda: wire_sealed_answers.read_key_record(told))

    assert refusal.reason is reasons.PUBLISHED_KEYS_MALFORMED


def test_bytes_that_are_no_record_are_malformed() -> None:
    refusal = refusal_of(lambda: wire_sealed_answers.read_key_record(b"\xff"))

    assert refusal.reason is reasons.PUBLISHED_KEYS_MALFORMED


def test_a_key_id_names_suite_and_key() -> None:
    ids = {PublicKey(suite, value).key_id for suite in Suite for value in (b"one", b"other")}

    assert len(ids) == 4
    assert all(len(one) == 32 for one in ids)


@given(st.binary(), st.binary(), st.lists(st.binary(), max_size=3))
def test_published_keys_are_read_as_they_were_written(
    record: bytes, signature: bytes, certificates: list[bytes]
) -> None:
    published = PublishedKeys(record, signature, tuple(certificates))
    message = holding(keys=carried(wire_sealed_answers.write_published_keys(published)))

    assert wire_sealed_answers.read_published_keys(message) == published


@given(exchange_ids, st.text(max_size=40), st.binary(max_size=100))
def test_a_sealed_answer_is_read_as_it_was_written(
    exchange_id: ExchangeId, key_id: str, ciphertext: bytes
) -> None:
    sealed = SealedAnswer(exchange_id, key_id, ciphertext)
    message = holding(answer=carried(wire_sealed_answers.write_sealed_answer(sealed)))

    assert wire_sealed_answers.read_sealed_answer(message) == sealed


def test_absent_keys_and_answers_are_missing() -> None:
    for read, place in (
        (wire_sealed_answers.read_published_keys, "keys"),
        (wire_sealed_answers.read_sealed_answer, "answer"),
    ):
        refusal = refusal_of(lambda one=read: one(holding()))
        assert (refusal.reason, refusal.fields) == (reasons.FIELD_MISSING, (place,))


def test_a_sealed_answer_of_no_exchange_is_named_by_its_path() -> None:
    message = holding(answer=sealed_answer_pb2.SealedAnswer(key_id="k", ciphertext=b"c"))

    refusal = refusal_of(lambda: wire_sealed_answers.read_sealed_answer(message))

    assert refusal.reason is reasons.MALFORMED_EXCHANGE_ID
    assert refusal.fields == ("answer.exchange_id",)


def test_what_is_sealed_and_the_keys_show_themselves_masked() -> None:
    assert "h" * 6 not in repr(RECORD)
    assert "c" * 6 not in repr(SealedAnswer(SOME_PERMIT.exchange_id, "key", b"c" * 50))


def altered(told: bytes, place: int, change: int) -> bytes:
    damaged = bytearray(told)
    damaged[place] ^= change
    return bytes(damaged)


def readable(told: bytes, public: VerifyingKey) -> bool:
    """Whether somebody takes these bytes for a permit."""
    try:
        wire_permits.judged(
            wire_permits.read_permit(holding(permit=permit_pb2.Permit.FromString(told))), public
        )
    except (DecodeError, Refusal):
        return False
    return True
