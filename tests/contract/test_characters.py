"""What names and addresses are written with: kept as it came, counted, or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei import reasons
from renkei.characters import (
    SPACES,
    judge_optional_text,
    judge_reading,
    judge_text,
    unregistered_in,
)
from renkei.reasons import Reason
from renkei.refusals import Refusal


def reason(judge: object, text: str) -> Reason | None:
    try:
        judge(text, 100, "name")  # type: ignore[operator]
    except Refusal as refusal:
        return refusal.reason if refusal.fields == ("name",) else None
    return None


@pytest.mark.parametrize(
    "text",
    [
        "山田　花子",
        "葛\U000e0101城　\U0002000b子",
        "髙\ufe00橋",
        "\U0003134a　\U00031350",
        "\ue000田　花子",
        "NGUYEN THI HOA",
        "東京都中野区中野４－８－１",
        "ヴァン・デン・ベルク",
    ],
)
def test_what_a_name_can_be_written_with_is_kept(text: str) -> None:
    assert reason(judge_text, text) is None


@pytest.mark.parametrize(
    "text",
    [
        "山田\x07",
        "山田\u200b花子",
        "山田\u202e花子",
        "山田\uffff",
        "山田\ud800",
        "山田\u00a0花子",
        "山田　　花子",
        "　山田",
        "山田　",
        "　",
        "あ\U000e0101",
        "\U000e0101山田",
        "山田\n花子",
    ],
)
def test_what_is_no_text_is_refused(text: str) -> None:
    assert reason(judge_text, text) is reasons.CHARACTER_NOT_ALLOWED


def test_what_is_absent_or_too_long_has_reasons_of_its_own() -> None:
    assert reason(judge_text, "") is reasons.FIELD_MISSING
    assert reason(judge_text, "山" * 101) is reasons.TEXT_TOO_LONG
    assert reason(judge_text, "山" * 100) is None


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("ヤマダ　ハナコ", True),
        ("", True),
        ("ヴィー", True),
        ("やまだ", False),
        ("ﾔﾏﾀﾞ", False),
        ("YAMADA", False),
    ],
)
def test_a_reading_is_in_full_width_katakana(text: str, is_one: bool) -> None:  # noqa: FBT001
    assert (reason(judge_reading, text) is None) is is_one


def test_unregistered_characters_are_counted_wherever_they_stand() -> None:
    assert [unregistered_in(text) for text in ("山田", "\ue000田\uf8ff", "\U000f0000")] == [0, 2, 1]


@given(
    st.text(
        st.one_of(
            st.sampled_from(" \u3000-－ー・ゝヿ0Ａｚ一山\u9fef\u9ff0\ue000\u0300\U000e0100\u200b"),
            st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]),
        ),
        max_size=8,
    )
)
def test_a_text_of_usual_characters_is_judged_as_one_with_others_between_them(text: str) -> None:
    """An unregistered character is none of the usual ones, and may stand beside anything."""

    def passes(told: str) -> bool:
        return reason(judge_optional_text, told) is None

    among_others = passes(f"\ue000{text}\ue000")

    assert passes(text) is (among_others and text == text.strip(SPACES))
