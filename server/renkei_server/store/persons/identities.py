"""The national identity file (機構保存本人確認情報), as far as the code exchange needs it (NS-1, NS-6).

Removed persons stay in it (150 years), so their codes can be made too.
"""

from dataclasses import dataclass
from typing import TypeAlias

from renkei.codes import IndividualNumber, ResidentRecordCode
from renkei.persons import FourAttributes
from renkei_server.store.engine.files import FileForm, Key, SealedFile


@dataclass(frozen=True, slots=True)
class Identity:
    """One person of the national identity file."""

    individual_number: IndividualNumber
    resident_record_code: ResidentRecordCode
    attributes: FourAttributes


BY_INDIVIDUAL_NUMBER = Key[Identity, IndividualNumber](
    "individual_number", lambda person: person.individual_number
)

NATION = FileForm("identities", Identity, BY_INDIVIDUAL_NUMBER, history=True)
TABLES = NATION.tables

Identities: TypeAlias = SealedFile[Identity]
"""The persons of the nation."""
