"""ECDSA P-256 keys, the only kind that this product makes or accepts.

One kind keeps the rules short, and no RSA key means no TLS 1.2 (see `tls`).
Its form on disk is unencrypted PKCS #8: the file's mode guards it. (invented)
"""

from typing import TypeGuard

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)


def new_key() -> ec.EllipticCurvePrivateKey:
    """A fresh key of the machine's own randomness."""
    return ec.generate_private_key(ec.SECP256R1())


def is_p256(key: object) -> TypeGuard[ec.EllipticCurvePublicKey]:
    """Whether a public key is of our one kind."""
    return isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)


def write_key(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The key as PEM."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def read_key(pem: bytes) -> ec.EllipticCurvePrivateKey:
    """The key in a PEM; raises ValueError unless it is of our one kind."""
    key = load_pem_private_key(pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not is_p256(key.public_key()):
        msg = "not an ECDSA P-256 key"
        raise ValueError(msg)
    return key
