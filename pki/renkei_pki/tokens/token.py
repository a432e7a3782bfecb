"""A token as a seat needs it: a key store that wraps, and a holder of keys that sign (NET-11).

Rules:
- Every key in it was made in it, says that it cannot be read or taken out, and is believed only then.
- Objects are known by their id: eight bytes of whose they are, a seat in one world, and eight of
  their own. What another seat, world or product has in the same token is left alone.
- What is wrapped is bound to its purpose (AES-256-GCM under the wrapping key, in the token).
- A token that fails once is away: everything is refused until `look` finds it again, keys and all.

Fidelity: the device is documented, what it is asked for is invented.
"""

import hashlib
import os
import re
from collections.abc import Collection
from typing import Any, Final, Self

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from renkei import reasons
from renkei.refusals import Refusal
from renkei_pki.tokens.module import pkcs11
from renkei_pki.tokens.objects import kept_inside, objects, only, require_inside
from renkei_pki.tokens.session import TokenPlace, TokenSession
from renkei_pki.tokens.token_key import TokenKey

_PART_BYTES: Final = 8
_NONCE_BYTES, _TAG_BITS, _NUMBER_BYTES = 12, 128, 32
_MECHANISMS: Final = frozenset({"AES_GCM", "AES_KEY_GEN", "EC_KEY_PAIR_GEN", "ECDSA"})
_WRAPPING: Final = bytes(_PART_BYTES)
_PROBE: Final = b"renkei: is it there?"
_URI: Final = re.compile(rb"pkcs11:id=((?:%[0-9a-f]{2}){16});type=private\s*")


class Token:
    """The token of one seat; open it before use, or use it as a context manager."""

    def __init__(self, place: TokenPlace, seat: str, world: str, *, making: bool = False) -> None:
        """`making` says that keys will be made and destroyed."""
        self._seat = seat
        self._owner = hashlib.sha256(f"{world} {seat}".encode()).digest()[:_PART_BYTES]
        self._session = TokenSession(place, making=making)
        self._away = False

    def open(self) -> None:
        """Raise why it cannot be used: TOKEN_ABSENT, TOKEN_PIN_REFUSED, TOKEN_KEY_MISSING and so on."""
        self._session.open()
        try:
            self._session.use(self._probe)
        except BaseException:
            self.close()
            raise

    def open_empty(self) -> None:
        """The same where its keys are still to be made. Raises TOKEN_UNFIT where they cannot be."""
        self._session.open()

        def require_fit(session: Any) -> None:
            known = {one.name for one in session.token.slot.get_mechanisms()}
            if missing := sorted(_MECHANISMS - known):
                raise Refusal(reasons.TOKEN_UNFIT, f"it has no {missing[0]}")

        try:
            self._session.use(require_fit)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Log out."""
        self._session.close()

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, *_ended: object) -> None:
        self.close()

    def require(self) -> None:
        """Raise KEY_STORE_LOCKED unless it was there when it was last asked; it is not asked now."""
        if self._away or not self._session.is_open:
            raise Refusal(reasons.KEY_STORE_LOCKED)

    def look(self) -> None:
        """Ask whether it is there with its wrapping key; look for it where it was away.

        Raises what keeps it away; until the next look everything is refused then.
        """
        was_away, self._away = self._away or not self._session.is_open, True
        if was_away:
            self._session.close()
            self._session.open_anew()
        self._session.use(self._probe)
        self._away = False

    def make_wrapping_key(self) -> None:
        """Make the key under which others are wrapped; one that is there stays. Raises TOKEN_UNFIT."""

        def make(session: Any) -> None:
            package = pkcs11()
            if objects(session, package.ObjectClass.SECRET_KEY, self._owner + _WRAPPING):
                return
            key = session.generate_key(
                package.KeyType.AES,
                8 * _NUMBER_BYTES,
                id=self._owner + _WRAPPING,
                label=f"renkei {self._seat} wrapping key",
                store=True,
                capabilities=package.MechanismFlag.ENCRYPT | package.MechanismFlag.DECRYPT,
                template=kept_inside(),
            )
            require_inside(key)

        self._session.use(make)

    def wrap(self, key: bytes, purpose: bytes) -> bytes:
        """The key, to be opened for this purpose only. Raises KEY_STORE_LOCKED."""
        return self._session.use(lambda session: self._wrapped(session, key, purpose))

    def unwrap(self, wrapped: bytes, purpose: bytes) -> bytes:
        """The key again. Raises KEY_STORE_LOCKED, also where it is not one that it wrapped."""

        def unwrap(session: Any) -> bytes | None:
            key, package = self._wrapping(session), pkcs11()
            nonce, closed = wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:]
            try:
                opened: bytes = key.decrypt(
                    closed,
                    mechanism=package.Mechanism.AES_GCM,
                    mechanism_param=package.GCMParams(nonce, purpose, _TAG_BITS),
                )
            except package.PKCS11Error:
                self._probe(session)  # it is the value that is at fault, and not the token
                return None
            return opened

        if (opened := self._session.use(unwrap)) is None:
            raise Refusal(reasons.KEY_STORE_LOCKED, "the token did not wrap it")
        return opened

    def make_key(self, purpose: str) -> TokenKey:
        """Make an ECDSA P-256 key in the token. Raises TOKEN_UNFIT."""
        number = self._owner + os.urandom(_PART_BYTES)

        def make(session: Any) -> None:
            package = pkcs11()
            curve = session.create_domain_parameters(
                package.KeyType.EC,
                {
                    package.Attribute.EC_PARAMS: package.util.ec.encode_named_curve_parameters(
                        "secp256r1"
                    )
                },
                local=True,
            )
            _, private = curve.generate_keypair(
                id=number,
                label=f"renkei {self._seat} {purpose}",
                store=True,
                capabilities=package.MechanismFlag.SIGN | package.MechanismFlag.VERIFY,
                private_template=kept_inside(),
            )
            require_inside(private)

        self._session.use(make)
        return self._key(number)

    def key_of(self, uri: bytes) -> TokenKey:
        """The key that a URI names (RFC 7512). Raises TOKEN_KEY_MISSING."""
        named = _URI.fullmatch(uri)
        if named is None:
            raise Refusal(reasons.TOKEN_KEY_MISSING, "it is named in another way")
        return self._key(bytes.fromhex(named[1].replace(b"%", b"").decode()))

    def discard_keys(self, *, but: Collection[TokenKey] = ()) -> None:
        """Destroy the seat's keys that sign; those that are told stay."""
        kept = {one.number for one in but}
        self._discard(lambda number: number not in kept | {self._owner + _WRAPPING})

    def discard_everything(self) -> None:
        """Destroy every key of the seat: what was wrapped is closed for good."""
        self._discard(lambda _number: True)

    def _discard(self, goes: Any) -> None:
        def discard(session: Any) -> None:
            kinds = pkcs11().ObjectClass
            for kind in (kinds.PRIVATE_KEY, kinds.PUBLIC_KEY, kinds.SECRET_KEY):
                for one in objects(session, kind):
                    if one.id.startswith(self._owner) and goes(one.id):
                        one.destroy()

        self._session.use(discard)
        self._session.handles.clear()

    def _key(self, number: bytes) -> TokenKey:
        """The key of this id, with its public half. Raises TOKEN_KEY_MISSING or TOKEN_UNFIT."""

        def public(session: Any) -> bytes:
            package = pkcs11()
            self._private(session, number)
            half = only(objects(session, package.ObjectClass.PUBLIC_KEY, number))
            point: bytes = half[package.Attribute.EC_POINT]
            return point[-2 * _NUMBER_BYTES - 1 :]  # behind the two bytes of an OCTET STRING

        point = self._session.use(public)
        try:
            key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        except ValueError:
            raise Refusal(reasons.TOKEN_KEY_MISSING, "not an ECDSA P-256 key") from None
        return TokenKey(number, key, self._sign)

    def _sign(self, number: bytes, digest: bytes) -> bytes:
        def sign(session: Any) -> bytes:
            mechanism = pkcs11().Mechanism.ECDSA
            signature: bytes = self._private(session, number).sign(digest, mechanism=mechanism)
            return signature

        signature = self._session.use(sign)
        half = len(signature) // 2
        return encode_dss_signature(
            int.from_bytes(signature[:half]), int.from_bytes(signature[half:])
        )

    def _private(self, session: Any, number: bytes) -> Any:
        return self._found(session, pkcs11().ObjectClass.PRIVATE_KEY, number)

    def _wrapping(self, session: Any) -> Any:
        return self._found(session, pkcs11().ObjectClass.SECRET_KEY, self._owner + _WRAPPING)

    def _found(self, session: Any, kind: Any, number: bytes) -> Any:
        if number not in self._session.handles:
            key = only(objects(session, kind, number))
            require_inside(key)
            self._session.handles[number] = key
        return self._session.handles[number]

    def _wrapped(self, session: Any, key: bytes, purpose: bytes) -> bytes:
        package, nonce = pkcs11(), os.urandom(_NONCE_BYTES)
        closed: bytes = self._wrapping(session).encrypt(
            key,
            mechanism=package.Mechanism.AES_GCM,
            mechanism_param=package.GCMParams(nonce, purpose, _TAG_BITS),
        )
        return nonce + closed

    def _probe(self, session: Any) -> None:
        self._wrapped(session, _PROBE, _PROBE)
