"""Certificates for outside callers, each in a folder of its own, with a README of who is who."""

import base64
import secrets
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from renkei.roles import ROLES
from renkei.type.v1 import operator_session_pb2 as pb2
from renkei.wire.times import write_time
from renkei_pki import files
from renkei_pki.authority import Authority
from renkei_pki.identity import Identity
from renkei_pki.signing import SigningKey
from renkei_simulators.world.definition import World
from renkei_simulators.world.layout import Layout

SESSION_FILE = "operator-session.bin"
SESSION_TEXT = "operator-session.json"

_SESSION_LIFETIME = timedelta(days=30)

LOGIN_FILE = "operator-password.txt"


def write_callers(
    world: World, layout: Layout, authorities: Mapping[str, Authority], *, now: datetime
) -> None:
    """Issue a certificate to each outside caller, and a session where an operator needs one."""
    layout.callers.mkdir(mode=0o700)
    for caller in world.callers:
        folder = layout.caller(caller)
        authorities[caller.domain].issue(caller, now=now).write(folder)
        if service := operator_service_of(world, caller):
            key = SigningKey.load(layout.operator_key(service))
            session = sign_session(key, session_claims(caller, now=now))
            (folder / SESSION_FILE).write_bytes(session.SerializeToString())
            (folder / SESSION_TEXT).write_text(_as_json(session) + "\n")
            files.write_new(folder / LOGIN_FILE, _password(), files.PRIVATE)
    (layout.callers / "README.md").write_text(_readme(world, layout), encoding="utf-8")


def _password() -> bytes:
    return secrets.token_urlsafe(18).encode()


def operator_service_of(world: World, terminal: Identity) -> str:
    """The seat that opens the sessions of a terminal's operators.

    Nothing where the world has none, and at what is a person's own device.
    """
    own = [one for one in world.seats if one.institution == terminal.institution]
    services = {
        ROLES[one.role].operators for one in own if one.role in ROLES[terminal.role].acts_at
    }
    return next((one.name for one in own if one.role in services), "")


def session_claims(terminal: Identity, *, now: datetime) -> pb2.OperatorSessionClaims:
    """What the first operator at a terminal may do there."""
    return pb2.OperatorSessionClaims(
        session_id=str(uuid.uuid4()),
        operator_id=ROLES[terminal.role].operator,
        institution=terminal.institution,
        terminal=terminal.uri,
        factors=[pb2.FACTOR_PASSWORD, pb2.FACTOR_BIOMETRIC],
        permissions=[
            pb2.Permission(function=function, access=pb2.ACCESS_UPDATE)
            for function in ROLES[terminal.role].may
        ],
        approver=ROLES[terminal.role].approver,
        not_before=write_time(now - timedelta(minutes=5)),
        not_after=write_time(now + _SESSION_LIFETIME),
    )


def sign_session(key: SigningKey, claims: pb2.OperatorSessionClaims) -> pb2.OperatorSession:
    """A session as a request bears it."""
    content = claims.SerializeToString()
    return pb2.OperatorSession(claims=content, signature=key.sign(content))


def _as_json(session: pb2.OperatorSession) -> str:
    claims, signature = (
        base64.b64encode(one).decode() for one in (session.claims, session.signature)
    )
    return f'{{"claims": "{claims}", "signature": "{signature}"}}'


def _readme(world: World, layout: Layout) -> str:
    rows = "\n".join(
        f"| `{layout.caller(one).name}/` | `{one.uri}` | {ROLES[one.role].who} |"
        for one in world.callers
    )
    return f"""# Callers of the world "{world.name}"

Each folder holds one caller's certificate: `chain.pem` (the certificate and its issuing CA),
`key.pem` (its private key) and `roots.pem` (the root by which it judges servers).
They are good for this world only, and nothing here names a real person or institution's key.

| folder | identity | who it is |
|---|---|---|
{rows}

The folder of a terminal whose operators must prove themselves also holds one operator session, as the bytes of
`renkei.type.v1.OperatorSession` (`{SESSION_FILE}`) and as JSON (`{SESSION_TEXT}`).
That operator can open more at the operator service of the institution: the password is in `{LOGIN_FILE}`.
"""
