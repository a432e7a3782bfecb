"""Who a certificate speaks for: trust domain, institution and role.

An identity is exactly one URI SAN, a SPIFFE id
`spiffe://<trust-domain>.renkei.test/<institution>/<role>`; clients judge
servers by the DNS SAN derived from it,
`<role>.<institution>.<trust-domain>.renkei.test`. (decided; invented)
"""

import re
from dataclasses import dataclass
from typing import Self

from renkei import reasons
from renkei.codes import Institution
from renkei.refusals import Refusal

SUFFIX = "renkei.test"

_WORD = r"[a-z][a-z0-9-]{1,30}"
_URI = re.compile(
    rf"spiffe://(?P<domain>{_WORD})\.{re.escape(SUFFIX)}/(?P<institution>[a-z0-9-]+)/(?P<role>{_WORD})"
)


@dataclass(frozen=True, slots=True)
class Identity:
    """One seat or caller. It names systems, never persons, so it may be logged."""

    domain: str
    institution: str
    role: str

    @classmethod
    def parse(cls, uri: str) -> Self:
        """Raise CALLER_UNIDENTIFIED unless uri is an identity in its one written form."""
        match = _URI.fullmatch(uri)
        if match is None:
            raise Refusal(reasons.CALLER_UNIDENTIFIED)
        try:
            Institution.parse(match["institution"])
        except Refusal as refusal:
            raise Refusal(reasons.CALLER_UNIDENTIFIED) from refusal
        return cls(match["domain"], match["institution"], match["role"])

    @property
    def uri(self) -> str:
        """The URI SAN."""
        return f"spiffe://{self.domain}.{SUFFIX}/{self.institution}/{self.role}"

    @property
    def dns(self) -> str:
        """The DNS SAN by which clients judge this identity as a server."""
        return f"{self.role}.{self.institution}.{self.domain}.{SUFFIX}"

    def __str__(self) -> str:
        return self.uri
