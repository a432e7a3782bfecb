"""The resident record system's register (住民基本台帳), its records and their history (RR-1 to RR-4, RR-7)."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeAlias

from renkei.codes import IndividualNumber, LocalAddressNumber, ResidentRecordCode
from renkei.consistency import ComparedPerson, bucket_of
from renkei.identities import IdentityItems
from renkei.municipal_items import MunicipalItems
from renkei.persons import FourAttributes
from renkei.residents import Household
from renkei_server.store.engine.files import FileForm, Key, SealedFile
from renkei_server.store.engine.sums import Share, SumsForm


@dataclass(frozen=True, slots=True)
class ResidentRecord:
    """One record of the register (住民票), current or removed."""

    local_address_number: LocalAddressNumber
    resident_record_code: ResidentRecordCode
    individual_number: IndividualNumber | None
    attributes: FourAttributes | None
    """None where the birth date is not known."""
    removed_on: date | None = field(default=None, repr=False)
    """The last day that the removal (消除) can have been of (STO-15); None of a current record."""
    items: IdentityItems | None = None
    """What the network keeps too, with reason and day as it was told last; None of whom it was told
    nothing from here."""
    municipal: MunicipalItems | None = None
    household: Household | None = None

    @property
    def compared(self) -> ComparedPerson | None:
        """What is compared with the municipal CS's file; None where it was told nothing."""
        if self.items is None:
            return None
        return ComparedPerson(self.items, self.removed, self.municipal)

    @property
    def removed(self) -> bool:
        """Whether it is a removed record (除票)."""
        return self.removed_on is not None


BY_LOCAL_ADDRESS_NUMBER = Key[ResidentRecord, LocalAddressNumber](
    "local_address_number", lambda record: record.local_address_number
)

BY_CODE = Key[ResidentRecord, ResidentRecordCode](
    "resident_record_code", lambda record: record.resident_record_code, shared=True
)
BY_BUCKET = Key[ResidentRecord, int](
    "bucket",
    lambda record: bucket_of(record.resident_record_code) if _is_told(record) else None,
    shared=True,
    of_now=True,
)

OF_REGISTER: Final = "register"
"""The one set of a register: all whom the network knows."""


def _is_told(record: ResidentRecord) -> bool:
    return record.individual_number is not None


def _share_of(record: ResidentRecord) -> Share | None:
    if not _is_told(record):
        return None
    person = record.compared
    digests = () if person is None else (person.digest,)
    return Share(OF_REGISTER, bucket_of(record.resident_record_code), digests)


SUMS: Final = SumsForm[ResidentRecord]("resident_sums", _share_of)
REGISTER = FileForm(
    "residents",
    ResidentRecord,
    BY_LOCAL_ADDRESS_NUMBER,
    BY_CODE,
    BY_BUCKET,
    history=True,
    sums=SUMS,
    ends=lambda record: record.removed_on,
)
TABLES = (*REGISTER.tables, *SUMS.tables)

Residents: TypeAlias = SealedFile[ResidentRecord]
"""The records of one municipality."""
