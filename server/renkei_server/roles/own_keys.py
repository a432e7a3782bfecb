"""The keys of one seat, wherever they are kept: in files of its folder, or in its token (NET-11).

With a token the files hold no key: that of the store, of its log and of each certificate with which it
listens are there as the token wrapped them, and are opened into memory as the seat starts; that with
which it calls is made in the token and never leaves it. What listens cannot have its key there, for
grpc has no such way for a server (docs/decisions/0049).
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self

from renkei.roles import Key
from renkei_pki.credentials import CredentialFolder, Credentials
from renkei_pki.custody import OPENLY, ByToken, Custody
from renkei_pki.signing import SigningKey
from renkei_pki.tokens.token import Token
from renkei_server.config import SeatConfig
from renkei_server.store.engine.sealing import Sealer

KEPT_BY_TOKENS: Final = frozenset({Key.RECORDS})
"""What a seat with a token may need beside its certificates and the key of its store."""


class OwnKeys:
    """Reads the keys of one seat."""

    def __init__(self, config: SeatConfig, token: Token | None = None) -> None:
        """`token` is open; use `opened`."""
        self._config = config
        self.token = token
        self.custody: Custody = OPENLY if token is None else ByToken(token)

    @classmethod
    @contextmanager
    def opened(cls, config: SeatConfig) -> Iterator[Self]:
        """The keys, as long as the seat's token is open. Raises why it cannot be opened."""
        if (token := token_of(config)) is None:
            yield cls(config)
            return
        with token:
            yield cls(config, token)

    def require(self) -> None:
        """Raise KEY_STORE_LOCKED while the token is away; without one nothing is ever away."""
        if self.token is not None:
            self.token.require()

    async def look(self) -> None:
        """Ask whether the token is there, as `Token.look` does; others do not wait meanwhile."""
        if self.token is not None:
            await asyncio.to_thread(self.token.look)

    def sealer(self, folder: Path | None = None) -> Sealer:
        """What seals the seat's store; the key may lie in another folder than the seat's own.

        Raises OSError or ValueError where there is no whole key.
        """
        path = self._config.key
        return Sealer.load(folder / path.name if folder else path, self.custody)

    def store_key(self) -> bytes:
        """What the file of the store's key holds, or its token opens. Raises OSError."""
        return self.custody.open(self._config.key.read_bytes(), self._config.key.name)

    def signing_key(self, path: Path) -> SigningKey:
        """A key of the seat that signs. Raises OSError or ValueError where there is none."""
        return SigningKey.load(path, self.custody)

    def listens_with(self, domain: str) -> CredentialFolder:
        """What the seat shows where it listens. Raises OSError or ValueError where it has none."""
        return CredentialFolder(self._config.networks[domain].credentials, self.custody)

    def calls_with(self, domain: str) -> Callable[[], Credentials]:
        """What the seat shows where it calls, as it is at each call.

        Raises OSError or ValueError where it has none; what is given back raises KEY_STORE_LOCKED
        while the token is away.
        """
        network = self._config.networks[domain]
        folder = CredentialFolder(network.calling or network.credentials, self.custody)

        def current() -> Credentials:
            self.require()
            return folder.current()

        return folder.current if self.token is None else current


def token_of(config: SeatConfig, *, making: bool = False) -> Token | None:
    """The seat's token, not opened yet, where it has one."""
    if config.token is None:
        return None
    return Token(config.token, config.name, config.world_id, making=making)
