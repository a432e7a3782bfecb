"""What a lasting digest covers each seat that receives it may keep: the marks against the table."""

from typing import Final

import pytest
from google.protobuf.descriptor import FieldDescriptor

from renkei.contract import Method
from renkei.type.v1.codes_pb2 import (
    IndividualNumber,
    IntegratedAddressNumber,
    LinkageCode,
    LocalAddressNumber,
    ProcessingSerial,
    ResidentRecordCode,
)
from renkei_server.door.connections import TABLE
from renkei_simulators import contract
from renkei_simulators.separation.knowledge import Kind, Mark, cell

KINDS: Final = {
    of.DESCRIPTOR.full_name: kind
    for of, kind in (
        (IndividualNumber, Kind.INDIVIDUAL_NUMBER),
        (IntegratedAddressNumber, Kind.INTEGRATED_ADDRESS_NUMBER),
        (LinkageCode, Kind.LINKAGE_CODE),
        (LocalAddressNumber, Kind.LOCAL_ADDRESS_NUMBER),
        (ProcessingSerial, Kind.PROCESSING_SERIAL),
        (ResidentRecordCode, Kind.RESIDENT_RECORD_CODE),
    )
}
DRAWN: Final = {"exchange_id", "inquiry_id", "own_id"}
"""Texts that were drawn at random, or follow from such: nobody guesses one."""

METHODS: Final = [
    Method.of(method)
    for file in contract.files()
    for service in contract.descriptor(file).services_by_name.values()
    for method in service.methods
]
KEPT: Final = [(method, name) for method in METHODS for name in method.kept]


def seats(method: Method) -> set[str]:
    """The roles whose seats answer a method."""
    service = method.descriptor.containing_service.full_name
    return {row.seat for row in TABLE if row.service == service}


def may_be_covered(field: FieldDescriptor, role: str) -> bool:
    """Whether a lasting digest at this role may cover the field, as far as the table says."""
    if field.message_type is None:
        return field.name in DRAWN
    kind = KINDS.get(field.message_type.full_name)
    return kind is not None and cell(role, kind).mark is Mark.KEEP and not cell(role, kind).sealed


def field_of(method: Method, name: str) -> FieldDescriptor:
    field: FieldDescriptor = method.descriptor.input_type.fields_by_name[name]
    return field


@pytest.mark.parametrize(
    ("method", "name"), KEPT, ids=[f"{one.path.rpartition('.')[2]} {name}" for one, name in KEPT]
)
def test_each_seat_that_receives_a_kept_field_may_keep_it(method: Method, name: str) -> None:
    assert seats(method)
    assert [
        role for role in seats(method) if not may_be_covered(field_of(method, name), role)
    ] == []


def test_fields_are_marked_as_kept_on_requests_that_change_something_alone() -> None:
    """There are some, and none beside: what only asks leaves no receipt."""
    assert len(KEPT) > 20
    assert [one.path for one in METHODS if one.kept and one.request_id is None] == []


def test_what_proves_who_asks_is_covered_by_no_digest() -> None:
    assert [one.path for one in METHODS if {*one.kept} & {*one.credentials}] == []


@pytest.mark.parametrize(
    ("path", "name", "role"),
    [
        ("CodeAcquisitionService/AcquireCode", "individual_number", "middle-server"),
        ("MynaportalService/OpenAccount", "individual_number", "mynaportal"),
        ("CodeDeliveryService/DeliverCode", "processing_serial", "middle-server"),
        (
            "ResidentRecordCodeService/ReportResidentRecordCode",
            "resident_record_code",
            "provision-network",
        ),
        ("ExchangeService/RequestExchange", "code", "provision-network"),
        ("SubCopyService/RegisterSubCopy", "sub_copy", "middle-server"),
    ],
)
def test_what_a_seat_may_not_keep_could_not_be_marked(path: str, name: str, role: str) -> None:
    (method,) = [one for one in METHODS if one.path == f"/renkei.linkage.v1.{path}"]

    assert role in seats(method)
    assert not may_be_covered(field_of(method, name), role)
    assert name not in method.kept
