"""Revocation: who is refused, and that nobody is let in where that is not known."""

import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from renkei import reasons
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei_pki.authority import Authority
from renkei_pki.certificates import Leaf
from renkei_pki.identity import Identity
from renkei_pki.revocation import Revocations, read_list

GOOD, BAD = 7, 13


@pytest.fixture
def revocations(authority: Authority, folder: Path, now: datetime) -> Revocations:
    """The judge of a door, over a list that revokes one serial."""
    authority.revoke(BAD, now=now)
    return Revocations(folder / "crl.pem", folder / "issuing.pem", now=lambda: now)


def judged(revocations: Revocations, serial: int) -> Reason | None:
    try:
        revocations.check(serial)
    except Refusal as refusal:
        return refusal.reason
    return None


def test_the_revoked_are_refused_and_nobody_else(revocations: Revocations) -> None:
    assert judged(revocations, BAD) is reasons.CALLER_REVOKED
    assert judged(revocations, GOOD) is None


def test_a_certificate_is_refused_from_the_moment_of_its_revocation(
    authority: Authority, revocations: Revocations, nakano: Identity, now: datetime
) -> None:
    leaf = Leaf.parse(authority.issue(nakano, now=now).chain_pem)
    assert judged(revocations, leaf.serial) is None

    authority.revoke(leaf.serial, now=now)

    assert judged(revocations, leaf.serial) is reasons.CALLER_REVOKED
    assert [one.revoked for one in authority.issued()] == [True]


def test_without_a_list_nobody_is_let_in_until_it_is_back(
    revocations: Revocations, folder: Path
) -> None:
    assert judged(revocations, GOOD) is None
    taken_away = (folder / "crl.pem").rename(folder / "elsewhere.pem")
    assert judged(revocations, GOOD) is reasons.REVOCATION_UNKNOWN

    taken_away.rename(folder / "crl.pem")

    assert judged(revocations, GOOD) is None


def test_a_damaged_list_lets_nobody_in_until_it_is_whole(
    revocations: Revocations, folder: Path
) -> None:
    whole = (folder / "crl.pem").read_bytes()
    (folder / "crl.pem").write_bytes(whole[: len(whole) // 2])
    assert judged(revocations, GOOD) is reasons.REVOCATION_UNKNOWN
    assert judged(revocations, BAD) is reasons.REVOCATION_UNKNOWN

    (folder / "crl.pem").write_bytes(whole)

    assert judged(revocations, GOOD) is None
    assert judged(revocations, BAD) is reasons.CALLER_REVOKED


def test_a_list_signed_by_another_worlds_ca_of_the_same_name_counts_for_nothing(
    foreign: Authority, revocations: Revocations, folder: Path, tmp_path: Path, now: datetime
) -> None:
    foreign.renew_list(now=now)
    (tmp_path / "another-world" / "crl.pem").replace(folder / "crl.pem")

    assert judged(revocations, GOOD) is reasons.REVOCATION_UNKNOWN
    assert judged(revocations, BAD) is reasons.REVOCATION_UNKNOWN


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        (timedelta(minutes=-6), reasons.REVOCATION_UNKNOWN),
        (timedelta(minutes=-4), None),
        (timedelta(days=29), None),
        (timedelta(days=30), reasons.REVOCATION_UNKNOWN),
    ],
)
def test_a_list_counts_between_its_two_dates_only(
    authority: Authority, folder: Path, now: datetime, after: timedelta, reason: Reason | None
) -> None:
    second = now.replace(microsecond=0)
    authority.renew_list(now=second)

    at = Revocations(folder / "crl.pem", folder / "issuing.pem", now=lambda: second + after)

    assert judged(at, GOOD) is reason


def test_a_renewed_list_still_holds_the_revoked(
    authority: Authority, revocations: Revocations, folder: Path, now: datetime
) -> None:
    later = now + timedelta(days=40)
    renewed = Revocations(folder / "crl.pem", folder / "issuing.pem", now=lambda: later)
    assert judged(renewed, GOOD) is reasons.REVOCATION_UNKNOWN

    authority.renew_list(now=later)

    assert judged(renewed, GOOD) is None
    assert judged(renewed, BAD) is reasons.CALLER_REVOKED
    assert judged(revocations, GOOD) is reasons.REVOCATION_UNKNOWN  # its clock lies before the list


def test_a_list_is_renewed_well_before_it_ends_and_no_sooner(
    authority: Authority, folder: Path, now: datetime
) -> None:
    second = now.replace(microsecond=0)
    authority.renew_list(now=second)
    first = (folder / "crl.pem").read_bytes()

    due = authority.keep_list(now=second)
    assert authority.keep_list(now=due - timedelta(seconds=1)) == due
    assert (folder / "crl.pem").read_bytes() == first, "it is good for long"
    again = authority.keep_list(now=due)

    assert due == second + timedelta(days=20)
    assert again == due + timedelta(days=20)
    ends = second + timedelta(days=30)
    renewed = Revocations(folder / "crl.pem", folder / "issuing.pem", now=lambda: ends)
    assert judged(renewed, GOOD) is None


def test_a_repeated_revocation_keeps_the_first_date_and_each_list_has_the_next_number(
    authority: Authority, folder: Path, now: datetime
) -> None:
    for days in range(3):
        authority.revoke(BAD, now=now + timedelta(days=days))

    found = x509.load_pem_x509_crl((folder / "crl.pem").read_bytes())
    assert [one.revocation_date_utc for one in found] == [now.replace(microsecond=0)]
    assert found.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == 4


def test_revocations_at_the_same_time_are_all_kept(
    authority: Authority, revocations: Revocations, now: datetime
) -> None:
    serials = range(100, 140)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda serial: authority.revoke(serial, now=now), serials))

    assert {judged(revocations, serial) for serial in serials} == {reasons.CALLER_REVOKED}
    assert judged(revocations, BAD) is reasons.CALLER_REVOKED


def test_an_authority_does_not_sign_on_from_a_list_that_is_not_its_own(
    authority: Authority, folder: Path, tmp_path: Path, foreign: Authority, now: datetime
) -> None:
    foreign.renew_list(now=now)
    (tmp_path / "another-world" / "crl.pem").replace(folder / "crl.pem")
    planted = (folder / "crl.pem").read_bytes()

    with pytest.raises(Refusal) as refused:
        authority.revoke(BAD, now=now)

    assert refused.value.reason is reasons.REVOCATION_UNKNOWN
    assert (folder / "crl.pem").read_bytes() == planted


@pytest.mark.parametrize("change", [0x01, 0x80, 0xFF])
def test_what_a_list_says_cannot_be_changed(
    revocations: Revocations,  # noqa: ARG001  # it revokes one serial
    folder: Path,
    change: int,
) -> None:
    issuing = x509.load_pem_x509_certificate((folder / "issuing.pem").read_bytes())
    whole = x509.load_pem_x509_crl((folder / "crl.pem").read_bytes())
    der, signed = whole.public_bytes(Encoding.DER), whole.tbs_certlist_bytes

    for place in range(der.index(signed) + len(signed)):
        damaged = bytearray(der)
        damaged[place] ^= change
        with pytest.raises(Refusal) as refused:
            read_list(armoured(bytes(damaged)), issuing)
        assert refused.value.reason is reasons.REVOCATION_UNKNOWN


def armoured(der: bytes) -> bytes:
    return b"-----BEGIN X509 CRL-----\n" + base64.encodebytes(der) + b"-----END X509 CRL-----\n"
