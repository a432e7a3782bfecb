"""How an inquiry stands."""

from renkei.exchanges import ExchangeId
from renkei.inquiries import Inquiry
from renkei.refusals import Refusal
from renkei.type.v1 import exchange_pb2 as pb2
from renkei.wire.answers import read_outcome, write_outcome
from renkei.wire.sub_copies import sub_copy_of, write_sub_copy


def write_inquiry(inquiry: Inquiry) -> pb2.Inquiry:
    """Write how an inquiry stands."""
    return pb2.Inquiry(
        inquiry_id=inquiry.id.text,
        detail_status=inquiry.detail_status,
        information_status=inquiry.information_status,
        message=inquiry.message,
        outcome=write_outcome(inquiry.outcome),
        refusal=inquiry.refusal,
        information_code=inquiry.information_code,
        records=[write_sub_copy(one) for one in inquiry.records],
    )


def read_inquiry(told: pb2.Inquiry) -> Inquiry:
    """Read how an inquiry stands; the statuses follow from the outcome."""
    try:
        return Inquiry(
            ExchangeId.parse(told.inquiry_id),
            read_outcome(told.outcome),
            told.information_code,
            told.refusal,
            tuple(sub_copy_of(one) for one in told.records),
        )
    except Refusal as refusal:
        raise refusal.within("inquiry") from None
