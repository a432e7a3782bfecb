"""How the linkage platform judges a file of inquiries: its form first, then what it asks (PRV-18)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from renkei import reasons
from renkei.codes import Institution
from renkei.refusals import Refusal
from renkei_server.domain.batch_files.asking import newest_layout, terms_of
from renkei_server.domain.batch_files.faults import Fault, Parsed
from renkei_server.domain.batch_files.inquiry import InquiryLine, read_inquiries, write_inquiries
from renkei_server.domain.batch_files.institutions import InstitutionCodes
from renkei_server.domain.batch_files.sides import Side
from renkei_server.domain.departments import Departments
from renkei_server.domain.layouts.layouts import Layouts
from renkei_server.seats.linkage.batch_files import sorted_out


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryFiles:
    """Judges files of one ward."""

    own: Institution
    institutions: InstitutionCodes
    layouts: Layouts
    departments: Departments

    def read(
        self, content: bytes, department: str, today: date
    ) -> tuple[list[tuple[int, bytes]], list[Fault]]:
        """The lines of a file, each with its place, and everything that is wrong with it."""
        good, faults = sorted_out(read_inquiries([content], Side.WARD))
        information = good[0].value.information_code if good else ""
        for one in good:
            faults.extend(self._faults(one, information, department, today))
        lines = [(one.line, b"".join(write_inquiries([one.value]))) for one in good]
        return lines, sorted(faults, key=lambda fault: fault.line)

    def _faults(
        self, one: Parsed[InquiryLine], information: str, department: str, today: date
    ) -> Iterator[Fault]:
        line = one.value
        try:
            terms = terms_of(line, self.institutions)
            if terms.inquirer != self.own:
                raise Refusal(reasons.INQUIRER_IS_NOT_SENDER, "", "inquirer_institution_code")
            if line.information_code != information:
                detail = "another than the first line's"
                raise Refusal(reasons.MALFORMED_BATCH_FIELD, detail, "information_code")
            newest_layout(self.layouts, information, today)
            self.departments.require_affair(department, line.affair_code)
        except Refusal as refusal:
            yield Fault.of(one.line, refusal.fields[0] if refusal.fields else "", refusal)
