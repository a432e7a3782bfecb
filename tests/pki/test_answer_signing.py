"""Signed answers: the inquirer takes what its provider signed, and nothing that the network made."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from renkei import reasons
from renkei.answers import Answer, Outcome
from renkei.codes import LinkageCode
from renkei.deliveries import Delivery
from renkei.exchanges import InquiryTerms
from renkei.networks import LINKAGE
from renkei.permits import Permit, Side
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei.sealed_answers import SealedAnswer
from renkei.signed_answers import SKEW, AnswerClaims, SignedAnswer
from renkei.sub_copies import Publication, RecordName, SubCopy
from renkei.type.v1 import permit_pb2, sealed_answer_pb2
from renkei.wire.answers import write_answer
from renkei.wire.permits import hash_of, sign_permit
from renkei.wire.signed_answers import read_signed_answer, write_signed_answer
from renkei.wire.sub_copies import write_sub_copy
from renkei_pki import keys
from renkei_pki.answer_signing import AnswerJudge, AnswerSigner, answer_in
from renkei_pki.authority import REVOCATION_LIST, Authority
from renkei_pki.certificates import Leaf
from renkei_pki.credentials import CredentialFolder, Credentials
from renkei_pki.identity import Identity
from renkei_pki.organisation_signatures import Signatory
from renkei_pki.published_keys import publish

from .linkage_network import (
    ANOTHER_ID,
    EXCHANGE,
    NAKANO,
    NENKIN,
    NOW,
    SHIBUYA,
    Network,
    altered,
    found,
    reason_of,
)

MINUTE = timedelta(minutes=1)
ASKED_AT = NOW + MINUTE
SIGNED_AT = NOW + 2 * MINUTE
HANDED_OVER_AT = NOW + 3 * MINUTE
KEY_ID = "0123456789abcdef" * 2

PERMIT = Permit(
    exchange_id=EXCHANGE.id,
    world="a world",
    side=Side.INQUIRER,
    code=LinkageCode(b"i" * 32),
    terms=InquiryTerms(
        inquirer=NENKIN,
        inquirer_delegator=None,
        provider=NAKANO,
        provider_delegator=None,
        affair_code="JM90000000073000",
        procedure_code="JT90000000073001",
        information_code="TM90000000000001",
        condition_class="0",
        fiscal_year_class="0",
        from_date=date(2026, 4, 1),
        to_date=None,
        non_disclosure=False,
    ),
    legal_table="2024",
    legal_item="73",
    not_before=NOW,
    not_after=NOW + timedelta(days=30),
    commitment=b"c" * 32,
)
PROVIDERS = replace(PERMIT, side=Side.PROVIDER, code=LinkageCode(b"p" * 32))


class Unsigned:
    """Signs nothing: here only what a permit says counts."""

    def sign(self, _message: bytes) -> bytes:
        return b""


def hash_named(permit: Permit) -> bytes:
    return hash_of(sign_permit(permit, Unsigned()))


RECORD = SubCopy(
    RecordName("TM90000000000001"), 1, Publication(date(2026, 4, 1)), {"DI90000000000101": "1"}
)
OTHER_RECORD = replace(RECORD, name=RecordName("TM90000000000002"))
UNKNOWN_FIELD = b"\xfa\x3f\x03abc"  # field 1023, a string
ANSWER = Answer.of(EXCHANGE.id, (RECORD,))
CLAIMS = AnswerClaims.of(
    ANSWER,
    PROVIDERS,
    permit_hash=hash_named(PROVIDERS),
    key_id=KEY_ID,
    answered_at=NOW,
    provider_hides=False,
    signed_at=SIGNED_AT,
)
DELIVERY = Delivery(
    EXCHANGE.id, ANSWER.outcome, NOW, answer=SealedAnswer(EXCHANGE.id, KEY_ID, b"ciphertext")
)


@dataclass(frozen=True, slots=True)
class Parties:
    """A provider who signs, and an inquirer who judges."""

    network: Network
    provider: Credentials
    judge: AnswerJudge

    def signed(self, claims: AnswerClaims = CLAIMS, by: Credentials | None = None) -> bytes:
        return AnswerSigner(lambda: by or self.provider).sign(claims)

    def take(
        self,
        content: bytes,
        delivery: Delivery = DELIVERY,
        *,
        asked_at: datetime = ASKED_AT,
        now: datetime = HANDED_OVER_AT,
    ) -> None:
        told = hash_named(PERMIT)
        self.judge.judge(content, PERMIT, delivery, permit_hash=told, asked_at=asked_at, now=now)

    def refused(self, content: bytes, delivery: Delivery = DELIVERY) -> Reason:
        return reason_of(lambda: self.take(content, delivery))


def parties(folder: Path) -> Parties:
    network = found(folder)
    judge = AnswerJudge(network.credentials.roots_pem, network.revocations)
    return Parties(network, network.issue(NAKANO.name, "middle-server"), judge)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Parties:
    """Some that stay as they are."""
    return parties(tmp_path_factory.mktemp("signing"))


@pytest.fixture
def own(tmp_path: Path) -> Parties:
    """Some that a test may change."""
    return parties(tmp_path)


# What is taken


@pytest.mark.parametrize("role", ["middle-server", "agency-linkage"])
@pytest.mark.parametrize("outcome", [one for one in Outcome if one.of_provider])
def test_what_the_provider_signed_is_taken(shared: Parties, role: str, outcome: Outcome) -> None:
    records = (RECORD,) if outcome.with_records else ()
    answer = Answer(EXCHANGE.id, outcome, records)
    signer = shared.network.issue(NAKANO.name, role)
    content = shared.signed(replace(CLAIMS, answer=answer), by=signer)

    shared.take(content, replace(DELIVERY, outcome=outcome))

    assert answer_in(content) == answer


def test_what_another_product_signs_by_the_words_of_the_contract_is_taken(shared: Parties) -> None:
    claims = sealed_answer_pb2.AnswerClaims(
        world_id="a world",
        inquirer="nenkin",
        provider="131148",
        permit=sha256(b"renkei permit hash 1\0" + common_claims()).digest(),
        key_id=KEY_ID,
        answer=write_answer(ANSWER),
    )
    claims.answered_at.FromDatetime(NOW)
    claims.signed_at.FromDatetime(SIGNED_AT)
    told = claims.SerializeToString()
    chain = x509.load_pem_x509_certificates(shared.provider.chain_pem)
    certificates = [one.public_bytes(Encoding.DER) for one in chain]
    hashes = b"".join(sha256(one).digest() for one in certificates)
    message = b"renkei answer 1\0" + bytes([len(certificates)]) + hashes + told
    signature = keys.read_key(shared.provider.key_pem).sign(message, ec.ECDSA(SHA256()))

    shared.take(
        sealed_answer_pb2.SignedAnswer(
            claims=told, signature=signature, certificates=certificates
        ).SerializeToString()
    )


def common_claims() -> bytes:
    """What both copies of the permit say, field by field."""
    claims = permit_pb2.PermitClaims(
        exchange_id=EXCHANGE.id.text,
        world_id="a world",
        legal_table="2024",
        legal_item="73",
        commitment=b"c" * 32,
    )
    claims.terms.MergeFrom(
        permit_pb2.InquiryTerms(
            inquirer="nenkin",
            provider="131148",
            affair_code="JM90000000073000",
            procedure_code="JT90000000073001",
            information_code="TM90000000000001",
            condition_class="0",
            fiscal_year_class="0",
        )
    )
    claims.terms.from_date.year, claims.terms.from_date.month, claims.terms.from_date.day = (
        2026,
        4,
        1,
    )
    claims.not_before.FromDatetime(PERMIT.not_before)
    claims.not_after.FromDatetime(PERMIT.not_after)
    return claims.SerializeToString()


def test_an_answer_signed_before_a_rotation_is_still_good(own: Parties, tmp_path: Path) -> None:
    folder = tmp_path / "provider"
    own.provider.write(folder)
    signer = AnswerSigner(CredentialFolder(folder).current)
    before = signer.sign(CLAIMS)

    own.network.issue(NAKANO.name, "middle-server").renew(folder)
    after = signer.sign(CLAIMS)

    for content in (before, after, before):
        own.take(content)
    assert certificates_of(before) != certificates_of(after)


def test_a_certificate_that_ran_out_since_does_not_undo_what_it_signed(shared: Parties) -> None:
    later = NOW + timedelta(days=120)

    shared.take(shared.signed(), now=later)


# Who signed


def test_an_answer_from_which_the_signature_was_stripped_is_refused(shared: Parties) -> None:
    signed = read_signed_answer(shared.signed())
    bare = write_answer(ANSWER).SerializeToString()

    for content in (
        write_signed_answer(replace(signed, signature=b"")),
        write_signed_answer(replace(signed, certificates=())),
        bare,
        b"",
    ):
        assert shared.refused(content) is reasons.ANSWER_UNSIGNED


@pytest.mark.parametrize(
    ("institution", "role"),
    [
        pytest.param("ipn", "provision-network", id="the network itself"),
        pytest.param("131130", "middle-server", id="another organisation"),
        pytest.param("nenkin", "agency-linkage", id="the inquirer"),
        pytest.param("131148", "middle-terminal", id="another role of the provider"),
    ],
)
def test_an_answer_that_another_signed_is_refused(
    shared: Parties, institution: str, role: str
) -> None:
    signer = shared.network.issue(institution, role)

    assert shared.refused(shared.signed(by=signer)) is reasons.ANSWER_SIGNED_BY_ANOTHER


def test_an_answer_in_which_another_says_that_it_answers_is_refused(shared: Parties) -> None:
    content = shared.signed(replace(CLAIMS, provider=SHIBUYA))

    assert shared.refused(content) is reasons.ANSWER_SIGNED_BY_ANOTHER


def test_a_signer_of_another_worlds_root_is_refused(shared: Parties, tmp_path: Path) -> None:
    elsewhere = Authority.create(tmp_path / "elsewhere", LINKAGE, now=NOW)
    foreign = elsewhere.issue(Identity(LINKAGE, NAKANO.name, "middle-server"), now=NOW)

    assert shared.refused(shared.signed(by=foreign)) is reasons.ANSWER_SIGNER_UNTRUSTED


def test_certificates_that_are_larger_than_any_need_be_are_refused(shared: Parties) -> None:
    """They are remembered by their bytes, and one that nobody needs may be of any size."""
    key = keys.new_key()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "nobody")])
    needless = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW)
        .not_valid_after(NOW + MINUTE)
        .add_extension(
            x509.UnrecognizedExtension(x509.ObjectIdentifier("2.25.1"), bytes(100_000)),
            critical=False,
        )
        .sign(key, SHA256())
    )
    chain = shared.provider.chain_pem + needless.public_bytes(Encoding.PEM)
    signer = replace(shared.provider, chain_pem=chain)

    assert shared.refused(shared.signed(by=signer)) is reasons.ANSWER_SIGNER_UNTRUSTED


@pytest.mark.parametrize(
    ("not_before", "not_after"),
    [
        pytest.param(NOW - MINUTE, SIGNED_AT - MINUTE, id="run out"),
        pytest.param(SIGNED_AT + MINUTE, SIGNED_AT + 9 * MINUTE, id="not valid yet"),
    ],
)
def test_a_certificate_that_was_not_valid_when_it_signed_signs_for_nobody(
    shared: Parties, not_before: datetime, not_after: datetime
) -> None:
    key = keys.new_key()
    uri = Identity(LINKAGE, NAKANO.name, "middle-server").uri
    leaf = shared.network.authority.sign_leaf(
        [x509.UniformResourceIdentifier(uri)],
        key.public_key(),
        not_before=not_before,
        not_after=not_after,
    )
    signer = shared.network.authority.credentials(leaf, key)

    assert shared.refused(shared.signed(by=signer)) is reasons.ANSWER_SIGNER_UNTRUSTED


def test_a_signer_that_was_revoked_since_is_refused(own: Parties) -> None:
    content = own.signed()
    own.take(content)

    own.network.authority.revoke(Leaf.parse(own.provider.chain_pem).serial, now=NOW)

    assert own.refused(content) is reasons.ANSWER_SIGNER_REVOKED


def test_where_revocation_cannot_be_judged_an_answer_has_to_come_again(own: Parties) -> None:
    (own.network.folder / "pki" / REVOCATION_LIST).unlink()

    refused = own.refused(own.signed())

    assert refused is reasons.REVOCATION_UNKNOWN
    assert refused.passing


def test_what_the_provider_signed_as_something_else_is_no_answer(shared: Parties) -> None:
    """It publishes keys under the same certificate, and a TLS handshake signs with it too."""
    signed = read_signed_answer(shared.signed())
    bare = keys.read_key(shared.provider.key_pem).sign(signed.claims, ec.ECDSA(SHA256()))
    published = publish(shared.network.record(), shared.provider)
    as_keys = SignedAnswer(signed.claims, published.signature, published.certificates)

    for content in (replace(signed, signature=bare), as_keys):
        refused = shared.refused(write_signed_answer(content))
        assert refused is reasons.ANSWER_SIGNATURE_INVALID


def test_no_altered_byte_of_a_signed_answer_is_taken(shared: Parties) -> None:
    content = shared.signed()

    for place in range(len(content)):
        with pytest.raises(Refusal):
            shared.take(altered(content, place, 0x01))


def test_claims_that_are_none_are_refused(shared: Parties) -> None:
    signed = read_signed_answer(shared.signed())
    spoilt = (
        b"\xff",
        b"",
        claims_without("answered_at"),
        claims_without("signed_at"),
        claims_without("provider"),
        claims_without("answer"),
    )

    for claims in spoilt:
        refused = shared.refused(write_signed_answer(replace(signed, claims=claims)))
        assert refused is reasons.MALFORMED_ANSWER


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda claims: claims.MergeFromString(UNKNOWN_FIELD), id="a field more"),
        pytest.param(
            lambda claims: claims.answer.records[0].MergeFromString(UNKNOWN_FIELD),
            id="a field more at depth",
        ),
        pytest.param(
            lambda claims: claims.answer.records[0].items.add(code="X", null_reason=99),
            id="a number outside its enum",
        ),
        pytest.param(
            lambda claims: claims.answer.records.add().CopyFrom(write_sub_copy(OTHER_RECORD)),
            id="information that was not asked for",
        ),
    ],
)
def test_what_the_provider_itself_signed_out_of_its_form_is_refused(
    shared: Parties, spoil: Callable[[sealed_answer_pb2.AnswerClaims], object]
) -> None:
    claims = sealed_answer_pb2.AnswerClaims.FromString(read_signed_answer(shared.signed()).claims)
    spoil(claims)
    told = claims.SerializeToString()
    signature = Signatory(lambda: shared.provider).sign(b"renkei answer 1", told)

    content = write_signed_answer(SignedAnswer(told, signature.value, signature.certificates))
    assert shared.refused(content) is reasons.MALFORMED_ANSWER


def test_a_field_more_beside_the_signature_makes_an_answer_void(shared: Parties) -> None:
    assert shared.refused(shared.signed() + UNKNOWN_FIELD) is reasons.MALFORMED_ANSWER


# What was signed


REPLAYED: list[tuple[str, Callable[[AnswerClaims], AnswerClaims], Reason]] = [
    (
        "from another exchange",
        lambda claims: replace(claims, answer=replace(claims.answer, exchange_id=ANOTHER_ID)),
        reasons.ANSWER_OF_ANOTHER_EXCHANGE,
    ),
    (
        "from another world",
        lambda claims: replace(claims, world="another world"),
        reasons.ANSWER_OF_ANOTHER_WORLD,
    ),
    (
        "under a permit for something else",
        lambda claims: replace(
            claims,
            permit=hash_named(
                replace(PROVIDERS, terms=replace(PERMIT.terms, information_code="TM00000000000002"))
            ),
        ),
        reasons.ANSWER_UNDER_ANOTHER_PERMIT,
    ),
    (
        "about another person",
        lambda claims: replace(claims, permit=hash_named(replace(PROVIDERS, commitment=b"o" * 32))),
        reasons.ANSWER_UNDER_ANOTHER_PERMIT,
    ),
    (
        "for another inquirer",
        lambda claims: replace(claims, inquirer=SHIBUYA),
        reasons.ANSWER_SEALED_TO_ANOTHER,
    ),
    (
        "for another key",
        lambda claims: replace(claims, key_id="f" * 32),
        reasons.ANSWER_SEALED_TO_ANOTHER,
    ),
]


@pytest.mark.parametrize(
    ("change", "reason"), [one[1:] for one in REPLAYED], ids=[one[0] for one in REPLAYED]
)
def test_a_signed_answer_that_is_replayed_is_refused(
    shared: Parties, change: Callable[[AnswerClaims], AnswerClaims], reason: Reason
) -> None:
    assert shared.refused(shared.signed(change(CLAIMS))) is reason


ALTERED: list[tuple[Callable[[Delivery], Delivery], str]] = [
    (lambda told: replace(told, outcome=Outcome.EVERY_ITEM_NULL), "outcome"),
    (lambda told: replace(told, outcome=Outcome.WITHHELD), "outcome"),
    (lambda told: replace(told, answered_at=NOW + timedelta(microseconds=1)), "answered_at"),
    (lambda told: replace(told, answered_at=None), "answered_at"),
    (lambda told: replace(told, provider_hides=True), "non_disclosure"),
]


@pytest.mark.parametrize(("alter", "field"), ALTERED)
def test_what_the_network_alters_outside_the_seal_is_told_apart(
    shared: Parties, alter: Callable[[Delivery], Delivery], field: str
) -> None:
    with pytest.raises(Refusal) as caught:
        shared.take(shared.signed(), alter(DELIVERY))

    assert (caught.value.reason, caught.value.fields) == (reasons.ANSWER_ALTERED, (field,))


# When it was signed


@pytest.mark.parametrize(
    ("signed_at", "reason"),
    [
        (ASKED_AT - SKEW - MINUTE, reasons.ANSWER_SIGNED_BEFORE_ASKED),
        (ASKED_AT - SKEW, None),
        (ASKED_AT, None),
        (HANDED_OVER_AT, None),
        (HANDED_OVER_AT + SKEW, None),
        (HANDED_OVER_AT + SKEW + MINUTE, reasons.ANSWER_SIGNED_IN_FUTURE),
    ],
)
def test_an_answer_is_signed_between_the_asking_and_now_but_for_clocks_that_differ(
    shared: Parties, signed_at: datetime, reason: Reason | None
) -> None:
    content = shared.signed(replace(CLAIMS, signed_at=signed_at))

    if reason is None:
        shared.take(content)
    else:
        assert shared.refused(content) is reason


def certificates_of(content: bytes) -> tuple[bytes, ...]:
    return read_signed_answer(content).certificates


def claims_without(field: str) -> bytes:
    claims = sealed_answer_pb2.AnswerClaims(
        world_id="a world",
        inquirer="nenkin",
        provider="131148",
        permit=hash_named(PERMIT),
        key_id=KEY_ID,
        answer=write_answer(ANSWER),
    )
    claims.answered_at.FromDatetime(NOW)
    claims.signed_at.FromDatetime(SIGNED_AT)
    claims.ClearField(field)  # type: ignore[arg-type]
    return claims.SerializeToString()
