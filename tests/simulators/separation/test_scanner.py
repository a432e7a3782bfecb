"""Every form that is planted is found, wherever it lies."""

import base64
import gzip
import hashlib
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei_simulators.separation.forms import SHORTEST, forms
from renkei_simulators.separation.knowledge import Kind
from renkei_simulators.separation.scanner import PIECE, Hit, MemberTooLong, Pattern, Scanner

SAMPLES: dict[Kind, str | bytes] = {
    Kind.NAME_AND_ADDRESS: "連携　花子",
    Kind.RESIDENT_RECORD_CODE: "98765432101",
    Kind.INDIVIDUAL_NUMBER: "987654321098",
    Kind.LOCAL_ADDRESS_NUMBER: "912345678901234",
    Kind.PROCESSING_SERIAL: "0F1E2D3C4B5A69788796A5B4C3D2E1F0",
    Kind.LINKAGE_CODE: bytes.fromhex("8fa2dbfbc1003e5c7f92b0d4e6f8"),
}
PATTERNS = [
    Pattern(form, kind, subject, needle)
    for subject, (kind, value) in enumerate(SAMPLES.items())
    for form, needle in forms(value)
]
SCANNER = Scanner(PATTERNS)


def noise(length: int, seed: int = 7) -> bytes:
    return hashlib.shake_256(bytes([seed])).digest(length)


def found(path: Path, content: bytes, scanner: Scanner = SCANNER) -> list[Hit]:
    path.write_bytes(content)
    return list(scanner.scan(path))


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda p: f"{p.kind.name}-{p.form}")
def test_a_planted_form_is_found_where_it_lies(tmp_path: Path, pattern: Pattern) -> None:
    hits = found(tmp_path / "file", noise(301) + pattern.needle + noise(50, seed=8))

    assert Hit(pattern.form, pattern.kind, 301, pattern.subject) in hits


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda p: f"{p.kind.name}-{p.form}")
def test_a_planted_form_is_found_inside_compressed_members(
    tmp_path: Path, pattern: Pattern
) -> None:
    plain = noise(99) + pattern.needle + noise(20, seed=8)
    content = noise(40) + gzip.compress(plain) + noise(9, seed=9) + zlib.compress(plain)

    forms_found = {hit.form for hit in found(tmp_path / "file", content)}

    assert {f"{pattern.form} in gzip", f"{pattern.form} in zlib"} <= forms_found


@pytest.mark.parametrize("level", [0, 1, 6, 9])
def test_every_level_of_zlib_is_opened(tmp_path: Path, level: int) -> None:
    content = zlib.compress(b"number 987654321098 said", level)

    assert "text, utf-8 in zlib" in {hit.form for hit in found(tmp_path / "file", content)}


def test_a_form_across_the_border_of_two_pieces_is_found(tmp_path: Path) -> None:
    needle = b"987654321098"
    for before in range(1, len(needle)):
        start = PIECE - before

        hits = found(tmp_path / "file", bytes(start) + needle + bytes(5))

        assert [(hit.form, hit.offset) for hit in hits] == [("text, utf-8", start)]


def test_a_member_whose_signature_lies_across_a_border_is_opened(tmp_path: Path) -> None:
    member = gzip.compress(b"987654321098")
    for before in range(1, len(member)):
        start = PIECE - before

        hits = found(tmp_path / "file", bytes(start) + member)

        assert [(hit.form, hit.offset) for hit in hits] == [("text, utf-8 in gzip", start)]


def test_a_member_longer_than_a_piece_is_searched_to_its_end(tmp_path: Path) -> None:
    member = gzip.compress(noise(3 * PIECE) + bytes(40 * PIECE) + b"987654321098")

    assert [hit.form for hit in found(tmp_path / "file", member)] == ["text, utf-8 in gzip"]


def test_a_member_in_a_member_is_searched(tmp_path: Path) -> None:
    content = gzip.compress(20 * zlib.compress(b"987654321098"))

    assert {hit.form for hit in found(tmp_path / "file", content)} == {
        "text, utf-8 in zlib in gzip"
    }


def test_a_damaged_member_is_searched_up_to_its_fault(tmp_path: Path) -> None:
    whole = gzip.compress(b"at 987654321098 " * 9 + noise(4000).hex().encode())
    damaged = whole[:2000] + b"\xff" * 64 + whole[2064:]

    for content in (damaged, whole[:2000]):
        hits = found(tmp_path / "file", content)

        assert [hit.form for hit in hits] == 9 * ["text, utf-8 in gzip"]


def test_a_member_beyond_the_bound_ends_the_search_aloud(tmp_path: Path) -> None:
    scanner = Scanner(PATTERNS, longest_member=10 * PIECE)

    assert not found(tmp_path / "file", gzip.compress(bytes(10 * PIECE)), scanner)
    with pytest.raises(MemberTooLong):
        found(tmp_path / "file", gzip.compress(bytes(10 * PIECE + 1)), scanner)


def test_nothing_is_found_in_a_clean_file(tmp_path: Path) -> None:
    assert not found(tmp_path / "file", noise(4_000_000))
    assert not found(tmp_path / "zeros", bytes(1_000_000))
    assert not found(tmp_path / "empty", b"")


def test_no_pattern_shows_its_value() -> None:
    assert "98765" not in repr(PATTERNS)


@given(st.integers(0, 10**12 - 1), st.binary(max_size=4), st.binary(max_size=4))
def test_a_number_inside_base64_is_found_at_every_alignment(
    number: int, before: bytes, after: bytes
) -> None:
    digits = f"{number:012}"
    coded = base64.b64encode(before + digits.encode() + after)

    assert any(needle in coded for form, needle in forms(digits) if form.startswith("base64 at"))


@given(st.text(min_size=2) | st.binary(min_size=6) | st.integers(0, 10**15).map(str))
def test_no_form_is_short_or_told_twice(value: str | bytes) -> None:
    needles = [needle for _, needle in forms(value)]

    assert len(needles) == len(set(needles))
    assert all(len(needle) >= SHORTEST for needle in needles)


def test_a_number_of_few_bytes_is_searched_as_text_alone() -> None:
    names = {form for form, _ in forms("000000000018")}

    assert "text, utf-8" in names
    assert not any("integer" in name or "BCD" in name for name in names)
