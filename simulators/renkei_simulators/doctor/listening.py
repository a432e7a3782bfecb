"""Where a world's seats listen: ports, and what each listener shows to a caller."""

from collections.abc import Iterator
from pathlib import Path

import grpc

from renkei import reasons
from renkei.refusals import Refusal
from renkei_pki.credentials import CHAIN, KEY, ROOTS
from renkei_pki.examination import Unfit
from renkei_pki.identity import Identity
from renkei_simulators.doctor.finding import Finding, fault, look, well
from renkei_simulators.pki_diagnosis import Files, diagnose
from renkei_simulators.world.addresses import Address, anybody_listens, why_not_free
from renkei_simulators.world.definition import World
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.listeners import Listener, listeners_of
from renkei_simulators.world.own_certificates import to_ask_with


def ports(world: World) -> Iterator[Finding]:
    """Whether every port is free, for a world that does not run."""
    own = [one for one in listeners_of(world, {}) if not one.external]
    free = 0
    for one in own:
        if why := why_not_free(Address.parse(one.address)):
            yield fault(
                "ports",
                f"{one.seat} cannot listen on {one.address} ({why})",
                "stop what listens there (`ss -ltnp` names it), or give this seat another port",
            )
        else:
            free += 1
    if free:
        yield well("ports", f"{free} are free")


def listeners(world: World, layout: Layout) -> Iterator[Finding]:
    """Whether every listener of a running world shows its own name and chain, and serves."""
    for one in listeners_of(world, {}):
        if one.external:
            continue
        if (own := to_ask_with(world, layout, one.identity)) is None:
            where = f"{one.seat} at {one.address}"
            yield look("listeners", f"{where}: every key of its network is in a token", _ASK)
            continue
        yield _tried(layout, one, _files(own), f"`renkei restart {one.seat}`")


def external(world: World, layout: Layout, *, runs: bool) -> Iterator[Finding]:
    """Whether a server of yours is there, and shows what its callers expect.

    They are asked with another certificate of the same network, since nobody here has their key.
    """
    for one in listeners_of(world, {}):
        if not one.external:
            continue
        if not anybody_listens(Address.parse(one.address)):
            tell = fault if runs else look
            where = f"{one.address}, {one.seat} on {one.identity.domain}"
            yield tell(_YOURS, f"nothing listens at {where}", "start your server")
            continue
        ours = to_ask_with(world, layout, one.identity)
        if ours is None:
            yield look(_YOURS, f"{one.seat} at {one.address}: no certificate to ask it with", _ASK)
            continue
        yield _tried(layout, one, _files(ours), "see docs/guides/test-my-server.md")


_YOURS = "your servers"
_ASK = "have one issued with `renkei pki issue`, and use `renkei pki check`"


def _tried(layout: Layout, one: Listener, files: Files, remedy: str) -> Finding:
    subject = _YOURS if one.external else "listeners"
    where = f"{one.seat} on {one.identity.domain} at {one.address}"
    try:
        diagnose(layout, files, one.identity, one.address)
    except (Unfit, Refusal) as error:
        if one.external and isinstance(error, Refusal) and _lacks_health(error):
            says = f"{where}: {_shows(one.identity)}; of its health it tells nothing"
            return look(subject, says, "it may stay so, or serve grpc.health.v1.Health")
        if isinstance(error, Refusal) and error.reason is reasons.KEY_STORE_LOCKED:
            remedy = "put its token back: it goes on by itself"
        return fault(subject, f"{where}: {error}", remedy)
    return well(subject, f"{where}: {_shows(one.identity)}")


def _lacks_health(refusal: Refusal) -> bool:
    unimplemented = grpc.StatusCode.UNIMPLEMENTED.name
    return (refusal.reason, refusal.detail) == (reasons.PEER_NOT_UNDERSTOOD, unimplemented)


def _shows(identity: Identity) -> str:
    return f"its chain is good, and its name is {identity.dns}"


def _files(folder: Path) -> Files:
    return Files(folder / CHAIN, folder / KEY, folder / ROOTS)
