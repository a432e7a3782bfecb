"""A national body's or a prefecture's own register of persons (invented).

Such are the insured of the pension agency, and the recipients of a prefecture's benefits.
"""

from dataclasses import dataclass
from typing import TypeAlias

from renkei.codes import IndividualNumber
from renkei.persons import FourAttributes
from renkei_server.store.engine.files import FileForm, Key, SealedFile


@dataclass(frozen=True, slots=True)
class InsuredPerson:
    """One person of the register."""

    individual_number: IndividualNumber
    attributes: FourAttributes


BY_INDIVIDUAL_NUMBER = Key[InsuredPerson, IndividualNumber](
    "individual_number", lambda person: person.individual_number
)

INSURED = FileForm("insured", InsuredPerson, BY_INDIVIDUAL_NUMBER)
TABLES = INSURED.tables

Insured: TypeAlias = SealedFile[InsuredPerson]
"""The persons of one national body, or one prefecture."""
