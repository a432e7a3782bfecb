"""What a seat holds: written once, read back whole, never shown."""

from datetime import datetime
from pathlib import Path

import pytest

from renkei_pki.authority import Authority
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity


def test_credentials_are_read_back_as_they_were_written(
    authority: Authority, nakano: Identity, tmp_path: Path, now: datetime
) -> None:
    issued = authority.issue(nakano, now=now)
    issued.write(tmp_path / "seat")

    assert Credentials.load(tmp_path / "seat") == issued
    assert sorted(path.name for path in (tmp_path / "seat").iterdir()) == [
        "chain.pem",
        "key.pem",
        "roots.pem",
    ]


def test_credentials_are_never_written_over_others(
    authority: Authority, nakano: Identity, national: Identity, tmp_path: Path, now: datetime
) -> None:
    first = authority.issue(nakano, now=now)
    first.write(tmp_path / "seat")

    with pytest.raises(FileExistsError):
        authority.issue(national, now=now).write(tmp_path / "seat")

    assert Credentials.load(tmp_path / "seat") == first


def test_a_key_is_never_shown(authority: Authority, nakano: Identity, now: datetime) -> None:
    credentials = authority.issue(nakano, now=now)

    shown = f"{credentials!r} {credentials!s} {[credentials]} {authority!r}"

    assert "PRIVATE" not in shown
    assert not any(line in shown for line in credentials.key_pem.decode().splitlines())
