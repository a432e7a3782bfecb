"""Real handshakes: what TLS refuses, and what it leaves to the door.

A refused handshake carries no call, so its caller learns no more than UNAVAILABLE.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import grpc
import pytest
import pytest_asyncio
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from renkei import reasons
from renkei.refusals import Refusal
from renkei_pki import keys, profiles
from renkei_pki.authority import Authority
from renkei_pki.certificates import Leaf
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_pki.revocation import Revocations

Deviant = Callable[..., Credentials]
"""As the fixture `deviant`."""

_METHOD = "/renkei.test.Mirror/Look"
_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Seat:
    """A server that answers each caller with the certificate and the TLS version it saw."""

    identity: Identity
    port: int


@pytest_asyncio.fixture
async def seat(authority: Authority, national: Identity, now: datetime) -> AsyncIterator[Seat]:
    """The national server, as every listener is set up."""
    own = authority.issue(national, now=now)
    server = grpc.aio.server()
    server.add_generic_rpc_handlers((Mirror(),))
    port = server.add_secure_port(
        "127.0.0.1:0",
        grpc.ssl_server_credentials(
            [(own.key_pem, own.chain_pem)],
            root_certificates=own.roots_pem,
            require_client_auth=True,
        ),
    )
    await server.start()
    yield Seat(national, port)
    await server.stop(None)


class Mirror(grpc.GenericRpcHandler):
    """Shows a caller how it was seen."""

    def service(
        self,
        handler_call_details: grpc.HandlerCallDetails,  # noqa: ARG002
    ) -> grpc.RpcMethodHandler:
        return grpc.unary_unary_rpc_method_handler(self._look)

    async def _look(self, _request: bytes, context: grpc.aio.ServicerContext) -> bytes:
        seen = context.auth_context()
        return seen["ssl_tls_version"][0] + b"\n" + seen["x509_pem_cert"][0]


async def look(seat: Seat, credentials: grpc.ChannelCredentials, meant: Identity) -> bytes:
    options = [("grpc.ssl_target_name_override", meant.dns)]
    async with grpc.aio.secure_channel(f"127.0.0.1:{seat.port}", credentials, options) as channel:
        answer: bytes = await channel.unary_unary(_METHOD)(b"", timeout=_SECONDS)
        return answer


async def seen_as(seat: Seat, own: Credentials, meant: Identity | None = None) -> bytes:
    """Call with these credentials; the certificate that the server saw."""
    credentials = grpc.ssl_channel_credentials(own.roots_pem, own.key_pem, own.chain_pem)
    version, _, pem = (await look(seat, credentials, meant or seat.identity)).partition(b"\n")
    assert version == b"TLSv1.3"
    return pem


async def is_refused(seat: Seat, own: Credentials) -> bool:
    with pytest.raises(grpc.aio.AioRpcError) as failed:
        await seen_as(seat, own)
    return failed.value.code() is grpc.StatusCode.UNAVAILABLE


async def test_the_right_caller_gets_through_and_is_seen_as_who_it_is(
    seat: Seat, authority: Authority, nakano: Identity, now: datetime
) -> None:
    own = authority.issue(nakano, now=now)

    assert Leaf.parse(await seen_as(seat, own)) == Leaf.parse(own.chain_pem)


async def test_a_caller_with_a_key_of_its_own_making_gets_through(
    seat: Seat, authority: Authority, nakano: Identity, now: datetime
) -> None:
    key = keys.new_key()
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    csr_pem = request.sign(key, SHA256()).public_bytes(Encoding.PEM)
    chain = authority.issue_for(csr_pem, nakano, now=now)
    roots = authority.issue(nakano, now=now).roots_pem

    pem = await seen_as(seat, Credentials(chain, keys.write_key(key), roots))

    assert Leaf.parse(pem).identity == nakano


async def test_a_caller_of_another_world_is_refused(
    seat: Seat, authority: Authority, foreign: Authority, nakano: Identity, now: datetime
) -> None:
    stranger, own = foreign.issue(nakano, now=now), authority.issue(nakano, now=now)

    assert await is_refused(seat, Credentials(stranger.chain_pem, stranger.key_pem, own.roots_pem))


async def test_a_caller_without_a_certificate_is_refused(
    seat: Seat, authority: Authority, nakano: Identity, now: datetime
) -> None:
    roots = authority.issue(nakano, now=now).roots_pem

    with pytest.raises(grpc.aio.AioRpcError) as failed:
        await look(seat, grpc.ssl_channel_credentials(roots), seat.identity)

    assert failed.value.code() is grpc.StatusCode.UNAVAILABLE


async def test_a_server_of_another_world_is_not_called(
    seat: Seat, foreign: Authority, nakano: Identity, now: datetime
) -> None:
    assert await is_refused(seat, foreign.issue(nakano, now=now))


async def test_a_neighbour_cannot_stand_in_for_the_server_that_is_meant(
    seat: Seat, authority: Authority, nakano: Identity, now: datetime
) -> None:
    meant = Identity(seat.identity.domain, "jlis", "card-management")

    with pytest.raises(grpc.aio.AioRpcError) as failed:
        await seen_as(seat, authority.issue(nakano, now=now), meant)

    assert failed.value.code() is grpc.StatusCode.UNAVAILABLE


async def test_a_certificate_outside_its_dates_or_its_usage_is_refused(
    seat: Seat, deviant: Deviant, nakano: Identity, now: datetime
) -> None:
    hour = timedelta(hours=1)

    assert await is_refused(
        seat, deviant(nakano.uri, not_before=now - 2 * hour, not_after=now - hour)
    )
    assert await is_refused(seat, deviant(nakano.uri, not_before=now + hour))
    assert await is_refused(seat, deviant(nakano.uri, usages=(ExtendedKeyUsageOID.SERVER_AUTH,)))
    assert Leaf.parse(await seen_as(seat, deviant(nakano.uri))).identity == nakano


async def test_a_leaf_cannot_issue_leaves(
    seat: Seat, authority: Authority, nakano: Identity, now: datetime
) -> None:
    own, key = authority.issue(nakano, now=now), keys.new_key()
    issuer = profiles.Issuer(
        x509.load_pem_x509_certificate(own.chain_pem), keys.read_key(own.key_pem)
    )
    forged = profiles.leaf(
        "forged",
        [x509.UniformResourceIdentifier(seat.identity.uri)],
        key.public_key(),
        issuer,
        not_before=now - timedelta(minutes=5),
        not_after=now + timedelta(days=1),
    )
    chain = forged.public_bytes(Encoding.PEM) + own.chain_pem

    assert await is_refused(seat, Credentials(chain, keys.write_key(key), own.roots_pem))


async def test_an_identity_of_another_domain_under_the_right_root_is_left_to_the_door(
    seat: Seat, deviant: Deviant
) -> None:
    pem = await seen_as(seat, deviant("spiffe://linkage.renkei.test/131148/middle-server"))

    assert Leaf.parse(pem).identity.domain == "linkage"


async def test_a_caller_with_no_identity_or_two_is_left_to_the_door(
    seat: Seat, deviant: Deviant, nakano: Identity
) -> None:
    for uris in ((), (nakano.uri, seat.identity.uri)):
        pem = await seen_as(seat, deviant(*uris))
        with pytest.raises(Refusal) as refused:
            Leaf.parse(pem)
        assert refused.value.reason is reasons.CALLER_UNIDENTIFIED


async def test_a_revoked_certificate_passes_tls_and_is_left_to_the_door(
    seat: Seat, authority: Authority, folder: Path, nakano: Identity, now: datetime
) -> None:
    own = authority.issue(nakano, now=now)
    authority.revoke(Leaf.parse(own.chain_pem).serial, now=now)
    revocations = Revocations(folder / "crl.pem", folder / "issuing.pem", now=lambda: now)

    leaf = Leaf.parse(await seen_as(seat, own))

    with pytest.raises(Refusal) as refused:
        revocations.check(leaf.serial)
    assert refused.value.reason is reasons.CALLER_REVOKED
