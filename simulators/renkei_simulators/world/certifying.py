"""Certificates for a world's own seats and callers, each with a new key, wherever that is kept."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from renkei.refusals import Refusal
from renkei_pki.authority import Authority
from renkei_pki.credentials import Credentials
from renkei_pki.custody import OPENLY, ByToken, Custody
from renkei_pki.requests import request_of
from renkei_pki.tokens.token import Token
from renkei_pki.tokens.token_key import TokenKey
from renkei_simulators.world.own_certificates import OwnCertificate

Put: TypeAlias = Callable[[Credentials, Path, Custody], None]
"""Puts credentials into their folder: `Credentials.write`, or `Credentials.renew`."""


def certify(
    certificates: Sequence[OwnCertificate],
    authorities: Mapping[str, Authority],
    token: Token | None,
    put: Put,
    *,
    now: datetime,
) -> None:
    """Give a seat or caller all its certificates, each with a new key.

    Where it has a token, the keys before stay there until the next time, since a server that runs
    may still be connecting with them; those before that are destroyed. Raises what the token raises.
    """
    if token is None:
        for one in certificates:
            issued = authorities[one.identity.domain].issue(one.identity, now=now)
            put(issued, one.folder, OPENLY)
        return
    with token:
        used = [key for one in certificates if (key := _held(one, token)) is not None]
        for one in certificates:
            authority = authorities[one.identity.domain]
            issued = _with_token(one, authority, token, now=now)
            put(issued, one.folder, ByToken(token))
            used += [issued.token_key] if issued.token_key else []
        token.discard_keys(but=used)


def _with_token(
    one: OwnCertificate, authority: Authority, token: Token, *, now: datetime
) -> Credentials:
    """One certificate: a key that never leaves the token is certified as anybody's who asks for it."""
    if not one.in_token:
        return authority.issue(one.identity, now=now, usages=one.usages)
    key = token.make_key(f"calls in {one.identity.domain}")
    chain = authority.issue_for(request_of(key), one.identity, now=now, usages=one.usages)
    return Credentials(chain, b"", authority.root_pem, key)


def _held(one: OwnCertificate, token: Token) -> TokenKey | None:
    """The key that a certificate has in the token now; None where it has none, or it cannot be told."""
    with suppress(OSError, ValueError, Refusal):
        return Credentials.load(one.folder, ByToken(token)).token_key
    return None
