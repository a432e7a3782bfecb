"""Numbers and codes: three check digit rules that are not one, and forms that are exact.

Vectors are of `docs/sources.md`, section 3.
"""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from renkei import reasons
from renkei.codes import (
    IndividualNumber,
    Institution,
    IntegratedAddressNumber,
    LinkageCode,
    LocalAddressNumber,
    LocalGovernmentCode,
    ProcessingSerial,
    ResidentRecordCode,
)
from renkei.reasons import Reason
from renkei.refusals import Refusal

DIGITS = {
    IndividualNumber: (12, reasons.MALFORMED_INDIVIDUAL_NUMBER),
    ResidentRecordCode: (11, reasons.MALFORMED_RESIDENT_RECORD_CODE),
    LocalGovernmentCode: (6, reasons.MALFORMED_INSTITUTION),
    LocalAddressNumber: (15, reasons.MALFORMED_LOCAL_ADDRESS_NUMBER),
    IntegratedAddressNumber: (15, reasons.MALFORMED_INTEGRATED_ADDRESS_NUMBER),
}
"""How many digits each has, and why it is refused without."""

CHECKED = {
    IndividualNumber: ("123456789018", reasons.INDIVIDUAL_NUMBER_CHECK_DIGIT),
    ResidentRecordCode: ("12345678903", reasons.RESIDENT_RECORD_CODE_CHECK_DIGIT),
    LocalGovernmentCode: ("131148", reasons.LOCAL_GOVERNMENT_CODE_CHECK_DIGIT),
}
"""One that is right, and why its neighbours are refused."""


def bodies(length: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=length, max_size=length)


def reason_of(parse: object, text: object) -> Reason:
    with pytest.raises(Refusal) as caught:
        parse(text)  # type: ignore[operator]
    return caught.value.reason


# Check digits


@pytest.mark.parametrize(
    "number",
    [
        "123456789018",
        "000000000000",
        "987654321093",
        "111111111118",
        "131140000016",
        "100000000080",
        "100000000030",
        "983205673214",
        "621498320257",
    ],
)
def test_a_published_individual_number_is_one(number: str) -> None:
    assert IndividualNumber.parse(number).digits == number


@pytest.mark.parametrize(
    "code",
    [
        "12345678903",
        "98765432103",
        "20240711002",
        "55555555554",
        "13114000102",
        "27182818289",
        "24727059608",
        "24846016224",
        "25208017643",
    ],
)
def test_a_published_resident_record_code_is_one(code: str) -> None:
    assert ResidentRecordCode.parse(code).digits == code


@pytest.mark.parametrize(
    "code", ["131148", "130001", "131130", "131041", "010006", "012131", "012050"]
)
def test_a_published_local_government_code_is_one(code: str) -> None:
    assert LocalGovernmentCode.parse(code).digits == code


@pytest.mark.parametrize("kind", CHECKED)
def test_nine_of_ten_last_digits_are_refused(kind: type) -> None:
    good, reason = CHECKED[kind]
    wrong = [good[:-1] + digit for digit in "0123456789" if digit != good[-1]]

    assert {reason_of(kind.parse, one) for one in wrong} == {reason}


def test_the_three_rules_differ_at_remainder_0() -> None:
    assert IndividualNumber.check_digit("10000000008") == 0
    assert LocalGovernmentCode.check_digit("01213") == 1
    assert ResidentRecordCode.check_digits("1000000003") == {0, 1}


def test_the_three_rules_agree_at_remainder_1() -> None:
    assert IndividualNumber.check_digit("10000000003") == 0
    assert LocalGovernmentCode.check_digit("01205") == 0
    assert ResidentRecordCode.check_digits("1000000009") == {0}
    assert ResidentRecordCode.check_digits("3141592653") == {0}


def remainder(body: str) -> int:
    """As the ordinance says it: P is the n-th digit from the right, Q its weight."""
    from_the_right = enumerate(reversed(body), start=1)
    return sum(int(p) * (n + 1 if n <= 6 else n - 5) for n, p in from_the_right) % 11


@given(bodies(11))
def test_an_individual_number_follows_the_ordinance(body: str) -> None:
    left = remainder(body)

    assert IndividualNumber.check_digit(body) == (0 if left <= 1 else 11 - left)


@given(bodies(11), st.integers(0, 11), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_refused_unless_it_turns_remainder_0_into_1_or_back(
    body: str, place: int, digit: str
) -> None:
    number = f"{body}{IndividualNumber.check_digit(body)}"
    wrong = number[:place] + digit + number[place + 1 :]
    assume(wrong != number)
    slips_through = place < 11 and {remainder(body), remainder(wrong[:11])} == {0, 1}

    if slips_through:
        assert IndividualNumber.parse(wrong)
    else:
        reason = reason_of(IndividualNumber.parse, wrong)
        assert reason is reasons.INDIVIDUAL_NUMBER_CHECK_DIGIT


def test_one_wrong_digit_can_slip_through() -> None:
    assert IndividualNumber.parse("100000000080")
    assert IndividualNumber.parse("100000000030")


@given(bodies(11))
def test_every_body_of_an_individual_number_is_completed_by_one_digit(body: str) -> None:
    fitting = [digit for digit in "0123456789" if str(IndividualNumber.check_digit(body)) == digit]

    assert len(fitting) == 1
    assert IndividualNumber.parse(body + fitting[0])


@given(bodies(10))
def test_only_remainder_0_leaves_two_resident_record_codes(body: str) -> None:
    """The body of a code has the weights of the ten last digits of an Individual Number's."""
    left = remainder(body)
    expected = {0, 1} if left == 0 else {0} if left == 1 else {11 - left}

    assert ResidentRecordCode.check_digits(body) == expected


@given(bodies(5))
def test_a_local_government_code_s_digit_is_the_last_of_11_less_the_remainder(body: str) -> None:
    weighted = sum(int(digit) * weight for digit, weight in zip(body, range(6, 1, -1), strict=True))

    assert str(LocalGovernmentCode.check_digit(body)) == str(11 - weighted % 11)[-1]


# Forms


@pytest.mark.parametrize("kind", DIGITS)
def test_what_is_not_exactly_its_ascii_digits_is_malformed(kind: type) -> None:
    count, reason = DIGITS[kind]
    good = CHECKED[kind][0] if kind in CHECKED else "1" * count
    full_width = good.translate({ord("0") + n: ord("０") + n for n in range(10)})
    arabic_indic = good.translate({ord("0") + n: ord("٠") + n for n in range(10)})
    malformed = [
        "",
        good[:-1],
        good + "0",
        full_width,
        arabic_indic,
        good[:-1] + "９",
        good[:-1] + "²",
        " " + good[1:],
        good[:-1] + " ",
        good[:-1] + "\n",
        good + "\n",
        good[:-1] + "x",
        "-" + good[1:],
    ]

    assert {reason_of(kind.parse, text) for text in malformed} == {reason}
    assert kind.parse(good)


@pytest.mark.parametrize(
    "check",
    [
        (IndividualNumber.check_digit, 11, reasons.MALFORMED_INDIVIDUAL_NUMBER),
        (ResidentRecordCode.check_digits, 10, reasons.MALFORMED_RESIDENT_RECORD_CODE),
        (LocalGovernmentCode.check_digit, 5, reasons.MALFORMED_INSTITUTION),
    ],
)
def test_a_body_of_another_form_has_no_check_digit(check: tuple[object, int, Reason]) -> None:
    of, count, reason = check

    for body in ("", "1" * (count - 1), "1" * (count + 1), "１" * count):
        assert reason_of(of, body) is reason


@pytest.mark.parametrize("name", ["131148", "nenkin", "jlis", "a1", "kokuzei-cho", "a" * 31])
def test_an_institution_is_a_local_government_code_or_a_word(name: str) -> None:
    assert str(Institution.parse(name)) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a",
        "Nenkin",
        "nenkin\n",
        "-nenkin",
        "1nenkin",
        "年金",
        "a" * 32,
        "13114",
        "１３１１４８",
    ],
)
def test_what_is_neither_is_a_malformed_institution(name: str) -> None:
    assert reason_of(Institution.parse, name) is reasons.MALFORMED_INSTITUTION


def test_an_institution_of_six_digits_must_check() -> None:
    reason = reason_of(Institution.parse, "131149")
    assert reason is reasons.LOCAL_GOVERNMENT_CODE_CHECK_DIGIT


@pytest.mark.parametrize(
    "text",
    ["", "A" * 31, "A" * 33, "a" * 32, "G" * 32, "Ａ" * 32, "A" * 31 + "\n", "A" * 32 + "\n"],
)
def test_a_serial_is_exactly_32_hexadecimal_digits_in_upper_case(text: str) -> None:
    assert reason_of(ProcessingSerial.parse, text) is reasons.MALFORMED_PROCESSING_SERIAL
    assert ProcessingSerial.parse("0123456789ABCDEF" * 2)


@pytest.mark.parametrize("count", [0, 31, 33])
def test_a_linkage_code_is_exactly_32_bytes(count: int) -> None:
    assert reason_of(LinkageCode.parse, bytes(count)) is reasons.MALFORMED_LINKAGE_CODE
    assert LinkageCode.parse(bytes(32))


# What may be shown


@pytest.mark.parametrize(
    ("code", "hidden"),
    [
        (IndividualNumber("123456789018"), "1234"),
        (ResidentRecordCode("12345678903"), "1234"),
        (LocalAddressNumber("000000000012345"), "12345"),
        (IntegratedAddressNumber("000000000012345"), "12345"),
        (ProcessingSerial("0123456789ABCDEF" * 2), "ABCD"),
        (LinkageCode(b"linkage code" + bytes(20)), "linkage code"),
    ],
)
def test_a_code_that_names_a_person_or_a_task_shows_itself_masked(
    code: object, hidden: str
) -> None:
    assert hidden not in f"{code!r} {code!s}"


@pytest.mark.parametrize("kind", DIGITS)
def test_a_refused_code_is_not_told_in_the_refusal(kind: type) -> None:
    text = "987654"
    malformed = text * 4

    with pytest.raises(Refusal) as caught:
        kind.parse(malformed)

    assert text not in f"{caught.value} {caught.value!r}"
