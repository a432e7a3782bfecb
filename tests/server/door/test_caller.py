"""Who calls: judged anew at every RPC from the leaf certificate, and from nothing else."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from renkei import reasons
from renkei.networks import JUKINET, LINKAGE
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei_pki.authority import ISSUING, REVOCATION_LIST, Authority
from renkei_pki.certificates import Leaf
from renkei_pki.identity import Identity
from renkei_pki.profiles import LEAF_LIFETIME
from renkei_pki.revocation import Revocations
from renkei_server.door.caller import Callers
from tests.server.world import NOON, SetClock

NAKANO = Identity(JUKINET, "131148", "municipal-cs")
AuthContext = Mapping[str, Sequence[bytes]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "authority"


@pytest.fixture
def authority(folder: Path) -> Authority:
    return Authority.create(folder, JUKINET, now=NOON)


@pytest.fixture
def leaf(authority: Authority) -> bytes:
    """The municipality's certificate."""
    return authority.issue(NAKANO, now=NOON).chain_pem


def callers(folder: Path, clock: SetClock, domain: str = JUKINET) -> Callers:
    revocations = Revocations(folder / REVOCATION_LIST, folder / ISSUING, now=lambda: NOON)
    return Callers(domain=domain, revocations=revocations, clock=clock)


def connection(leaf: bytes, tls: bytes = b"TLSv1.3") -> AuthContext:
    return {"x509_pem_cert": [leaf], "ssl_tls_version": [tls]}


def reason_of(judge: Callers, auth: AuthContext) -> Reason:
    with pytest.raises(Refusal) as caught:
        judge.of(auth)
    return caught.value.reason


def test_a_caller_is_the_identity_of_the_certificate(
    folder: Path, clock: SetClock, leaf: bytes
) -> None:
    assert callers(folder, clock).of(connection(leaf)) == NAKANO


@pytest.mark.parametrize("version", [b"TLSv1.2", b"TLSv1.1", b"", b"TLSv1.3 "])
def test_a_connection_other_than_tls_1_3_is_refused(
    folder: Path, clock: SetClock, leaf: bytes, version: bytes
) -> None:
    assert reason_of(callers(folder, clock), connection(leaf, version)) is reasons.TLS_TOO_OLD


def test_a_connection_of_which_nothing_is_known_is_refused(folder: Path, clock: SetClock) -> None:
    Authority.create(folder, JUKINET, now=NOON)
    judge = callers(folder, clock)

    assert reason_of(judge, {}) is reasons.TLS_TOO_OLD
    without = {"ssl_tls_version": [b"TLSv1.3"]}
    assert reason_of(judge, without) is reasons.CALLER_UNIDENTIFIED
    assert reason_of(judge, connection(b"no certificate")) is reasons.CALLER_UNIDENTIFIED


def test_two_certificates_are_none(folder: Path, clock: SetClock, leaf: bytes) -> None:
    auth = {"x509_pem_cert": [leaf, leaf], "ssl_tls_version": [b"TLSv1.3"]}

    assert reason_of(callers(folder, clock), auth) is reasons.CALLER_UNIDENTIFIED


def test_an_identity_of_another_domain_is_told_as_that(
    folder: Path, clock: SetClock, leaf: bytes
) -> None:
    judge = callers(folder, clock, LINKAGE)

    assert reason_of(judge, connection(leaf)) is reasons.CALLER_OF_ANOTHER_DOMAIN


@pytest.mark.parametrize("away", [-timedelta(days=1), LEAF_LIFETIME])
def test_a_certificate_is_good_between_its_two_times_by_real_time(
    folder: Path, leaf: bytes, away: timedelta
) -> None:
    by_real_time = callers(folder, SetClock(NOON + away))
    by_the_world_s = callers(folder, SetClock(NOON, ahead=away))

    assert reason_of(by_real_time, connection(leaf)) is reasons.CALLER_OUT_OF_DATE
    assert by_the_world_s.of(connection(leaf)) == NAKANO


def test_a_revoked_certificate_is_refused_from_the_next_rpc_on(
    folder: Path, clock: SetClock, authority: Authority, leaf: bytes
) -> None:
    judge = callers(folder, clock)
    assert judge.of(connection(leaf)) == NAKANO

    authority.revoke(Leaf.parse(leaf).serial, now=NOON)

    assert reason_of(judge, connection(leaf)) is reasons.CALLER_REVOKED


def test_without_a_revocation_list_nobody_is_let_in(
    folder: Path, clock: SetClock, leaf: bytes
) -> None:
    (folder / REVOCATION_LIST).unlink()

    assert reason_of(callers(folder, clock), connection(leaf)) is reasons.REVOCATION_UNKNOWN
