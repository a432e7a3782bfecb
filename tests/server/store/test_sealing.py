"""Sealing: only the same key, for the same column, opens what is as it was."""

import hmac
import stat
import sys
import threading
from pathlib import Path
from threading import Barrier
from types import FrameType

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column

from renkei_server.store.engine.boxes import KEY_BYTES, Box
from renkei_server.store.engine.columns import sealed, table
from renkei_server.store.engine.sealing import Sealer, make_key_file

ONE, OTHER = Sealer(b"1" * KEY_BYTES), Sealer(b"2" * KEY_BYTES)
TABLE = table("persons", sealed("name"), sealed("number"))
NAMESAKE = table("others", sealed("name"))
NAME, NUMBER, OTHERS_NAME = TABLE.c.name, TABLE.c.number, NAMESAKE.c.name


@given(st.binary(max_size=500))
def test_a_value_is_opened_as_it_was_sealed(value: bytes) -> None:
    assert ONE.open(NAME, ONE.seal(NAME, value)) == value


@given(st.binary(min_size=4, max_size=500))
def test_a_sealed_value_does_not_show_it(value: bytes) -> None:
    assert value not in ONE.seal(NAME, value)


@given(st.binary(max_size=100))
def test_the_same_value_is_sealed_differently_each_time(value: bytes) -> None:
    assert ONE.seal(NAME, value) != ONE.seal(NAME, value)


def between_any_two_steps(frame: FrameType, event: str, argument: object) -> object:
    """A trace that lets other threads in wherever the interpreter could."""
    del event, argument
    frame.f_trace_opcodes = True
    return between_any_two_steps


def test_no_two_threads_get_the_same_nonce() -> None:
    """Two values under one nonce would open each other."""
    box, together = Box(b"1" * KEY_BYTES, ahead=8), Barrier(4)
    nonces: list[bytes] = []

    def close() -> None:
        together.wait()
        nonces.extend([box.close(b"", b"")[:12] for _ in range(4_000)])

    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    threading.settrace(between_any_two_steps)  # type: ignore[arg-type]
    try:
        threads = [threading.Thread(target=close) for _ in range(4)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    finally:
        threading.settrace(None)  # type: ignore[arg-type]
        sys.setswitchinterval(usual)

    assert len(set(nonces)) == len(nonces) == 16_000


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(InvalidTag):
        OTHER.open(NAME, ONE.seal(NAME, b"value"))


@pytest.mark.parametrize("column", [NUMBER, OTHERS_NAME], ids=["of the table", "of another table"])
def test_another_column_does_not_open_it(column: Column[bytes]) -> None:
    with pytest.raises(InvalidTag):
        ONE.open(column, ONE.seal(NAME, b"value"))


@given(st.binary(max_size=100), st.data())
def test_one_altered_bit_does_not_open(value: bytes, data: st.DataObject) -> None:
    sealed = bytearray(ONE.seal(NAME, value))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= 1 << data.draw(st.integers(0, 7))

    with pytest.raises(InvalidTag):
        ONE.open(NAME, bytes(sealed))


@given(st.binary(max_size=100), st.data())
def test_what_is_cut_short_does_not_open(value: bytes, data: st.DataObject) -> None:
    sealed = ONE.seal(NAME, value)

    with pytest.raises(InvalidTag):
        ONE.open(NAME, sealed[: data.draw(st.integers(0, len(sealed) - 1))])


@given(st.binary(max_size=50), st.binary(max_size=50))
def test_a_blind_index_is_the_same_exactly_for_the_same_value(one: bytes, other: bytes) -> None:
    assert (ONE.blind(NAME, one) == ONE.blind(NAME, other)) == (one == other)


@given(st.binary(max_size=200))
def test_a_blind_index_is_a_library_s_hmac_of_column_and_value(value: bytes) -> None:
    info = b"renkei store blind index"
    derived = HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(b"1" * KEY_BYTES)
    expected = hmac.digest(derived, b"persons.name\0" + value, "sha256")

    assert ONE.blind(NAME, value) == expected


def test_a_blind_index_is_another_in_another_column_and_under_another_key() -> None:
    indices = {
        ONE.blind(NAME, b"value"),
        ONE.blind(NUMBER, b"value"),
        ONE.blind(OTHERS_NAME, b"value"),
        OTHER.blind(NAME, b"value"),
    }

    assert len(indices) == 4
    assert {len(index) for index in indices} == {32}


def test_a_derived_request_id_is_one_for_each_purpose_and_cause() -> None:
    derived = ONE.derived_request_id("serial", "request 1")
    others = {
        ONE.derived_request_id("serial", "request 2"),
        ONE.derived_request_id("other", "request 1"),
        OTHER.derived_request_id("serial", "request 1"),
    }

    assert ONE.derived_request_id("serial", "request 1") == derived
    assert len(others - {derived}) == 3


def test_a_sealer_never_shows_its_key() -> None:
    key = b"a key that is 32 bytes, all text"

    assert "key that is" not in f"{Sealer(key)!r} {vars(Sealer(key))!r}"


def test_a_key_file_is_its_owner_s_alone(tmp_path: Path) -> None:
    make_key_file(tmp_path / "store.key", b"1" * KEY_BYTES)

    assert stat.S_IMODE((tmp_path / "store.key").stat().st_mode) == 0o600
    loaded = Sealer.load(tmp_path / "store.key")
    assert loaded.open(NAME, ONE.seal(NAME, b"value")) == b"value"


def test_a_key_file_is_never_written_over(tmp_path: Path) -> None:
    make_key_file(tmp_path / "store.key", b"1" * KEY_BYTES)

    with pytest.raises(FileExistsError):
        make_key_file(tmp_path / "store.key", b"2" * KEY_BYTES)

    assert (tmp_path / "store.key").read_bytes() == b"1" * KEY_BYTES


@pytest.mark.parametrize("count", [0, KEY_BYTES - 1, KEY_BYTES + 1])
def test_a_file_without_a_whole_key_is_no_key_file(tmp_path: Path, count: int) -> None:
    (tmp_path / "store.key").write_bytes(b"k" * count)

    with pytest.raises(ValueError, match=r"store\.key holds no key of 32 bytes"):
        Sealer.load(tmp_path / "store.key")
