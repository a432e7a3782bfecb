"""Acquire a code as a ward terminal would: ask once, then ask how it stands until it ends.

Usage: acquire.py DATA [LOCAL_ADDRESS_NUMBER [HOST:PORT]]
"""

import csv
import sys
import time
import uuid
from pathlib import Path

import grpc
from google.rpc.error_details_pb2 import ErrorInfo
from grpc_status import rpc_status

from renkei.type.v1.acquisition_pb2 import ACQUISITION_STATE_PENDING
from renkei.type.v1.codes_pb2 import LocalAddressNumber
from renkei.type.v1.operator_session_pb2 import OperatorSession
from renkei.ward.v1 import resident_record_pb2 as pb2
from renkei.ward.v1.resident_record_pb2_grpc import ResidentRecordServiceStub

WARD, SERVER = "131148", "resident-record.131148.ward-131148.renkei.test"


def reason(error: grpc.RpcError) -> str:
    """The reason of a refusal, or the status code of an outage."""
    status, info = rpc_status.from_call(error), ErrorInfo()
    told = any(detail.Unpack(info) for detail in status.details) if status else False
    return info.reason if told else error.code().name


data = Path(sys.argv[1])
people = csv.DictReader((data / "people.csv").read_text(encoding="utf-8").splitlines())
anyone = next(p for p in people if p["municipality"] == WARD and p["kind"] == "resident")
number = sys.argv[2] if len(sys.argv) > 2 else anyone["local_address_number"]
address = sys.argv[3] if len(sys.argv) > 3 else "127.0.0.1:21101"

caller = data / "callers" / f"ward-terminal.{WARD}"
roots, key, chain = ((caller / f"{name}.pem").read_bytes() for name in ("roots", "key", "chain"))
session = OperatorSession.FromString((caller / "operator-session.bin").read_bytes())
who = {"sender": WARD, "operator_session": session}
person = {"local_address_number": LocalAddressNumber(digits=number)}

with grpc.secure_channel(
    address,
    grpc.ssl_channel_credentials(roots, key, chain),
    options=[("grpc.ssl_target_name_override", SERVER)],
) as channel:
    register = ResidentRecordServiceStub(channel)
    asked = pb2.RequestCodeAcquisitionRequest(request_id=str(uuid.uuid4()), **who, **person)
    look = pb2.GetCodeAcquisitionRequest(**who, **person)
    try:
        register.RequestCodeAcquisition(asked, timeout=5)
        found = register.GetCodeAcquisition(look, timeout=5).acquisition
        while found.state == ACQUISITION_STATE_PENDING:
            time.sleep(0.3)
            found = register.GetCodeAcquisition(look, timeout=5).acquisition
        print(found, end="")
    except grpc.RpcError as error:
        sys.exit(f"refused: {reason(error)}")
