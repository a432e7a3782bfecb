"""A municipal CS to begin with: it judges what comes in, and hands nothing on.

Usage: municipal_cs.py KEY FOLDER [HOST:PORT]; FOLDER holds chain.pem and roots.pem.
"""

import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc

from renkei.ward.v1 import linkage_code_generation_pb2 as pb2
from renkei.ward.v1 import linkage_code_generation_pb2_grpc as pb2_grpc

WARD = "131148"
CALLER = f"spiffe://ward-{WARD}.renkei.test/{WARD}/resident-record".encode()
WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def check_digit(body: str) -> int:
    """The last digit of an Individual Number, from the eleven before it."""
    rest = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11
    return 0 if rest <= 1 else 11 - rest


class MunicipalCs(pb2_grpc.LinkageCodeGenerationServiceServicer):
    """What the resident record system alone may call."""

    def GenerateLinkageCode(  # noqa: N802 - the contract's name
        self, request: pb2.GenerateLinkageCodeRequest, context: grpc.ServicerContext
    ) -> pb2.GenerateLinkageCodeResponse:
        """Judge a request; what was taken would now be owed to the national server."""
        if CALLER not in context.auth_context()["x509_subject_alternative_name"]:
            context.abort(
                grpc.StatusCode.PERMISSION_DENIED, "only the resident record system may call"
            )
        if request.sender != WARD:
            context.abort(grpc.StatusCode.PERMISSION_DENIED, "the sender is not the caller")
        digits = request.individual_number.digits
        if not re.fullmatch("[0-9]{12}", digits) or int(digits[-1]) != check_digit(digits[:-1]):
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "this is no Individual Number")
        return pb2.GenerateLinkageCodeResponse()


key, folder = Path(sys.argv[1]), Path(sys.argv[2])
address = sys.argv[3] if len(sys.argv) > 3 else "127.0.0.1:31103"
chain, roots = ((folder / f"{name}.pem").read_bytes() for name in ("chain", "roots"))

server = grpc.server(ThreadPoolExecutor(8))
pb2_grpc.add_LinkageCodeGenerationServiceServicer_to_server(MunicipalCs(), server)
server.add_secure_port(
    address,
    grpc.ssl_server_credentials([(key.read_bytes(), chain)], roots, require_client_auth=True),
)
server.start()
print(f"listening on {address}", flush=True)
server.wait_for_termination()
