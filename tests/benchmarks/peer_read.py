"""A peer of the guarded read: grpc.aio with mutual TLS and the ORM, as written in an afternoon.

It knows no caller but by the handshake, judges no form, records nothing and logs nothing.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import renkei_pki.tls  # noqa: F401  # isort: skip  # before grpc
import grpc
from sqlalchemy import Engine, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from renkei.type.v1.acquisition_pb2 import (
    ACQUISITION_STATE_BOUND,
    AcquisitionState,
    CodeAcquisition,
)
from renkei.type.v1.codes_pb2 import LocalAddressNumber
from renkei.ward.v1.numbering_pb2 import GetNumberingOutcomeRequest as Request
from renkei.ward.v1.numbering_pb2 import GetNumberingOutcomeResponse as Response
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity

from .acquiring import FIRST_NUMBER
from .bare import calling, serving
from .measuring import Call
from .peer_database import Kept, opened


class Outcome(Kept):
    """How a person's acquisition stands."""

    __tablename__ = "outcomes"
    id: Mapped[int] = mapped_column(primary_key=True)
    local_address_number: Mapped[str] = mapped_column(unique=True)
    state: Mapped[int]


class _Service:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def get(self, request: Request, _context: object) -> Response:
        with Session(self._engine) as session:
            digits = request.local_address_number.digits
            outcome = session.scalars(
                select(Outcome).where(Outcome.local_address_number == digits)
            ).one()
            return Response(acquisition=CodeAcquisition(state=AcquisitionState.Name(outcome.state)))


@asynccontextmanager
async def reading(
    folder: Path, server: Credentials, identity: Identity, caller: Credentials, *, persons: int
) -> AsyncIterator[Call]:
    """Serve so many persons; yields the read of one of them."""
    engine = opened(folder / "peer-read.db")
    with Session(engine) as session, session.begin():
        session.add_all(
            Outcome(local_address_number=f"{FIRST_NUMBER + number}", state=ACQUISITION_STATE_BOUND)
            for number in range(persons)
        )
    handler = grpc.unary_unary_rpc_method_handler(
        _Service(engine).get,
        request_deserializer=Request.FromString,
        response_serializer=Response.SerializeToString,
    )
    async with (
        serving(server, {"Get": handler}) as address,
        calling(caller, identity, address, "Get", Response) as call,
    ):

        async def read() -> None:
            number = LocalAddressNumber(digits=f"{FIRST_NUMBER}")
            answer: Response = await call(Request(local_address_number=number))
            assert answer.acquisition.state == ACQUISITION_STATE_BOUND

        yield read
    engine.dispose()
