"""Operators of a ward whom its administrator has entered, each with a session at a terminal."""

from renkei.networks import ward
from renkei.type.v1 import operator_session_pb2 as pb2
from renkei_clients.channel import Channel
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_simulators.world.callers import Callers
from renkei_simulators.world.layout import Layout
from tests.network.asking import new_id

WORD = "a long and secret word"


async def somebody_new(
    callers: Callers,
    layout: Layout,
    code: str,
    function: str,
    *,
    terminal: str = "ward-terminal",
    seat: str = "resident-record",
    approver: bool = False,
) -> tuple[str, Channel]:
    """Somebody new who may update with a function, and their channel to a seat of their ward."""
    name, roster = f"clerk-{new_id()[:8]}", callers.ward_administrator(code)
    await roster.enrol_operator(new_id(), name, WORD)
    may = {function: pb2.ACCESS_UPDATE}
    await roster.set_permissions(new_id(), name, may, approver=approver)
    session = await callers.ward_operators(code, terminal).open_operator_session(
        new_id(), name, WORD, [pb2.FACTOR_BIOMETRIC]
    )
    own = Credentials.load(layout.caller(Identity(ward(code), code, terminal)))
    return name, callers.channel(own, Identity(ward(code), code, seat), session)
