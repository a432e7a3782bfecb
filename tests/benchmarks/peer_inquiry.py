"""A peer of the inquiry at its provider: the same cryptography, two reads and five inserts by the ORM.

One transaction takes it all, as with us. It knows no caller but by the handshake, judges of the
permit only its signature, and logs nothing.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import renkei_pki.tls  # noqa: F401  # isort: skip  # before grpc
import grpc
from sqlalchemy import Engine, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from renkei.linkage.v1.provision_pb2 import AnnounceExchangeRequest as Request
from renkei.linkage.v1.provision_pb2 import AnnounceExchangeResponse as Response
from renkei.type.v1.permit_pb2 import PermitClaims
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity

from .bare import calling, serving
from .cryptography import ITEMS, Cryptography
from .measuring import Call
from .peer_database import Kept, opened


class Person(Kept):
    """A person with the provider's own code."""

    __tablename__ = "persons"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[bytes] = mapped_column(unique=True)


class SubCopy(Kept):
    """What is held of a person."""

    __tablename__ = "sub_copies"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    information_code: Mapped[str]
    wrapped_key: Mapped[bytes]
    content: Mapped[bytes]


class Receipt(Kept):
    """A request that was answered, so that it is answered once."""

    __tablename__ = "receipts"
    request_id: Mapped[str] = mapped_column(primary_key=True)
    method: Mapped[str]


class Operation(Kept):
    """Who did what."""

    __tablename__ = "operations"
    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[str]
    caller: Mapped[str]
    sealed: Mapped[bytes]


class Exchange(Kept):
    """An exchange that was announced, with its permit."""

    __tablename__ = "exchanges"
    id: Mapped[int] = mapped_column(primary_key=True)
    exchange_id: Mapped[str] = mapped_column(index=True)
    claims: Mapped[bytes]


class Record(Kept):
    """What was provided to whom."""

    __tablename__ = "records"
    id: Mapped[int] = mapped_column(primary_key=True)
    exchange_id: Mapped[str]
    sealed: Mapped[bytes]


class Owed(Kept):
    """An answer that is to be delivered."""

    __tablename__ = "owed"
    id: Mapped[int] = mapped_column(primary_key=True)
    exchange_id: Mapped[str]
    answer: Mapped[bytes]


class _Service:
    def __init__(self, engine: Engine, keys: Cryptography) -> None:
        self._engine = engine
        self._keys = keys

    async def announce(self, request: Request, _context: object) -> Response:
        keys, exchange_id = self._keys, request.exchange_id
        keys.require_signed(request.permit)
        claims = PermitClaims.FromString(request.permit.claims)
        if claims.exchange_id != exchange_id:
            raise ValueError
        with Session(self._engine) as session, session.begin():
            person = session.scalars(select(Person).where(Person.code == claims.code.value)).one()
            held = session.scalars(
                select(SubCopy).where(
                    SubCopy.person_id == person.id,
                    SubCopy.information_code == claims.terms.information_code,
                )
            ).one()
            items = keys.opened(held.wrapped_key, held.content)
            record = keys.sealed_record(request.permit.claims)
            session.add_all(
                [
                    Receipt(request_id=request.request_id, method="AnnounceExchange"),
                    Operation(
                        request_id=request.request_id, caller=request.sender, sealed=record[:200]
                    ),
                    Exchange(exchange_id=exchange_id, claims=request.permit.claims),
                    Record(exchange_id=exchange_id, sealed=record),
                    Owed(exchange_id=exchange_id, answer=keys.answer(items, exchange_id)),
                ]
            )
        return Response()


@asynccontextmanager
async def inquiring(
    folder: Path,
    server: Credentials,
    identity: Identity,
    caller: Credentials,
    *,
    keys: Cryptography,
    requests: Iterator[Request],
    persons: int,
) -> AsyncIterator[Call]:
    """Serve so many persons, about whom the first requests are; yields an announcement."""
    engine = opened(folder / "peer-inquiry.db")
    with Session(engine) as session, session.begin():
        for code, information in {_about(next(requests)) for _ in range(persons)}:
            person = Person(code=code)
            session.add(person)
            session.flush()
            wrapped, content = keys.closed(ITEMS)
            session.add(
                SubCopy(
                    person_id=person.id,
                    information_code=information,
                    wrapped_key=wrapped,
                    content=content,
                )
            )
    handler = grpc.unary_unary_rpc_method_handler(
        _Service(engine, keys).announce,
        request_deserializer=Request.FromString,
        response_serializer=Response.SerializeToString,
    )
    async with (
        serving(server, {"Announce": handler}) as address,
        calling(caller, identity, address, "Announce", Response) as call,
    ):

        async def announce() -> None:
            await call(next(requests))

        yield announce
    engine.dispose()


def _about(request: Request) -> tuple[bytes, str]:
    claims = PermitClaims.FromString(request.permit.claims)
    return claims.code.value, claims.terms.information_code
