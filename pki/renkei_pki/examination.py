"""Why a handshake with these credentials would fail: what TLS tells nobody.

A server that refuses a certificate says so in an alert at best, and gRPC shows no more than
"Socket closed"; grpc servers send not even the alert. What one would object to can be seen in
the files themselves, by the rules of the handshake, here each on its own; what a door
adds (the identity, its domain, revocation) is asked of the door. Nothing here is a decision
of trust. (invented)
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID

from renkei_pki import keys
from renkei_pki.certificates import UNREADABLE


class Unfit(Exception):
    """Something cannot be used as it is: what is wrong, and what to do next, in both languages."""

    def __init__(self, wrong: str, remedy: str, japanese: str) -> None:
        super().__init__(wrong, remedy, japanese)
        self.wrong = wrong
        self.remedy = remedy
        self.japanese = japanese

    def __str__(self) -> str:
        return f"{self.wrong}: {self.remedy}."


@dataclass(frozen=True, slots=True)
class Chain:
    """The certificates of a file: a leaf and whoever signed it, in turn."""

    leaf: x509.Certificate
    others: tuple[x509.Certificate, ...]

    @classmethod
    def parse(cls, pem: bytes) -> Self:
        """Raise Unfit unless the PEM holds a certificate."""
        try:
            leaf, *others = x509.load_pem_x509_certificates(pem)
        except UNREADABLE:
            raise Unfit(
                "the certificate file holds no certificate in PEM form",
                "give the chain.pem that the authority wrote",
                "証明書のファイルにPEM形式の証明書がありません。認証局が書き出したchain.pemを指定してください。",
            ) from None
        return cls(leaf, tuple(others))

    def require_key(self, key_pem: bytes) -> None:
        """Raise Unfit unless the key in a PEM is the leaf's."""
        try:
            public = load_pem_private_key(key_pem, password=None).public_key()
        except (TypeError, *UNREADABLE):
            raise Unfit(
                "the key file holds no unencrypted private key in PEM form",
                "give the key.pem from which the certificate was asked for",
                "鍵のファイルに暗号化されていないPEM形式の秘密鍵がありません。証明書を要求したkey.pemを指定してください。",
            ) from None
        if public != self.leaf.public_key():
            raise Unfit(
                "the key is not the certificate's",
                "give the key from which this certificate was asked for, or ask for a "
                "certificate with this key's request",
                "鍵が証明書のものではありません。この証明書を要求した鍵を指定するか、この鍵で証明書を要求してください。",
            )

    def require_root(self, roots_pem: bytes) -> None:
        """Raise Unfit unless the leaf leads to one of the roots by the certificates beside it."""
        try:
            roots = x509.load_pem_x509_certificates(roots_pem)
        except UNREADABLE:
            raise Unfit(
                "the file of roots holds no certificate in PEM form",
                "give the roots.pem that the authority wrote",
                "ルートのファイルにPEM形式の証明書がありません。認証局が書き出したroots.pemを指定してください。",
            ) from None
        at, left = self.leaf, list(self.others)
        while not any(_signed(at, root) for root in roots):
            above = next((one for one in left if _signed(at, one)), None)
            if above is None:
                raise self._without_root(at)
            left.remove(above)
            at = above

    def require_time(self, now: datetime) -> None:
        """Raise Unfit unless the certificate is valid now."""
        if now < self.leaf.not_valid_before_utc:
            raise Unfit(
                f"the certificate is not valid before {_told(self.leaf.not_valid_before_utc)}",
                "wait, or set this machine's clock right",
                "証明書はまだ有効ではありません。待つか、この機械の時計を合わせてください。",
            )
        if now >= self.leaf.not_valid_after_utc:
            raise Unfit(
                f"the certificate ran out at {_told(self.leaf.not_valid_after_utc)}",
                "ask the authority for a new one",
                "証明書の有効期限が切れています。認証局に新しい証明書を要求してください。",
            )

    def require_usage(self, usage: x509.ObjectIdentifier) -> None:
        """Raise Unfit unless the leaf may be used as a client's, or as a server's."""
        role = "client" if usage == ExtendedKeyUsageOID.CLIENT_AUTH else "server"
        try:
            found = self.leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        except x509.ExtensionNotFound:
            return  # then it is good for everything
        if usage not in found:
            raise Unfit(
                f"the certificate may not be used by a {role} (its extended key usage)",
                "ask the authority for one that may",
                "証明書はこの用途に使えません（拡張鍵用途）。使える証明書を認証局に要求してください。",
            )

    def _without_root(self, at: x509.Certificate) -> Unfit:
        issuer = at.issuer.rfc4514_string()
        if at == self.leaf and not self.others:
            return Unfit(
                f"the certificate stands alone, without the issuing CA that signed it ({issuer})",
                "put the issuing CA's certificate behind it in the same file, as in the "
                "chain.pem that the authority wrote",
                f"証明書に、署名した発行認証局（{issuer}）の証明書が付いていません。同じファイルの後ろに付けてください。",
            )
        return Unfit(
            f"the certificate was not signed under this root (its issuer is {issuer})",
            "use the certificate and the roots.pem of one and the same world and trust domain",
            f"証明書はこのルートの下で署名されていません（発行者は{issuer}）。同じ世界、同じ信頼ドメインの証明書とroots.pemを使ってください。",
        )


def kind_of(key: object) -> str:
    """A public key's kind in words."""
    if isinstance(key, ec.EllipticCurvePublicKey):
        return "ECDSA P-256" if keys.is_p256(key) else f"ECDSA {key.curve.name}"
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size}"
    return "Ed25519" if isinstance(key, ed25519.Ed25519PublicKey) else type(key).__name__


def names_of(certificate: x509.Certificate) -> list[str]:
    """The certificate's alternative names, each with its kind."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except UNREADABLE:
        return []
    kinds = {x509.UniformResourceIdentifier: "URI", x509.DNSName: "DNS"}
    return [f"{kinds.get(type(one), type(one).__name__)}:{one.value}" for one in found]


def _signed(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (TypeError, InvalidSignature, *UNREADABLE):
        return False
    return True


def _told(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
