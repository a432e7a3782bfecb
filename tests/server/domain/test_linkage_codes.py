"""Linkage codes: the same for ever at one institution, and nothing in common at two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei import reasons
from renkei.codes import Institution, LinkageCode, ResidentRecordCode
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei_server.domain.linkage_codes import CODE_KEY_BYTES, LINK_ID_BYTES, CodeCipher, LinkIds
from tests.server.world import resident_record_code

KEY = b"k" * CODE_KEY_BYTES
CIPHER = CodeCipher(KEY)
NAKANO, SHIBUYA, NENKIN = map(Institution, ("131148", "131130", "nenkin"))

link_ids = st.binary(min_size=LINK_ID_BYTES, max_size=LINK_ID_BYTES)
institutions = st.sampled_from([NAKANO, SHIBUYA, NENKIN])

record_codes = st.integers(0, 9_999_999_999).map(resident_record_code)

RUN = 6
"""So many bytes in a row do not meet by chance."""


def runs(text: bytes) -> set[bytes]:
    return {text[start : start + RUN] for start in range(len(text) - RUN + 1)}


def reason_of(code: LinkageCode, institution: Institution, cipher: CodeCipher = CIPHER) -> Reason:
    with pytest.raises(Refusal) as caught:
        cipher.link_id_of(code, institution)
    return caught.value.reason


@given(link_ids, institutions)
def test_a_person_has_one_code_at_an_institution(link_id: bytes, institution: Institution) -> None:
    again = CodeCipher(KEY).code_of(link_id, Institution(institution.name))

    assert CIPHER.code_of(link_id, institution) == again


@given(link_ids, link_ids, institutions)
def test_two_persons_have_two_codes(one: bytes, other: bytes, institution: Institution) -> None:
    codes = CIPHER.code_of(one, institution), CIPHER.code_of(other, institution)

    assert (codes[0] == codes[1]) == (one == other)


@given(link_ids)
def test_a_person_s_codes_at_two_institutions_have_nothing_in_common(link_id: bytes) -> None:
    here, there = (CIPHER.code_of(link_id, where).value for where in (NAKANO, SHIBUYA))

    assert not runs(here) & runs(there)


@given(link_ids, institutions)
def test_a_code_does_not_show_the_link_id(link_id: bytes, institution: Institution) -> None:
    assert not runs(link_id) & runs(CIPHER.code_of(link_id, institution).value)


@given(link_ids, institutions)
def test_the_core_finds_the_person_of_a_code(link_id: bytes, institution: Institution) -> None:
    assert CIPHER.link_id_of(CIPHER.code_of(link_id, institution), institution) == link_id


@given(link_ids)
def test_the_core_makes_one_institution_s_code_another_s(link_id: bytes) -> None:
    here = CIPHER.code_of(link_id, NAKANO)

    there = CIPHER.code_of(CIPHER.link_id_of(here, NAKANO), NENKIN)

    assert there == CIPHER.code_of(link_id, NENKIN)


@given(link_ids, institutions, institutions)
def test_a_code_is_no_code_of_another_institution(
    link_id: bytes, of: Institution, taken_for: Institution
) -> None:
    code = CIPHER.code_of(link_id, of)

    if of == taken_for:
        assert CIPHER.link_id_of(code, taken_for) == link_id
    else:
        assert reason_of(code, taken_for) is reasons.MALFORMED_LINKAGE_CODE


@given(link_ids)
def test_another_core_s_key_opens_no_code(link_id: bytes) -> None:
    other = CodeCipher(b"x" * CODE_KEY_BYTES)

    reason = reason_of(CIPHER.code_of(link_id, NAKANO), NAKANO, other)
    assert reason is reasons.MALFORMED_LINKAGE_CODE


@given(st.binary(min_size=32, max_size=32), institutions)
def test_no_code_can_be_invented(value: bytes, institution: Institution) -> None:
    assert reason_of(LinkageCode(value), institution) is reasons.MALFORMED_LINKAGE_CODE


@given(record_codes)
def test_a_link_id_follows_from_the_record_code_and_the_core_s_key_alone(
    code: ResidentRecordCode,
) -> None:
    link_id = LinkIds(KEY).of(code)

    assert link_id == LinkIds(KEY).of(code)
    assert link_id != LinkIds(b"x" * CODE_KEY_BYTES).of(code)
    assert len(link_id) == LINK_ID_BYTES


@given(record_codes, record_codes)
def test_two_record_codes_have_two_link_ids(
    one: ResidentRecordCode, other: ResidentRecordCode
) -> None:
    assert (LinkIds(KEY).of(one) == LinkIds(KEY).of(other)) == (one == other)


def test_nothing_is_found_under_the_key_by_which_ids_follow() -> None:
    code = resident_record_code(1)

    assert LinkIds(KEY).index(code.digits.encode())[:LINK_ID_BYTES] != LinkIds(KEY).of(code)
