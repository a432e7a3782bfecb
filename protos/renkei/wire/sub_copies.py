"""Sub-copies and what is held of them."""

from typing import Protocol

from google.protobuf.message import Message

from renkei import reasons, sub_copies
from renkei.refusals import Refusal
from renkei.type.v1 import sub_copy_pb2
from renkei.wire.codes import require
from renkei.wire.persons import read_date, write_date


class _NamesARecord(Protocol):
    """A message with the two fields that name a record of a person."""

    information_code: str
    record_key: str


def read_sub_copy(message: Message, field: str = "sub_copy") -> sub_copies.SubCopy:
    """Read a sub-copy that must be there and complete; its layout is not judged here."""
    require(message, field)
    try:
        return sub_copy_of(getattr(message, field))
    except Refusal as refusal:
        raise refusal.within(field) from None


def sub_copy_of(told: sub_copy_pb2.SubCopy) -> sub_copies.SubCopy:
    """Read a sub-copy that must be complete."""
    return sub_copies.SubCopy(
        name=read_record_name(told),
        layout_version=told.layout_version,
        publication=_read_publication(told),
        items=_read_items(told),
    )


def read_record_name(message: _NamesARecord) -> sub_copies.RecordName:
    """Read which record is meant from the two fields that say it."""
    return sub_copies.RecordName(message.information_code, message.record_key)


def _read_publication(
    message: sub_copy_pb2.SubCopy | sub_copy_pb2.HeldSubCopy,
) -> sub_copies.Publication:
    require(message, "publication_start")
    try:
        first = read_date(message.publication_start, "publication_start")
        last = (
            read_date(message.publication_end, "publication_end")
            if message.HasField("publication_end")
            else None
        )
    except Refusal as refusal:
        raise Refusal(reasons.MALFORMED_SUB_COPY, "", *refusal.fields) from None
    return sub_copies.Publication(first, last)


def _read_items(message: sub_copy_pb2.SubCopy) -> sub_copies.Items:
    items: dict[str, str | sub_copies.NullReason] = {}
    for item in message.items:
        code, text = item.code, item.text
        if code in items:
            raise Refusal(reasons.MALFORMED_SUB_COPY, "an item twice", "items.code")
        if text or item.HasField("text"):
            items[code] = text
        elif item.null_reason:
            items[code] = _read_null_reason(item.null_reason)
        else:
            raise Refusal(reasons.MALFORMED_SUB_COPY, "an item without content", "items")
    return items


def _read_null_reason(number: int) -> sub_copies.NullReason:
    try:
        return sub_copies.NullReason(number)
    except ValueError:
        raise Refusal(reasons.MALFORMED_SUB_COPY, "", "items.null_reason") from None


def write_sub_copy(sub_copy: sub_copies.SubCopy) -> sub_copy_pb2.SubCopy:
    """Write a sub-copy."""
    message = sub_copy_pb2.SubCopy(
        information_code=sub_copy.name.information_code,
        record_key=sub_copy.name.record_key,
        layout_version=sub_copy.layout_version,
        publication_start=write_date(sub_copy.publication.first),
        publication_end=write_date(sub_copy.publication.last),
    )
    for code, content in sub_copy.items.items():
        if isinstance(content, str):
            message.items.add(code=code, text=content)
        else:
            message.items.add(code=code, null_reason=sub_copy_pb2.NullReason.Name(content.value))
    return message


def read_held_sub_copy(message: sub_copy_pb2.HeldSubCopy) -> sub_copies.HeldSubCopy:
    """Read that a sub-copy is held."""
    return sub_copies.HeldSubCopy(
        read_record_name(message),
        message.version,
        message.layout_version,
        _read_publication(message),
    )


def write_held_sub_copy(held: sub_copies.HeldSubCopy) -> sub_copy_pb2.HeldSubCopy:
    """Write that a sub-copy is held."""
    return sub_copy_pb2.HeldSubCopy(
        information_code=held.name.information_code,
        record_key=held.name.record_key,
        version=held.version,
        layout_version=held.layout_version,
        publication_start=write_date(held.publication.first),
        publication_end=write_date(held.publication.last),
    )
