"""How a seat's keys lie in its files: as they are, or so that its token alone opens them (NET-11).

A file of a key holds one of three things:

- the key itself, which the file's mode guards;
- a key that the seat's token wrapped, bound to what it is for (decision 0049);
- the name of a key in the token, a URI of RFC 7512: that key never leaves it.

A seat that has a token takes no key that lies open, and one that has none takes no other. (invented)
"""

import base64
import binascii
from typing import Final, Protocol

from renkei import reasons
from renkei.refusals import Refusal
from renkei_pki.tokens.token import Token
from renkei_pki.tokens.token_key import TokenKey

_BEGIN: Final = b"-----BEGIN RENKEI WRAPPED KEY-----\n"
_END: Final = b"-----END RENKEI WRAPPED KEY-----\n"
_NAMES: Final = b"pkcs11:"


class Custody(Protocol):
    """Reads and writes the content of files of keys."""

    def close(self, key: bytes, purpose: str) -> bytes:
        """What the file of a key holds. Raises KEY_STORE_LOCKED."""
        ...

    def open(self, content: bytes, purpose: str) -> bytes:
        """The key in a file. Raises KEY_OF_A_TOKEN, KEY_OUTSIDE_TOKEN or KEY_STORE_LOCKED."""
        ...

    def named(self, content: bytes) -> TokenKey | None:
        """The key that a file only names, if it does. Raises KEY_OF_A_TOKEN or TOKEN_KEY_MISSING."""
        ...


class Openly:
    """The files hold the keys themselves."""

    def close(self, key: bytes, purpose: str) -> bytes:  # noqa: ARG002 - a Custody
        """The key."""
        return key

    def open(self, content: bytes, purpose: str) -> bytes:
        """The content. Raises KEY_OF_A_TOKEN where a token wrapped it."""
        if content.startswith((_BEGIN, _NAMES)):
            raise Refusal(reasons.KEY_OF_A_TOKEN, purpose)
        return content

    def named(self, content: bytes) -> None:
        """Nothing; raises KEY_OF_A_TOKEN where it names a key in a token."""
        if content.startswith(_NAMES):
            raise Refusal(reasons.KEY_OF_A_TOKEN)


OPENLY: Final = Openly()


class ByToken:
    """The files hold what the token wrapped, or the names of its keys."""

    def __init__(self, token: Token) -> None:
        self._token = token

    def close(self, key: bytes, purpose: str) -> bytes:
        """The key, wrapped. Raises KEY_STORE_LOCKED."""
        wrapped = self._token.wrap(key, purpose.encode())
        return _BEGIN + base64.encodebytes(wrapped) + _END

    def open(self, content: bytes, purpose: str) -> bytes:
        """The key. Raises KEY_OUTSIDE_TOKEN, or KEY_STORE_LOCKED where the token did not wrap it."""
        if not (content.startswith(_BEGIN) and content.endswith(_END)):
            raise Refusal(reasons.KEY_OUTSIDE_TOKEN, purpose)
        try:
            wrapped = base64.b64decode(content.removeprefix(_BEGIN).removesuffix(_END))
        except binascii.Error:
            raise Refusal(reasons.KEY_STORE_LOCKED, f"{purpose} is damaged") from None
        try:
            return self._token.unwrap(wrapped, purpose.encode())
        except Refusal as refusal:
            raise Refusal(refusal.reason, f"{purpose}: {refusal.detail}") from refusal

    def named(self, content: bytes) -> TokenKey | None:
        """The key in the token. Raises TOKEN_KEY_MISSING."""
        return self._token.key_of(content) if content.startswith(_NAMES) else None
