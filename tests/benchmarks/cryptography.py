"""The cryptography that an inquiry takes at its provider, as anybody would write it.

The permit's signature is verified, data key and content of the sub-copy are opened, and the
answer is signed and sealed with the same hybrid and at the same size as ours.
"""

import os
from pathlib import Path

from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from renkei.type.v1.permit_pb2 import Permit

ITEMS = (
    '{"DI90000000000101": "0", "DI90000000000102": "山田　花子", "DI90000000000103": 1}'.encode()
)
"""What tests register as a sub-copy, as it lies encrypted."""
ANSWER_BYTES = 2_048
"""What such an answer is filled up to, with its signature and its certificates."""

_KEY_BYTES, _NONCE_BYTES = 32, 12
_ECDSA = ec.ECDSA(SHA256())
_SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
_PERMITS_ARE_SIGNED_AS = b"renkei permit 1\0"


class Cryptography:
    """A provider's keys, and an inquirer's public one."""

    def __init__(self, permit_key: Path) -> None:
        """`permit_key`: the public key by which permits are judged."""
        permits = load_pem_public_key(permit_key.read_bytes())
        assert isinstance(permits, ec.EllipticCurvePublicKey)
        self._permits = permits
        self._own = ec.generate_private_key(ec.SECP256R1())
        self._inquirer = hpke.MLKEM768X25519PublicKey(
            MLKEM768PrivateKey.generate().public_key(), X25519PrivateKey.generate().public_key()
        )
        self._organisation = AESGCM(os.urandom(_KEY_BYTES))

    def require_signed(self, permit: Permit) -> None:
        """Raise InvalidSignature unless the network signed the permit."""
        self._permits.verify(permit.signature, _PERMITS_ARE_SIGNED_AS + permit.claims, _ECDSA)

    def closed(self, content: bytes) -> tuple[bytes, bytes]:
        """A data key, wrapped, and the content that it encrypts."""
        key = os.urandom(_KEY_BYTES)
        return _closed(self._organisation, key), _closed(AESGCM(key), content)

    def opened(self, wrapped: bytes, content: bytes) -> bytes:
        """The content."""
        return _opened(AESGCM(_opened(self._organisation, wrapped)), content)

    def sealed_record(self, content: bytes) -> bytes:
        """A record as it is kept."""
        return _closed(self._organisation, content)

    def answer(self, items: bytes, exchange_id: str) -> bytes:
        """The signed and sealed answer."""
        signature = self._own.sign(items, _ECDSA)
        return _SUITE.encrypt(
            (items + signature).ljust(ANSWER_BYTES, b"\0"), self._inquirer, exchange_id.encode()
        )


def _closed(cipher: AESGCM, content: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, content, None)


def _opened(cipher: AESGCM, closed: bytes) -> bytes:
    return cipher.decrypt(closed[:_NONCE_BYTES], closed[_NONCE_BYTES:], None)
