"""A private key that lives in a token, wherever a private key is asked for; it only signs."""

from collections.abc import Callable
from typing import Any, NoReturn, Self

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256, Hash

Sign = Callable[[bytes, bytes], bytes]
"""Signs a digest with the key of an id; the signature is in its DER form."""


class TokenKey(ec.EllipticCurvePrivateKey):
    """ECDSA P-256 with SHA-256, and nothing else."""

    def __init__(self, number: bytes, public: ec.EllipticCurvePublicKey, sign: Sign) -> None:
        """`number` is its id in the token."""
        self.number = number
        self._public = public
        self._sign = sign

    @property
    def uri(self) -> bytes:
        """What names it in the seat's token (RFC 7512), as a line."""
        percent = "".join(f"%{one:02x}" for one in self.number)
        return f"pkcs11:id={percent};type=private\n".encode()

    @property
    def curve(self) -> ec.EllipticCurve:
        """P-256."""
        return self._public.curve

    @property
    def key_size(self) -> int:
        """In bits."""
        return self._public.key_size

    def public_key(self) -> ec.EllipticCurvePublicKey:
        """Its public half."""
        return self._public

    def sign(self, data: Any, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        """The signature of data. Raises KEY_STORE_LOCKED, and UnsupportedAlgorithm but for SHA-256."""
        if not isinstance(signature_algorithm, ec.ECDSA) or not isinstance(
            signature_algorithm.algorithm, SHA256
        ):
            msg = "the token signs by ECDSA with SHA-256 alone"
            raise UnsupportedAlgorithm(msg)
        hashed = Hash(SHA256())
        hashed.update(data)
        return self._sign(self.number, hashed.finalize())

    def exchange(self, *_with: object, **_named: object) -> NoReturn:
        """Raise UnsupportedAlgorithm."""
        raise UnsupportedAlgorithm(_STAYS)

    def private_numbers(self) -> NoReturn:
        """Raise UnsupportedAlgorithm: nobody sees them."""
        raise UnsupportedAlgorithm(_STAYS)

    def private_bytes(self, *_how: object, **_named: object) -> NoReturn:
        """Raise UnsupportedAlgorithm: nobody sees them."""
        raise UnsupportedAlgorithm(_STAYS)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self


_STAYS = "the key stays in its token"
