"""The certificate authority of one trust domain (認証局): who gets a certificate, who loses it.

A root signs one issuing CA, which signs every leaf and the revocation list; each world
makes its own, so that a certificate of one world or domain is worthless in another.
Only a leaf's identity is promised: it belongs to this domain, and the one who holds the
key asked for it. What it may do is decided at the doors. (decided; invented)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Self

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from renkei import reasons
from renkei.refusals import Refusal
from renkei_pki import files, keys, profiles
from renkei_pki.certificates import UNREADABLE, Leaf
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_pki.profiles import (
    BACKDATING,
    LEAF_LIFETIME,
    LIST_LIFETIME,
    SERVER_AND_CLIENT,
    Issuer,
    Usages,
)
from renkei_pki.revocation import read_list

ROOT, ROOT_KEY = "root.pem", "root-key.pem"
ISSUING, ISSUING_KEY = "issuing.pem", "issuing-key.pem"
REVOCATION_LIST = "crl.pem"
ISSUED = "issued"

RENEWED_BEFORE: Final = timedelta(days=10)
"""So long before a list ends it is published anew."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A leaf that the authority issued, and whether it still stands by it."""

    identity: Identity
    serial: int
    not_after: datetime
    revoked: bool


class Authority:
    """A root and its issuing CA in a folder of their own."""

    def __init__(self, folder: Path, root: x509.Certificate, issuing: Issuer) -> None:
        """Use `create` or `load`."""
        self._folder = folder
        self._root = root
        self._issuing = issuing
        self.domain = profiles.domain_of(root)

    @classmethod
    def create(cls, folder: Path, domain: str, *, now: datetime) -> Self:
        """Make an authority with fresh keys; raises FileExistsError where there is one."""
        root_key, issuing_key = keys.new_key(), keys.new_key()
        root = profiles.root(domain, root_key, now=now)
        issuing = profiles.issuing_ca(
            domain, issuing_key.public_key(), Issuer(root, root_key), now=now
        )
        nobody = profiles.revocation_list({}, 1, Issuer(issuing, issuing_key), now=now)

        files.private_folder(folder)
        files.write_new(folder / ROOT_KEY, keys.write_key(root_key), files.PRIVATE)
        files.write_new(folder / ISSUING_KEY, keys.write_key(issuing_key), files.PRIVATE)
        files.write_new(folder / ROOT, _pem(root), files.PUBLIC)
        files.write_new(folder / ISSUING, _pem(issuing), files.PUBLIC)
        files.write_new(folder / REVOCATION_LIST, _pem(nobody), files.PUBLIC)
        files.private_folder(folder / ISSUED)
        return cls.load(folder)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The authority that was made in the folder; its root's key is not read again."""
        root = x509.load_pem_x509_certificate((folder / ROOT).read_bytes())
        issuing = x509.load_pem_x509_certificate((folder / ISSUING).read_bytes())
        return cls(
            folder, root, Issuer(issuing, keys.read_key((folder / ISSUING_KEY).read_bytes()))
        )

    def issue(
        self,
        identity: Identity,
        *,
        now: datetime,
        lifetime: timedelta = LEAF_LIFETIME,
        usages: Usages = SERVER_AND_CLIENT,
    ) -> Credentials:
        """Make a key and a certificate for an identity; raises IDENTITY_OF_ANOTHER_DOMAIN."""
        key = keys.new_key()
        leaf = self._issue(identity, key.public_key(), now, lifetime, usages)
        return self.credentials(leaf, key)

    def issue_for(
        self,
        csr_pem: bytes,
        identity: Identity,
        *,
        now: datetime,
        lifetime: timedelta = LEAF_LIFETIME,
        usages: Usages = SERVER_AND_CLIENT,
    ) -> bytes:
        """Certify the key of a request; return the chain, the leaf and the issuing CA, as PEM.

        The names in the request count for nothing.
        Raises IDENTITY_OF_ANOTHER_DOMAIN, CSR_INVALID or CSR_KEY_UNFIT.
        """
        return self._chain(self._issue(identity, _key_of(csr_pem), now, lifetime, usages))

    def sign_leaf(
        self,
        names: Sequence[x509.GeneralName],
        key: ec.EllipticCurvePublicKey,
        *,
        not_before: datetime,
        not_after: datetime,
        usages: Usages = SERVER_AND_CLIENT,
    ) -> x509.Certificate:
        """Sign whatever is told, and keep no record: how doors are tried with unfit certificates."""
        return profiles.leaf(
            "unfit",
            names,
            key,
            self._issuing,
            not_before=not_before,
            not_after=not_after,
            usages=usages,
        )

    @property
    def root_pem(self) -> bytes:
        """The root, by which everybody in the domain is judged."""
        return _pem(self._root)

    def credentials(self, leaf: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Credentials:
        """What the one who holds the key of a leaf needs."""
        return Credentials(self._chain(leaf), keys.write_key(key), self.root_pem)

    def issued(self) -> list[Issued]:
        """Every leaf that was ever issued, by identity and then by its end."""
        revoked = _revoked(self._list())
        leaves = [Leaf.parse(path.read_bytes()) for path in (self._folder / ISSUED).iterdir()]
        leaves.sort(key=lambda leaf: (leaf.identity.uri, leaf.not_after, leaf.serial))
        return [
            Issued(leaf.identity, leaf.serial, leaf.not_after, leaf.serial in revoked)
            for leaf in leaves
        ]

    def signed(self, pem: bytes) -> bool:
        """Whether the first certificate of a PEM was signed by the issuing CA."""
        try:
            leaf = x509.load_pem_x509_certificate(pem)
            leaf.verify_directly_issued_by(self._issuing.certificate)
        except (InvalidSignature, TypeError, *UNREADABLE):
            return False
        return True

    def revoke(self, serial: int, *, now: datetime) -> None:
        """Withdraw a certificate for good; a repeat changes nothing.

        Any serial will do: a leaf must be revocable though its record was lost.
        """
        self._publish({serial: now}, now)

    def renew_list(self, *, now: datetime) -> None:
        """Publish the revocation list anew, before the last one is out of date."""
        self._publish({}, now)

    def keep_list(self, *, now: datetime) -> datetime:
        """Publish the list anew where it ends within ten days; return when to look again."""
        end = self._list().next_update_utc
        if end is None or end - RENEWED_BEFORE <= now:
            self.renew_list(now=now)
            end = now + LIST_LIFETIME
        return end - RENEWED_BEFORE

    def _issue(
        self,
        identity: Identity,
        key: ec.EllipticCurvePublicKey,
        now: datetime,
        lifetime: timedelta,
        usages: Usages,
    ) -> x509.Certificate:
        if identity.domain != self.domain:
            raise Refusal(
                reasons.IDENTITY_OF_ANOTHER_DOMAIN, f"this is the authority of {self.domain}"
            )
        leaf = profiles.leaf(
            identity.dns,
            [x509.UniformResourceIdentifier(identity.uri), x509.DNSName(identity.dns)],
            key,
            self._issuing,
            not_before=now - BACKDATING,
            not_after=now + lifetime,
            usages=usages,
        )
        record = self._folder / ISSUED / f"{leaf.serial_number:x}.pem"
        files.write_new(record, _pem(leaf), files.PUBLIC)
        return leaf

    def _chain(self, leaf: x509.Certificate) -> bytes:
        return _pem(leaf) + _pem(self._issuing.certificate)

    def _list(self) -> x509.CertificateRevocationList:
        pem = (self._folder / REVOCATION_LIST).read_bytes()
        return read_list(pem, self._issuing.certificate)

    def _publish(self, newly_revoked: dict[int, datetime], now: datetime) -> None:
        with files.taking_turns(self._folder):
            last = self._list()
            number = last.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number + 1
            revoked = newly_revoked | _revoked(last)  # the first date stays
            successor = profiles.revocation_list(revoked, number, self._issuing, now=now)
            files.replace(self._folder / REVOCATION_LIST, _pem(successor))


def _key_of(csr_pem: bytes) -> ec.EllipticCurvePublicKey:
    """The key that a request asks to have certified, its possession proven."""
    try:
        request = x509.load_pem_x509_csr(csr_pem)
        key = request.public_key()
        if not keys.is_p256(key):
            raise Refusal(reasons.CSR_KEY_UNFIT)
        if not request.is_signature_valid:
            raise Refusal(reasons.CSR_INVALID)
    except UnsupportedAlgorithm as error:
        raise Refusal(reasons.CSR_KEY_UNFIT) from error
    except UNREADABLE as error:
        raise Refusal(reasons.CSR_INVALID) from error
    return key


def _revoked(found: x509.CertificateRevocationList) -> dict[int, datetime]:
    return {one.serial_number: one.revocation_date_utc for one in found}


def _pem(signed: x509.Certificate | x509.CertificateRevocationList) -> bytes:
    return signed.public_bytes(Encoding.PEM)
