"""Tokens for tests: SoftHSM2, a PKCS#11 module that keeps its tokens in a folder.

Tests that need it bear the mark `token`; `make test-token` runs them, and no other target does.
"""

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from renkei_pki.tokens.module import module_at
from renkei_pki.tokens.session import TokenPlace
from renkei_pki.tokens.token import Token

_MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
)

PIN = "0713-kaede"


@dataclass(frozen=True, slots=True)
class Device:
    """One token, and how it is put in and taken away."""

    place: TokenPlace
    inside: Path
    """Where SoftHSM keeps what the token holds."""

    def token(self, seat: str, world: str, *, making: bool = False) -> Token:
        """The token as a seat uses it."""
        return Token(self.place, seat, world, making=making)

    def take_away(self) -> None:
        """Let it be gone."""
        self.inside.rename(self._away)

    def put_back(self) -> None:
        """Let it be there again."""
        self._away.rename(self.inside)
        self.found()

    def found(self) -> None:
        """Let this process find what was put in; SoftHSM looks for its tokens as it starts."""
        module_at(self.place.module).start_anew()

    @property
    def _away(self) -> Path:
        return self.inside.parents[1] / self.inside.name


class Devices:
    """Makes tokens in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        """Fail where SoftHSM2 is not installed: these tests are never skipped."""
        found = (Path(one) for one in _MODULES if Path(one).exists())
        module = next(found, None)
        if module is None or shutil.which("softhsm2-util") is None:
            pytest.fail("SoftHSM2 is not installed: apt-get install softhsm2")
        self._module = module
        self._folder = folder
        self._tokens = folder / "tokens"
        self._tokens.mkdir()
        config = folder / "softhsm2.conf"
        config.write_text(
            f"directories.tokendir = {self._tokens}\nobjectstore.backend = file\nlog.level = ERROR\n"
        )
        os.environ["SOFTHSM2_CONF"] = str(config)  # every process of these tests reads it

    def new(self) -> Device:
        """A token that was just initialised."""
        label = f"renkei-{secrets.token_hex(4)}"
        pin_file = self._folder / f"{label}.pin"
        pin_file.write_text(f"{PIN}\n")
        pin_file.chmod(0o600)
        before = set(self._tokens.iterdir())
        options = ("--free", "--label", label, "--pin", PIN, "--so-pin", "0000-so")
        subprocess.run(
            ["softhsm2-util", "--init-token", *options],  # noqa: S607 - wherever it was installed
            check=True,
            capture_output=True,
        )
        (inside,) = set(self._tokens.iterdir()) - before
        device = Device(TokenPlace(self._module, label, pin_file), inside)
        device.found()
        return device


@pytest.fixture(scope="session")
def devices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Devices]:
    """The tokens of this session."""
    yield Devices(tmp_path_factory.mktemp("devices"))
    os.environ.pop("SOFTHSM2_CONF", None)


def told(place: TokenPlace) -> str:
    """The token as a world file tells it of a seat."""
    return (
        f'token = {{ module = "{place.module}", label = "{place.label}", '
        f'pin_file = "{place.pin_file}" }}\n'
    )


def with_tokens(text: str, devices: Devices) -> str:
    """A world file whose municipal CSs each have a token."""
    begins = '[[seat]]\nrole = "municipal-cs"\n'
    first, *others = text.split(begins)
    return first + "".join(f"{begins}{told(devices.new().place)}{one}" for one in others)
