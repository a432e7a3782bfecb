"""A sealed file is read as it was written by whoever has its key, and else by nobody in any part."""

import io
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei import reasons
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei_server.store.backups.sealed_files import (
    CHUNK_BYTES,
    BackupKey,
    SealingWriter,
    make_backup_key,
    opened,
)
from tests.backups import KEY, OTHER_KEY

CONTENT = random.Random(5).randbytes(3 * CHUNK_BYTES + 1_000)
SEALED_CHUNK = CHUNK_BYTES + 16
HEAD = 2  # lines


def sealed(content: bytes, key: BackupKey = KEY, piece: int = 10_000) -> bytes:
    file = io.BytesIO()
    writer = SealingWriter(file, key)
    for place in range(0, len(content), piece):
        writer.write(content[place : place + piece])
    writer.close()
    return file.getvalue()


def read(told: bytes, key: BackupKey = KEY) -> bytes:
    return b"".join(opened(io.BytesIO(told), key))


def reason_for(told: bytes, key: BackupKey = KEY) -> Reason:
    with pytest.raises(Refusal) as refused:
        read(told, key)
    return refused.value.reason


def parts(told: bytes) -> tuple[bytes, list[bytes]]:
    """The head of a file, and its chunks."""
    head = b"".join(told.splitlines(keepends=True)[:HEAD])
    rest = told[len(head) :]
    return head, [rest[at : at + SEALED_CHUNK] for at in range(0, len(rest), SEALED_CHUNK)]


@pytest.mark.parametrize(
    "size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, len(CONTENT)]
)
def test_what_was_written_is_read(size: int) -> None:
    assert read(sealed(CONTENT[:size])) == CONTENT[:size]


@given(st.lists(st.integers(1, 50_000), max_size=12))
def test_it_does_not_matter_in_which_pieces_it_was_written(pieces: list[int]) -> None:
    file = io.BytesIO()
    writer, place = SealingWriter(file, KEY), 0
    for size in pieces:
        writer.write(CONTENT[place : place + size])
        place += size
    writer.close()

    assert read(file.getvalue()) == CONTENT[:place]


def test_two_files_of_the_same_content_have_nothing_in_common() -> None:
    first, second = (parts(sealed(CONTENT))[1] for _ in range(2))

    assert not set(first) & set(second)


def test_another_key_opens_nothing() -> None:
    assert reason_for(sealed(CONTENT), OTHER_KEY) is reasons.BACKUP_UNDER_ANOTHER_KEY


def test_a_file_that_claims_to_be_under_the_key_and_is_not_is_refused() -> None:
    claimed = sealed(CONTENT, OTHER_KEY).replace(OTHER_KEY.name.encode(), KEY.name.encode(), 1)

    assert reason_for(claimed) is reasons.BACKUP_DAMAGED


@given(st.data())
def test_a_bit_that_is_changed_anywhere_is_found(data: st.DataObject) -> None:
    told = bytearray(sealed(CONTENT[: CHUNK_BYTES + 100]))
    place = data.draw(st.one_of(st.integers(0, 150), st.integers(0, len(told) - 1)))
    told[place] ^= 1 << data.draw(st.integers(0, 7))

    assert reason_for(bytes(told)) in (
        reasons.BACKUP_DAMAGED,
        reasons.BACKUP_UNKNOWN,
        reasons.BACKUP_UNDER_ANOTHER_KEY,
    )


def test_a_file_without_its_end_is_refused_wherever_it_was_cut() -> None:
    told = sealed(CONTENT)
    head, chunks = parts(told)
    boundaries = [len(head) + SEALED_CHUNK * one for one in range(len(chunks))]

    for at in {place + off for place in boundaries for off in (-1, 0, 1, 16, 17)}:
        assert reason_for(told[:at]) in (reasons.BACKUP_DAMAGED, reasons.BACKUP_UNKNOWN), at
    assert reason_for(told[:-1]) is reasons.BACKUP_DAMAGED


def test_chunks_out_of_their_order_left_out_doubled_or_added_are_refused() -> None:
    head, (first, second, third, last) = parts(sealed(CONTENT))

    for chunks in (
        [second, first, third, last],
        [first, third, last],
        [first, second, second, third, last],
        [first, second, third, last, last],
        [last],
        [first, second, third, last, first],
    ):
        assert reason_for(head + b"".join(chunks)) is reasons.BACKUP_DAMAGED


def test_a_chunk_of_another_file_under_the_same_key_is_refused() -> None:
    head, chunks = parts(sealed(CONTENT))
    _, others = parts(sealed(CONTENT))

    for place in range(len(chunks)):
        mixed = [*chunks[:place], others[place], *chunks[place + 1 :]]
        assert reason_for(head + b"".join(mixed)) is reasons.BACKUP_DAMAGED


def test_a_file_of_anything_else_is_no_backup() -> None:
    for told in (b"", b"SQLite format 3\0", b"renkei backup 2\n" + b"x" * 200):
        assert reason_for(told) is reasons.BACKUP_UNKNOWN


# The key


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "key"
    make_backup_key(path)

    assert path.stat().st_mode & 0o777 == 0o600
    assert read(sealed(CONTENT, BackupKey.load(path)), BackupKey.load(path)) == CONTENT
    with pytest.raises(FileExistsError):
        make_backup_key(path)


def test_a_key_that_others_can_read_is_not_taken(tmp_path: Path) -> None:
    path = tmp_path / "key"
    make_backup_key(path)
    for mode in (0o640, 0o604, 0o620):
        path.chmod(mode)
        with pytest.raises(Refusal) as refused:
            BackupKey.load(path)
        assert refused.value.reason is reasons.BACKUP_KEY_MALFORMED


@pytest.mark.parametrize("text", ["", "renkei backup key 1: 00", "0" * 64, "鍵", "x" * 64])
def test_what_is_no_key_is_not_taken(tmp_path: Path, text: str) -> None:
    path = tmp_path / "key"
    path.touch(0o600)
    path.write_text(text, encoding="utf-8")

    with pytest.raises(Refusal) as refused:
        BackupKey.load(path)

    assert refused.value.reason is reasons.BACKUP_KEY_MALFORMED
    assert text not in str(refused.value) or not text


def test_neither_a_key_nor_a_file_shows_the_key() -> None:
    told = sealed(CONTENT)

    for form in (bytes(range(32)), bytes(range(32)).hex().encode()):
        assert form not in told
        assert form.decode("latin-1") not in repr(KEY)
