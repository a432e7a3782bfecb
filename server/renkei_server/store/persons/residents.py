"""The resident record system's register (住民基本台帳), its records and their history (RR-1 to RR-4, RR-7)."""

from dataclasses import dataclass, field
from typing import TypeAlias

from renkei.codes import IndividualNumber, LocalAddressNumber, ResidentRecordCode
from renkei.identities import IdentityItems
from renkei.municipal_items import MunicipalItems
from renkei.persons import FourAttributes
from renkei.residents import Household
from renkei_server.store.engine.files import FileForm, Key, SealedFile


@dataclass(frozen=True, slots=True)
class ResidentRecord:
    """One record of the register (住民票), current or removed."""

    local_address_number: LocalAddressNumber
    resident_record_code: ResidentRecordCode
    individual_number: IndividualNumber | None
    attributes: FourAttributes | None
    """None where the birth date is not known."""
    removed: bool = field(default=False, repr=False)
    items: IdentityItems | None = None
    """What the network was told last; None of whom it was told nothing from here."""
    municipal: MunicipalItems | None = None
    household: Household | None = None


BY_LOCAL_ADDRESS_NUMBER = Key[ResidentRecord, LocalAddressNumber](
    "local_address_number", lambda record: record.local_address_number
)

REGISTER = FileForm("residents", ResidentRecord, BY_LOCAL_ADDRESS_NUMBER, history=True)
TABLES = REGISTER.tables

Residents: TypeAlias = SealedFile[ResidentRecord]
"""The records of one municipality."""
