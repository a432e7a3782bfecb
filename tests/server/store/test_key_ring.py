"""A ring of keys: one for each value, there before it is used, and gone when it is destroyed."""

import os
import shutil
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given, settings
from hypothesis import strategies as st

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.store.engine.key_ring import KeyRing
from renkei_server.store.engine.ring_file import files
from renkei_server.store.engine.shared import Shared

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

    assert ring.settle([number])

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
    ring.settle([number])
    ring.close()

    again = KeyRing(path)

    assert again.lock(b"another", PLACE)[0] > number
    again.close()


def test_what_was_judged_is_in_doubt_no_more(ring: KeyRing, path: Path) -> None:
    number, _ = ring.lock(b"a value", PLACE)
    ring.doubt()

    ring.settle([])

    assert ring.doubtful == set()
    after_a_crash = KeyRing(path)
    assert number not in after_a_crash.doubtful
    after_a_crash.close()


def test_a_copy_brings_back_what_was_destroyed_since_and_doubts_it(ring: KeyRing) -> None:
    number, locked = ring.lock(b"a value", PLACE)
    copy = ring.copy()
    ring.settle([number])

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

    assert not ring.settle([number])  # at once, and to be tried again

    assert look.key(number) == key
    look.close()
    assert ring.settle([])
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
    ring.settle([])

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

    for work in (lambda: ring.lock(b"a value", PLACE), lambda: ring.settle([1])):
        with pytest.raises(Refusal) as caught:
            work()
        assert caught.value.reason is reasons.STORE_KEYS_MISSING


# Several workers of one seat


WORKERS = 3


@pytest.fixture
def rings(path: Path) -> Iterator[list[KeyRing]]:
    """The same ring as the workers of one seat have it open."""
    first = Shared.made(WORKERS)
    assert first.handles
    pages = [first, *(Shared.joined(first.handles, one) for one in range(1, WORKERS))]
    opened = [KeyRing(path, make=page.is_first, shared=page) for page in pages]
    yield opened
    for one in reversed(opened):
        one.close()
    first.close()


@settings(max_examples=30)
@given(drawn=st.lists(st.tuples(st.integers(0, WORKERS - 1), st.integers(1, 150)), max_size=30))
def test_workers_that_draw_in_turn_draw_no_key_twice_and_each_opens_what_another_locked(
    drawn: list[tuple[int, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("ring") / "erasable.keys"
    first = Shared.made(WORKERS)
    assert first.handles
    pages = [first, *(Shared.joined(first.handles, one) for one in range(1, WORKERS))]
    rings = [KeyRing(path, make=page.is_first, shared=page) for page in pages]

    locked = [rings[at].lock(b"a value", PLACE) for at, times in drawn for _ in range(times)]

    numbers = [number for number, _ in locked]
    assert numbers == sorted(set(numbers))
    opens = (ring.unlock(one, PLACE) for _, one in locked[::17] for ring in rings)
    assert {*opens} <= {b"a value"}
    rings[0].doubt()
    assert rings[0].doubtful == set(numbers)
    for one in reversed(rings):
        one.close()
    first.close()


def test_the_ring_is_the_seat_s_and_not_a_worker_s(rings: list[KeyRing], path: Path) -> None:
    for one in rings:
        one.require_own()

    twin = KeyRing(path)
    late = KeyRing(path, shared=rings[1]._shared)  # a worker that was only just started

    for one in (*rings, late):
        with pytest.raises(Refusal) as caught:
            one.require_own()
        assert caught.value.reason is reasons.STORE_TAKEN_OVER
    late.close()
    twin.close()


def test_a_ring_that_another_seat_has_opened_since_makes_and_destroys_no_key(
    ring: KeyRing, path: Path
) -> None:
    number, locked = ring.lock(b"a value", PLACE)
    twin = KeyRing(path)

    def lock_many() -> None:
        for _ in range(1_000):
            ring.lock(b"a value", PLACE)

    for work in (lock_many, lambda: ring.settle([number])):
        with pytest.raises(Refusal) as caught:
            work()
        assert caught.value.reason is reasons.STORE_TAKEN_OVER
    assert twin.unlock(locked, PLACE) == b"a value"
    twin.close()


def test_what_one_worker_doubts_the_first_judges(rings: list[KeyRing], path: Path) -> None:
    first, second, _ = rings
    number, _ = second.lock(b"a value", PLACE)
    assert first.doubtful == set()

    second.doubt()

    assert first.doubtful == {number}
    key = second.key(number)
    assert key
    first.settle([number])
    assert (first.doubtful, second.key(number)) == (set(), None)
    assert key not in at_rest(path)


def test_keys_that_were_made_ahead_outlive_a_worker_and_end_with_the_first(
    rings: list[KeyRing], path: Path
) -> None:
    first, second, third = rings
    number, _ = second.lock(b"a value", PLACE)
    ahead, far_ahead = first.key(number + 1), first.key(number + 2)
    assert ahead
    assert far_ahead

    second.close()
    assert third.lock(b"another", PLACE)[0] == number + 1
    third.close()
    first.close()

    assert (ahead in at_rest(path), far_ahead in at_rest(path)) == (True, False)
    last = KeyRing(path)
    assert last.doubtful == {number, number + 1}
    last.close()
