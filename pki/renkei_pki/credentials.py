"""What one seat or caller holds in one trust domain: its certificate, its key, whom it trusts.

A folder of credentials shows `chain.pem`, `key.pem` and `roots.pem` to every program. Where
it was written here they are links through one link, `current`, to the files of one generation:

    chain.pem -> current/chain.pem      current -> generations/5f0a…
    key.pem   -> current/key.pem        generations/5f0a…/{chain,key,roots}.pem
    roots.pem -> current/roots.pem

Credentials are renewed by turning `current` in one rename, so that a crash leaves the old or
the new ones, and a reader that asks for `current` once never sees a certificate beside the
key of another. A folder with three plain files, as an integrator's own, is read just as well.
What `key.pem` of a seat with a token holds, its custody tells. (invented)
"""

import os
import secrets
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from renkei.refusals import Refusal
from renkei_pki import files, keys
from renkei_pki.certificates import Leaf
from renkei_pki.custody import OPENLY, Custody
from renkei_pki.identity import Identity
from renkei_pki.tokens.token_key import TokenKey

CHAIN = "chain.pem"
KEY = "key.pem"
ROOTS = "roots.pem"
CURRENT = "current"

_NAMES = (CHAIN, KEY, ROOTS)
_GENERATIONS = "generations"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A certificate with its issuing CA, its private key, and the root of its domain, as PEM."""

    chain_pem: bytes = field(repr=False)
    key_pem: bytes = field(repr=False)
    """Empty where the key lives in a token."""
    roots_pem: bytes = field(repr=False)
    token_key: TokenKey | None = None
    """The key where it lives in a token; nobody sees it, and it signs."""

    @classmethod
    def load(cls, folder: Path, custody: Custody = OPENLY) -> Self:
        """The folder's credentials, all of one generation; raises OSError where there are none.

        Raises what `custody` raises where the key is not kept as it says.
        """
        while True:
            generation = _generation(folder)
            try:
                found = ((folder / generation / name).read_bytes() for name in _NAMES)
                chain, content, roots = found
            except FileNotFoundError:
                if _generation(folder) == generation:
                    raise
                continue  # they were renewed, and the old ones removed, while we read
            if (key := custody.named(content)) is not None:
                return cls(chain, b"", roots, key)
            return cls(chain, custody.open(content, purpose_of(folder)), roots)

    def write(self, folder: Path, custody: Custody = OPENLY) -> None:
        """Write them to a folder that holds none yet.

        Raises FileExistsError where there are some: a key is written over by `renew` alone.
        """
        with files.taking_turns(files.private_folder(folder)):
            for name in _NAMES:
                if (folder / name).exists():
                    raise FileExistsError(folder / name)
            self._put(
                folder, custody, durably=False
            )  # whoever makes a world anew loses nothing by it

    def renew(self, folder: Path, custody: Custody = OPENLY) -> None:
        """Put them in the place of those that the folder holds; the old ones are removed.

        What `load` gives at any moment, a crash in between included, is either whole.
        """
        with files.taking_turns(folder):
            self._put(folder, custody, durably=True)

    @property
    def key(self) -> ec.EllipticCurvePrivateKey:
        """The private key; raises ValueError where it cannot be read."""
        return self.token_key or keys.read_key(self.key_pem)

    @property
    def identity(self) -> Identity:
        """For whom they speak; raises CALLER_UNIDENTIFIED where the certificate names nobody."""
        return Leaf.parse(self.chain_pem).identity

    @property
    def fit(self) -> bool:
        """Whether the key is the certificate's; raises ValueError where one cannot be read."""
        leaf = x509.load_pem_x509_certificate(self.chain_pem)
        return self.key.public_key() == leaf.public_key()

    def _put(self, folder: Path, custody: Custody, *, durably: bool) -> None:
        named = self.token_key and self.token_key.uri
        content = named or custody.close(self.key_pem, purpose_of(folder))
        generations = files.private_folder(folder / _GENERATIONS)
        successor = files.private_folder(generations / secrets.token_hex(8))
        files.write_new(successor / KEY, content, files.PRIVATE)
        files.write_new(successor / CHAIN, self.chain_pem, files.PUBLIC)
        files.write_new(successor / ROOTS, self.roots_pem, files.PUBLIC)
        if durably:  # before anything shows there
            files.sync(*successor.iterdir(), successor, generations)
        files.turn_link(folder / CURRENT, Path(_GENERATIONS, successor.name))
        for name in _NAMES:
            files.turn_link(folder / name, Path(CURRENT, name))
        if durably:  # before the old ones are removed
            files.sync(folder)
        for generation in generations.iterdir():
            if generation != successor:
                shutil.rmtree(generation)


class CredentialFolder:
    """The credentials of a folder, read again as soon as they are others.

    What cannot be read, or a certificate beside another's key, changes nothing: the last
    good ones stay, since a mistake on disk must not stop a server that runs.
    """

    def __init__(self, folder: Path, custody: Custody = OPENLY) -> None:
        """Raise OSError or ValueError where the folder holds no fit credentials, or as `load`."""
        self._folder = folder
        self._custody = custody
        self._seen = self._version()
        self._held = self._load()

    def current(self) -> Credentials:
        """The credentials to use from now on; the very same object while nothing changed."""
        try:
            version = self._version()
            if version != self._seen:
                self._held = self._load()
                self._seen = version
        except (OSError, ValueError, Refusal):
            pass  # the last good ones stay, and the next call looks again
        return self._held

    def _load(self) -> Credentials:
        loaded = Credentials.load(self._folder, self._custody)
        if not loaded.fit:
            msg = f"the key in {self._folder} is not the certificate's"
            raise ValueError(msg)
        return loaded

    def _version(self) -> object:
        if generation := _generation(self._folder):
            return generation
        found = [(self._folder / name).stat() for name in _NAMES]
        return [(one.st_mtime_ns, one.st_size, one.st_ino) for one in found]


def purpose_of(folder: Path) -> str:
    """To what a wrapped key of these credentials is bound: no other folder of the seat's takes it."""
    return f"{folder.parent.name}/{folder.name}"


def _generation(folder: Path) -> str:
    """The path, within the folder, of the files that count now."""
    try:
        return os.readlink(f"{folder}/{CURRENT}")  # noqa: PTH115 - at each call: 2 us, not 10
    except OSError:
        return ""  # three plain files
