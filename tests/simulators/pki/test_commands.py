"""`renkei pki` on a world that does not run: made, certified, listed, revoked, renewed, shown."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from renkei import reasons
from renkei.networks import JUKINET, LINKAGE, ward
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei_pki import keys
from renkei_pki.authority import Authority
from renkei_pki.certificates import Leaf
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_pki.revocation import Revocations
from renkei_simulators.world.layout import Layout

Renkei = Callable[..., str]
"""As the fixture `renkei`."""

CODE = "131148"
CS = Identity(JUKINET, CODE, "municipal-cs")
TERMINAL = Identity(ward(CODE), CODE, "ward-terminal")


def request(folder: Path, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> Path:
    """A certificate signing request of somebody's own."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    path = folder / "own.csr"
    csr = builder.sign(key, hashes.SHA256())
    path.write_bytes(csr.public_bytes(serialization.Encoding.PEM))
    return path


def rows(renkei: Renkei) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(renkei("list", "--json"))
    return found


def revocation_of(layout: Layout, leaf: Leaf) -> Reason | None:
    folder = layout.authority(leaf.identity.domain)
    revocations = Revocations(
        folder / "crl.pem", folder / "issuing.pem", now=lambda: datetime.now(UTC)
    )
    try:
        revocations.check(leaf.serial)
    except Refusal as refusal:
        return refusal.reason
    return None


def test_an_authority_is_made_once_for_a_domain_that_has_none(
    renkei: Renkei, tmp_path: Path
) -> None:
    assert "made the authority of linkage" in renkei("init", "--domain", LINKAGE, data=tmp_path)
    made = Authority.load(tmp_path / "pki" / LINKAGE)
    assert made.domain == LINKAGE
    root = (tmp_path / "pki" / LINKAGE / "root.pem").read_bytes()

    assert "has an authority of linkage already" in renkei(
        "init", "--domain", LINKAGE, data=tmp_path
    )
    assert (tmp_path / "pki" / LINKAGE / "root.pem").read_bytes() == root


@pytest.mark.parametrize("domain", ["Linkage", "../linkage", "a", ""])
def test_no_authority_is_made_for_what_cannot_name_a_domain(
    renkei: Renkei, tmp_path: Path, domain: str
) -> None:
    assert "cannot name a trust domain" in renkei("init", "--domain", domain, data=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_request_is_certified_under_an_authority_of_ones_own(
    renkei: Renkei, tmp_path: Path
) -> None:
    renkei("init", "--domain", JUKINET, data=tmp_path)
    key = keys.new_key()

    told = renkei(
        *("issue", "--csr", request(tmp_path, key), "--identity", CS.uri),
        *("--out", tmp_path / "own"),
        data=tmp_path,
    )

    assert CS.dns in told
    (tmp_path / "own" / "key.pem").write_bytes(keys.write_key(key))
    own = Credentials.load(tmp_path / "own")
    assert (own.identity, own.fit) == (CS, True)


@pytest.mark.parametrize(
    ("told", "begins", "ends"),
    [((), 0, 90), (("--days", "3"), 0, 3), (("--expired",), -90, 0), (("--not-yet",), 1, 91)],
)
def test_a_certificate_is_good_for_as_long_as_was_asked_for(
    renkei: Renkei, tmp_path: Path, told: tuple[str, ...], begins: int, ends: int
) -> None:
    renkei("init", "--domain", JUKINET, data=tmp_path)
    own = ("--csr", request(tmp_path, keys.new_key()), "--out", tmp_path / "own")
    renkei("issue", *own, "--identity", CS.uri, *told, data=tmp_path)
    leaf = x509.load_pem_x509_certificate((tmp_path / "own" / "chain.pem").read_bytes())

    now, some = datetime.now(UTC), timedelta(hours=2)
    assert abs(leaf.not_valid_before_utc - now - timedelta(days=begins)) < some
    assert abs(leaf.not_valid_after_utc - now - timedelta(days=ends)) < some
    assert (leaf.not_valid_after_utc < now) == ("--expired" in told)
    assert (leaf.not_valid_before_utc > now) == ("--not-yet" in told)


def test_a_certificate_is_not_both_expired_and_not_yet_valid(
    renkei: Renkei, tmp_path: Path
) -> None:
    own = request(tmp_path, keys.new_key())
    out = tmp_path / "own"

    told = renkei(
        *("issue", "--csr", own, "--identity", CS.uri, "--out", out), "--expired", "--not-yet"
    )
    assert "name one of --expired and --not-yet" in told
    assert not out.exists()


def test_an_rsa_key_is_not_certified_and_its_reason_is_told(renkei: Renkei, tmp_path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    told = renkei(
        *("issue", "--csr", request(tmp_path, key), "--identity", CS.uri, "--out", tmp_path / "own")
    )

    assert reasons.CSR_KEY_UNFIT.name in told
    assert not (tmp_path / "own").exists()


def test_a_seats_own_folder_takes_no_certificate_for_another_key(
    renkei: Renkei, layout: Layout, tmp_path: Path
) -> None:
    folder = layout.certificate(f"municipal-cs.{CODE}", CS)
    before = Credentials.load(folder)

    told = renkei(
        *("issue", "--csr", request(tmp_path, keys.new_key())),
        *("--identity", CS.uri, "--out", folder),
    )

    assert "renkei pki rotate" in told
    assert Credentials.load(folder) == before


def test_the_list_shows_each_certificate_with_the_days_that_are_left(renkei: Renkei) -> None:
    found = rows(renkei)

    assert {CS.uri, TERMINAL.uri} <= {one["identity"] for one in found}
    assert {one["days_left"] for one in found} <= {89, 90}
    assert not any(one["revoked"] for one in found)
    table = renkei("list")
    assert CS.uri in table
    assert table.count("valid") == len(found)


def test_a_certificate_is_revoked_by_its_file_and_it_is_told_when_that_holds(
    renkei: Renkei, layout: Layout, tmp_path: Path
) -> None:
    authority = Authority.load(layout.authority(JUKINET))
    one, other = (authority.issue(CS, now=datetime.now(UTC)) for _ in range(2))
    (tmp_path / "chain.pem").write_bytes(one.chain_pem)

    told = renkei("revoke", "--file", tmp_path / "chain.pem")

    assert "from the next RPC on" in told
    assert revocation_of(layout, Leaf.parse(one.chain_pem)) is reasons.CALLER_REVOKED
    assert revocation_of(layout, Leaf.parse(other.chain_pem)) is None


def test_a_certificate_is_revoked_by_the_serial_that_the_list_shows(
    renkei: Renkei, layout: Layout
) -> None:
    own = Authority.load(layout.authority(JUKINET)).issue(CS, now=datetime.now(UTC))
    serial = f"{Leaf.parse(own.chain_pem).serial:x}"

    assert f"revoked {serial}" in renkei("revoke", "--serial", serial)

    assert {one["serial"] for one in rows(renkei) if one["revoked"]} >= {serial}
    assert revocation_of(layout, Leaf.parse(own.chain_pem)) is reasons.CALLER_REVOKED


def test_every_certificate_of_an_identity_is_revoked_at_once(
    renkei: Renkei, layout: Layout
) -> None:
    kiosk = Identity(ward(CODE), CODE, "convenience")
    authority = Authority.load(layout.authority(kiosk.domain))
    issued = [authority.issue(kiosk, now=datetime.now(UTC)) for _ in range(3)]

    renkei("revoke", "--identity", kiosk.uri)

    for own in issued:
        assert revocation_of(layout, Leaf.parse(own.chain_pem)) is reasons.CALLER_REVOKED


def test_a_serial_without_record_is_revoked_where_its_domain_is_named(renkei: Renkei) -> None:
    assert "name its trust domain" in renkei("revoke", "--serial", "abc123")

    assert "revoked abc123" in renkei("revoke", "--serial", "ab:c1:23", "--domain", JUKINET)


def test_what_is_not_this_worlds_is_not_revoked(renkei: Renkei, tmp_path: Path) -> None:
    foreign = Authority.create(tmp_path / "pki", JUKINET, now=datetime.now(UTC))
    (tmp_path / "chain.pem").write_bytes(foreign.issue(CS, now=datetime.now(UTC)).chain_pem)

    assert "did not sign" in renkei("revoke", "--file", tmp_path / "chain.pem")
    nobody = Identity(JUKINET, CODE, "nobody")
    assert "no certificate was issued" in renkei("revoke", "--identity", nobody.uri)
    assert "no trust domain" in renkei(
        "revoke", "--identity", Identity("elsewhere", CODE, "nobody").uri
    )


@pytest.mark.parametrize("named", [(), ("--serial", "1", "--identity", CS.uri)])
def test_what_to_revoke_is_named_in_one_way(renkei: Renkei, named: tuple[str, ...]) -> None:
    assert "name one of" in renkei("revoke", *named)


def test_one_seat_is_renewed_in_each_of_its_networks_and_no_other(
    renkei: Renkei, layout: Layout
) -> None:
    seat = f"municipal-cs.{CODE}"
    folders = [
        layout.certificate(seat, Identity(one, CODE, "municipal-cs"))
        for one in (JUKINET, ward(CODE))
    ]
    before = [Credentials.load(folder) for folder in folders]
    terminal = Credentials.load(layout.caller(TERMINAL))

    told = renkei("rotate", seat)

    for folder, old in zip(folders, before, strict=True):
        new = Credentials.load(folder)
        assert (new.identity, new.fit) == (old.identity, True)
        assert new.chain_pem != old.chain_pem
        assert new.key_pem != old.key_pem
        assert f"{Leaf.parse(old.chain_pem).serial:x}" in told, "so that it can be revoked"
        assert revocation_of(layout, Leaf.parse(old.chain_pem)) is None, "it may be in use still"
    assert Credentials.load(layout.caller(TERMINAL)) == terminal


def test_a_whole_world_is_renewed_but_for_what_lies_elsewhere(
    renkei: Renkei, layout: Layout
) -> None:
    terminal = Credentials.load(layout.caller(TERMINAL))

    told = renkei("rotate")

    assert Credentials.load(layout.caller(TERMINAL)) != terminal
    assert (layout.caller(TERMINAL) / "operator-session.bin").exists()
    assert "resident-record" in told
    assert "linkage-platform" not in told, "its key is with the integrator"
    assert "no certificate of elsewhere" in renkei("rotate", "elsewhere")


def test_a_certificate_is_shown_with_what_tls_and_the_door_say(
    renkei: Renkei, layout: Layout, tmp_path: Path
) -> None:
    told = renkei("inspect", layout.caller(TERMINAL) / "chain.pem")

    for expected in (TERMINAL.uri, f"DNS:{TERMINAL.dns}", "issuing CA", "ECDSA P-256", "days left"):
        assert expected in told
    assert "takes it" in told
    assert "knows the caller" in told

    own = Authority.load(layout.authority(JUKINET)).issue(CS, now=datetime.now(UTC))
    (tmp_path / "chain.pem").write_bytes(own.chain_pem)
    renkei("revoke", "--file", tmp_path / "chain.pem")
    told = renkei("inspect", tmp_path / "chain.pem")
    assert "takes it" in told, "TLS knows nothing of revocation"
    assert "CALLER_REVOKED" in told


def test_a_certificate_that_no_listener_takes_is_shown_with_the_reason(
    renkei: Renkei, layout: Layout, tmp_path: Path
) -> None:
    now, hour = datetime.now(UTC), timedelta(hours=1)
    authority, key = Authority.load(layout.authority(JUKINET)), keys.new_key()
    leaf = authority.sign_leaf(
        [x509.UniformResourceIdentifier(CS.uri)],
        key.public_key(),
        not_before=now - 2 * hour,
        not_after=now - hour,
    )
    (tmp_path / "expired.pem").write_bytes(authority.credentials(leaf, key).chain_pem)
    nameless = authority.sign_leaf([], key.public_key(), not_before=now, not_after=now + hour)
    (tmp_path / "nameless.pem").write_bytes(authority.credentials(nameless, key).chain_pem)
    (tmp_path / "nothing.pem").write_text("nothing")

    told = renkei("inspect", tmp_path / "expired.pem")
    assert "ran out" in told
    assert "CALLER_OUT_OF_DATE" in told
    assert "CALLER_UNIDENTIFIED" in renkei("inspect", tmp_path / "nameless.pem")
    assert "holds no certificate" in renkei("inspect", tmp_path / "nothing.pem")


def test_for_machines_a_certificate_comes_as_json(renkei: Renkei, layout: Layout) -> None:
    told = json.loads(renkei("inspect", layout.caller(TERMINAL) / "chain.pem", "--json"))

    assert told["identity"] == TERMINAL.uri
    assert datetime.fromisoformat(told["not_after"]) > datetime.now(UTC)
    assert [one["by"] for one in told["judged"]] == ["TLS", "door"]
