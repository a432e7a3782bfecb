"""Who calls: judged from the leaf certificate of the connection at every RPC, and nothing else."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from renkei import reasons
from renkei.refusals import Refusal
from renkei_pki.certificates import Leaf
from renkei_pki.identity import Identity
from renkei_pki.revocation import Revocations
from renkei_server.domain.world import Clock

_TLS_1_3 = "TLSv1.3"

AuthContext = Mapping[str, Sequence[bytes]]


class Callers:
    """Judges the callers of one listener; a parsed certificate is kept, a judgement is not."""

    def __init__(self, *, domain: str, revocations: Revocations, clock: Clock) -> None:
        self._domain = domain
        self._revocations = revocations
        self._clock = clock
        self._parse = lru_cache(maxsize=1024)(Leaf.parse)

    def of(self, auth: AuthContext) -> Identity:
        """The caller of a connection with this authentication context.

        Raises TLS_TOO_OLD, CALLER_UNIDENTIFIED, CALLER_OF_ANOTHER_DOMAIN,
        CALLER_OUT_OF_DATE, CALLER_REVOKED or REVOCATION_UNKNOWN.
        """
        if _only(auth, "ssl_tls_version").decode() != _TLS_1_3:
            raise Refusal(reasons.TLS_TOO_OLD)
        leaf = self._parse(_only(auth, "x509_pem_cert"))
        if leaf.identity.domain != self._domain:
            raise Refusal(reasons.CALLER_OF_ANOTHER_DOMAIN)
        if not leaf.not_before <= self._clock.real() < leaf.not_after:
            raise Refusal(reasons.CALLER_OUT_OF_DATE)
        self._revocations.check(leaf.serial)
        return leaf.identity


def _only(auth: AuthContext, key: str) -> bytes:
    values = auth.get(key, ())
    return values[0] if len(values) == 1 else b""
