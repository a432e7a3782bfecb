"""Finding a role's bill of materials: it is the module that is called as the role."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import Final, Protocol, cast

from sqlalchemy import MetaData, Table

from renkei_server import roles
from renkei_server.roles.parts import Parts, Seat
from renkei_server.roles.served import SERVED, module_of
from renkei_server.store.engine import erasures, incarnations, operations, outbox, receipts
from renkei_server.store.engine.store import tables
from renkei_server.store.retention import of_operations

_EVERY_SEAT: Final = (
    *operations.TABLES,
    *outbox.TABLES,
    *receipts.TABLES,
    *incarnations.TABLES,
    *erasures.TABLES,
)


class Bill(Protocol):
    """What a role's module tells."""

    TABLES: Sequence[Table]
    """The tables of its database, beside those of every seat."""

    def assemble(self, parts: Parts) -> Seat:
        """Put the seat together."""
        ...


def bill_of(role: str) -> Bill:
    """A role's bill. Raises KeyError where no server plays the role."""
    if role not in SERVED:
        raise KeyError(role)
    return cast("Bill", import_module(f"{roles.__name__}.{module_of(role)}"))


@cache
def metadata_of(role: str) -> MetaData:
    """The tables of a role's database."""
    return tables(_EVERY_SEAT, bill_of(role).TABLES)


def assemble(parts: Parts) -> Seat:
    """Put the seat of the config's role together, with what every seat does."""
    seat = bill_of(parts.config.role).assemble(parts)
    log = operations.OperationLog(parts.store.sealer)
    return replace(seat, regularly=(*seat.regularly, parts.erasing(of_operations(log))))
