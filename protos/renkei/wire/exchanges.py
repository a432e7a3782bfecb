"""Which exchange is meant, and what is asked."""

from datetime import date
from functools import lru_cache
from typing import Final

from google.protobuf.message import Message

from renkei import reasons
from renkei.codes import Institution
from renkei.exchanges import ExchangeId, InquiryTerms
from renkei.refusals import Refusal
from renkei.type.v1 import permit_pb2 as pb2
from renkei.type.v1 import person_pb2
from renkei.wire.codes import read_institution


def read_exchange_id(message: object, field: str = "exchange_id") -> ExchangeId:
    """Read which exchange is meant; raises MALFORMED_EXCHANGE_ID."""
    try:
        return ExchangeId.parse(getattr(message, field))
    except Refusal as refusal:
        raise refusal.within(field) from None


def read_inquiry_terms(message: Message, field: str = "terms") -> InquiryTerms:
    """Read what an inquiry asks, which must be there and complete.

    Many ask the same of the same, each about another person: what was read is remembered.
    """
    if not message.HasField(field):
        raise Refusal(reasons.FIELD_MISSING, "", field)
    told: pb2.InquiryTerms = getattr(message, field)
    content = told.SerializeToString()
    try:
        return _remembered(content) if len(content) <= _USUAL_BYTES else _terms_of(content)
    except Refusal as refusal:
        raise refusal.within(field) from None


def _terms_of(content: bytes) -> InquiryTerms:
    terms = pb2.InquiryTerms.FromString(content)
    return InquiryTerms(
        inquirer=read_institution(terms.inquirer, "inquirer"),
        inquirer_delegator=_read_delegator(terms.inquirer_delegator, "inquirer_delegator"),
        provider=read_institution(terms.provider, "provider"),
        provider_delegator=_read_delegator(terms.provider_delegator, "provider_delegator"),
        affair_code=terms.affair_code,
        procedure_code=terms.procedure_code,
        information_code=terms.information_code,
        condition_class=terms.condition_class,
        fiscal_year_class=terms.fiscal_year_class,
        from_date=_read_day(terms, "from_date"),
        to_date=_read_day(terms, "to_date"),
        non_disclosure=terms.non_disclosure,
    )


_remembered: Final = lru_cache(maxsize=4096)(_terms_of)
_USUAL_BYTES: Final = 256
"""Longer ones hold fields that are unknown here, which nobody need remember."""


def write_inquiry_terms(terms: InquiryTerms) -> pb2.InquiryTerms:
    """Write what an inquiry asks."""
    return pb2.InquiryTerms(
        inquirer=terms.inquirer.name,
        inquirer_delegator=_write_delegator(terms.inquirer_delegator),
        provider=terms.provider.name,
        provider_delegator=_write_delegator(terms.provider_delegator),
        affair_code=terms.affair_code,
        procedure_code=terms.procedure_code,
        information_code=terms.information_code,
        condition_class=terms.condition_class,
        fiscal_year_class=terms.fiscal_year_class,
        from_date=_write_day(terms.from_date),
        to_date=_write_day(terms.to_date),
        non_disclosure=terms.non_disclosure,
    )


def _read_delegator(name: str, field: str) -> Institution | None:
    return read_institution(name, field) if name else None


def _write_delegator(delegator: Institution | None) -> str:
    return delegator.name if delegator else ""


def _read_day(terms: Message, field: str) -> date | None:
    if not terms.HasField(field):
        return None
    day: person_pb2.Date = getattr(terms, field)
    try:
        return date(day.year, day.month, day.day)
    except ValueError:
        raise Refusal(reasons.MALFORMED_INQUIRY, "not a day of the calendar", field) from None


def _write_day(day: date | None) -> person_pb2.Date | None:
    return None if day is None else person_pb2.Date(year=day.year, month=day.month, day=day.day)
