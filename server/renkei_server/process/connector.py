"""The channels of a seat to its peers."""

from collections.abc import Mapping

from structlog.typing import FilteringBoundLogger

from renkei_clients.channel import Answered, Channel
from renkei_pki.identity import Identity
from renkei_server.config import SeatConfig, address_of
from renkei_server.roles.own_keys import OwnKeys


class Connector:
    """Opens channels to peers when they are first needed, and closes them all."""

    def __init__(
        self,
        config: SeatConfig,
        keys: OwnKeys,
        peers: Mapping[str, str],
        log: FilteringBoundLogger,
        open_channel: type[Channel],
    ) -> None:
        """`peers` is read when a peer is first called."""
        self._open_channel = open_channel
        self._config = config
        self._keys = keys
        self._peers = peers
        self._log = log
        self._channels: list[Channel] = []
        self.peers: dict[str, Channel] = {}
        """A channel to each peer that was opened, by the peer's name."""

    def channel(self, domain: str, role: str, institution: str) -> Channel:
        """A channel under the seat's own certificate in the domain."""
        server = Identity(domain, institution, role)
        channel = self._open_channel(
            self._keys.calls_with(domain),
            server,
            lambda: address_of(self._peers, f"{role}.{institution}", domain),
            observe=self._observe,
            together=True,
        )
        self._channels.append(channel)
        self.peers.setdefault(f"{role}.{institution}", channel)
        return channel

    async def close(self) -> None:
        """Close every channel."""
        for channel in self._channels:
            await channel.close()

    def _observe(self, answered: Answered) -> None:
        self._log.info(
            "call_answered",
            peer=answered.peer,
            method=answered.method,
            request_id=answered.request_id,
            outcome=answered.outcome,
            milliseconds=answered.milliseconds,
        )
