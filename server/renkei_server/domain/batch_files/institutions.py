"""Institution codes of sixteen digits (機関コード), as batch files name institutions.

Rules:
- A local government is its own six digits between five and five more; a national body has a code
  of its own. Nothing else is known.

Source: MSG for the form; the table itself bears marks (`inferred` and `invented`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from renkei import reasons
from renkei.codes import Institution
from renkei.refusals import Refusal


@dataclass(frozen=True, slots=True)
class InstitutionCodes:
    """What stands around a local government's code, and the codes of all others."""

    before: str
    after: str
    national: Mapping[str, Institution]

    def institution(self, code: str, field: str = "") -> Institution:
        """The institution of a code; raises INSTITUTION_CODE_UNKNOWN with the field."""
        known = self.national.get(code)
        if known is not None:
            return known
        within = code.removeprefix(self.before).removesuffix(self.after)
        try:
            local = Institution.parse(within if within.isdigit() else "")
        except Refusal:
            local = None
        if local is None or self.code(local) != code:
            raise Refusal(reasons.INSTITUTION_CODE_UNKNOWN, "", field)
        return local

    def code(self, institution: Institution) -> str:
        """The code of an institution; raises INSTITUTION_CODE_UNKNOWN."""
        if institution.name.isdigit():
            return f"{self.before}{institution.name}{self.after}"
        for code, one in self.national.items():
            if one == institution:
                return code
        raise Refusal(reasons.INSTITUTION_CODE_UNKNOWN)
