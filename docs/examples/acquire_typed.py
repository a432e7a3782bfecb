"""The same with the typed client, which comes with Renkei.

Usage: acquire_typed.py DATA LOCAL_ADDRESS_NUMBER [HOST:PORT]
"""

import asyncio
import sys
from pathlib import Path
from uuid import uuid4

from renkei.acquisitions import State
from renkei.codes import LocalAddressNumber
from renkei.refusals import Refusal
from renkei.type.v1.operator_session_pb2 import OperatorSession
from renkei_clients.channel import Channel
from renkei_clients.ward import ResidentRecordClient
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity

REGISTER = Identity("ward-131148", "131148", "resident-record")


async def main(data: Path, number: str, address: str) -> None:
    """Ask once, then ask how it stands until it ends."""
    caller = data / "callers" / "ward-terminal.131148"
    session = OperatorSession.FromString((caller / "operator-session.bin").read_bytes())
    own = Credentials.load(caller)
    async with Channel(own, REGISTER, address, session=session) as channel:
        register = ResidentRecordClient(channel)
        try:
            person = LocalAddressNumber.parse(number)
            await register.request_code_acquisition(str(uuid4()), person)
            found = await register.get_code_acquisition(person)
            while found.state is State.PENDING:
                await asyncio.sleep(0.3)
                found = await register.get_code_acquisition(person)
        except Refusal as refusal:
            sys.exit(f"refused: {refusal.reason.name} {list(refusal.fields)} {refusal.detail}")
    print("state:", found.state.name)


asyncio.run(main(Path(sys.argv[1]), *sys.argv[2:3], *(sys.argv[3:] or ["127.0.0.1:21101"])))
