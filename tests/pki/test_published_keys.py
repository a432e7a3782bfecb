"""Published keys: what the organisation signed is believed, and nothing that came of it since."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from google.protobuf.message import DecodeError

from renkei import reasons
from renkei.networks import JUKINET, LINKAGE
from renkei.reasons import Reason
from renkei.sealed_answers import PublishedKeys, Suite
from renkei.type.v1 import sealed_answer_pb2
from renkei.wire import sealed_answers as wire_sealed_answers
from renkei_pki import keys as certificate_keys
from renkei_pki.answer_keys import AnswerKey
from renkei_pki.authority import REVOCATION_LIST, Authority
from renkei_pki.certificates import Leaf
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_pki.published_keys import publish

from .linkage_network import (
    LIFETIME,
    NAKANO,
    NENKIN,
    NOW,
    SHIBUYA,
    Network,
    altered,
    found,
    reason_of,
    sealed_to,
)

ALGORITHM = ec.ECDSA(SHA256())


@pytest.fixture
def network(tmp_path: Path) -> Network:
    """One that a test may change."""
    return found(tmp_path)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Network:
    """One that stays as it is."""
    return found(tmp_path_factory.mktemp("linkage"))


def reason_to_distrust(network: Network, published: PublishedKeys) -> Reason:
    return reason_of(lambda: network.judge.judge(published, NENKIN, now=NOW))


# Published keys


def test_the_organisations_own_record_is_believed(shared: Network) -> None:
    record = shared.record()
    published = publish(record, shared.credentials)

    assert shared.judge.judge(published, NENKIN, now=NOW, least=1) == record


def test_a_middle_server_publishes_for_its_organisation(shared: Network) -> None:
    record = replace(shared.record(), organisation=NAKANO)
    published = publish(record, shared.issue(NAKANO.name, "middle-server"))

    assert shared.judge.judge(published, NAKANO, now=NOW) == record


def test_a_record_from_which_the_hybrid_was_stripped_is_refused(shared: Network) -> None:
    published = publish(shared.record(), shared.credentials)
    stripped = wire_sealed_answers.write_key_record(shared.record(suites=(Suite.X25519,)))

    assert reason_to_distrust(shared, replace(published, record=stripped)) is (
        reasons.PUBLISHED_KEYS_SIGNATURE_INVALID
    )


def test_an_old_record_without_the_hybrid_does_not_come_back(shared: Network) -> None:
    before = publish(shared.record(1, (Suite.X25519,)), shared.credentials)

    assert shared.judge.judge(before, NENKIN, now=NOW, least=1).number == 1
    assert reason_of(lambda: shared.judge.judge(before, NENKIN, now=NOW, least=2)) is (
        reasons.PUBLISHED_KEYS_SUPERSEDED
    )


def test_a_swapped_key_is_refused(shared: Network, tmp_path: Path) -> None:
    published = publish(shared.record(), shared.credentials)
    networks = AnswerKey.create(tmp_path, Suite.MLKEM768_X25519, now=NOW)
    ours = shared.record()
    swapped = replace(ours, keys=(networks.public, *ours.keys))

    assert reason_to_distrust(
        shared, replace(published, record=wire_sealed_answers.write_key_record(swapped))
    ) is (reasons.PUBLISHED_KEYS_SIGNATURE_INVALID)


@pytest.mark.parametrize(
    ("institution", "role"),
    [
        pytest.param("jlis", "provision-network", id="the network itself"),
        pytest.param("131130", "middle-server", id="another organisation"),
        pytest.param("nenkin", "middle-terminal", id="another role of the organisation"),
    ],
)
def test_a_record_that_another_signed_is_refused(
    shared: Network, institution: str, role: str
) -> None:
    published = publish(shared.record(), shared.issue(institution, role))

    assert reason_to_distrust(shared, published) is reasons.PUBLISHED_KEYS_OF_ANOTHER


def test_another_organisations_record_does_not_stand_in(shared: Network) -> None:
    theirs = replace(shared.record(), organisation=SHIBUYA)
    by_them = publish(theirs, shared.issue(SHIBUYA.name, "middle-server"))
    by_us = publish(theirs, shared.credentials)

    for published in (by_them, by_us):
        assert reason_to_distrust(shared, published) is reasons.PUBLISHED_KEYS_OF_ANOTHER


def test_a_certificate_of_another_worlds_root_is_not_believed(
    shared: Network, tmp_path: Path
) -> None:
    elsewhere = Authority.create(tmp_path / "elsewhere", LINKAGE, now=NOW)
    forged = elsewhere.issue(Identity(LINKAGE, NENKIN.name, "agency-linkage"), now=NOW)

    assert reason_to_distrust(shared, publish(shared.record(), forged)) is (
        reasons.PUBLISHED_KEYS_UNTRUSTED
    )


@pytest.mark.parametrize("certificates", [(), (b"no certificate",), (b"",) * 5], ids=len)
def test_a_record_without_a_chain_is_not_believed(
    shared: Network, certificates: tuple[bytes, ...]
) -> None:
    published = replace(publish(shared.record(), shared.credentials), certificates=certificates)

    assert reason_to_distrust(shared, published) is reasons.PUBLISHED_KEYS_UNTRUSTED


def test_a_leaf_without_its_issuing_ca_is_not_believed(shared: Network) -> None:
    published = publish(shared.record(), shared.credentials)
    alone = replace(published, certificates=published.certificates[:1])

    assert reason_to_distrust(shared, alone) is reasons.PUBLISHED_KEYS_UNTRUSTED


def test_a_certificate_that_has_run_out_signs_for_nobody(shared: Network) -> None:
    lasting = replace(shared.record(), not_after=NOW + timedelta(days=400))
    published = publish(lasting, shared.credentials)

    assert shared.judge.judge(published, NENKIN, now=NOW + timedelta(days=89)) == lasting
    assert reason_of(
        lambda: shared.judge.judge(published, NENKIN, now=NOW + timedelta(days=91))
    ) is (reasons.PUBLISHED_KEYS_UNTRUSTED)


def test_a_certificate_under_no_name_of_ours_signs_for_nobody(shared: Network) -> None:
    key = certificate_keys.new_key()
    names = [x509.DNSName("agency-linkage.nenkin.linkage.renkei.test")]
    leaf = shared.authority.sign_leaf(
        names, key.public_key(), not_before=NOW, not_after=NOW + LIFETIME
    )
    published = publish(shared.record(), shared.authority.credentials(leaf, key))

    assert reason_to_distrust(shared, published) is reasons.PUBLISHED_KEYS_OF_ANOTHER


def test_a_certificate_of_another_network_signs_for_nobody(shared: Network) -> None:
    """Even where the linkage authority itself were made to sign it."""
    published = publish(shared.record(), unfit(shared, JUKINET, certificate_keys.new_key()))

    assert reason_to_distrust(shared, published) is reasons.PUBLISHED_KEYS_OF_ANOTHER


def test_a_certificate_with_another_kind_of_key_signs_for_nobody(shared: Network) -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    chain = unfit(shared, LINKAGE, key).chain_pem
    published = sign_bytes(wire_sealed_answers.write_key_record(shared.record()), chain, key)

    assert reason_to_distrust(shared, published) is reasons.PUBLISHED_KEYS_UNTRUSTED


def test_a_revoked_certificate_signs_for_nobody(network: Network) -> None:
    published = publish(network.record(), network.credentials)
    network.judge.judge(published, NENKIN, now=NOW)

    network.authority.revoke(Leaf.parse(network.credentials.chain_pem).serial, now=NOW)

    assert reason_to_distrust(network, published) is reasons.PUBLISHED_KEYS_REVOKED


def test_where_revocation_cannot_be_judged_nothing_is_believed(network: Network) -> None:
    (network.folder / "pki" / REVOCATION_LIST).unlink()

    published = publish(network.record(), network.credentials)

    assert reason_to_distrust(network, published) is reasons.REVOCATION_UNKNOWN


@pytest.mark.parametrize(
    ("after", "valid"),
    [
        (timedelta(seconds=-1), False),
        (timedelta(0), True),
        (LIFETIME - timedelta(seconds=1), True),
        (LIFETIME, False),
    ],
    ids=str,
)
def test_a_record_is_believed_and_used_between_its_two_times_alone(
    shared: Network, after: timedelta, *, valid: bool
) -> None:
    record, now = shared.record(), NOW + after
    published = publish(record, shared.credentials)

    for act in (
        lambda: shared.judge.judge(published, NENKIN, now=now),
        lambda: sealed_to(record, now=now),
    ):
        if valid:
            act()
        else:
            assert reason_of(act) is reasons.PUBLISHED_KEYS_OUT_OF_DATE


def test_what_the_key_signed_as_something_else_is_no_record(shared: Network) -> None:
    """A TLS handshake signs other bytes with the same key."""
    published = publish(shared.record(), shared.credentials)
    key = certificate_keys.read_key(shared.credentials.key_pem)
    bare = key.sign(published.record, ALGORITHM)

    assert reason_to_distrust(shared, replace(published, signature=bare)) is (
        reasons.PUBLISHED_KEYS_SIGNATURE_INVALID
    )


def test_a_signed_record_that_is_none_is_refused(shared: Network) -> None:
    published = publish_bytes(b"\xff", shared.credentials)

    assert reason_to_distrust(shared, published) is reasons.PUBLISHED_KEYS_MALFORMED


def test_no_altered_byte_of_published_keys_is_believed(shared: Network) -> None:
    written = wire_sealed_answers.write_published_keys(publish(shared.record(), shared.credentials))
    told = written.SerializeToString()

    for place in range(len(told)):
        published = read_published(altered(told, place, 0x01))
        if published is not None:
            assert reason_to_distrust(shared, published), place


def test_a_certificate_in_another_writing_is_not_believed(shared: Network) -> None:
    """The bits that a signature leaves unused may be told otherwise, and X.509 sees no difference."""
    leaf = even_leaf(shared)
    published = publish(shared.record(), leaf)
    first, *others = published.certificates
    signature = x509.load_der_x509_certificate(first).signature
    place = len(first) - len(signature) - 1
    rewritten = altered(first, place, 0x01)

    assert shared.judge.judge(published, NENKIN, now=NOW)
    assert x509.load_der_x509_certificate(rewritten).signature == signature
    assert reason_to_distrust(shared, replace(published, certificates=(rewritten, *others))) is (
        reasons.PUBLISHED_KEYS_SIGNATURE_INVALID
    )


@pytest.mark.parametrize("count", [1, 3], ids=["one left out", "one more"])
def test_certificates_that_the_organisation_did_not_send_are_not_believed(
    shared: Network, count: int
) -> None:
    published = publish(shared.record(), shared.credentials)
    others = (*published.certificates, *published.certificates)[:count]

    assert reason_to_distrust(shared, replace(published, certificates=others)) in {
        reasons.PUBLISHED_KEYS_UNTRUSTED,
        reasons.PUBLISHED_KEYS_SIGNATURE_INVALID,
    }


def even_leaf(network: Network) -> Credentials:
    """A leaf whose signature ends with a bit of zero, as every second one does."""
    while True:
        credentials = network.issue(NENKIN.name, "agency-linkage")
        leaf = x509.load_pem_x509_certificate(credentials.chain_pem)
        if leaf.signature[-1] % 2 == 0:
            return credentials


def unfit(network: Network, domain: str, key: ec.EllipticCurvePrivateKey) -> Credentials:
    """Credentials for the inquirer that no authority should issue."""
    uri = Identity(domain, NENKIN.name, "agency-linkage").uri
    leaf = network.authority.sign_leaf(
        [x509.UniformResourceIdentifier(uri)],
        key.public_key(),
        not_before=NOW,
        not_after=NOW + LIFETIME,
    )
    return network.authority.credentials(leaf, key)


def publish_bytes(record: bytes, credentials: Credentials) -> PublishedKeys:
    """What an organisation signs that writes its records badly."""
    key = certificate_keys.read_key(credentials.key_pem)
    return sign_bytes(record, credentials.chain_pem, key)


def sign_bytes(record: bytes, chain_pem: bytes, key: ec.EllipticCurvePrivateKey) -> PublishedKeys:
    """Published keys as the contract words them."""
    chain = x509.load_pem_x509_certificates(chain_pem)
    certificates = tuple(one.public_bytes(Encoding.DER) for one in chain)
    hashes = b"".join(sha256(one).digest() for one in certificates)
    message = b"renkei sealing keys 1\0" + bytes([len(certificates)]) + hashes + record
    return PublishedKeys(record, key.sign(message, ALGORITHM), certificates)


def read_published(told: bytes) -> PublishedKeys | None:
    """The keys in these bytes; None where they are no message."""
    try:
        message = sealed_answer_pb2.PublishedSealingKeys.FromString(told)
    except DecodeError:
        return None
    return PublishedKeys(message.record, message.signature, tuple(message.certificates))
