"""Those who bear whatever certificate a case needs."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from renkei_pki.authority import Authority
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_simulators.world.in_process import RunningWorld

_ONE_HOUR = timedelta(hours=1)


def outsider(world: RunningWorld, identity: Identity) -> Credentials:
    """A proper certificate for any identity, issued by the authority of its own domain."""
    authority = Authority.load(world.layout.authority(identity.domain))
    return authority.issue(identity, now=datetime.now(UTC))


def impostor(world: RunningWorld, domain: str, uris: list[str]) -> Credentials:
    """A certificate of a domain's own chain with other names than the authority would give."""
    authority = Authority.load(world.layout.authority(domain))
    key = ec.generate_private_key(ec.SECP256R1())
    leaf = authority.sign_leaf(
        [x509.UniformResourceIdentifier(one) for one in uris],
        key.public_key(),
        not_before=datetime.now(UTC) - _ONE_HOUR,
        not_after=datetime.now(UTC) + _ONE_HOUR,
    )
    return authority.credentials(leaf, key)
