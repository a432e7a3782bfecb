"""Clients of the services on the linkage network (LGWAN and the government's common network)."""

from datetime import datetime

from google.protobuf.descriptor import ServiceDescriptor

from renkei import wire
from renkei.acquisitions import Acquisition, Failure
from renkei.codes import (
    IndividualNumber,
    Institution,
    IntegratedAddressNumber,
    LinkageCode,
    ProcessingSerial,
    ResidentRecordCode,
)
from renkei.linkage.v1 import (
    code_acquisition_pb2,
    code_delivery_pb2,
    numbering_pb2,
    processing_serial_pb2,
    resident_record_code_pb2,
)
from renkei_clients.channel import Channel

_ACQUISITION: ServiceDescriptor = code_acquisition_pb2.DESCRIPTOR.services_by_name[
    "CodeAcquisitionService"
]
_DELIVERY: ServiceDescriptor = code_delivery_pb2.DESCRIPTOR.services_by_name["CodeDeliveryService"]
_NUMBERING: ServiceDescriptor = numbering_pb2.DESCRIPTOR.services_by_name["NumberingService"]
_SERIAL: ServiceDescriptor = processing_serial_pb2.DESCRIPTOR.services_by_name[
    "ProcessingSerialService"
]
_RECORD_CODE: ServiceDescriptor = resident_record_code_pb2.DESCRIPTOR.services_by_name[
    "ResidentRecordCodeService"
]


class CodeAcquisitionClient:
    """An organisation's client of the middle server, for codes."""

    def __init__(self, channel: Channel, sender: str) -> None:
        self._channel = channel
        self._sender = sender

    async def acquire_code(
        self, request_id: str, person: IntegratedAddressNumber, number: IndividualNumber
    ) -> tuple[IndividualNumber, ProcessingSerial] | None:
        """Start the acquisition of a code (F1.3 to F1.6); None once the serial was erased."""
        request = code_acquisition_pb2.AcquireCodeRequest(
            sender=self._sender,
            request_id=request_id,
            integrated_address_number=wire.write_integrated_address_number(person),
            individual_number=wire.write_individual_number(number),
        )
        return await self._channel.ask(
            _ACQUISITION.methods_by_name["AcquireCode"],
            request,
            code_acquisition_pb2.AcquireCodeResponse,
            _read_started,
        )

    async def get_code_acquisition(self, person: IntegratedAddressNumber) -> Acquisition:
        """How the newest acquisition for the person stands (F1.14)."""
        request = code_acquisition_pb2.GetCodeAcquisitionRequest(
            sender=self._sender,
            integrated_address_number=wire.write_integrated_address_number(person),
        )
        return await self._channel.ask(
            _ACQUISITION.methods_by_name["GetCodeAcquisition"],
            request,
            code_acquisition_pb2.GetCodeAcquisitionResponse,
            wire.read_acquisition,
        )


class AgencyNumberingClient:
    """A national body's terminal's client of its own agency linkage."""

    def __init__(self, channel: Channel, sender: str) -> None:
        self._channel = channel
        self._sender = sender

    async def number_person(
        self, request_id: str, number: IndividualNumber | None
    ) -> IntegratedAddressNumber:
        """Number a person and start the acquisition of their code (F1.1)."""
        request = numbering_pb2.NumberPersonRequest(
            sender=self._sender,
            request_id=request_id,
            individual_number=wire.write_individual_number(number) if number else None,
        )
        return await self._channel.ask(
            _NUMBERING.methods_by_name["NumberPerson"],
            request,
            numbering_pb2.NumberPersonResponse,
            wire.read_integrated_address_number,
        )

    async def get_numbering_outcome(self, person: IntegratedAddressNumber) -> Acquisition:
        """How the newest acquisition for the person stands (F1.14)."""
        request = numbering_pb2.GetNumberingOutcomeRequest(
            sender=self._sender,
            integrated_address_number=wire.write_integrated_address_number(person),
        )
        return await self._channel.ask(
            _NUMBERING.methods_by_name["GetNumberingOutcome"],
            request,
            numbering_pb2.GetNumberingOutcomeResponse,
            wire.read_acquisition,
        )


class ProcessingSerialClient:
    """An institution's client of the information provision network, for serials."""

    def __init__(self, channel: Channel, sender: str) -> None:
        self._channel = channel
        self._sender = sender

    async def issue_processing_serial(
        self, request_id: str
    ) -> tuple[ProcessingSerial, datetime] | None:
        """Ask for a serial (F1.4, F1.5); None once it was used or has expired."""
        request = processing_serial_pb2.IssueProcessingSerialRequest(
            sender=self._sender, request_id=request_id
        )
        return await self._channel.ask(
            _SERIAL.methods_by_name["IssueProcessingSerial"],
            request,
            processing_serial_pb2.IssueProcessingSerialResponse,
            _read_issued,
        )


class ResidentRecordCodeClient:
    """The national server's client of the information provision network."""

    def __init__(self, channel: Channel, sender: str) -> None:
        self._channel = channel
        self._sender = sender

    async def report_resident_record_code(
        self,
        request_id: str,
        serial: ProcessingSerial,
        asking: Institution,
        finding: ResidentRecordCode | Failure,
    ) -> None:
        """Tell the resident record code for a serial, or why there is none (F1.10)."""
        request = resident_record_code_pb2.ReportResidentRecordCodeRequest(
            sender=self._sender,
            request_id=request_id,
            processing_serial=wire.write_processing_serial(serial),
            asking_institution=asking.name,
        )
        if isinstance(finding, ResidentRecordCode):
            request.resident_record_code.CopyFrom(wire.write_resident_record_code(finding))
        else:
            request.failure = finding.value  # type: ignore[assignment]  # the numbers are the contract's
        await self._channel.call(
            _RECORD_CODE.methods_by_name["ReportResidentRecordCode"],
            request,
            resident_record_code_pb2.ReportResidentRecordCodeResponse,
        )


class CodeDeliveryClient:
    """The information provision network's client of an institution."""

    def __init__(self, channel: Channel, sender: str) -> None:
        self._channel = channel
        self._sender = sender

    async def deliver_code(
        self, request_id: str, serial: ProcessingSerial, outcome: LinkageCode | Failure | datetime
    ) -> None:
        """Deliver the code for a serial, why there is none, or when it expired (F1.12)."""
        request = code_delivery_pb2.DeliverCodeRequest(
            sender=self._sender,
            request_id=request_id,
            processing_serial=wire.write_processing_serial(serial),
        )
        if isinstance(outcome, LinkageCode):
            request.code.CopyFrom(wire.write_linkage_code(outcome))
        elif isinstance(outcome, Failure):
            request.failure = outcome.value  # type: ignore[assignment]  # the numbers are the contract's
        else:
            request.expiry.expired_at.CopyFrom(wire.write_time(outcome))
        await self._channel.call(
            _DELIVERY.methods_by_name["DeliverCode"],
            request,
            code_delivery_pb2.DeliverCodeResponse,
        )


def _read_started(
    response: code_acquisition_pb2.AcquireCodeResponse,
) -> tuple[IndividualNumber, ProcessingSerial] | None:
    if not response.HasField("processing_serial"):
        return None
    return wire.read_individual_number(response), wire.read_processing_serial(response)


def _read_issued(
    response: processing_serial_pb2.IssueProcessingSerialResponse,
) -> tuple[ProcessingSerial, datetime] | None:
    if not response.HasField("processing_serial"):
        return None
    return wire.read_processing_serial(response), wire.read_time(response, "expires_at")
