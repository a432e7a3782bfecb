"""Institution codes of batch files: who is meant by sixteen digits, and how the table is read."""

from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei import reasons
from renkei.codes import Institution, LocalGovernmentCode
from renkei.refusals import Refusal
from renkei_server.domain.batch_files.institutions import InstitutionCodes
from renkei_server.domain.law.institutions import FILE, read_institution_codes
from renkei_server.domain.law.lines import LawError

CODES: InstitutionCodes = read_institution_codes()


def local(body: int) -> Institution:
    digits = f"{body:05}"
    return Institution(f"{digits}{LocalGovernmentCode.check_digit(digits)}")


@given(
    st.integers(1000, 47999).map(local) | st.sampled_from(sorted(CODES.national.values(), key=str))
)
def test_an_institution_is_the_one_whose_code_it_is(institution: Institution) -> None:
    code = CODES.code(institution)

    assert len(code) == 16
    assert CODES.institution(code) == institution


def test_a_ward_is_named_in_the_shape_that_was_seen() -> None:
    assert CODES.institution("0220113112101700") == Institution("131121")
    assert CODES.code(Institution("131148")) == "0220113114801700"


@pytest.mark.parametrize(
    "code",
    [
        "0220113112201700",
        "0220213112101700",
        "0220113112101701",
        "1419900000000000",
        "131121",
        "0220113112101700 ",
        "",
    ],
)
def test_any_other_code_is_nobody_s(code: str) -> None:
    with pytest.raises(Refusal) as refused:
        CODES.institution(code, "provider_institution_code")

    assert refused.value.reason is reasons.INSTITUTION_CODE_UNKNOWN
    assert refused.value.fields == ("provider_institution_code",)


def test_a_body_without_a_code_has_none() -> None:
    with pytest.raises(Refusal):
        CODES.code(Institution("nobody"))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("02201######01700", "02201131148017000", "code is not of its form"),
        (",mhlw,", ",nenkin,", "it says again"),
        ("1419900000090002", "1419900000090001", "it says again"),
        (",nenkin,", ",131148,", "it says again"),
        (",invented,", ",certain,", "fidelity is not of its form"),
        ("code:local-government", "code:nobody", "not of its form"),
    ],
)
def test_a_table_that_is_not_sound_is_refused(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    text = resources.files("renkei_server.domain.law").joinpath(FILE).read_text("utf-8")
    assert old in text
    (tmp_path / FILE).write_text(text.replace(old, new), encoding="utf-8")

    with pytest.raises(LawError, match=told):
        read_institution_codes(tmp_path)


def test_a_table_without_local_governments_is_refused(tmp_path: Path) -> None:
    text = resources.files("renkei_server.domain.law").joinpath(FILE).read_text("utf-8")
    kept = [line for line in text.splitlines() if "local-government" not in line]
    (tmp_path / FILE).write_text("\n".join(kept), encoding="utf-8")

    with pytest.raises(LawError, match="no line is for local governments"):
        read_institution_codes(tmp_path)
