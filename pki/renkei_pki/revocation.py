"""Whether a certificate has been revoked, judged at every RPC (invented).

Rules:
- Only a list signed by the issuing CA counts, and only between its two dates, by real time.
- Without such a list nobody is let in: an outage costs availability, never a trust decision.
- A new list counts from the next RPC on: the file is read again as soon as it is another.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from cryptography import x509

from renkei import reasons
from renkei.refusals import Refusal
from renkei_pki.certificates import UNREADABLE
from renkei_pki.keys import is_p256

_Version = tuple[int, int, int]
_NEVER = datetime.min.replace(tzinfo=UTC)


def read_list(pem: bytes, issuing: x509.Certificate) -> x509.CertificateRevocationList:
    """The list in a PEM; raises REVOCATION_UNKNOWN unless this CA signed it as it is."""
    try:
        found = x509.load_pem_x509_crl(pem)
        key = issuing.public_key()
        if is_p256(key) and found.is_signature_valid(key):
            return found
    except UNREADABLE as error:
        raise Refusal(reasons.REVOCATION_UNKNOWN, "the list is damaged") from error
    raise Refusal(reasons.REVOCATION_UNKNOWN, "the list is not the issuing CA's")


@dataclass(frozen=True, slots=True)
class _Known:
    """What a list says; a serial is found in a set, since the list itself searches in a line."""

    revoked: frozenset[int]
    not_before: datetime
    not_after: datetime

    @classmethod
    def of(cls, found: x509.CertificateRevocationList) -> Self:
        return cls(
            frozenset(one.serial_number for one in found),
            found.last_update_utc,
            found.next_update_utc or _NEVER,
        )


class Revocations:
    """The revocation list of one trust domain, held in memory while its file is the same."""

    def __init__(self, path: Path, issuing: Path, *, now: Callable[[], datetime]) -> None:
        """`issuing` is the issuing CA's certificate; the list itself need not be there yet."""
        self._path = path
        self._name = str(path)
        self._issuing = x509.load_pem_x509_certificate(issuing.read_bytes())
        self._now = now
        self._known: tuple[_Version, _Known] | None = None

    def check(self, serial: int) -> None:
        """Raise CALLER_REVOKED, or REVOCATION_UNKNOWN where that cannot be judged now."""
        known = self._current()
        if not known.not_before <= self._now() < known.not_after:
            raise Refusal(reasons.REVOCATION_UNKNOWN, "the list is out of date")
        if serial in known.revoked:
            raise Refusal(reasons.CALLER_REVOKED)

    def _current(self) -> _Known:
        try:
            status = os.stat(self._name)  # noqa: PTH116 - at each call: a path takes half as long again
            version = (status.st_mtime_ns, status.st_size, status.st_ino)
            if self._known is None or self._known[0] != version:
                found = read_list(self._path.read_bytes(), self._issuing)
                self._known = (version, _Known.of(found))
        except OSError as error:
            raise Refusal(reasons.REVOCATION_UNKNOWN, "the list cannot be read") from error
        return self._known[1]
