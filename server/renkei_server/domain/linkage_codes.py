"""Linkage codes (符号): a different one for each institution, the same one for ever (IPN-1).

Rules (decided; the law asks only for the properties, Number Act Order art. 20):
- Each person has one link id of 128 bits. It follows from their resident record code under a key
  that is derived from the core's code key: a core that is set back to a backup makes the same.
- Institution A's code is the deterministic encryption (AES-SIV) of the link id under a key
  derived (HKDF) from the core's code key and A's name.
- So two institutions' codes cannot be linked without the core, and the core translates one
  into the other with two cipher operations and no table.
"""

import hmac
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from renkei import reasons
from renkei.codes import Institution, LinkageCode, ResidentRecordCode
from renkei.refusals import Refusal

LINK_ID_BYTES = 16
CODE_KEY_BYTES = 32


class CodeCipher:
    """Makes and opens every institution's codes under one code key of the core."""

    def __init__(self, code_key: bytes) -> None:
        self._code_key = code_key
        self._cipher_of = lru_cache(maxsize=4096)(self._derive)

    def code_of(self, link_id: bytes, institution: Institution) -> LinkageCode:
        """The institution's code of the person with this link id of 16 bytes."""
        return LinkageCode.parse(self._cipher_of(institution).encrypt(link_id, None))

    def link_id_of(self, code: LinkageCode, institution: Institution) -> bytes:
        """The link id, 16 bytes. Raises MALFORMED_LINKAGE_CODE for what is no code of it."""
        try:
            return self._cipher_of(institution).decrypt(code.value, None)
        except InvalidTag:
            raise Refusal(reasons.MALFORMED_LINKAGE_CODE, "not a code of the institution") from None

    def _derive(self, institution: Institution) -> AESSIV:
        purpose = f"renkei linkage code {institution}".encode()
        return AESSIV(_derived(self._code_key, purpose, 64))


class LinkIds:
    """Makes every person's link id under one code key of the core.

    Resident record codes have eleven digits: who holds the key can guess them all, and nobody else
    can guess one.
    """

    def __init__(self, code_key: bytes) -> None:
        self._link_key = _derived(code_key, b"renkei link id", CODE_KEY_BYTES)
        self._index_key = _derived(code_key, b"renkei link id kept", CODE_KEY_BYTES)

    def of(self, code: ResidentRecordCode) -> bytes:
        """The link id that follows from a resident record code, 16 bytes."""
        return hmac.digest(self._link_key, code.digits.encode(), "sha256")[:LINK_ID_BYTES]

    def index(self, blind: bytes) -> bytes:
        """Under what a link id lies that does not follow from the code with this blind hash."""
        return hmac.digest(self._index_key, blind, "sha256")


def _derived(code_key: bytes, purpose: bytes, size: int) -> bytes:
    return HKDF(SHA256(), size, salt=None, info=purpose).derive(code_key)
