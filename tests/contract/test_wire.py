"""Values on the wire: what one side writes the other reads, and what is wrong is named by its path."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from google.protobuf.message import Message
from hypothesis import given
from hypothesis import strategies as st

from renkei import reasons, wire
from renkei.codes import (
    IndividualNumber,
    IntegratedAddressNumber,
    LinkageCode,
    LocalAddressNumber,
    ProcessingSerial,
    ResidentRecordCode,
)
from renkei.linkage.v1 import (
    code_acquisition_pb2,
    code_delivery_pb2,
    resident_record_code_pb2,
)
from renkei.persons import FourAttributes, Sex
from renkei.reasons import Reason
from renkei.ward.v1 import numbering_pb2

from .conftest import refusal_of


@dataclass(frozen=True, slots=True)
class Pair:
    """A value's reader and writer, a message that holds it, and how it is wrong."""

    read: Callable[..., Any]
    write: Callable[[Any], Message]
    message: type[Message]
    field: str
    values: st.SearchStrategy[Any]
    part: str
    malformed: Reason

    def carried(self, value: object) -> Message:
        """A message that has been on the wire with this value in its field."""
        sent = self.message(**{self.field: self.write(value)})
        return self.message.FromString(sent.SerializeToString())


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


def individual_number(body: str) -> IndividualNumber:
    return IndividualNumber.parse(f"{body}{IndividualNumber.check_digit(body)}")


def resident_record_code(body: str) -> ResidentRecordCode:
    return ResidentRecordCode.parse(f"{body}{min(ResidentRecordCode.check_digits(body))}")


CODES = {
    "Individual Number": Pair(
        wire.read_individual_number,
        wire.write_individual_number,
        numbering_pb2.NumberPersonRequest,
        "individual_number",
        digits(11).map(individual_number),
        "digits",
        reasons.MALFORMED_INDIVIDUAL_NUMBER,
    ),
    "resident record code": Pair(
        wire.read_resident_record_code,
        wire.write_resident_record_code,
        resident_record_code_pb2.ReportResidentRecordCodeRequest,
        "resident_record_code",
        digits(10).map(resident_record_code),
        "digits",
        reasons.MALFORMED_RESIDENT_RECORD_CODE,
    ),
    "local address number": Pair(
        wire.read_local_address_number,
        wire.write_local_address_number,
        numbering_pb2.NumberPersonRequest,
        "local_address_number",
        digits(15).map(LocalAddressNumber.parse),
        "digits",
        reasons.MALFORMED_LOCAL_ADDRESS_NUMBER,
    ),
    "integrated address number": Pair(
        wire.read_integrated_address_number,
        wire.write_integrated_address_number,
        code_acquisition_pb2.AcquireCodeRequest,
        "integrated_address_number",
        digits(15).map(IntegratedAddressNumber.parse),
        "digits",
        reasons.MALFORMED_INTEGRATED_ADDRESS_NUMBER,
    ),
    "processing serial": Pair(
        wire.read_processing_serial,
        wire.write_processing_serial,
        code_delivery_pb2.DeliverCodeRequest,
        "processing_serial",
        st.binary(min_size=16, max_size=16).map(lambda b: ProcessingSerial.parse(b.hex().upper())),
        "value",
        reasons.MALFORMED_PROCESSING_SERIAL,
    ),
    "linkage code": Pair(
        wire.read_linkage_code,
        wire.write_linkage_code,
        code_delivery_pb2.DeliverCodeRequest,
        "code",
        st.binary(min_size=32, max_size=32).map(LinkageCode.parse),
        "value",
        reasons.MALFORMED_LINKAGE_CODE,
    ),
}

PLAIN = st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")
PERSONS = st.builds(
    FourAttributes,
    name=st.text(PLAIN, min_size=1, max_size=200).filter(str.strip),
    furigana=st.text(PLAIN, max_size=200),
    birth_date=st.dates(date(1850, 1, 1), date(2200, 12, 31)),
    sex=st.sampled_from(Sex),
    postal_code=st.one_of(st.just(""), digits(7)),
    address=st.text(PLAIN, min_size=1, max_size=300).filter(str.strip),
)

SOMEBODY = FourAttributes(
    "山田　花子", "ヤマダ　ハナコ", date(1970, 1, 31), Sex.FEMALE, "", "東京都"
)


# Codes


@pytest.mark.parametrize("pair", CODES.values(), ids=CODES)
@given(data=st.data())
def test_a_code_is_read_as_it_was_written(pair: Pair, data: st.DataObject) -> None:
    value = data.draw(pair.values)

    assert pair.read(pair.carried(value)) == value


@pytest.mark.parametrize("pair", CODES.values(), ids=CODES)
def test_an_absent_code_is_missing(pair: Pair) -> None:
    refusal = refusal_of(lambda: pair.read(pair.message()))

    assert (refusal.reason, refusal.fields) == (reasons.FIELD_MISSING, (pair.field,))


@pytest.mark.parametrize("pair", CODES.values(), ids=CODES)
def test_an_empty_code_is_malformed_and_its_path_is_told(pair: Pair) -> None:
    refusal = refusal_of(lambda: pair.read(pair.message(**{pair.field: {}})))

    assert (refusal.reason, refusal.fields) == (pair.malformed, (f"{pair.field}.{pair.part}",))


@pytest.mark.parametrize(
    ("field", "number", "reason"),
    [
        ("old_individual_number", "123456789012", reasons.INDIVIDUAL_NUMBER_CHECK_DIGIT),
        ("new_individual_number", "１２３４５６７８９０１８", reasons.MALFORMED_INDIVIDUAL_NUMBER),
    ],
)
def test_a_wrong_code_is_named_by_the_field_that_holds_it(
    field: str, number: str, reason: Reason
) -> None:
    message = numbering_pb2.ChangeIndividualNumberRequest(**{field: {"digits": number}})

    refusal = refusal_of(lambda: wire.read_individual_number(message, field))

    assert (refusal.reason, refusal.fields) == (reason, (f"{field}.digits",))


def test_a_person_without_an_individual_number_is_not_one_with_an_empty_one() -> None:
    without = numbering_pb2.NumberPersonRequest()
    empty = numbering_pb2.NumberPersonRequest(individual_number={})

    assert wire.read_optional_individual_number(without) is None
    refusal = refusal_of(lambda: wire.read_optional_individual_number(empty))
    assert refusal.reason is reasons.MALFORMED_INDIVIDUAL_NUMBER
    assert refusal.fields == ("individual_number.digits",)


def test_an_institution_is_read_from_a_plain_text() -> None:
    assert wire.read_institution("131148", "sender").name == "131148"
    refusal = refusal_of(lambda: wire.read_institution("131149", "asking_institution"))
    assert refusal.reason is reasons.LOCAL_GOVERNMENT_CODE_CHECK_DIGIT
    assert refusal.fields == ("asking_institution",)


# Persons


def numbering(attributes: FourAttributes) -> numbering_pb2.NumberPersonRequest:
    sent = numbering_pb2.NumberPersonRequest(attributes=wire.write_four_attributes(attributes))
    return numbering_pb2.NumberPersonRequest.FromString(sent.SerializeToString())


@given(PERSONS)
def test_four_attributes_are_read_as_they_were_written(attributes: FourAttributes) -> None:
    assert wire.read_four_attributes(numbering(attributes)) == attributes


def test_absent_attributes_are_missing() -> None:
    refusal = refusal_of(lambda: wire.read_four_attributes(numbering_pb2.NumberPersonRequest()))

    assert (refusal.reason, refusal.fields) == (reasons.FIELD_MISSING, ("attributes",))


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"name": None}, "name.text"),
        ({"name": {"text": "山" * 201}}, "name.text"),
        ({"name": {"text": "山", "furigana": "ヤ" * 201}}, "name.furigana"),
        ({"birth_date": None}, "birth_date"),
        ({"birth_date": {"year": 2001, "month": 2, "day": 29}}, "birth_date"),
        ({"birth_date": {"year": -1, "month": 1, "day": 1}}, "birth_date"),
        ({"birth_date": {"year": 2**31 - 1, "month": 1, "day": 1}}, "birth_date"),
        ({"birth_date": {"year": 1849, "month": 12, "day": 31}}, "birth_date.year"),
        ({"birth_date": {"year": 2201, "month": 1, "day": 1}}, "birth_date.year"),
        ({"sex": 0}, "sex"),
        ({"sex": 9}, "sex"),
        ({"address": None}, "address.text"),
        ({"address": {"text": "東" * 301}}, "address.text"),
        ({"address": {"text": "東", "postal_code": "164-001"}}, "address.postal_code"),
        ({"address": {"text": "東", "postal_code": "164"}}, "address.postal_code"),
        ({"address": {"text": "東", "postal_code": "１６４０００１"}}, "address.postal_code"),
    ],
)
def test_a_wrong_attribute_is_named_by_its_path(changes: dict[str, Any], place: str) -> None:
    message = numbering(SOMEBODY)
    for field, value in changes.items():
        message.attributes.ClearField(field)
        if value is not None:
            message.attributes.MergeFrom(type(message.attributes)(**{field: value}))

    refusal = refusal_of(lambda: wire.read_four_attributes(message))

    assert refusal.reason is reasons.MALFORMED_ATTRIBUTES
    assert refusal.fields == (f"attributes.{place}",)


@given(PERSONS)
def test_attributes_show_themselves_masked(attributes: FourAttributes) -> None:
    assert repr(attributes) == "FourAttributes()"


@pytest.mark.parametrize("field", ["name", "furigana", "address"])
@pytest.mark.parametrize("wrong", ["a\0b", "a\nb", "a\x85", "\uffff", "a\ufffe", "\ud842"])
def test_a_text_of_a_person_holds_no_control_character_and_nothing_that_xml_cannot(
    field: str, wrong: str
) -> None:
    refusal = refusal_of(lambda: replace(SOMEBODY, **{field: wrong}))

    assert refusal.reason is reasons.MALFORMED_ATTRIBUTES
    assert "text" in refusal.fields[0] or "furigana" in refusal.fields[0]


@pytest.mark.parametrize("blank", ["", " ", "\u3000\u3000", "\u00a0"])
def test_a_name_and_an_address_show_something(blank: str) -> None:
    for field in ("name", "address"):
        refusal = refusal_of(lambda one=field: replace(SOMEBODY, **{one: blank}))
        assert refusal.fields == (f"{field}.text",)
