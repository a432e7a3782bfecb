"""What a seat holds: written once, read back whole, never shown."""

import dataclasses
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from renkei_pki.authority import Authority
from renkei_pki.credentials import CredentialFolder, Credentials
from renkei_pki.identity import Identity

LayDown = Callable[[Credentials, Path], None]
NAMES = ("chain.pem", "key.pem", "roots.pem")


def test_credentials_are_read_back_as_they_were_written(
    authority: Authority, nakano: Identity, tmp_path: Path, now: datetime
) -> None:
    issued = authority.issue(nakano, now=now)
    issued.write(tmp_path / "seat")

    assert Credentials.load(tmp_path / "seat") == issued
    held = (issued.chain_pem, issued.key_pem, issued.roots_pem)
    for name, content in zip(NAMES, held, strict=True):
        assert (tmp_path / "seat" / name).read_bytes() == content, "as any program reads them"


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


def write_plainly(credentials: Credentials, folder: Path) -> None:
    """As an integrator lays them down."""
    folder.mkdir()
    held = (credentials.chain_pem, credentials.key_pem, credentials.roots_pem)
    for name, content in zip(NAMES, held, strict=True):
        (folder / name).write_bytes(content)


@pytest.mark.parametrize("lay_down", [Credentials.write, write_plainly])
def test_renewed_credentials_take_the_place_of_the_old_which_are_removed(
    authority: Authority, nakano: Identity, tmp_path: Path, now: datetime, lay_down: LayDown
) -> None:
    seat = tmp_path / "seat"
    old, new = (authority.issue(nakano, now=now) for _ in range(2))
    lay_down(old, seat)
    assert Credentials.load(seat) == old

    new.renew(seat)

    assert Credentials.load(seat) == new
    assert (seat / "key.pem").read_bytes() == new.key_pem
    assert (seat / "key.pem").stat().st_mode & 0o777 == 0o600
    kept = [path.read_bytes() for path in seat.rglob("*.pem")]
    assert old.key_pem not in kept


def test_a_reader_never_meets_a_certificate_beside_the_key_of_another(
    authority: Authority, nakano: Identity, tmp_path: Path, now: datetime
) -> None:
    seat = tmp_path / "seat"
    generations = [authority.issue(nakano, now=now) for _ in range(2)]
    generations[0].write(seat)
    done = threading.Event()

    def renew() -> None:
        for number in range(60):
            generations[(number + 1) % 2].renew(seat)
        done.set()

    writer = threading.Thread(target=renew)
    writer.start()
    met = {Credentials.load(seat)}
    while not done.is_set():
        met.add(Credentials.load(seat))
    writer.join()

    assert met <= set(generations)


BREAKING_OFF = """
import os, sys
from pathlib import Path
from renkei_pki.credentials import Credentials

folder, new, step = Path(sys.argv[1]), Credentials.load(Path(sys.argv[2])), 0
TOUCHING = {"open", "os.mkdir", "os.symlink", "os.rename", "os.remove", "os.rmdir"}

def die_at_step(event, arguments):
    global step
    if event in TOUCHING:
        step -= 1
        if step == 0:
            os._exit(9)

sys.addaudithook(die_at_step)
for number in range(1, 100):
    child = os.fork()
    if child == 0:
        step = number
        new.renew(folder)
        os._exit(0)
    died = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    loaded = Credentials.load(folder)
    print("died" if died else "done", loaded.fit, loaded == new)
    if not died:
        break
    Credentials.load(Path(sys.argv[3])).renew(folder)
"""


def test_a_renewal_that_breaks_off_at_any_step_leaves_the_old_or_the_new_ones_whole(
    authority: Authority, nakano: Identity, tmp_path: Path, now: datetime
) -> None:
    folders = [tmp_path / name for name in ("seat", "new", "old")]
    for folder in folders:
        authority.issue(nakano, now=now).write(folder)

    told = subprocess.run(
        [sys.executable, "-c", BREAKING_OFF, *folders], capture_output=True, text=True, check=True
    ).stdout.splitlines()

    assert told[0] == "died True False", "broken off at once, it leaves the old ones"
    assert told[-1] == "done True True"
    assert "died True True" in told, "broken off late, it leaves the new ones"
    assert set(told[:-1]) == {"died True False", "died True True"}
    assert len(list((folders[0] / "generations").iterdir())) == 1, "nothing stays behind"


def test_a_folder_is_read_again_once_it_holds_others(
    authority: Authority, nakano: Identity, tmp_path: Path, now: datetime
) -> None:
    old, new = (authority.issue(nakano, now=now) for _ in range(2))
    old.write(tmp_path / "seat")
    folder = CredentialFolder(tmp_path / "seat")
    assert folder.current() == old
    assert folder.current() is folder.current()

    new.renew(tmp_path / "seat")

    assert folder.current() == new


def test_a_folder_of_plain_files_counts_again_once_all_of_them_fit(
    authority: Authority, nakano: Identity, tmp_path: Path, now: datetime
) -> None:
    old, new = (authority.issue(nakano, now=now) for _ in range(2))
    seat = tmp_path / "seat"
    write_plainly(old, seat)
    folder = CredentialFolder(seat)

    (seat / "chain.pem").write_bytes(new.chain_pem)
    assert folder.current() == old, "a certificate beside another's key does not count"
    (seat / "key.pem").write_bytes(b"damaged")
    assert folder.current() == old
    (seat / "key.pem").unlink()
    assert folder.current() == old
    (seat / "key.pem").write_bytes(new.key_pem)
    assert folder.current() == new


def test_a_folder_that_holds_no_fit_credentials_cannot_be_used(
    authority: Authority, nakano: Identity, tmp_path: Path, now: datetime
) -> None:
    one, other = (authority.issue(nakano, now=now) for _ in range(2))
    with pytest.raises(OSError, match="seat"):
        CredentialFolder(tmp_path / "seat")

    write_plainly(dataclasses.replace(one, key_pem=other.key_pem), tmp_path / "seat")

    with pytest.raises(ValueError, match="not the certificate's"):
        CredentialFolder(tmp_path / "seat")
