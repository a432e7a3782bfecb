"""The tokens that keep keys: whether each is there, and every key that its seat's files name or wrap."""

from collections.abc import Iterator

from renkei import reasons
from renkei.refusals import Refusal
from renkei.roles import ROLES, Key
from renkei_pki.credentials import Credentials
from renkei_pki.tokens.session import TokenPlace
from renkei_server.roles.own_keys import OwnKeys
from renkei_simulators.doctor.finding import Finding, Mark, fault, well
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import SeatPlan, World
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.own_certificates import of_seat


def tokens(world: World, layout: Layout) -> Iterator[tuple[str, Finding]]:
    """How the token of each seat that has one stands, by the seat."""
    for seat in world.seats:
        if seat.token is not None:
            yield seat.name, _judged(layout, world, seat, seat.token)


def closed(found: list[tuple[str, Finding]]) -> list[str]:
    """The seats whose token opens nothing: it is not tried once more."""
    return [seat for seat, one in found if one.mark is Mark.FAULT]


def _judged(layout: Layout, world: World, seat: SeatPlan, place: TokenPlace) -> Finding:
    config = seat_config(world, layout, seat)
    certificates = list(of_seat(layout, seat))
    try:
        with OwnKeys.opened(config) as keys:
            keys.sealer()
            if has_log := Key.RECORDS in ROLES[seat.role].keys:
                keys.signing_key(config.record_key)
            for one in certificates:
                if not Credentials.load(one.folder, keys.custody).fit:
                    raise Refusal(reasons.TOKEN_KEY_MISSING, f"{one.folder.name}: another key")
    except (OSError, ValueError) as error:
        return fault("tokens", f"{seat.name}: {error}", f"`renkei pki rotate {seat.name}`")
    except Refusal as refusal:
        says = f"{seat.name}: {refusal} {refusal.reason.japanese}"
        return fault(
            "tokens", says, "do what the sentence says; a seat that runs goes on by itself"
        )
    inside = sum(one.in_token for one in certificates)
    wrapped = len(certificates) - inside + 1 + has_log
    return well(
        "tokens",
        f"{place.label} of {seat.name} is there: it keeps {inside} keys that sign and opens "
        f"{wrapped} that it wrapped",
    )
