"""What a municipality's departments may inquire for (F2.1; PRV-15, PRV-18).

Rules:
- For resident-register affairs nobody inquires.
- A department inquires for the affairs of its own business; one that is not known here has none.

The first is documented, the second inferred: a department's terminal serves its own business.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.domain.legal_basis import LegalBasis


@dataclass(frozen=True, slots=True)
class Departments:
    """The affairs of each department's business, by its role."""

    business: Mapping[str, frozenset[str]]
    law: LegalBasis

    def require_affair(self, department: str, affair: str) -> None:
        """Raise INQUIRY_FOR_REGISTER_AFFAIRS or AFFAIR_NOT_OF_DEPARTMENT, if one forbids this."""
        self.law.refuse_register_affair(affair)
        if affair not in self.business.get(department, frozenset()):
            raise Refusal(reasons.AFFAIR_NOT_OF_DEPARTMENT, "", "affair_code")
