"""XML as a stream of elements."""

import pytest

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.domain.batch_files.elements import read_elements
from renkei_server.domain.batch_files.faults import Parsed

from .making import chunks


def names(data: bytes, size: int = 1) -> list[tuple[str, int, bool, str]]:
    return [
        (one.name, one.depth, one.opened, one.text)
        for one in read_elements(chunks(data, size), deepest=2)
    ]


def refusal(data: bytes) -> Refusal:
    with pytest.raises(Refusal) as caught:
        names(data)
    return caught.value


def test_an_element_that_holds_others_comes_when_it_begins_and_when_it_ends() -> None:
    assert names(b"<a> <b>\n<c>1</c> <c/></b> </a>\n") == [
        ("a", 0, True, ""),
        ("b", 1, True, ""),
        ("c", 2, False, "1"),
        ("c", 2, False, ""),
        ("b", 1, False, ""),
        ("a", 0, False, ""),
    ]


def test_the_text_is_what_stands_between_the_tags() -> None:
    told = names(b"<a> &lt;&amp;&#x5c71;<!-- not this -->\n<![CDATA[<>]]> </a>")

    assert told == [("a", 0, False, " <&山\n<> ")]


def test_a_byte_order_mark_may_stand_first() -> None:
    assert names(b"\xef\xbb\xbf<a/>") == [("a", 0, False, "")]


@pytest.mark.parametrize(
    ("data", "column"),
    [
        (b"<a>x<b/></a>", 5),
        (b"<a><b/>x<b/></a>", 9),
        (b"<a><b/>x</a>", 9),
        (b"<a><b/><!-- -->&#49;</a>", 21),
        ("<a>\u00a0<b/></a>".encode(), 5),
        ("<a><b/>\u3000</a>".encode(), 9),
    ],
)
def test_text_stands_in_the_innermost_elements_only(data: bytes, column: int) -> None:
    told = refusal(data)

    assert told.reason is reasons.MALFORMED_BATCH_MESSAGE
    assert told.detail == f"line 1, column {column}: text beside elements"


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (b"<a><b><c><d/></c></b></a>", "line 1, column 10: nested too deep"),
        (b"<!DOCTYPE a><a/>", "line 1, column 12: a document type"),
        (b"<a>\n&e;</a>", "line 2, column 1"),
        (b"<a></b>", "line 1, column 6"),
        (b"<a>", "line 1, column 4"),
        (b"", "line 1, column 1"),
        (b"<a/><a/>", "line 1, column 5"),
        (b"<a>\x00</a>", "line 1, column 4"),
    ],
)
def test_what_is_not_plain_data_is_refused_with_its_place(data: bytes, detail: str) -> None:
    told = refusal(data)

    assert told.reason is reasons.MALFORMED_BATCH_MESSAGE
    assert told.detail.startswith(detail)


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (b"<a>\xff</a>", "byte 4"),
        (b"<a>\xe5\xb1<", "byte 4"),
        (b"<a>\xe5\xb1", "byte 4"),
        (b'<?xml version="1.0" encoding="EUC-JP"?><a/>', "another encoding is declared"),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 100])
def test_what_is_not_utf_8_is_refused(data: bytes, detail: str, size: int) -> None:
    with pytest.raises(Refusal) as caught:
        names(data, size)

    assert (caught.value.reason, caught.value.detail) == (reasons.BATCH_ENCODING, detail)


def test_a_good_record_hides_its_value_whatever_it_is() -> None:
    assert repr(Parsed(3, "a name")) == "Parsed(line=3)"
