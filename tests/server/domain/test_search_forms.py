"""What is alike in a name, a reading or an address, and what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei_server.domain.common_forms import COMMON_FORMS
from renkei_server.domain.search_forms import search_form

TEXTS = st.text(
    st.one_of(
        st.characters(min_codepoint=0x20, max_codepoint=0x30FF, exclude_categories=["Cs"]),
        st.sampled_from([*map(chr, COMMON_FORMS), *COMMON_FORMS.values(), "\U000e0101", "ｶ", "ﾞ"]),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=12,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("ヤマダ　ハナコ", "ﾔﾏﾀﾞ ﾊﾅｺ", id="widths"),
        pytest.param("１－２－３", "1-2-3", id="widths of digits"),
        pytest.param("ヤマダ　ハナコ", "ヤマダハナコ", id="the space between names"),
        pytest.param("やまだはなこ", "ヤマダハナコ", id="hiragana"),
        pytest.param("ヤマダ", "ヤマタ", id="voicing"),
        pytest.param("ハットリ", "パツドリ", id="half voicing and small kana"),
        pytest.param("キョウコ", "キヨオコ", id="u after an o-row kana"),
        pytest.param("ジョージ", "ジョジ", id="long vowels"),
        pytest.param("コーポ", "コ－ポ", id="dashes after kana"),
        pytest.param("1－2‐3—4―5−6ー7", "1-2-3-4-5-6-7", id="dashes"),
        pytest.param("髙橋　邊﨑", "高橋　辺崎", id="variants"),
        pytest.param("葛\U000e0101城", "葛城", id="selectors"),
        pytest.param("神\ufa19", "神神", id="compatibility characters"),
    ],
)
def test_what_the_standard_ignores_is_alike(one: str, other: str) -> None:
    assert search_form(one) == search_form(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("ヤマダ", "ヤマナ", id="another sound"),
        pytest.param("齋藤", "斉藤", id="two common forms"),
        pytest.param("クウコ", "クオコ", id="u after a kana of another row"),
        pytest.param("オオノ", "オノ", id="a vowel that is written"),
        pytest.param("1-2", "12", id="a dash between digits"),
        pytest.param("二丁目", "2丁目", id="numbers in kanji"),
        pytest.param("イスズ", "イスヾ", id="iteration marks"),
        pytest.param("\ue000", "\ue001", id="unregistered characters"),
    ],
)
def test_what_it_does_not_ignore_is_told_apart(one: str, other: str) -> None:
    assert search_form(one) != search_form(other)


@given(TEXTS)
def test_the_form_of_a_form_is_itself(text: str) -> None:
    form = search_form(text)

    assert search_form(form) == form


def test_a_common_form_is_no_variant_of_another() -> None:
    assert {ord(common) for common in COMMON_FORMS.values()}.isdisjoint(COMMON_FORMS)
    assert all(search_form(common) == common for common in COMMON_FORMS.values())
