"""The request by which the holder of a key asks for a certificate, wherever the key is (PKCS #10)."""

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding


def request_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    """A request as PEM, signed by the key; it names nobody, since names in it count for nothing."""
    nobody = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    return nobody.sign(key, SHA256()).public_bytes(Encoding.PEM)
