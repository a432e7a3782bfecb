"""The resident record system's register (住民基本台帳), as far as the code exchange needs it (RR-4, RR-7)."""

from dataclasses import dataclass, field
from typing import TypeAlias

from renkei.codes import IndividualNumber, LocalAddressNumber, ResidentRecordCode
from renkei.persons import FourAttributes
from renkei_server.store.engine.files import FileForm, Key, SealedFile


@dataclass(frozen=True, slots=True)
class ResidentRecord:
    """One record of the register (住民票), current or removed."""

    local_address_number: LocalAddressNumber
    resident_record_code: ResidentRecordCode
    individual_number: IndividualNumber | None
    attributes: FourAttributes
    removed: bool = field(default=False, repr=False)


BY_LOCAL_ADDRESS_NUMBER = Key[ResidentRecord, LocalAddressNumber](
    "local_address_number", lambda record: record.local_address_number
)

REGISTER = FileForm("residents", ResidentRecord, BY_LOCAL_ADDRESS_NUMBER, history=True)
TABLES = REGISTER.tables

Residents: TypeAlias = SealedFile[ResidentRecord]
"""The records of one municipality."""
