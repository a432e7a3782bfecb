"""A ring of keys: one for each value, there before it is used, and gone when it is destroyed."""

import os
import shutil
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.store.engine.key_ring import KeyRing, files

PLACE, OTHER_PLACE = b"table.column", b"table.other"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "erasable.keys"


@pytest.fixture
def ring(path: Path) -> Iterator[KeyRing]:
    ring = KeyRing(path, make=True)
    yield ring
    ring.close()


def at_rest(path: Path) -> bytes:
    """Every byte that lies in a ring's files."""
    return b"".join(one.read_bytes() for one in files(path))


def refused(path: Path) -> reasons.Reason:
    with pytest.raises(Refusal) as caught:
        KeyRing(path)
    return caught.value.reason


def test_a_value_is_unlocked_as_it_was_locked(ring: KeyRing) -> None:
    _, locked = ring.lock(b"a value", PLACE)

    assert b"a value" not in locked
    assert ring.unlock(locked, PLACE) == b"a value"


def test_no_two_values_have_the_same_key(ring: KeyRing) -> None:
    numbers = [ring.lock(b"the same", PLACE)[0] for _ in range(1_000)]

    assert len({ring.key(number) for number in numbers}) == 1_000


def test_a_value_locked_for_another_place_is_not_unlocked(ring: KeyRing) -> None:
    _, locked = ring.lock(b"a value", PLACE)

    with pytest.raises(InvalidTag):
        ring.unlock(locked, OTHER_PLACE)


@pytest.mark.parametrize("at", [0, -1])
def test_an_altered_value_is_not_unlocked(ring: KeyRing, at: int) -> None:
    altered = bytearray(ring.lock(b"a value", PLACE)[1])
    altered[at] ^= 1

    with pytest.raises(InvalidTag):
        ring.unlock(bytes(altered), PLACE)


def test_a_key_is_on_the_disk_before_its_value_is_told(ring: KeyRing, path: Path) -> None:
    number, locked = ring.lock(b"a value", PLACE)

    after_a_crash = KeyRing(path)

    assert after_a_crash.unlock(locked, PLACE) == b"a value"
    assert number in after_a_crash.doubtful
    after_a_crash.close()


def test_a_destroyed_key_lies_in_no_file_of_the_ring_s(ring: KeyRing, path: Path) -> None:
    number, locked = ring.lock(b"a value", PLACE)
    key = ring.key(number)
    assert key
    assert key in at_rest(path)

    assert ring.destroy([number])

    assert key not in at_rest(path)
    with pytest.raises(Refusal) as caught:
        ring.unlock(locked, PLACE)
    assert caught.value.reason is reasons.STORE_KEYS_DAMAGED


def test_keys_that_were_made_ahead_are_destroyed_when_the_ring_is_closed(path: Path) -> None:
    ring = KeyRing(path, make=True)
    used, _ = ring.lock(b"a value", PLACE)
    ahead = ring.key(used + 1)
    assert ahead

    ring.close()

    assert ahead not in at_rest(path)


def test_a_number_never_comes_again(ring: KeyRing, path: Path) -> None:
    number, _ = ring.lock(b"a value", PLACE)
    ring.destroy([number])
    ring.close()

    again = KeyRing(path)

    assert again.lock(b"another", PLACE)[0] > number
    again.close()


def test_what_was_judged_is_in_doubt_no_more(ring: KeyRing, path: Path) -> None:
    number, _ = ring.lock(b"a value", PLACE)
    ring.doubt([number])

    ring.destroy([], judged=[number])

    assert ring.doubtful == set()
    after_a_crash = KeyRing(path)
    assert number not in after_a_crash.doubtful
    after_a_crash.close()


def test_a_copy_brings_back_what_was_destroyed_since_and_doubts_it(ring: KeyRing) -> None:
    number, locked = ring.lock(b"a value", PLACE)
    copy = ring.copy()
    ring.destroy([number])

    ring.take(copy)

    assert ring.unlock(locked, PLACE) == b"a value"
    assert number in ring.doubtful


def test_a_copy_of_another_ring_is_refused(ring: KeyRing, tmp_path: Path) -> None:
    other = KeyRing(tmp_path / "other.keys", make=True)

    with pytest.raises(ValueError, match="none of this store's"):
        ring.take(other.copy())
    other.close()


def test_who_holds_a_ring_has_what_is_destroyed_meanwhile_and_no_longer(
    ring: KeyRing, path: Path
) -> None:
    number, _ = ring.lock(b"a value", PLACE)
    key = ring.key(number)
    assert key
    look = KeyRing(path, read_only=True)
    look.hold()

    assert not ring.destroy([number])  # at once, and to be tried again

    assert look.key(number) == key
    look.close()
    assert ring.destroy([])
    assert key not in at_rest(path)


def test_who_holds_a_ring_is_told_of_keys_that_are_made_since(ring: KeyRing, path: Path) -> None:
    ring.lock(b"a value", PLACE)
    look = KeyRing(path, read_only=True)
    made = look.hold()
    assert not look.has_made_since(made)

    for _ in range(made):
        ring.lock(b"a value", PLACE)

    assert look.has_made_since(made)
    assert not look.has_made_since(look.hold())
    look.close()


def test_every_key_that_was_drawn_can_be_doubted_at_once(ring: KeyRing, path: Path) -> None:
    number, _ = ring.lock(b"a value", PLACE)
    ring.destroy([], judged=[number])

    ring.doubt_all()

    assert ring.doubtful == {number}
    after_a_crash = KeyRing(path)
    assert number in after_a_crash.doubtful
    after_a_crash.close()


def test_two_who_make_a_ring_at_once_make_one(path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        rings = list(pool.map(lambda _: KeyRing(path, make=True), range(2)))

    assert rings[0].tag == rings[1].tag
    for one in rings:
        one.close()


def test_a_ring_is_its_owner_s_alone(ring: KeyRing, path: Path) -> None:
    ring.lock(b"a value", PLACE)

    assert {stat.S_IMODE(one.stat().st_mode) for one in files(path)} == {0o600}


def test_a_ring_that_is_away_is_told_as_missing(path: Path) -> None:
    assert refused(path) is reasons.STORE_KEYS_MISSING
    assert not path.exists()


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100])
def test_a_file_that_is_no_ring_is_told_as_damaged(path: Path, content: bytes) -> None:
    path.write_bytes(content)

    assert refused(path) is reasons.STORE_KEYS_DAMAGED


def test_a_ring_with_a_broken_page_is_told_as_damaged(path: Path) -> None:
    ring = KeyRing(path, make=True)
    for _ in range(500):
        ring.lock(b"a value", PLACE)
    ring.close()
    broken = bytearray(path.read_bytes())
    broken[2 * 4096 : 3 * 4096] = os.urandom(4096)
    path.write_bytes(broken)

    assert refused(path) is reasons.STORE_KEYS_DAMAGED


def test_a_ring_that_was_taken_away_makes_and_destroys_no_key(ring: KeyRing, path: Path) -> None:
    shutil.move(path, path.with_name("taken away"))

    for work in (lambda: ring.lock(b"a value", PLACE), lambda: ring.destroy([1])):
        with pytest.raises(Refusal) as caught:
            work()
        assert caught.value.reason is reasons.STORE_KEYS_MISSING
