"""Why a server refuses a certificate: judged from its files, then by trying (invented).

gRPC tells the holder of a refused certificate no more than "Socket closed". The steps here are
those of a connection, and the first that fails is told: the files, the door's rules, the
handshake by a second TLS stack, the server that answers, one call of its health service.
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from grpc_health.v1 import health_pb2

from renkei.refusals import Refusal
from renkei_clients.channel import Channel
from renkei_pki.authority import ISSUING, REVOCATION_LIST, ROOT
from renkei_pki.certificates import Leaf
from renkei_pki.credentials import Credentials
from renkei_pki.examination import Chain, Unfit, names_of
from renkei_pki.handshake import Met, shake_hands
from renkei_pki.identity import Identity
from renkei_pki.revocation import Revocations
from renkei_server.door.caller import Callers
from renkei_server.process.machine import WorldClock
from renkei_simulators import admitted
from renkei_simulators.pki_server_side import distrust
from renkei_simulators.world.layout import Layout


@dataclass(frozen=True, slots=True)
class Files:
    """The files that a client is given."""

    cert: Path
    key: Path
    roots: Path


def diagnose(layout: Layout, given: Files, meant: Identity | None, address: str) -> str:
    """Try a server with these files; return who let whom in, and how the server is.

    Raises Unfit, or the door's own refusal, at the first step that fails.
    """
    own = Credentials(given.cert.read_bytes(), given.key.read_bytes(), given.roots.read_bytes())
    _examine(layout, own, meant)
    met = _meet(address, meant.dns if meant else "", given)
    if met.distrusted:
        raise distrust(layout, met, address, given.roots, datetime.now(UTC))
    found = _require_meant(met, address, meant)
    health = asyncio.run(_health(own, found, address))
    return f"{found} lets {own.identity} in; its health: {health}. {_may(own.identity, found)}"


def _may(caller: Identity, server: Identity) -> str:
    """What a caller who is let in may do there."""
    if may := admitted.methods(caller, server):
        return f"A {caller.role} of {caller.institution} may call there: {', '.join(may)}."
    return (
        f"A {caller.role} of {caller.institution} may call nothing there; these roles may: "
        f"{', '.join(admitted.callers(server))} (docs/who-calls-whom.md)."
    )


def judgements(layout: Layout, chain: Chain, pem: bytes, now: datetime) -> list[tuple[str, str]]:
    """Who says what of a certificate: TLS and the door, where this world has the certificate's trust domain."""
    try:
        domain = Leaf.parse(pem).identity.domain
    except Refusal as refusal:
        return [("door", str(refusal))]
    if not layout.authority(domain).exists():
        return [("door", f"this world has no trust domain {domain}")]
    told = []
    try:
        chain.require_root((layout.authority(domain) / ROOT).read_bytes())
        chain.require_time(now)
        chain.require_usage(ExtendedKeyUsageOID.CLIENT_AUTH)
        told.append(("TLS", f"takes it, on {domain}"))
    except Unfit as unfit:
        told.append(("TLS", f"refuses it, on {domain}: {unfit}"))
    try:
        _door(layout, domain, pem)
        told.append(("door", f"knows the caller, on {domain}"))
    except Refusal as refusal:
        told.append(("door", str(refusal)))
    return told


def _examine(layout: Layout, own: Credentials, meant: Identity | None) -> None:
    """Judge what can be judged without the server. Raises Unfit or what the door would."""
    chain = Chain.parse(own.chain_pem)
    chain.require_key(own.key_pem)
    chain.require_root(own.roots_pem)
    chain.require_time(datetime.now(UTC))
    chain.require_usage(ExtendedKeyUsageOID.CLIENT_AUTH)
    domain = own.identity.domain
    if meant and meant.domain != domain:
        raise Unfit(
            f"the certificate is of {domain}, and this server is on {meant.domain}",
            f"use a certificate of {meant.domain}: each network has its own",
            f"証明書は{domain}のもので、このサーバーは{meant.domain}にあります。{meant.domain}の証明書を使ってください。",
        )
    if layout.authority(domain).exists():
        _door(layout, domain, own.chain_pem)


def _meet(address: str, name: str, given: Files) -> Met:
    try:
        return shake_hands(address, name, cert=given.cert, key=given.key, roots=given.roots)
    except (OSError, ValueError) as error:
        raise Unfit(
            f"nobody answers at {address} ({error})",
            "start the server, or correct the address: `renkei status` shows a world's",
            f"{address}で応答がありません。サーバーを起動するか、アドレスを直してください（`renkei status`で確認できます）。",
        ) from None


def _require_meant(met: Met, address: str, meant: Identity | None) -> Identity:
    """Who answered; raises Unfit unless it gave a connection and is the one that was meant."""
    if not met.server_pem:
        raise Unfit(
            f"no handshake with TLS 1.3 came about at {address} ({met.refused})",
            "make sure that a server with TLS 1.3 listens there, and not a proxy or plain text",
            f"{address}でTLS 1.3のハンドシェイクができません。プロキシや平文ではなく、TLS 1.3のサーバーが待ち受けているか確認してください。",
        )
    found = Leaf.parse(met.server_pem).identity
    if meant and meant.dns not in _dns_names(met.server_pem):
        raise Unfit(
            f"{found} answers at {address}, which is not the server that is meant",
            "correct the address or the identity",
            f"{address}で応答したのは{found}で、指定したサーバーではありません。アドレスか識別名を直してください。",
        )
    if met.refused:
        raise Unfit(
            f"{found} ended the handshake ({met.refused}) although nothing is wrong with these "
            "files by themselves",
            "compare their root with the one by which the server judges its callers, and the "
            "clocks of both machines",
            f"ファイル自体に問題はありませんが、{found}がハンドシェイクを打ち切りました。サーバー側のルートと両方の機械の時計を確認してください。",
        )
    return found


async def _health(own: Credentials, server: Identity, address: str) -> str:
    async with Channel(own, server, address) as channel:
        response = await channel.ask(
            health_pb2.HealthCheckRequest(), health_pb2.HealthCheckResponse, lambda told: told
        )
    name: str = health_pb2.HealthCheckResponse.ServingStatus.Name(response.status)
    return name


def _door(layout: Layout, domain: str, pem: bytes) -> Identity:
    """What the door of this domain's listeners makes of a caller; raises its refusal."""
    folder, clock = layout.authority(domain), WorldClock(layout.clock)
    revocations = Revocations(folder / REVOCATION_LIST, folder / ISSUING, now=clock.real)
    callers = Callers(domain=domain, revocations=revocations, clock=clock)
    return callers.of({"ssl_tls_version": [b"TLSv1.3"], "x509_pem_cert": [pem]})


def _dns_names(pem: bytes) -> list[str]:
    return [name.removeprefix("DNS:") for name in names_of(x509.load_pem_x509_certificate(pem))]
