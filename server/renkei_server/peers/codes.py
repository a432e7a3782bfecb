"""The peers of the code exchange (F1), as a seat needs them.

A seat is handed its peers; it does not know how they are reached, and imports no client of
them: so each is a Protocol, whatever implements it. Every method raises the peer's Refusal, or
PEER_UNREACHABLE and its kin where none came.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from renkei.acquisitions import Acquisition, Failure, Standing
from renkei.codes import (
    IndividualNumber,
    Institution,
    IntegratedAddressNumber,
    LinkageCode,
    LocalAddressNumber,
    ProcessingSerial,
    ResidentRecordCode,
)
from renkei.linkage.v1.sub_copy_pb2 import LoadSubCopiesRequest, LoadSubCopiesResponse
from renkei.persons import FourAttributes
from renkei.sub_copies import HeldSubCopy, RecordName, SubCopy


class NumbersPersons(Protocol):
    """The linkage platform, as the resident record system sees it."""

    async def number_person(
        self,
        request_id: str,
        local: LocalAddressNumber,
        number: IndividualNumber | None,
        attributes: FourAttributes,
    ) -> None:
        """F1.1."""
        ...

    async def change_individual_number(
        self, request_id: str, old: IndividualNumber, new: IndividualNumber
    ) -> None:
        """F13.1."""
        ...

    async def get_numbering_outcome(self, local: LocalAddressNumber) -> Acquisition:
        """F1.15."""
        ...


class GeneratesLinkageCodes(Protocol):
    """Whoever takes a linkage-code generation request one hop further.

    The resident record system for the linkage platform, the municipal CS for the
    resident record system, the national server for the municipal CS.
    """

    async def generate_linkage_code(
        self, request_id: str, number: IndividualNumber, serial: ProcessingSerial
    ) -> None:
        """F1.7 and F1.8."""
        ...


class AcquiresCodes(Protocol):
    """The middle server, as an organisation's linkage platform sees it."""

    async def acquire_code(
        self, request_id: str, person: IntegratedAddressNumber, number: IndividualNumber
    ) -> tuple[IndividualNumber, ProcessingSerial] | None:
        """F1.3 to F1.6; None once the serial was erased."""
        ...

    async def get_code_acquisition(self, person: IntegratedAddressNumber) -> Standing:
        """F1.14."""
        ...


class KeepsSubCopies(Protocol):
    """The middle server, as an organisation's linkage platform hands sub-copies to it."""

    async def register_sub_copy(
        self, request_id: str, person: IntegratedAddressNumber, sub_copy: SubCopy
    ) -> int:
        """Register a sub-copy, or a new version of it; returns which version it is."""
        ...

    async def load_chunk(self, chunk: LoadSubCopiesRequest) -> LoadSubCopiesResponse:
        """Register many at once; each entry that was refused is told."""
        ...

    async def delete_sub_copy(
        self, request_id: str, person: IntegratedAddressNumber, name: RecordName
    ) -> None:
        """Delete every version of a record."""
        ...

    async def list_sub_copies(self, person: IntegratedAddressNumber) -> Sequence[HeldSubCopy]:
        """What is held of the person, the latest version of each record."""
        ...


class IssuesSerials(Protocol):
    """The information provision network, as an institution sees it."""

    async def issue_processing_serial(
        self, request_id: str
    ) -> tuple[ProcessingSerial, datetime] | None:
        """F1.4 and F1.5: the serial and its expiry; None once it was used or has expired."""
        ...


class KnowsSerials(Protocol):
    """The information provision network, as whoever waits under a serial sees it."""

    async def is_good(self, serial: ProcessingSerial) -> bool:
        """Whether it is neither used nor expired; raises SERIAL_NEVER_ISSUED and its kin."""
        ...

    async def count_used(self) -> int:
        """How many of the institution's own were ever used."""
        ...


class TakesResidentRecordCodes(Protocol):
    """The information provision network, as the national server sees it."""

    async def report_resident_record_code(
        self,
        request_id: str,
        serial: ProcessingSerial,
        asking: Institution,
        finding: ResidentRecordCode | Failure,
    ) -> None:
        """F1.10."""
        ...

    async def change_resident_record_code(
        self, request_id: str, old: ResidentRecordCode, new: ResidentRecordCode
    ) -> None:
        """F13.3."""
        ...


class ReceivesCodes(Protocol):
    """An institution's middle server or agency linkage, as the network sees it."""

    async def deliver_code(
        self, request_id: str, serial: ProcessingSerial, outcome: LinkageCode | Failure | datetime
    ) -> None:
        """F1.12: the code, why there is none, or when the serial expired."""
        ...
