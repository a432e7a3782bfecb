"""What a line of inquiry asks, and what is told on its line of result.

Rules:
- A line asks for itself or for a delegator, of one provider; the institution codes become names.
- The inquirer's code of non-disclosure is 1 where the person may see that it was asked, and 2
  where not (`inferred` for 1, from the example of an ordinary inquiry; 2 is `invented`).
- A line that could not become an inquiry, or whose answer follows no layout that is known here,
  is told with a status of its own (`invented`) and with why: no line is lost.
- A comma inside a value becomes a full-width one (`invented`): a line is split at every comma.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

from renkei import reasons
from renkei.exchanges import InquiryTerms
from renkei.inquiries import CODE_NOT_ACQUIRED, Inquiry
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei.sub_copies import Items, NullReason, SubCopy
from renkei_server.domain.batch_files.inquiry import InquiryLine
from renkei_server.domain.batch_files.institutions import InstitutionCodes
from renkei_server.domain.batch_files.result import ResultLine
from renkei_server.domain.layouts.layouts import Layout, Layouts

NOT_STARTED: Final = "14"
"""Status of a line that could not become an inquiry, or whose inquiry was lost."""

NOT_READABLE: Final = "15"
"""Status of a line whose answer follows no layout that is known here."""

_DISCLOSED, _HIDDEN = "1", "2"


def terms_of(line: InquiryLine, codes: InstitutionCodes) -> InquiryTerms:
    """What the line asks of whom.

    Raises INSTITUTION_CODE_UNKNOWN, MALFORMED_BATCH_FIELD or MALFORMED_INQUIRY with the field.
    """
    hidden = line.inquirer_nondisclosure_code
    if hidden not in (_DISCLOSED, _HIDDEN):
        raise Refusal(reasons.MALFORMED_BATCH_FIELD, "", "inquirer_nondisclosure_code")
    inquirer, provider = (
        codes.institution(getattr(line, field), field)
        for field in ("inquirer_institution_code", "provider_institution_code")
    )
    inquirer_delegator, provider_delegator = (
        codes.institution(getattr(line, field), field) if getattr(line, field) else None
        for field in ("inquirer_delegator_code", "provider_delegator_code")
    )
    return InquiryTerms(
        inquirer=inquirer,
        inquirer_delegator=inquirer_delegator,
        provider=provider,
        provider_delegator=provider_delegator,
        affair_code=line.affair_code,
        procedure_code=line.procedure_code,
        information_code=line.information_code,
        condition_class=line.condition_class,
        fiscal_year_class=line.fiscal_year_class,
        from_date=line.from_date,
        to_date=line.to_date,
        non_disclosure=hidden == _HIDDEN,
    )


def newest_layout(layouts: Layouts, information_code: str, day: date) -> Layout:
    """The newest layout of an information that is in force; raises INFORMATION_UNKNOWN."""
    known = [
        layout
        for (code, _), layout in layouts.known.items()
        if code == information_code and layout.in_force(day)
    ]
    if not known:
        raise Refusal(reasons.INFORMATION_UNKNOWN, "", "information_code")
    return max(known, key=lambda layout: layout.version)


def result_of_refusal(line: InquiryLine, reason: Reason) -> ResultLine:
    """The line of result where no inquiry came of a line."""
    return ResultLine(line, NOT_STARTED, _said_of(reason), "", {})


def results_of(
    line: InquiryLine, came: Inquiry, layouts: Layouts, plain: Layout
) -> Iterator[tuple[Layout, ResultLine]]:
    """The lines of result of an inquiry that has ended, each with its layout.

    There is one for each record; one alone, under the layout `plain`, where none was provided.
    """
    if not came.provided:
        yield plain, _told(line, came, {})
    for record in came.records if came.provided else ():
        layout = _layout_of(record, layouts)
        items = {code: _writable(content) for code, content in record.items.items()}
        if layout is None or layout.check(items):
            message = _said_of(reasons.MALFORMED_ANSWER)
            yield plain, ResultLine(line, NOT_READABLE, message, "", {})
        else:
            yield layout, _told(line, came, items)


def _told(line: InquiryLine, came: Inquiry, items: Items) -> ResultLine:
    return ResultLine(line, came.detail_status, came.message, came.information_status, items)


def _layout_of(record: SubCopy, layouts: Layouts) -> Layout | None:
    return layouts.known.get((record.name.information_code, record.layout_version))


def _writable(content: str | NullReason) -> str | NullReason:
    return content.replace(",", "\uff0c") if isinstance(content, str) else content


def _said_of(reason: Reason) -> str:
    return CODE_NOT_ACQUIRED if reason is reasons.CODE_NOT_ACQUIRED else reason.japanese
