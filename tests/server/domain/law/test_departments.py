"""What departments may inquire for, as data."""

from pathlib import Path

import pytest

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.domain.law import reading
from renkei_server.domain.law.departments import FILE, read_departments
from renkei_server.domain.law.lines import LawError

LAW = reading.read()
HEAD = "department,english,japanese,affairs,fidelity,source\n"


def test_the_shipped_departments_are_read_and_the_register_s_own_inquires_for_nothing() -> None:
    departments = read_departments(LAW)

    departments.require_affair("department-care", "JM90000000132000")
    with pytest.raises(Refusal) as caught:
        departments.require_affair("department-register", "JM90000000132000")
    assert caught.value.reason is reasons.AFFAIR_NOT_OF_DEPARTMENT


BROKEN = [
    "care,a,b,none,invented,s\n",
    "department-care,a,b,JM1,invented,s\n",
    "department-care,a,b,none,certain,s\n",
    "department-care,a,b,JM90000000000000,invented,s\n",
    "department-care,a,b,none,invented,s\ndepartment-care,a,b,none,invented,s\n",
]


@pytest.mark.parametrize("lines", BROKEN)
def test_a_line_that_cannot_be_used_is_refused_before_a_server_starts(
    tmp_path: Path, lines: str
) -> None:
    (tmp_path / FILE).write_text(HEAD + lines)

    with pytest.raises(LawError):
        read_departments(LAW, tmp_path)
