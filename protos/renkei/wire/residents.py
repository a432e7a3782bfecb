"""Entries of a register."""

from google.protobuf.message import Message

from renkei.refusals import Refusal
from renkei.residents import Household, ResidentEntry
from renkei.ward.v1 import resident_pb2 as pb2
from renkei.wire.codes import read_local_address_number, require, write_local_address_number
from renkei.wire.identities import (
    read_change_information,
    read_identity_items_of,
    read_municipal_items,
    write_change_information,
    write_identity_items,
    write_municipal_items,
)


def read_entry(request: Message, field: str = "entry") -> ResidentEntry:
    """Read the entry of a request, and tell all that is wrong with its items at once."""
    require(request, field)
    entry: pb2.ResidentEntry = getattr(request, field)
    try:
        items = read_identity_items_of(entry)
        return ResidentEntry(
            person=read_local_address_number(entry),
            items=items,
            municipal=read_municipal_items(entry, items),
            household=_read_household(entry),
            change_information=read_change_information(entry),
        )
    except Refusal as refusal:
        raise refusal.within(field) from None


def _read_household(entry: pb2.ResidentEntry) -> Household:
    require(entry, "household")
    told = entry.household
    try:
        return Household(told.number, told.head, told.relationship)
    except Refusal as refusal:
        raise refusal.within("household") from None


def write_entry(entry: ResidentEntry) -> pb2.ResidentEntry:
    """Write an entry."""
    household = entry.household
    return pb2.ResidentEntry(
        local_address_number=write_local_address_number(entry.person),
        items=write_identity_items(entry.items),
        municipal_items=write_municipal_items(entry.municipal),
        change_information=write_change_information(entry.change_information),
        household=pb2.Household(
            number=household.number, head=household.head, relationship=household.relationship
        ),
    )
