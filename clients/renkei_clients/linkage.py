"""Clients of the services on the linkage network (LGWAN and the government's common network)."""

from datetime import datetime

from renkei import wire
from renkei.acquisitions import Acquisition, Failure, Standing
from renkei.codes import (
    IndividualNumber,
    Institution,
    IntegratedAddressNumber,
    LinkageCode,
    ProcessingSerial,
    ResidentRecordCode,
)
from renkei.linkage.v1 import code_acquisition_pb2 as acquisition_pb2
from renkei.linkage.v1 import code_delivery_pb2 as delivery_pb2
from renkei.linkage.v1 import numbering_pb2
from renkei.linkage.v1 import processing_serial_pb2 as serial_pb2
from renkei.linkage.v1 import resident_record_code_pb2 as record_code_pb2
from renkei_clients.channel import Channel


class CodeAcquisitionClient:
    """An organisation's client of the middle server, for codes."""

    def __init__(self, channel: Channel) -> None:
        self._ask = channel.ask

    async def acquire_code(
        self, request_id: str, person: IntegratedAddressNumber, number: IndividualNumber
    ) -> tuple[IndividualNumber, ProcessingSerial] | None:
        """Start the acquisition of a code (F1.3 to F1.6); None once the serial was erased."""
        request = acquisition_pb2.AcquireCodeRequest(
            request_id=request_id,
            integrated_address_number=wire.write_integrated_address_number(person),
            individual_number=wire.write_individual_number(number),
        )
        return await self._ask(request, acquisition_pb2.AcquireCodeResponse, _read_started)

    async def get_code_acquisition(self, person: IntegratedAddressNumber) -> Standing:
        """How the newest acquisition for the person stands (F1.14)."""
        named = wire.write_integrated_address_number(person)
        request = acquisition_pb2.GetCodeAcquisitionRequest(integrated_address_number=named)
        response = acquisition_pb2.GetCodeAcquisitionResponse
        return await self._ask(request, response, wire.read_standing)


class AgencyNumberingClient:
    """A national body's terminal's client of its own agency linkage."""

    def __init__(self, channel: Channel) -> None:
        self._ask = channel.ask

    async def number_person(
        self, request_id: str, number: IndividualNumber | None
    ) -> IntegratedAddressNumber:
        """Number a person and start the acquisition of their code (F1.1)."""
        known = wire.write_individual_number(number) if number else None
        request = numbering_pb2.NumberPersonRequest(request_id=request_id, individual_number=known)
        response = numbering_pb2.NumberPersonResponse
        return await self._ask(request, response, wire.read_integrated_address_number)

    async def get_numbering_outcome(self, person: IntegratedAddressNumber) -> Acquisition:
        """How the newest acquisition for the person stands (F1.14)."""
        named = wire.write_integrated_address_number(person)
        request = numbering_pb2.GetNumberingOutcomeRequest(integrated_address_number=named)
        response = numbering_pb2.GetNumberingOutcomeResponse
        return await self._ask(request, response, wire.read_acquisition)


class ProcessingSerialClient:
    """An institution's client of the information provision network, for serials."""

    def __init__(self, channel: Channel) -> None:
        self._ask = channel.ask

    async def issue_processing_serial(
        self, request_id: str
    ) -> tuple[ProcessingSerial, datetime] | None:
        """Ask for a serial (F1.4, F1.5); None once it was used or has expired."""
        request = serial_pb2.IssueProcessingSerialRequest(request_id=request_id)
        response = serial_pb2.IssueProcessingSerialResponse
        return await self._ask(request, response, _read_issued)

    async def is_good(self, serial: ProcessingSerial) -> bool:
        """Whether a serial of one's own is neither used nor expired."""
        asked = wire.write_processing_serial(serial)
        request = serial_pb2.GetProcessingSerialRequest(processing_serial=asked)
        response = serial_pb2.GetProcessingSerialResponse
        return await self._ask(request, response, lambda told: told.good)

    async def count_used(self) -> int:
        """How many serials of one's own were ever used."""
        response = serial_pb2.GetProcessingSerialCountResponse
        return await self._ask(
            serial_pb2.GetProcessingSerialCountRequest(), response, lambda told: told.used
        )


class ResidentRecordCodeClient:
    """The national server's client of the information provision network."""

    def __init__(self, channel: Channel) -> None:
        self._call = channel.call

    async def report_resident_record_code(
        self,
        request_id: str,
        serial: ProcessingSerial,
        asking: Institution,
        finding: ResidentRecordCode | Failure,
    ) -> None:
        """Tell the resident record code for a serial, or why there is none (F1.10)."""
        request = record_code_pb2.ReportResidentRecordCodeRequest(
            request_id=request_id,
            processing_serial=wire.write_processing_serial(serial),
            asking_institution=asking.name,
        )
        if isinstance(finding, ResidentRecordCode):
            request.resident_record_code.CopyFrom(wire.write_resident_record_code(finding))
        else:
            request.failure = finding.value  # type: ignore[assignment]  # the numbers are the contract's
        await self._call(request)

    async def change_resident_record_code(
        self, request_id: str, old: ResidentRecordCode, new: ResidentRecordCode
    ) -> None:
        """Tell that a person's resident record code was changed (F13.3)."""
        request = record_code_pb2.ChangeResidentRecordCodeRequest(
            request_id=request_id,
            old_resident_record_code=wire.write_resident_record_code(old),
            new_resident_record_code=wire.write_resident_record_code(new),
        )
        await self._call(request)


class CodeDeliveryClient:
    """The information provision network's client of an institution."""

    def __init__(self, channel: Channel) -> None:
        self._call = channel.call

    async def deliver_code(
        self, request_id: str, serial: ProcessingSerial, outcome: LinkageCode | Failure | datetime
    ) -> None:
        """Deliver the code for a serial, why there is none, or when it expired (F1.12)."""
        used = wire.write_processing_serial(serial)
        request = delivery_pb2.DeliverCodeRequest(request_id=request_id, processing_serial=used)
        if isinstance(outcome, LinkageCode):
            request.code.CopyFrom(wire.write_linkage_code(outcome))
        elif isinstance(outcome, Failure):
            request.failure = outcome.value  # type: ignore[assignment]  # the numbers are the contract's
        else:
            request.expiry.expired_at.CopyFrom(wire.write_time(outcome))
        await self._call(request)


def _read_started(
    told: acquisition_pb2.AcquireCodeResponse,
) -> tuple[IndividualNumber, ProcessingSerial] | None:
    if not told.HasField("processing_serial"):
        return None
    return wire.read_individual_number(told), wire.read_processing_serial(told)


def _read_issued(
    told: serial_pb2.IssueProcessingSerialResponse,
) -> tuple[ProcessingSerial, datetime] | None:
    if not told.HasField("processing_serial"):
        return None
    return wire.read_processing_serial(told), wire.read_time(told, "expires_at")
