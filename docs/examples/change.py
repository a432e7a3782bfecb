"""Correct a resident's name as a ward terminal would, and follow the change to the nation (F3).

Usage: change.py DATA [LOCAL_ADDRESS_NUMBER [HOST:PORT]]
"""

import csv
import sys
import time
import uuid
from pathlib import Path

import grpc
from google.protobuf.json_format import ParseDict
from google.rpc.error_details_pb2 import ErrorInfo
from grpc_status import rpc_status

from renkei.type.v1.operator_session_pb2 import OperatorSession
from renkei.ward.v1 import resident_pb2 as pb2
from renkei.ward.v1.resident_pb2_grpc import ResidentServiceStub

WARD, SERVER = "131148", "resident-record.131148.ward-131148.renkei.test"
DAY = {"year": 2026, "month": 4, "day": 1}
DAY_OF_THE_ERA = {**DAY, "era": "ERA_REIWA"}


def reason(error: grpc.RpcError) -> str:
    """The reason of a refusal, or the status code of an outage."""
    status, info = rpc_status.from_call(error), ErrorInfo()
    told = any(detail.Unpack(info) for detail in status.details) if status else False
    return info.reason if told else error.code().name


def corrected(person: dict[str, str]) -> pb2.ResidentEntry:
    """The whole record as it is to be: what is not told here, the register holds no more."""
    name, address = {"text": "模擬　花子", "furigana": "モギ　ハナコ"}, "東京都中野区中央一丁目"
    items = {
        "resident_record_code": {"digits": person["resident_record_code"]},
        "individual_number": {"digits": person["individual_number"]},
        "name": name,
        "birth": {"year": 1990, "month": 5, "day": 6, "era": "ERA_HEISEI"},
        "sex": "SEX_FEMALE",
        "address": address,
        "reason": "CHANGE_REASON_MINOR_CORRECTION",
        "changed_on": DAY_OF_THE_ERA,
    }
    municipal = {
        "became_resident_on": DAY_OF_THE_ERA,
        "address_fixed_on": DAY_OF_THE_ERA,
        "notified_on": DAY,
        "operator_id": "operator-1",
        "terminal_id": "terminal-1",
    }
    entry = {
        "local_address_number": {"digits": person["local_address_number"]},
        "items": items,
        "municipal_items": municipal,
        "household": {"number": "0" * 15, "head": name["text"], "relationship": "世帯主"},
    }
    return ParseDict(entry, pb2.ResidentEntry())


data = Path(sys.argv[1])
people = csv.DictReader((data / "people.csv").read_text(encoding="utf-8").splitlines())
wanted = sys.argv[2] if len(sys.argv) > 2 else ""
address = sys.argv[3] if len(sys.argv) > 3 else "127.0.0.1:21101"
residents = [p for p in people if p["municipality"] == WARD and p["kind"] == "resident"]
person = next(p for p in residents if wanted in ("", p["local_address_number"]))

caller = data / "callers" / f"ward-terminal.{WARD}"
roots, key, chain = ((caller / f"{name}.pem").read_bytes() for name in ("roots", "key", "chain"))
session = OperatorSession.FromString((caller / "operator-session.bin").read_bytes())
who, entry = {"sender": WARD, "operator_session": session}, corrected(person)

with grpc.secure_channel(
    address,
    grpc.ssl_channel_credentials(roots, key, chain),
    options=[("grpc.ssl_target_name_override", SERVER)],
) as channel:
    register = ResidentServiceStub(channel)
    change = pb2.ChangeResidentRequest(request_id=str(uuid.uuid4()), entry=entry, **who)
    look = pb2.GetNotificationRequest(local_address_number=entry.local_address_number, **who)
    try:
        register.ChangeResident(change, timeout=5)
        found = register.GetNotification(look, timeout=5)
        while found.state == pb2.NOTIFICATION_STATE_UNDER_WAY:
            time.sleep(0.3)
            found = register.GetNotification(look, timeout=5)
        print(found, end="")
    except grpc.RpcError as error:
        sys.exit(f"refused: {reason(error)}")
