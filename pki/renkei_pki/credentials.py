"""What one seat or caller holds in one trust domain: its certificate, its key, whom it trusts."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from renkei_pki import files
from renkei_pki.certificates import Leaf
from renkei_pki.identity import Identity

CHAIN = "chain.pem"
KEY = "key.pem"
ROOTS = "roots.pem"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A certificate with its issuing CA, its private key, and the root of its domain, as PEM."""

    chain_pem: bytes = field(repr=False)
    key_pem: bytes = field(repr=False)
    roots_pem: bytes = field(repr=False)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The credentials that were written to the folder; raises OSError where there are none."""
        return cls(*((folder / name).read_bytes() for name in (CHAIN, KEY, ROOTS)))

    def write(self, folder: Path) -> None:
        """Write them to a folder that holds none yet; renewed ones go to a folder of their own.

        Raises FileExistsError where there are some: a key is never written over.
        """
        files.private_folder(folder)
        files.write_new(folder / KEY, self.key_pem, files.PRIVATE)
        files.write_new(folder / CHAIN, self.chain_pem, files.PUBLIC)
        files.write_new(folder / ROOTS, self.roots_pem, files.PUBLIC)

    @property
    def identity(self) -> Identity:
        """For whom they speak; raises CALLER_UNIDENTIFIED where the certificate names nobody."""
        return Leaf.parse(self.chain_pem).identity
