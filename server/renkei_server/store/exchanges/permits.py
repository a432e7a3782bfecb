"""Permits (情報提供許可証) as they are kept: word for word, so that the signature stays good."""

from typing import Final

from renkei.permits import SignedPermit
from renkei.type.v1 import permit_pb2
from renkei.wire.permits import write_permit
from renkei_server.store.engine.codecs import Codec


def _read(told: bytes) -> SignedPermit:
    permit = permit_pb2.Permit.FromString(told)
    return SignedPermit(permit.claims, permit.signature)


PERMIT: Final = Codec[SignedPermit](lambda permit: write_permit(permit).SerializeToString(), _read)
