"""The tokens of a world: judged before anything is made, begun, and left without this world's keys."""

from contextlib import suppress

from renkei.refusals import Refusal
from renkei_pki.tokens.token import Token
from renkei_server.config import SeatConfig
from renkei_server.roles.own_keys import token_of
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import World, WorldError
from renkei_simulators.world.layout import Layout


def require_tokens(world: World) -> None:
    """Raise WorldError where the token of a seat cannot be used."""
    for seat in world.seats:
        if seat.token is None:
            continue
        token = Token(seat.token, seat.name, "", making=True)
        try:
            token.open_empty()
        except Refusal as refusal:
            raise WorldError(
                f"{seat.name}: {refusal}", f"{seat.name}：{refusal.reason.japanese}"
            ) from refusal
        token.close()


def begin(config: SeatConfig) -> None:
    """Make the key under which a seat's token, where it has one, wraps the others."""
    if (token := token_of(config, making=True)) is not None:
        token.open_empty()
        try:
            token.make_wrapping_key()
        finally:
            token.close()


def empty_tokens(world: World, layout: Layout) -> None:
    """Destroy this world's keys in its tokens; of a token that is away its maker's tool rids itself.

    That is the folder's own world; where nobody can tell any more what it was, it was `world`.
    """
    if not layout.world_id.exists():  # no key was made yet
        return
    with suppress(WorldError):
        world = World.load(layout.definition)
    for seat in world.seats:
        token = token_of(seat_config(world, layout, seat), making=True)
        if token is None:
            continue
        with suppress(Refusal):
            token.open_empty()
            token.discard_everything()
        token.close()
