"""A log's signed head: text that survives the post, and that nobody else could have written."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from renkei.networks import LINKAGE
from renkei_pki import keys
from renkei_pki.identity import Identity
from renkei_pki.log_heads import Head, SignedHead, read_moment, write_moment
from renkei_pki.signing import SigningKey, VerifyingKey

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
HEAD = Head(Identity(LINKAGE, "131148", "middle-server"), 41, bytes(range(32)), AT)


def pair() -> tuple[SigningKey, VerifyingKey]:
    key = keys.new_key()
    return SigningKey(key), VerifyingKey(key.public_key())


def test_a_head_is_read_as_it_was_written_and_verified() -> None:
    key, public = pair()
    signed = HEAD.signed(key)

    assert SignedHead.parse(signed.text) == signed
    assert signed.verify(public)


def test_a_head_survives_the_post() -> None:
    key, public = pair()
    posted = "\r\n  " + HEAD.signed(key).text.replace("\n", "  \r\n") + "\r\n"

    assert SignedHead.parse(posted).verify(public)


def test_another_key_or_any_other_word_is_not_verified() -> None:
    key, public = pair()
    _, other = pair()
    signed = HEAD.signed(key)

    assert not signed.verify(other)
    for altered in (
        replace(HEAD, origin=Identity(LINKAGE, "131130", "middle-server")),
        replace(HEAD, size=42),
        replace(HEAD, root=bytes(32)),
        replace(HEAD, at=AT + timedelta(seconds=1)),
    ):
        assert not SignedHead(altered, signed.signature).verify(public)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("head 1", "head 2"),
        ("size: 41", "size: 041"),
        ("size: 41", "size: -1"),
        ("size: 41", f"size: {2**63}"),
        ("size: 41\n", ""),
        ("000102", "0001"),
        ("0a0b0c", "0A0B0C"),
        ("11-23", "11-31"),
        ("2026-11-23T12", "2026-11-23T9"),
        ("00Z", "00"),
        ("131148", "131149"),
        ("spiffe:", "https:"),
        ("signature: ", "signature: *"),
        ("signature", "seal"),
        ("origin", "size"),
    ],
)
def test_a_head_out_of_form_is_not_read(was: str, becomes: str) -> None:
    text = HEAD.signed(pair()[0]).text

    with pytest.raises(ValueError):  # noqa: PT011 - each has its own words
        SignedHead.parse(text.replace(was, becomes, 1))
    with pytest.raises(ValueError, match="no signed head"):
        SignedHead.parse("")


def test_a_moment_is_told_in_one_way_only() -> None:
    tokyo = timezone(timedelta(hours=9))

    assert write_moment(datetime(2026, 11, 23, 21, 0, 0, 999, tzinfo=tokyo)) == write_moment(AT)
    assert read_moment(write_moment(AT)) == AT
    with pytest.raises(ValueError, match="zone"):
        write_moment(AT.replace(tzinfo=None))
