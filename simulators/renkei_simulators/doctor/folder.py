"""What lies in a world's folder: processes left over, certificates, databases."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Final

from cryptography import x509

from renkei.refusals import Refusal
from renkei_pki.authority import ISSUING, REVOCATION_LIST
from renkei_pki.certificates import Leaf
from renkei_pki.credentials import CHAIN, ROOTS, Credentials
from renkei_pki.examination import Chain, Unfit
from renkei_pki.revocation import read_list
from renkei_server.roles.bills import metadata_of
from renkei_server.roles.own_keys import OwnKeys
from renkei_server.store.engine.form import Form
from renkei_server.store.engine.opening import revision_of
from renkei_simulators.doctor.finding import Finding, fault, look, well
from renkei_simulators.world import running
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import SeatPlan, World
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.own_certificates import OwnCertificate, own_certificates

_SOON_DAYS: Final = 14
_LIST_SOON_DAYS: Final = 3


def processes(layout: Layout) -> Iterator[Finding]:
    """Whether the world runs, and whether somebody looks after what runs."""
    data = f"--data {layout.root}"
    alive = sorted(set(running.process_ids(layout).values()))
    if supervisor := running.supervisor_of(layout):
        yield well("processes", f"the world runs (`renkei up` is process {supervisor})")
    elif alive:
        yield fault(
            "processes",
            f"{', '.join(map(str, alive))} of this world still run, though `renkei up` ended",
            f"`renkei down {data}`, then `renkei up {data}`",
        )
    else:
        yield look("processes", "the world does not run", f"`renkei up {data}` starts it")


def certificates(world: World, layout: Layout, now: datetime) -> Iterator[Finding]:
    """Whether each certificate, with its key and its root, will be taken, and for how long."""
    holders = own_certificates(world, layout)
    left = []
    for one in holders:
        try:
            left.append((_days_left(one, now), one.name))
        except (OSError, Unfit, Refusal) as error:
            yield fault(
                "certificates",
                f"{one.identity}: {error}",
                f"`renkei pki rotate {one.name} --data {layout.root}`",
            )
    if not left:
        return
    days, name = min(left)
    says = f"{len(left)} with their keys and chains, good for {days} days at least ({name})"
    if days < _SOON_DAYS:
        yield look("certificates", says, f"`renkei pki rotate --data {layout.root}` renews them")
    else:
        yield well("certificates", says)


def _days_left(one: OwnCertificate, now: datetime) -> int:
    """Raise OSError or Unfit unless the certificate is fit for both sides of a handshake."""
    chain_pem = (one.folder / CHAIN).read_bytes()
    chain = Chain.parse(chain_pem)
    if one.seat is None:  # else its token is asked (`tokens`)
        chain.require_key(Credentials.load(one.folder).key_pem)
    chain.require_root((one.folder / ROOTS).read_bytes())
    chain.require_time(now)
    for usage in one.usages:
        chain.require_usage(usage)
    if (named := Leaf.parse(chain_pem).identity) != one.identity:
        raise Unfit(
            f"it names {named}",
            "it needs one that names its own seat",
            "証明書が別のシートのものです。自身のシートの証明書が必要です。",
        )
    return (chain.leaf.not_valid_after_utc - now).days


def revocation_lists(world: World, layout: Layout, now: datetime) -> Iterator[Finding]:
    """Whether every network can judge revocation: where it cannot, nobody is let in."""
    anew = f"`renkei pki rotate --data {layout.root}`, or a new start, publishes it anew"
    left = []
    for domain in world.domains:
        folder = layout.authority(domain)
        try:
            issuing = x509.load_pem_x509_certificate((folder / ISSUING).read_bytes())
            found = read_list((folder / REVOCATION_LIST).read_bytes(), issuing)
        except (OSError, Refusal) as error:
            yield fault("revocation", f"the list of {domain}: {error}", anew)
            continue
        until = found.next_update_utc
        left.append(((until - now).days if until else -1, domain))
    if not left:
        return
    days, domain = min(left)
    says = f"{len(left)} lists, good for {days} days at least ({domain})"
    if days < 0:
        yield fault("revocation", f"the list of {domain} is out of date: nobody is let in", anew)
    elif days < _LIST_SOON_DAYS:
        yield look("revocation", says, anew)
    else:
        yield well("revocation", says)


def databases(world: World, layout: Layout, closed: Collection[str] = ()) -> Iterator[Finding]:
    """Whether this version can use each seat's database; not of seats whose token is `closed`."""
    own = [seat for seat in world.seats if not (seat.external or seat.name in closed)]
    older: list[str] = []
    sound = 0
    for seat in own:
        try:
            older.extend(_is_older(world, layout, seat))
            sound += 1
        except (OSError, Refusal) as error:
            japanese = f" {error.reason.japanese}" if isinstance(error, Refusal) else ""
            yield fault("databases", f"{seat.name}: {error}{japanese}", _AGAIN)
    if older:
        yield look(
            "databases",
            f"{', '.join(older)}: an older version made them",
            "back up with that version; `renkei up` then upgrades them",
        )
    if sound:
        yield well("databases", f"this version can use {sound}")


_AGAIN: Final = "do what the sentence says, then `renkei restart SEAT`"


def _is_older(world: World, layout: Layout, seat: SeatPlan) -> Sequence[str]:
    """The seat's name where its database waits to be upgraded."""
    config = seat_config(world, layout, seat)
    with OwnKeys.opened(config) as keys:
        form = Form(metadata_of(seat.role), keys.sealer(), config.owner)
    found = revision_of(config.place, form)
    return [seat.name] if found is not None and found < form.history.head else []
