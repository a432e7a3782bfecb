"""Lines: how they end, how long they are, in which encoding."""

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei import reasons
from renkei_server.domain.batch_files.faults import Fault
from renkei_server.domain.batch_files.lines import read_lines

from .making import CUTS, PLAIN, chunks, good, wrong

LONGEST = 80


@given(st.lists(PLAIN), CUTS)
def test_lines_come_back_however_the_bytes_are_cut(texts: list[str], size: int) -> None:
    data = "".join(f"{text}\r\n" for text in texts).encode()

    assert good(read_lines(chunks(data, size), LONGEST)) == texts


@pytest.mark.parametrize(
    ("data", "faults"),
    [
        (b"a\nb\r\n", [Fault(1, "", reasons.BATCH_LINE_END)]),
        (b"a\rb\r\n", [Fault(1, "", reasons.BATCH_LINE_END)]),
        (b"a\r\r\n", [Fault(1, "", reasons.BATCH_LINE_END)]),
        (b"a\r\nb", [Fault(2, "", reasons.BATCH_LINE_END, "cut off")]),
        (b"a\r\nb\r", [Fault(2, "", reasons.BATCH_LINE_END, "cut off")]),
        (b"\x93\xfa\r\na\r\n", [Fault(1, "", reasons.BATCH_ENCODING, "byte 1")]),
        (b"a\xe3\x81\r\n", [Fault(1, "", reasons.BATCH_ENCODING, "byte 2")]),
        (b"\xef\xbb\xbfa\r\n", [Fault(1, "", reasons.BATCH_ENCODING, "a byte order mark")]),
        (b"a" * 81 + b"\r\nb\r\n", [Fault(1, "", reasons.BATCH_LINE_TOO_LONG, "over 80 bytes")]),
        (b"a" * 80 + b"\r\n", []),
    ],
)
def test_a_line_that_is_not_of_its_form_is_told(data: bytes, faults: list[Fault]) -> None:
    assert wrong(read_lines([data], LONGEST)) == faults


def test_a_bad_line_leaves_the_others_good() -> None:
    told = list(read_lines([b"a\r\nb\nc\r\n"], LONGEST))

    assert [one.line for one in told] == [1, 2, 3]
    assert [isinstance(one, Fault) for one in told] == [False, True, False]


def test_a_line_without_end_is_given_up_as_soon_as_it_is_too_long() -> None:
    endless = iter(lambda: b"a" * 50, b"")

    (fault,) = read_lines(islice(endless, 1_000_000), LONGEST)

    assert fault == Fault(1, "", reasons.BATCH_LINE_TOO_LONG, "over 80 bytes")
    assert next(endless)
