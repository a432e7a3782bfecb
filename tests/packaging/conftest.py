"""One build for all of these tests, from a checkout full of keys."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from .checkout import build, copied, plant


@dataclass(frozen=True, slots=True)
class Built:
    """An sdist and a wheel, and the names of the files that the checkout had before it was used."""

    sdist: Path
    wheel: Path
    tracked: frozenset[str]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Built in a checkout in which worlds were made and keys brought."""
    folder = tmp_path_factory.mktemp("built")
    checkout = copied(folder / "checkout")
    files = (one for one in checkout.rglob("*") if one.is_file())
    tracked = frozenset(str(one.relative_to(checkout)) for one in files)
    plant(checkout)
    return Built(*build(checkout, folder / "dist"), tracked)
